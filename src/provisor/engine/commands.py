"""What an administrator tells a job: start, pause, restart."""

from __future__ import annotations

from provisor.core import plan
from provisor.core.identifiers import ApplicationId
from provisor.core.job import ScheduleState
from provisor.ports.store import Store


def start(store: Store, application_id: ApplicationId) -> None:
    """Have cycles run from now on, continuing from the stored watermark (Graph: `start`)."""
    with store.write() as unit:
        unit.jobs.set_schedule(application_id, ScheduleState.ACTIVE)


def pause(store: Store, application_id: ApplicationId) -> None:
    """Run no cycle any more; one that is running stops after the requests under way, its rows kept (Graph: `pause`)."""
    with store.write() as unit:
        unit.jobs.set_schedule(application_id, ScheduleState.PAUSED)


def restart(store: Store, application_id: ApplicationId) -> None:
    """Have the next cycle look at everybody: clears watermark and escrows, gives up open plans, keeps links.

    Source: Graph, `synchronizationJob: restart` without a reset scope.
    """
    with store.write() as unit:
        unit.plans.give_up(application_id)
        unit.plans.abandon(application_id, [plan.PlanState.READY, plan.PlanState.HELD])
        unit.escrows(application_id).clear()
        unit.jobs.restart(application_id)
