"""The members of a group that is kept in the directory itself: found and added, and taken out."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from provisor.core.objects import DirectoryObject, Lifecycle, ObjectType
from provisor.core.searching import DirectoryQuery
from provisor.engine import built_in_members
from provisor.engine.built_in_rules import Problem, RefusedError
from provisor.look.catalogues import mark as _
from provisor.look.sign_in.roles import Role
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.portal.directory import places
from provisor.portal.directory.editing import chosen
from provisor.portal.directory.fields import PROBLEMS
from provisor.portal.office import Office, actor

MOST_FOUND = 20


class MemberPages:
    """Who is in a group."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def pages(self) -> tuple[Page, ...]:
        acting = Role.APPLICATION_ADMINISTRATOR
        root = f"{places.FOLDERS[ObjectType.GROUP]}/{{object}}/members"
        return (
            Page(path=f"{root}/add", answer=self.show_search, role=acting),
            Page(path=f"{root}/add", answer=self.add, method=Method.POST, role=acting),
            Page(path=f"{root}/end", answer=self.end, method=Method.POST, role=acting),
        )

    def show_search(self, visit: Visit) -> Response:
        """People and groups whose names hold what is typed, to tick."""
        group = self._group(visit)
        if not places.is_editable(group):
            is_deleted = places.is_built_in(group)
            visit.say(Tone.WARNING, PROBLEMS[Problem.NOT_ACTIVE if is_deleted else Problem.NOT_BUILT_IN])
            return visit.go(places.address(group))
        text, found = visit.query.get("search", "").strip(), list[DirectoryObject]()
        if text:
            with self._office.store.read() as unit:
                for kind in ObjectType:
                    query = DirectoryQuery(object_type=kind, text=text, lifecycle=Lifecycle.ACTIVE)
                    found += unit.search.page(query, limit=MOST_FOUND)[0]
        return visit.page(
            "directory/members.html",
            item=group,
            found=[item for item in found if item.id != group.id],
            search=text,
            places=places,
        )

    def add(self, visit: Visit) -> Response:
        return self._change(visit, built_in_members.add, _("Members added: %(count)d."))

    def end(self, visit: Visit) -> Response:
        return self._change(visit, built_in_members.end, _("Members taken out: %(count)d."))

    def _change(self, visit: Visit, change: Callable[..., int], said: str) -> Response:
        group = self._group(visit)
        try:
            count = change(self._office.services, group.id, chosen(visit, "member"), by=actor(visit))
        except RefusedError as error:
            visit.say(Tone.DANGER, PROBLEMS[error.problem])
        else:
            visit.say(Tone.SUCCESS if count else Tone.INFO, said, count=count)
        return visit.go(places.address(group))

    def _group(self, visit: Visit) -> DirectoryObject:
        with self._office.store.read() as unit:
            return places.found(unit, visit, ObjectType.GROUP)
