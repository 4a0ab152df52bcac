"""Seats and licences: how many are used and left, each of them, and adding more."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response

from provisor.look.catalogues import mark as _
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.ringcentral.account.extensions import Extensions
from provisor.ringcentral.account.seats import DirectNumber, Line, SeatError
from provisor.ringcentral.account.states import ExtensionStatus
from provisor.ringcentral.console import seat_list
from provisor.ringcentral.console.provider import Provider, actor_of
from provisor.ringcentral.console.user_pages import STATES

PAGE_SIZE = 50
MOST_AT_ONCE = 10_000


class SeatPages:
    """The pages below `/seats`; a profile whose users need no seats has none."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(path="/seats", answer=self.show),
            Page(path="/seats", answer=self.add, method=Method.POST),
        )

    def show(self, visit: Visit) -> Response:
        return self._page(visit, {})

    def add(self, visit: Visit) -> Response:
        """Add unassigned seats as the form says."""
        account = self._account()
        count = visit.form.text("count")
        number = visit.form.text("extension_number")
        if not count.isascii() or not count.isdigit() or not 1 <= int(count[:9]) <= MOST_AT_ONCE:
            told = _("Enter a whole number from %(least)d to %(most)d.")
            return self._page(visit, {"count": visit.text(told, least=1, most=MOST_AT_ONCE)}, status=422)
        try:
            added = account.add_seats(
                by=actor_of(visit),
                how_many=int(count),
                line=Line.DIGITAL if visit.form.has("line") else Line.NONE,
                direct=DirectNumber.GIVEN if visit.form.has("direct") else DirectNumber.NONE,
                extension_number=number or None,
            )
        except SeatError:
            told = _("Enter 3 to 8 digits that no other seat has, for one seat only; or leave it empty.")
            return self._page(visit, {"extension_number": visit.text(told)}, status=422)
        many = _("%(count)d seats were added, from extension %(first)s to %(last)s.")
        visit.say(
            Tone.SUCCESS,
            many if len(added) > 1 else _("A seat was added: extension %(first)s."),
            count=len(added),
            first=added[0].extension_number,
            last=added[-1].extension_number,
        )
        return visit.go("/seats")

    def _page(self, visit: Visit, problems: Mapping[str, str], status: int = 200) -> Response:
        account = self._account()
        state, after = visit.query.get("state", ""), visit.query.get("after", "")
        wanted = ExtensionStatus(state) if state in set(ExtensionStatus) else None
        found = seat_list.page(
            self._provider.database,
            wanted,
            after=int(after) if after.isdecimal() and len(after) < 10 else -1,
            limit=PAGE_SIZE + 1,
        )
        shown = found[:PAGE_SIZE]
        asked = urlencode({"state": state} if state else {})
        return visit.page(
            "console/seats.html",
            status=status,
            counts=account.counts(),
            held=shown,
            looks=STATES,
            statuses=ExtensionStatus,
            lines=Line,
            state=state,
            states=[
                ("", visit.text(_("Any"))),
                *((each.value, visit.text(STATES[each][0])) for each in STATES),
            ],
            first=visit.site.url(f"/seats?{asked}") if after else "",
            next=visit.site.url(f"/seats?{asked}&after={shown[-1].number}") if len(found) > PAGE_SIZE else "",
            problems=problems,
            form=visit.form.values() if problems else {"count": "10", "line": "yes", "direct": "yes"},
            most=MOST_AT_ONCE,
        )

    def _account(self) -> Extensions:
        if self._provider.account is None:
            raise HTTPException(404)
        return self._provider.account
