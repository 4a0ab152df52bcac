"""One cycle of a job: take the job, finish what was left open, plan, judge, apply, move the watermark.

The orchestrator: everything it does is told in a handful of steps, each in a module of its own.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from provisor.core import errors, plan
from provisor.core.audit import SYSTEM, Actor
from provisor.core.identifiers import ApplicationId
from provisor.core.job import Retries
from provisor.core.reconciliation import ReconciliationSettings
from provisor.engine import (
    configuration,
    health,
    incidents,
    lease,
)
from provisor.engine.outcomes import Applied, CycleOutcome, Held, NothingToDo, Paused
from provisor.engine.plan_request import Purpose
from provisor.engine.planning import Progress
from provisor.engine.services import Services, TargetFactory
from provisor.engine.session import Session

__all__ = [
    "Applied",
    "CycleOutcome",
    "Held",
    "NothingToDo",
    "Paused",
    "Services",
    "TargetFactory",
    "apply_plan",
    "deliver_leavers",
    "make_plan",
    "run",
]

_EVERYTHING = plan.Selection()


async def run(
    services: Services,
    application_id: ApplicationId,
    *,
    origin: plan.Origin,
    retries: Retries,
    progress: Progress,
    reconcile: ReconciliationSettings | None = None,
) -> CycleOutcome:
    """Run one cycle of a job; with `reconcile` one that looks at every account of the target.

    Raises `JobBusyError` where another process runs one, `InvalidInputError` where the job is paused or has no
    credentials, `TargetUnusableError` where the target cannot be used (what is left stays pending).
    """
    async with _session(services, application_id, progress, origin=origin) as session:
        unfinished = session.unfinished()
        if unfinished is not None:
            outcome = await session.apply(unfinished)
            if reconcile is None or isinstance(outcome, Paused):
                return outcome
        made = await session.make_plan(origin, retries, Purpose.APPLY, reconcile=reconcile)
        if made is not None:
            return await session.apply(made)
        held = session.held_plan()
        return NothingToDo() if held is None else Held(held)


async def deliver_leavers(
    services: Services, application_id: ApplicationId, *, progress: Progress
) -> CycleOutcome:
    """Disable and delete whom the directory says, and nothing else: for a job that otherwise waits for its next attempt.

    The watermark stays, and the job stays in quarantine. Raises as `run`.
    """
    async with _session(services, application_id, progress, origin=plan.Origin.EXPRESS) as session:
        return await session.deliver_leavers()


async def make_plan(
    services: Services,
    application_id: ApplicationId,
    *,
    retries: Retries,
    progress: Progress,
    reconcile: ReconciliationSettings | None = None,
) -> plan.Plan | None:
    """Make and store a plan without applying it; None where there is nothing to do. Raises as `run`.

    Where nothing happened since a plan was held, it is that plan.
    """
    async with _session(services, application_id, progress) as session:
        unfinished = session.unfinished()
        if unfinished is not None:
            raise errors.InvalidInputError(
                f"The plan {unfinished.id} is still being applied; finish it with `job run`, or give it up with "
                "`job restart`."
            )
        made = await session.make_plan(plan.Origin.PERSON, retries, Purpose.REVIEW, reconcile=reconcile)
        return made or session.held_plan()


async def apply_plan(
    services: Services,
    application_id: ApplicationId,
    made: plan.Plan,
    *,
    progress: Progress,
    selection: plan.Selection = _EVERYTHING,
    by: Actor = SYSTEM,
) -> CycleOutcome:
    """Apply a stored plan: exactly its rows, except those overtaken by events. Raises as `run`.

    What the guard held is allowed by it, all or what `selection` says; the rest stays held.
    """
    async with _session(services, application_id, progress, made) as session:
        unfinished = session.unfinished()
        if unfinished is not None and unfinished.id != made.id:
            raise errors.InvalidInputError(
                f"The plan {unfinished.id} is still being applied; finish it with `job run` first."
            )
        if made.schema_version != session.application.schema_version:
            raise errors.InvalidInputError(
                "The mappings, roles or scope of the application changed after this plan was made, so none of it is "
                "certain any more; make a new plan."
            )
        return await session.apply(session.allowed(made, selection, by))


@contextlib.asynccontextmanager
async def _session(
    services: Services,
    application_id: ApplicationId,
    progress: Progress,
    made: plan.Plan | None = None,
    origin: plan.Origin = plan.Origin.PERSON,
) -> AsyncIterator[Session]:
    """A cycle's right to run, and its target; both given back at the end, and a failure noted on the job."""
    application, job, token = configuration.runnable(services.store, application_id, made)
    held = lease.take(services.store, services.clock, application_id, services.process)
    target = services.open_target(application, token)
    account = health.CycleHealth(application, clock=services.clock, target=target, origin=origin)
    session = Session(
        services,
        application=application,
        job=job,
        target=target,
        held=held,
        progress=progress,
        account=account,
    )
    try:
        async with lease.kept(services.store, services.clock, held):
            await session.prove()
            await session.settle_given_up()
            yield session
    except errors.LeaseLostError:
        raise
    except (errors.TargetError, errors.InvalidInputError) as error:
        with services.store.write() as unit:
            unit.plans.abandon(application_id, [plan.PlanState.PLANNING])
            account.failed(unit, error)
        raise
    finally:
        await services.release_target(target)
        with services.store.write() as unit:
            held.release(unit)
            incidents.observe(unit, application, now=services.clock.now(), new_id=services.new_id)
