"""The tab Provision on demand: one person or group, looked ahead first, then provisioned, told step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.exceptions import HTTPException
from starlette.responses import Response

from provisor.core import errors
from provisor.core import on_demand as reports
from provisor.core.application import Application
from provisor.core.identifiers import ObjectId
from provisor.core.objects import DirectoryObject, ObjectType
from provisor.core.on_demand import Mode, Report
from provisor.core.searching import DirectoryQuery
from provisor.engine import on_demand
from provisor.look.catalogues import mark as _
from provisor.look.sign_in.roles import Role
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.portal import failures, tabs
from provisor.portal.office import Office, actor
from provisor.portal.people import on_demand_steps
from provisor.portal.work import Kind, Progress, State
from provisor.ports.store import UnitOfWork

PLACE = "on-demand"
MOST_FOUND = 20


class OnDemandPages:
    """The tab Provision on demand."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def pages(self) -> tuple[Page, ...]:
        root = f"/applications/{{application}}/{PLACE}"
        return (
            Page(path=root, answer=self.show),
            Page(path=root, answer=self.provision, method=Method.POST, role=Role.APPLICATION_ADMINISTRATOR),
        )

    def show(self, visit: Visit) -> Response:
        """Whom to provision, and what was found out or done of whoever was chosen."""
        text, chosen = visit.query.get("search", ""), visit.query.get("object", "")
        with self._office.store.read() as unit:
            application = self._office.application(unit, visit)
            found = _search(unit, text)
            subject = unit.directory.get(ObjectId(chosen)) if chosen else None
        if chosen and subject is None:
            raise HTTPException(404)
        work = self._office.works.of(application.id, Kind.ON_DEMAND)
        if work is not None and not work.is_running and work.subject != chosen:
            work = None
        report = work.outcome if work is not None and isinstance(work.outcome, Report) else None
        return visit.page(
            "people/on_demand.html",
            application=application,
            search=text,
            found=found,
            subject=subject,
            work=work,
            failure=failures.told(visit, work.error)
            if work is not None and work.state is State.FAILED
            else None,
            report=report,
            is_dry_run=report is not None and report.mode is Mode.DRY_RUN,
            result=None if report is None else on_demand_steps.RESULTS[reports.result(report)],
            steps=[] if report is None else on_demand_steps.told(visit, report),
            root=tabs.address(application, PLACE),
        )

    def provision(self, visit: Visit) -> Response:
        """Look ahead, or do it; whatever is no request to do it looks ahead."""
        chosen = ObjectId(visit.form.text("object"))
        with self._office.store.read() as unit:
            application = self._office.application(unit, visit)
            subject = unit.directory.get(chosen)
        if subject is None:
            visit.say(Tone.DANGER, _("Choose somebody first."))
            return visit.go(tabs.address(application, PLACE))
        mode = Mode.APPLY if visit.form.text("mode") == Mode.APPLY.value else Mode.DRY_RUN
        self._begin(visit, application, on_demand.Wish(object_id=subject.id, mode=mode, by=actor(visit)))
        return visit.go(tabs.address(application, PLACE), object=subject.id)

    def _begin(self, visit: Visit, application: Application, wish: on_demand.Wish) -> None:
        services = self._office.services

        async def task(_progress: Progress, _stopping: Callable[[], bool]) -> object:
            return await on_demand.run(services, application.id, wish)

        try:
            self._office.works.begin(application.id, Kind.ON_DEMAND, wish.object_id, task)
        except errors.JobBusyError:
            visit.say(Tone.WARNING, _("Somebody else is being provisioned on demand; wait for the end."))


def _search(unit: UnitOfWork, text: str) -> Sequence[DirectoryObject]:
    """Users and groups whose names hold a text, also those who are disabled or deleted."""
    if not text.strip():
        return ()
    found: list[DirectoryObject] = []
    for kind in (ObjectType.USER, ObjectType.GROUP):
        found += unit.search.page(DirectoryQuery(object_type=kind, text=text), limit=MOST_FOUND)[0]
    return found[:MOST_FOUND]
