"""The first page: whether the account can take people, and what is in the way."""

from __future__ import annotations

from starlette.responses import Response

from provisor.look.site import Page
from provisor.look.visit import Visit
from provisor.ringcentral.account import seats
from provisor.ringcentral.console.provider import Provider
from provisor.ringcentral.storage.database import Access


class OverviewPages:
    """The page at the console's root, and the one that shows the look."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(path="/", answer=self.show),
            Page(path="/style", answer=self.show_style),
        )

    def show(self, visit: Visit) -> Response:
        with self._provider.database.transaction(Access.READ) as connection:
            counted = seats.count(connection)
        return visit.page("console/overview.html", seats=counted)

    def show_style(self, visit: Visit) -> Response:
        return visit.page("look/style.html")
