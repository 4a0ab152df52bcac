"""The users: the list, and one user with everything an administrator can do to them."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import orjson
from starlette.exceptions import HTTPException
from starlette.responses import Response

from provisor.look.catalogues import mark as _
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.ringcentral.account.extensions import DELETABLE, ExtensionError, Extensions
from provisor.ringcentral.account.settings import ROLES, DirectoryProvider
from provisor.ringcentral.account.states import ExtensionStatus
from provisor.ringcentral.console import people, spreadsheets
from provisor.ringcentral.console.people import Person, Wanted
from provisor.ringcentral.console.provider import Provider, actor_of

PAGE_SIZE = 50

STATES = {
    ExtensionStatus.ENABLED: (_("Enabled"), "success", "check"),
    ExtensionStatus.DISABLED: (_("Disabled"), "danger", "cross"),
    ExtensionStatus.NOT_ACTIVATED: (_("Not activated"), "warning", "clock"),
    ExtensionStatus.FROZEN: (_("Frozen"), "info", "frozen"),
    ExtensionStatus.UNASSIGNED: (_("Unassigned"), "", "seat"),
}
"""What a state is called, its tone and its icon."""

TELLING = {
    ExtensionStatus.ENABLED: _("%(name)s is enabled and can sign in and call."),
    ExtensionStatus.DISABLED: _("%(name)s is disabled: no sign-in, no calls. The data and the seat stay."),
    ExtensionStatus.FROZEN: _("%(name)s is frozen; no directory can activate them until you enable them."),
}


COLUMNS: tuple[tuple[str, Callable[[Person, Visit], str]], ...] = (
    (_("User id"), lambda person, _visit: person.id),
    (_("Name"), lambda person, _visit: person.name),
    (_("User name"), lambda person, _visit: person.user_name),
    (_("State"), lambda person, visit: visit.text(STATES[person.status][0])),
    (_("Extension"), lambda person, _visit: person.seat.extension_number if person.seat else ""),
    (_("Direct number"), lambda person, _visit: (person.seat.direct_number if person.seat else None) or ""),
    (_("Role"), lambda person, _visit: (person.seat.role if person.seat else None) or ""),
    (_("External id"), lambda person, _visit: str(person.document.get("externalId") or "")),
)
"""What the download has of each user."""


class UserPages:
    """The pages below `/users`."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(path="/users", answer=self.show),
            Page(path="/users.csv", answer=self.download),
            Page(path="/users/{id}", answer=self.show_user),
            Page(path="/users/{id}/enable", answer=self.enable, method=Method.POST),
            Page(path="/users/{id}/disable", answer=self.confirm_disabling),
            Page(path="/users/{id}/disable", answer=self.disable, method=Method.POST),
            Page(path="/users/{id}/freeze", answer=self.confirm_freezing),
            Page(path="/users/{id}/freeze", answer=self.freeze, method=Method.POST),
            Page(path="/users/{id}/delete", answer=self.confirm_deleting),
            Page(path="/users/{id}/delete", answer=self.delete, method=Method.POST),
            Page(path="/users/{id}/role", answer=self.set_role, method=Method.POST),
        )

    def show(self, visit: Visit) -> Response:
        search, state = visit.query.get("search", "").strip(), visit.query.get("state", "")
        after = visit.query.get("after", "")
        found = people.page(
            self._provider.database,
            _wanted(visit),
            after=int(after) if after.isdecimal() and len(after) < 19 else 0,
            limit=PAGE_SIZE + 1,
        )
        shown = found[:PAGE_SIZE]
        asked = urlencode({key: value for key, value in (("search", search), ("state", state)) if value})
        states = [("", visit.text(_("Any"))), *((each.value, visit.text(STATES[each][0])) for each in STATES)]
        return visit.page(
            "console/users.html",
            people=shown,
            search=search,
            state=state,
            states=states[:-1],
            looks=STATES,
            has_seats=self._provider.account is not None,
            download=visit.site.url(f"/users.csv?{asked}"),
            total=people.count(self._provider.database),
            first=visit.site.url(f"/users?{asked}") if after else "",
            next=visit.site.url(f"/users?{asked}&after={shown[-1].sequence}")
            if len(found) > PAGE_SIZE
            else "",
        )

    def download(self, visit: Visit) -> Response:
        """The users of the list as a file."""
        header = [visit.text(name) for name, _cell in COLUMNS]
        rows = (
            [cell(person, visit) for _name, cell in COLUMNS]
            for person in people.everyone(self._provider.database, _wanted(visit))
        )
        return spreadsheets.download("users", header, rows)

    def show_user(self, visit: Visit) -> Response:
        person = self._person(visit)
        account = self._provider.account
        settings = self._provider.settings.current()
        return visit.page(
            "console/user.html",
            person=person,
            looks=STATES,
            states=ExtensionStatus,
            is_deletable=person.status in DELETABLE,
            roles=[(role, role) for role in ROLES],
            events=account.events(person.id, limit=50) if account is not None else [],
            raw=orjson.dumps(dict(person.document), option=orjson.OPT_INDENT_2).decode(),
            is_managed=settings.answers_scim and settings.directory_provider is DirectoryProvider.SCIM,
        )

    def enable(self, visit: Visit) -> Response:
        return self._set_status(visit, ExtensionStatus.ENABLED)

    def confirm_disabling(self, visit: Visit) -> Response:
        return visit.page("console/user_disable.html", person=self._person_with_seat(visit))

    def disable(self, visit: Visit) -> Response:
        return self._set_status(visit, ExtensionStatus.DISABLED)

    def confirm_freezing(self, visit: Visit) -> Response:
        return visit.page("console/user_freeze.html", person=self._person_with_seat(visit))

    def freeze(self, visit: Visit) -> Response:
        return self._set_status(visit, ExtensionStatus.FROZEN)

    def confirm_deleting(self, visit: Visit) -> Response:
        return visit.page("console/user_delete.html", person=self._person_with_seat(visit))

    def delete(self, visit: Visit) -> Response:
        """Delete a user, and say what becomes of the seat."""
        person = self._person_with_seat(visit)
        try:
            self._account().delete_user(person.id, by=actor_of(visit))
        except ExtensionError:
            visit.say(
                Tone.WARNING,
                _("%(name)s can still sign in; disable them first. Nothing was deleted."),
                name=person.name,
            )
            return visit.go(f"/users/{person.id}")
        seat = person.seat
        visit.say(
            Tone.SUCCESS,
            _(
                "%(name)s was deleted. Extension %(number)s is an unassigned seat again, with its direct number and device."
            ),
            name=person.name,
            number=seat.extension_number if seat is not None else "",
        )
        return visit.go("/users")

    def set_role(self, visit: Visit) -> Response:
        person = self._person_with_seat(visit)
        try:
            self._account().set_role(person.id, visit.form.text("role"), by=actor_of(visit))
        except ExtensionError:
            visit.say(Tone.WARNING, _("The account has no such role. Nothing was changed."))
        else:
            visit.say(Tone.SUCCESS, _("The role was changed."))
        return visit.go(f"/users/{person.id}")

    def _set_status(self, visit: Visit, status: ExtensionStatus) -> Response:
        person = self._person_with_seat(visit)
        try:
            self._account().set_status(person.id, status, by=actor_of(visit))
        except ExtensionError as error:
            raise HTTPException(404) from error
        visit.say(Tone.SUCCESS, TELLING[status], name=person.name)
        return visit.go(f"/users/{person.id}")

    def _person(self, visit: Visit) -> Person:
        person = people.find(self._provider.database, visit.params["id"])
        if person is None:
            raise HTTPException(404)
        return person

    def _person_with_seat(self, visit: Visit) -> Person:
        """The user of the address, where users have seats and so states that can be set."""
        person = self._person(visit)
        if person.seat is None:
            raise HTTPException(404)
        return person

    def _account(self) -> Extensions:
        if self._provider.account is None:
            raise HTTPException(404)
        return self._provider.account


def _wanted(visit: Visit) -> Wanted:
    """Which users the address asks for."""
    search, state = visit.query.get("search", "").strip(), visit.query.get("state", "")
    return Wanted(
        search=search[:200], status=ExtensionStatus(state) if state in set(ExtensionStatus) else None
    )
