"""What an administrator tells a job: start, pause, restart."""

from __future__ import annotations

from dataclasses import replace

from provisor.core import plan
from provisor.core.audit import SYSTEM, Activity, Actor
from provisor.core.identifiers import ApplicationId
from provisor.core.job import RESTART, ResetScope, ScheduleState
from provisor.engine import auditing, configuration, quarantining
from provisor.ports.clock import Clock
from provisor.ports.store import Store, UnitOfWork


def start(store: Store, application_id: ApplicationId, *, by: Actor = SYSTEM) -> None:
    """Have cycles run from now on, continuing from the stored watermark; ends a quarantine (Graph: `start`)."""
    with store.write() as unit:
        _note_schedule(unit, by, Activity.START, application_id, ScheduleState.ACTIVE)
        _release(unit, application_id, by)
        unit.jobs.set_schedule(application_id, ScheduleState.ACTIVE)


def pause(store: Store, application_id: ApplicationId, *, by: Actor = SYSTEM) -> None:
    """Run no cycle any more; one that is running stops after the requests under way, its rows kept (Graph: `pause`)."""
    with store.write() as unit:
        _note_schedule(unit, by, Activity.PAUSE, application_id, ScheduleState.PAUSED)
        unit.jobs.set_schedule(application_id, ScheduleState.PAUSED)


def stop(store: Store, application_id: ApplicationId, *, by: Actor = SYSTEM) -> None:
    """Switch the job off: no cycle runs by itself any more, and everything is kept (Graph: `schedule.state` Disabled)."""
    with store.write() as unit:
        _note_schedule(unit, by, Activity.PAUSE, application_id, ScheduleState.DISABLED)
        unit.jobs.set_schedule(application_id, ScheduleState.DISABLED)


def request_cycle(store: Store, application_id: ApplicationId, *, clock: Clock, by: Actor = SYSTEM) -> None:
    """Ask the service for one cycle as soon as can be: without waiting for the interval, or in quarantine for the attempt.

    What failed is tried again. A job that is switched off stays so. Raises `InvalidInputError` where the job is paused or
    has no credentials.
    """
    configuration.runnable(store, application_id, None)
    with store.write() as unit:
        auditing.note_command(unit, by, Activity.RUN, application_id)
        unit.jobs.request(application_id, clock.now())


def restart(
    store: Store,
    application_id: ApplicationId,
    *,
    scope: frozenset[ResetScope] = RESTART,
    by: Actor = SYSTEM,
) -> None:
    """Forget what the scope names; without a word watermark, escrows and quarantine, so that everybody is looked at.

    Open plans are given up where the next cycle begins anew. Links end only where the scope says so; then everybody is
    matched with the accounts again. Source: Graph, `synchronizationJob: restart`.
    """
    with store.write() as unit:
        auditing.note_command(
            unit, by, Activity.RESTART, application_id, after={"resetScope": ", ".join(sorted(scope))}
        )
        if ResetScope.ESCROWS in scope:
            unit.escrows(application_id).clear()
        if scope & {ResetScope.QUARANTINE_STATE, ResetScope.NONE}:
            _release(unit, application_id, by)
        if ResetScope.NONE in scope:
            unit.jobs.set_schedule(application_id, ScheduleState.ACTIVE)
        if scope & {ResetScope.WATERMARK, ResetScope.CONNECTOR_DATA_STORE}:
            unit.plans.give_up(application_id)
            unit.plans.abandon(application_id, [plan.PlanState.READY, plan.PlanState.HELD])
            unit.jobs.restart(application_id)
        if ResetScope.CONNECTOR_DATA_STORE in scope:
            unit.links(application_id).clear()


def _note_schedule(
    unit: UnitOfWork, by: Actor, activity: Activity, application_id: ApplicationId, to: ScheduleState
) -> None:
    before = unit.jobs.schedule_state(application_id)
    auditing.note_command(
        unit,
        by,
        activity,
        application_id,
        before={"scheduleState": before.value},
        after={"scheduleState": to.value},
    )


def _release(unit: UnitOfWork, application_id: ApplicationId, by: Actor) -> None:
    """Lift the quarantine, and forget what led to it."""
    quarantining.keep(unit, application_id, None, by=by)
    health = unit.jobs.health(application_id)
    unit.jobs.save_health(
        application_id, replace(health, complete_failures=0, escrows_pruned=False, stopped_because=None)
    )
