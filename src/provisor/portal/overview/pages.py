"""How every job is doing, on one page: what needs a person first, then all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from provisor.core import incidents
from provisor.core.application import Application
from provisor.core.incidents import IncidentKind
from provisor.core.job import Job
from provisor.engine import job_status
from provisor.engine.job_status import LeaverDelays
from provisor.look.catalogues import mark as _
from provisor.look.site import Page
from provisor.look.visit import Visit
from provisor.portal.office import Office
from provisor.ports.store import UnitOfWork

_INCIDENTS = 200
"""The newest incidents that are looked at for those that last."""

TROUBLES: dict[IncidentKind, tuple[str, str, str]] = {
    IncidentKind.HELD_PLAN: ("warning", _("Changes wait for your decision."), "plan"),
    IncidentKind.QUARANTINE: ("danger", _("The job is in quarantine."), "provisioning"),
    IncidentKind.JOB_DISABLED: ("danger", _("The service switched the job off."), "provisioning"),
    IncidentKind.FAILING_CYCLES: ("danger", _("Cycles fail one after the other."), "provisioning"),
    IncidentKind.OVERDUE: ("danger", _("No cycle has come to its end for too long."), "provisioning"),
    IncidentKind.REPEATED_FAILURE: ("warning", _("Objects fail again and again."), "logs"),
}
"""Tone, words and the page that helps, for what can be wrong with a job; the most urgent first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one application's job is doing."""

    application: Application
    job: Job
    leavers: LeaverDelays | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """Something that needs a person."""

    application: Application
    incident: incidents.Incident

    @property
    def urgency(self) -> int:
        return list(TROUBLES).index(self.incident.trouble.kind)


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
            standings = [_standing(unit, item) for item in applications]
            attention = _attention(unit, applications)
        return visit.page(
            "overview/overview.html", standings=standings, attention=attention, troubles=TROUBLES
        )

    def show_style(self, visit: Visit) -> Response:
        return visit.page("look/style.html")


def _standing(unit: UnitOfWork, application: Application) -> Standing:
    found = unit.jobs.get(application.id, application.settings.interval_seconds)
    return Standing(
        application=application,
        job=found,
        leavers=job_status.leaver_delays(unit, application),
    )


def _attention(unit: UnitOfWork, applications: Sequence[Application]) -> list[Attention]:
    known = {item.id: item for item in applications}
    lasting = [
        Attention(application=known[item.application_id], incident=item)
        for item in unit.incidents.newest(None, _INCIDENTS)
        if item.closed is None and item.application_id in known
    ]
    return sorted(lasting, key=lambda item: (item.urgency, item.incident.opened))
