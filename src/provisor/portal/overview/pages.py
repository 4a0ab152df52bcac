"""How every job is doing, on one page."""

from __future__ import annotations

from starlette.responses import Response

from provisor.look.site import Page
from provisor.look.visit import Visit
from provisor.portal.office import Office


class OverviewPages:
    """The page at the portal's root, and the one that shows the look."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(path="/", answer=self.show),
            Page(path="/style", answer=self.show_style),
        )

    def show(self, visit: Visit) -> Response:
        with self._office.store.read() as unit:
            applications = unit.applications.all()
        return visit.page("overview/overview.html", applications=applications)

    def show_style(self, visit: Visit) -> Response:
        return visit.page("look/style.html")
