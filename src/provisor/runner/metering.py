"""Reading figures from the store, whichever process did the work, and handing them to the telemetry."""

from __future__ import annotations

from datetime import datetime

from provisor.core import incidents, plan
from provisor.core.application import Application
from provisor.core.objects import ObjectType
from provisor.ports.clock import Clock
from provisor.ports.store import Store, UnitOfWork
from provisor.ports.telemetry import CycleFigures, JobFigures, Measured, ServiceFigures, Telemetry

EVERY = 10.0
"""Seconds between two looks."""

_MOST = 100_000
"""Leavers of one cycle that are measured."""


class Meter:
    """Measures every job, what cycles did since the last look, and the service itself."""

    def __init__(self, store: Store, clock: Clock, telemetry: Telemetry) -> None:
        self._store = store
        self._clock = clock
        self._telemetry = telemetry
        self._since = clock.now()
        self._measured_until: datetime = self._since

    async def look(self) -> None:
        """Hand over what is new and how everything is now."""
        with self._store.read() as unit:
            applications = unit.applications.all()
            figures = {measured(item): self._figures(unit, item) for item in applications}
            service = ServiceFigures(
                outbox=unit.outbox.waiting(),
                directory={kind.value: unit.directory.count(kind) for kind in ObjectType},
            )
            ended = unit.measures.cycles_ended(self._measured_until)
            cycles = [(item.application_id, _cycle(unit, item)) for item in ended]
        if ended and ended[-1].ended is not None:
            self._measured_until = ended[-1].ended
        known = {item.id: measured(item) for item in applications}
        for application_id, cycle in cycles:
            if application_id in known:
                self._telemetry.cycle(known[application_id], cycle)
        self._telemetry.jobs(figures)
        self._telemetry.service(service)
        self._telemetry.looked(
            [f"{item.name}: no cycle for twice the interval" for item, job in figures.items() if job.overdue]
        )

    def _figures(self, unit: UnitOfWork, application: Application) -> JobFigures:
        job = unit.jobs.get(application.id, application.settings.interval_seconds)
        return JobFigures(
            escrowed=unit.escrows(application.id).count(),
            held=unit.measures.held_changes(application.id),
            quarantined=job.quarantine is not None,
            overdue=incidents.is_overdue(job, self._clock.now(), self._since),
            completed=None if job.last_succeeded is None else job.last_succeeded.timestamp(),
        )


def measured(application: Application) -> Measured:
    """By what an application's figures are known."""
    return Measured(application.id, application.name)


def _cycle(unit: UnitOfWork, made: plan.Plan) -> CycleFigures:
    changes: dict[tuple[str, str], int] = {}
    for _, kind, _, state, count in unit.plans.totals(made.id):
        changes[kind.value, state.value] = changes.get((kind.value, state.value), 0) + count
    begin = made.began or made.created
    return CycleFigures(
        kind=made.kind.value,
        seconds=(made.ended - begin).total_seconds() if made.ended else 0.0,
        changes=changes,
        leaver_delays=unit.departures(made.application_id).delays(_MOST, made.id),
    )
