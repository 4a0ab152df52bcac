"""Users and groups of an application: who is assigned with which role, assigning many at once, ending it."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import JSONResponse, Response

from provisor.core.application import Application
from provisor.core.assignments import DEFAULT_ACCESS, Assignment
from provisor.core.errors import AlreadyExistsError, ProvisorError
from provisor.core.identifiers import ObjectId
from provisor.core.objects import DirectoryObject, Lifecycle, ObjectType
from provisor.core.searching import DirectoryQuery
from provisor.engine import applications
from provisor.look.catalogues import mark as _
from provisor.look.sign_in.roles import Role
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.portal import tabs
from provisor.portal.office import Office, actor

PLACE = "users-and-groups"
MOST_FOUND = 20


class AssignmentPages:
    """The tab Users and groups."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def pages(self) -> tuple[Page, ...]:
        acting = Role.APPLICATION_ADMINISTRATOR
        root = f"/applications/{{application}}/{PLACE}"
        return (
            Page(path=root, answer=self.show),
            Page(path=f"{root}/add", answer=self.show_search, role=acting),
            Page(path=f"{root}/found", answer=self.found, role=acting),
            Page(path=root, answer=self.assign, method=Method.POST, role=acting),
            Page(path=f"{root}/end", answer=self.end, method=Method.POST, role=acting),
        )

    def show(self, visit: Visit) -> Response:
        with self._office.store.read() as unit:
            application = self._office.application(unit, visit)
            held = unit.applications.assignments(application.id)
        text = visit.query.get("search", "").strip()
        shown = [item for item in held if text.casefold() in item.principal_display_name.casefold()]
        return visit.page(
            "applications/assignments.html",
            application=application,
            assignments=shown,
            role_names={role.id: role.display_name for role in application.roles},
            useless={item.id for item in shown if _is_useless(application, item)},
            search=text,
        )

    def show_search(self, visit: Visit) -> Response:
        """The form that assigns: works without script by sending the search first."""
        with self._office.store.read() as unit:
            application = self._office.application(unit, visit)
        return self._search_page(visit, application)

    def found(self, visit: Visit) -> Response:
        """People and groups whose names hold what is typed, for the script."""
        with self._office.store.read() as unit:
            self._office.application(unit, visit)
        return JSONResponse([_row(item) for item in self._search(visit.query.get("search", ""))])

    def assign(self, visit: Visit) -> Response:
        """Assign everybody who is ticked with the chosen role; who has it already stays as they are."""
        with self._office.store.read() as unit:
            application = self._office.application(unit, visit)
            wanted = [ObjectId(item) for item in dict.fromkeys(visit.form.all("principal"))]
            subjects = sorted(unit.directory.many(wanted), key=lambda item: item.display_name.casefold())
        if not subjects:
            return self._search_page(visit, application, problem=visit.text(_("Tick somebody first.")))
        role = visit.form.text("role") or None
        done, problems = 0, []
        for subject in subjects:
            try:
                applications.assign(
                    self._office.store,
                    application,
                    subject,
                    role,
                    clock=self._office.services.clock,
                    new_id=self._office.services.new_id,
                    by=actor(visit),
                )
                done += 1
            except AlreadyExistsError:
                continue
            except ProvisorError as error:
                problems.append(f"{subject.display_name}: {error}")
        for problem in problems:
            visit.say(Tone.DANGER, "%(problem)s", problem=problem)
        visit.say(Tone.SUCCESS, _("Newly assigned: %(count)d."), count=done)
        return visit.go(tabs.address(application, PLACE))

    def end(self, visit: Visit) -> Response:
        """End the assignments that are ticked."""
        with self._office.store.read() as unit:
            application = self._office.application(unit, visit)
            held = {item.id: item for item in unit.applications.assignments(application.id)}
            chosen = [held[item] for item in visit.form.all("assignment") if item in held]
        for item in chosen:
            applications.end_assignment(
                self._office.store, application, item, clock=self._office.services.clock, by=actor(visit)
            )
        visit.say(Tone.SUCCESS, _("Assignments ended: %(count)d."), count=len(chosen))
        return visit.go(tabs.address(application, PLACE))

    def _search(self, text: str) -> Sequence[DirectoryObject]:
        found: list[DirectoryObject] = []
        if text.strip():
            with self._office.store.read() as unit:
                for kind in (ObjectType.GROUP, ObjectType.USER):
                    query = DirectoryQuery(object_type=kind, text=text, lifecycle=Lifecycle.ACTIVE)
                    found += unit.search.page(query, limit=MOST_FOUND)[0]
        return found[:MOST_FOUND]

    def _search_page(self, visit: Visit, application: Application, *, problem: str = "") -> Response:
        text = visit.query.get("search", "")
        return visit.page(
            "applications/assign.html",
            status=422 if problem else 200,
            application=application,
            found=self._search(text),
            search=text,
            chosen_role=visit.form.text("role"),
            problem=problem,
        )


def _is_useless(application: Application, item: Assignment) -> bool:
    """Whether an assignment provisions nobody: Default Access where the application declares roles, or a role it disabled."""
    enabled = {role.id for role in application.roles if role.enabled}
    return bool(application.roles) and (item.role_id == DEFAULT_ACCESS or item.role_id not in enabled)


def _row(item: DirectoryObject) -> dict[str, str]:
    principal = item.attributes.get("userPrincipalName")
    return {
        "id": item.id,
        "kind": item.object_type.value,
        "name": item.display_name,
        "detail": principal if isinstance(principal, str) else "",
    }
