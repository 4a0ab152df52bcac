"""Users and groups of the directory: searched, page by page, and one with all that is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from provisor.core.identifiers import ObjectId
from provisor.core.objects import DirectoryObject, Lifecycle, ObjectType
from provisor.core.searching import DirectoryQuery
from provisor.engine import built_in_rules
from provisor.look.catalogues import mark as _
from provisor.look.site import Page
from provisor.look.visit import Visit
from provisor.portal.directory import places
from provisor.portal.directory.places import STATES, State
from provisor.portal.office import Office
from provisor.ports.store import UnitOfWork

PAGE = 50
MOST_REPORTS = 100
"""Direct reports that a page names; who has more of them is told so."""

TITLES: Mapping[ObjectType, tuple[str, str]] = {
    ObjectType.USER: (_("Users"), _("Everybody the sources of the directory know.")),
    ObjectType.GROUP: (_("Groups"), _("Every group the sources of the directory know.")),
}


class DirectoryPages:
    """Looking at the directory."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def pages(self) -> tuple[Page, ...]:
        users, groups = places.FOLDERS[ObjectType.USER], places.FOLDERS[ObjectType.GROUP]
        return (
            Page(path=users, answer=self.show_users),
            Page(path=f"{users}/{{object}}", answer=self.show_user),
            Page(path=groups, answer=self.show_groups),
            Page(path=f"{groups}/{{object}}", answer=self.show_group),
            Page(path=f"{places.ROOT}/sources", answer=self.show_sources),
        )

    def show_users(self, visit: Visit) -> Response:
        return self._list(visit, ObjectType.USER)

    def show_groups(self, visit: Visit) -> Response:
        return self._list(visit, ObjectType.GROUP)

    def show_user(self, visit: Visit) -> Response:
        """A user with what the directory and the applications hold of them."""
        with self._office.store.read() as unit:
            user = places.found(unit, visit, ObjectType.USER)
            manager = unit.directory.get(user.manager_id) if user.manager_id else None
            reports = unit.directory.reports_of(user.id)
            return visit.page(
                "directory/user.html",
                item=user,
                manager=manager,
                groups=_groups(unit, user),
                reports=reports[:MOST_REPORTS],
                has_more_reports=len(reports) > MOST_REPORTS,
                applications=unit.applications.linked_to(user.id),
                **_surroundings(user),
            )

    def show_group(self, visit: Visit) -> Response:
        """A group with its members, page by page."""
        after = visit.query.get("after", "")
        with self._office.store.read() as unit:
            group = places.found(unit, visit, ObjectType.GROUP)
            ids = [item for item, _name in unit.directory.members_of(group.id, after, PAGE + 1)]
            by_id = {item.id: item for item in unit.directory.many(ids[:PAGE])}
            here = visit.site.url(places.address(group))
            return visit.page(
                "directory/group.html",
                item=group,
                groups=_groups(unit, group),
                members=[by_id[item] for item in ids[:PAGE] if item in by_id],
                first=here if after else "",
                next=f"{here}?{urlencode({'after': ids[PAGE - 1]})}" if len(ids) > PAGE else "",
                applications=unit.applications.linked_to(group.id),
                **_surroundings(group),
            )

    def show_sources(self, visit: Visit) -> Response:
        """Where users and groups come from, and how the last import of each source ended."""
        with self._office.store.read() as unit:
            imports = unit.imports.latest()
            names = sorted({built_in_rules.SOURCE, *unit.search.sources(), *imports})
        return visit.page(
            "directory/sources.html",
            sources=[(name, imports.get(name)) for name in names],
            kept_here=built_in_rules.SOURCE,
        )

    def _list(self, visit: Visit, object_type: ObjectType) -> Response:
        after = places.parsed(visit.query.get("after", ""))
        with self._office.store.read() as unit:
            found, place = unit.search.page(_query(visit, object_type), after=after, limit=PAGE)
            sources = unit.search.sources()
        kept = {key: value for key, value in visit.query.items() if key != "after" and value}
        here = visit.site.url(places.FOLDERS[object_type])
        title, lead = TITLES[object_type]
        states = [item for item in State if object_type is ObjectType.USER or item is not State.BLOCKED]
        return visit.page(
            "directory/objects.html",
            object_type=object_type,
            title=visit.text(title),
            lead=visit.text(lead),
            here=here,
            found=found,
            asked=visit.query,
            is_filtered=bool(kept),
            source_options=[(name, name) for name in sources],
            state_options=[(item.value, visit.text(STATES[item][1])) for item in states],
            first=_with(here, kept) if after else "",
            next=_with(here, {**kept, "after": places.told(place)}) if place else "",
            places=places,
        )


def _query(visit: Visit, object_type: ObjectType) -> DirectoryQuery:
    """What the address asks for; a state that is none of our words is left out."""
    lifecycle: Lifecycle | None = None
    enabled: bool | None = None
    match visit.query.get("state", ""):
        case State.ACTIVE:
            lifecycle, enabled = Lifecycle.ACTIVE, True
        case State.BLOCKED:
            lifecycle, enabled = Lifecycle.ACTIVE, False
        case State.DELETED:
            lifecycle = Lifecycle.SOFT_DELETED
    return DirectoryQuery(
        object_type=object_type,
        text=visit.query.get("search", ""),
        lifecycle=lifecycle,
        account_enabled=enabled,
        source=visit.query.get("source") or None,
    )


def _groups(unit: UnitOfWork, item: DirectoryObject) -> list[tuple[ObjectId, str]]:
    """The groups an object is a direct member of, by name; deleted ones are left out."""
    held = unit.directory.groups_of_many([item.id]).get(item.id, ())
    return sorted(held, key=lambda group: (group[1].casefold(), group[0]))


def _surroundings(item: DirectoryObject) -> dict[str, Any]:
    """What the page of every object shows."""
    return {
        "attributes": sorted(item.attributes.items()),
        "state": places.state(item),
        "places": places,
        "folder": places.FOLDERS[item.object_type],
        "folder_title": TITLES[item.object_type][0],
    }


def _with(address: str, asked: Mapping[str, str]) -> str:
    return f"{address}?{urlencode(asked)}" if asked else address
