"""All applications."""

from __future__ import annotations

from starlette.responses import Response

from provisor.look.site import Page
from provisor.look.visit import Visit
from provisor.portal.office import Office


class ApplicationsPages:
    """The list of applications."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def pages(self) -> tuple[Page, ...]:
        return (Page(path="/applications", answer=self.show),)

    def show(self, visit: Visit) -> Response:
        with self._office.store.read() as unit:
            applications = unit.applications.all()
        return visit.page("applications/applications.html", applications=applications)
