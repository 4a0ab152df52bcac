"""Making, changing, deleting and restoring users and groups that are kept in the directory itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from starlette.responses import Response

from provisor.core.identifiers import ObjectId, Sequence
from provisor.core.objects import DirectoryObject, ObjectType
from provisor.engine import built_in
from provisor.engine.built_in_rules import Details, Problem, RefusedError
from provisor.engine.services import Services
from provisor.look.catalogues import mark as _
from provisor.look.sign_in.roles import Role
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.portal.directory import places
from provisor.portal.directory.fields import FIELDS, PROBLEMS, names
from provisor.portal.directory.pages import TITLES
from provisor.portal.office import Office, actor

NEW: Mapping[ObjectType, str] = {ObjectType.USER: _("New user"), ObjectType.GROUP: _("New group")}

Act = Callable[..., DirectoryObject]
"""What is done to one object: `act(services, object_id, by=…)`."""

ACTS: Mapping[str, tuple[Act, str]] = {
    "allow": (built_in.allow_sign_in, _("%(name)s may sign in.")),
    "block": (built_in.block_sign_in, _("The sign-in of %(name)s is blocked.")),
    "delete": (built_in.delete, _("%(name)s was deleted and can be restored.")),
    "restore": (built_in.restore, _("%(name)s was restored.")),
    "delete-for-good": (built_in.delete_for_good, _("%(name)s was deleted for good.")),
}
"""What is done at an address below an object, and what is said afterwards."""

CONFIRMED = ("delete", "delete-for-good")
SIGN_IN = ("allow", "block")


class EditingPages:
    """Everything that changes a user or group that is kept here."""

    def __init__(self, office: Office, object_type: ObjectType) -> None:
        self._office = office
        self._type = object_type

    def pages(self) -> tuple[Page, ...]:
        acting, root = Role.APPLICATION_ADMINISTRATOR, places.FOLDERS[self._type]
        one = f"{root}/{{object}}"
        acts = [act for act in ACTS if self._type is ObjectType.USER or act not in SIGN_IN]
        return (
            Page(path=f"{root}/new", answer=self.show_new, role=acting),
            Page(path=f"{root}/new", answer=self.create, method=Method.POST, role=acting),
            Page(path=f"{one}/edit", answer=self.show_edit, role=acting),
            Page(path=f"{one}/edit", answer=self.edit, method=Method.POST, role=acting),
            *(
                Page(path=f"{one}/{act}", answer=partial(self.confirm, act=act), role=acting)
                for act in CONFIRMED
            ),
            *(
                Page(path=f"{one}/{act}", answer=partial(self.act, act=act), method=Method.POST, role=acting)
                for act in acts
            ),
        )

    def show_new(self, visit: Visit) -> Response:
        return self._form(visit, {})

    def create(self, visit: Visit) -> Response:
        try:
            made = built_in.create(self._services, self._type, self._details(visit), by=actor(visit))
        except RefusedError as error:
            return self._form(visit, visit.form.values(), error=error)
        visit.say(Tone.SUCCESS, _("%(name)s was created."), name=made.display_name)
        return visit.go(places.address(made))

    def show_edit(self, visit: Visit) -> Response:
        with self._office.store.read() as unit:
            item = places.found(unit, visit, self._type)
            manager = unit.directory.get(item.manager_id) if item.manager_id else None
        if not places.is_editable(item):
            return self._refused(visit, item)
        values = {name: str(item.attributes.get(name) or "") for name in names(self._type)}
        values["manager"] = str(manager.attributes.get("userPrincipalName") or "") if manager else ""
        return self._form(visit, {**values, "sequence": str(item.sequence)}, item=item)

    def edit(self, visit: Visit) -> Response:
        item = self._item(visit)
        number = visit.form.text("sequence")
        seen = Sequence(int(number) if number.isdecimal() and len(number) < 19 else -1)
        try:
            saved = built_in.edit(self._services, item.id, self._details(visit), seen=seen, by=actor(visit))
        except RefusedError as error:
            return self._form(visit, visit.form.values(), item=item, error=error)
        visit.say(Tone.SUCCESS, _("%(name)s was saved."), name=saved.display_name)
        return visit.go(places.address(saved))

    def confirm(self, visit: Visit, *, act: str) -> Response:
        """Ask before something is deleted, with what becomes of accounts."""
        item = self._item(visit)
        with self._office.store.read() as unit:
            applications = [name for _id, name, _link in unit.applications.linked_to(item.id)]
        if not places.is_built_in(item) or (act == "delete") is (places.state(item) is places.State.DELETED):
            return self._refused(visit, item)
        return visit.page(
            "directory/confirm.html",
            item=item,
            act=act,
            applications=applications,
            places=places,
            folder=places.FOLDERS[self._type],
            folder_title=TITLES[self._type][0],
        )

    def act(self, visit: Visit, *, act: str) -> Response:
        item = self._item(visit)
        done, said = ACTS[act]
        try:
            done(self._services, item.id, by=actor(visit))
        except RefusedError as error:
            visit.say(Tone.DANGER, PROBLEMS[error.problem])
            return visit.go(places.address(item))
        visit.say(Tone.SUCCESS, said, name=item.display_name)
        return visit.go(places.FOLDERS[self._type] if act == "delete-for-good" else places.address(item))

    @property
    def _services(self) -> Services:
        return self._office.services

    def _item(self, visit: Visit) -> DirectoryObject:
        with self._office.store.read() as unit:
            return places.found(unit, visit, self._type)

    def _details(self, visit: Visit) -> Details:
        return Details(
            attributes={name: visit.form.text(name) for name in names(self._type)},
            manager=visit.form.text("manager"),
        )

    def _refused(self, visit: Visit, item: DirectoryObject) -> Response:
        """Back to an object that cannot be changed like this, with why."""
        visit.say(Tone.WARNING, PROBLEMS[_why(item)])
        return visit.go(places.address(item))

    def _form(
        self,
        visit: Visit,
        values: Mapping[str, str],
        *,
        item: DirectoryObject | None = None,
        error: RefusedError | None = None,
    ) -> Response:
        return visit.page(
            "directory/form.html",
            status=422 if error else 200,
            item=item,
            title=visit.text(_("Edit %(name)s"), name=item.display_name)
            if item
            else visit.text(NEW[self._type]),
            back=places.address(item) if item else places.FOLDERS[self._type],
            groups=FIELDS[self._type],
            required=("displayName", "userPrincipalName"),
            is_user=self._type is ObjectType.USER,
            values=values,
            blamed=error.attribute if error else "",
            problem=visit.text(PROBLEMS[error.problem]) if error else "",
            folder=places.FOLDERS[self._type],
            folder_title=TITLES[self._type][0],
        )


def _why(item: DirectoryObject) -> Problem:
    if not places.is_built_in(item):
        return Problem.NOT_BUILT_IN
    is_deleted = places.state(item) is places.State.DELETED
    return Problem.NOT_ACTIVE if is_deleted else Problem.NOT_DELETED


def chosen(visit: Visit, name: str) -> list[ObjectId]:
    """The objects that are ticked in a form."""
    return [ObjectId(item) for item in dict.fromkeys(visit.form.all(name))]
