"""One cycle of a job: take the job, finish what was left open, plan, judge, apply, move the watermark.

The orchestrator: everything it does is told in a handful of steps, each in a module of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

from provisor.core import errors, plan, schema
from provisor.core.application import Application
from provisor.core.audit import SYSTEM, Actor
from provisor.core.identifiers import ApplicationId, Sequence
from provisor.core.job import Job, Retries, ScheduleState
from provisor.core.reconciliation import ReconciliationSettings
from provisor.engine import (
    applying,
    configuration,
    decisions,
    health,
    holding,
    incidents,
    lease,
    leavers,
    scope_judging,
)
from provisor.engine.outcomes import Applied, CycleOutcome, Held, NothingToDo, Paused
from provisor.engine.plan_request import PlanRequest, Purpose
from provisor.engine.planning import Planner, Progress
from provisor.engine.services import Services, TargetFactory
from provisor.ports.target import Target

__all__ = [
    "Applied",
    "CycleOutcome",
    "Held",
    "NothingToDo",
    "Paused",
    "Services",
    "TargetFactory",
    "apply_plan",
    "make_plan",
    "run",
]

_EVERYTHING = plan.Selection()

_LOOK_EVERY = 0.1
"""Seconds between looks at whether the job was paused, or somebody left, while a plan is being applied."""


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
) -> AsyncIterator[_Session]:
    """A cycle's right to run, and its target; both given back at the end, and a failure noted on the job."""
    application, job, token = configuration.runnable(services.store, application_id, made)
    held = lease.take(services.store, services.clock, application_id, services.process)
    target = services.open_target(application, token)
    account = health.CycleHealth(application, clock=services.clock, target=target, origin=origin)
    session = _Session(
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
    except (errors.TargetUnusableError, errors.InvalidInputError) as error:
        with services.store.write() as unit:
            unit.plans.abandon(application_id, [plan.PlanState.PLANNING])
            account.failed(unit, error)
        raise
    finally:
        await services.release_target(target)
        with services.store.write() as unit:
            held.release(unit)
            incidents.observe(unit, application, now=services.clock.now(), new_id=services.new_id)


class _Session:
    """One process's turn with a job."""

    def __init__(
        self,
        services: Services,
        *,
        application: Application,
        job: Job,
        target: Target,
        held: lease.Lease,
        progress: Progress,
        account: health.CycleHealth,
    ) -> None:
        self._health = account
        self.application = application
        self._services = services
        self._store = services.store
        self._job = job
        self._target = target
        self._lease = held
        self._progress = progress
        with self._store.read() as unit:
            self._schema = schema.parse(unit.applications.schema(application.id))
        self._planner = Planner(
            store=self._store, target=target, clock=services.clock, new_id=services.new_id, progress=progress
        )

    async def prove(self) -> None:
        """Ask a target that could not be used, before anything else. Raises `TargetUnusableError`."""
        await self._health.probe(self._job, self._schema)

    def unfinished(self) -> plan.Plan | None:
        """A plan that was being applied when its process ended, or when the job was paused."""
        with self._store.read() as unit:
            found = unit.plans.of(self.application.id, [plan.PlanState.APPLYING], 1)
        return found[0] if found else None

    def held_plan(self) -> plan.Plan | None:
        """The plan that waits for a person."""
        with self._store.read() as unit:
            return holding.held_plan(unit, self.application.id)

    def allowed(self, made: plan.Plan, selection: plan.Selection, by: Actor) -> plan.Plan:
        """The plan as it is being applied, with the held rows that a person allowed."""
        with self._store.write() as unit:
            self._lease.prolong(unit)
            decisions.allow(
                unit, self.application, made, selection=selection, by=by, now=self._services.clock.now()
            )
            return unit.plans.get(made.id) or made

    async def settle_given_up(self) -> None:
        """Look up what given-up plans may have created, and clear away plans whose making was interrupted."""
        with self._store.write() as unit:
            unit.plans.abandon(self.application.id, [plan.PlanState.PLANNING])
            given_up = unit.plans.of(self.application.id, [plan.PlanState.CLOSING], 10)
        for made in given_up:
            await applying.apply(self._workshop(applying.Stop(), lambda _count: None), made)
            with self._store.write() as unit:
                unit.plans.move(made.id, plan.PlanState.ABANDONED, ended=self._services.clock.now())

    async def make_plan(
        self,
        origin: plan.Origin,
        retries: Retries,
        purpose: Purpose,
        *,
        reconcile: ReconciliationSettings | None = None,
    ) -> plan.Plan | None:
        """A stored plan; None where there is nothing to do, in which case the watermark moves unless it is a review.

        A scheduled cycle reconciles where the application's settings say that it is time to.
        """
        application_id, applied = self.application.id, self._applied()
        if reconcile is None and origin is plan.Origin.SCHEDULE and self._reconciliation_is_due():
            reconcile = self.application.settings.reconciliation
        after = applied if reconcile is None else None
        with self._store.write() as unit:
            unit.jobs.began(application_id, self._services.clock.now())
            scope_judging.fall_due(unit, application_id, self._services.clock.now())
            sequence = unit.directory.sequence()
            idle = after is not None and not unit.candidates(application_id).waiting(
                after, retries, self._services.clock.now()
            )
            held = holding.held_plan(unit, application_id)
            if held is not None and holding.is_settled(held, self.application):
                idle = False
        made = None
        if not idle:
            made = await self._planner.make(
                PlanRequest(
                    application=self.application,
                    schema=self._schema,
                    origin=origin,
                    after=after,
                    retries=retries,
                    purpose=purpose,
                    reconcile=reconcile,
                    applied=applied,
                )
            )
        with self._store.write() as unit:
            self._lease.prolong(unit)
            if made is None:
                self._health.idle(unit, sequence if purpose is Purpose.APPLY else None)
            elif made.state is plan.PlanState.HELD and purpose is Purpose.REVIEW:
                self._health.held(unit, made)
        return made

    def _applied(self) -> Sequence | None:
        """Up to where the directory's changes have been applied by now."""
        with self._store.read() as unit:
            return unit.jobs.get(self.application.id, self._job.interval_seconds).watermark

    def _reconciliation_is_due(self) -> bool:
        hours = self.application.settings.reconciliation.interval_hours
        if hours is None or self._job.watermark is None:
            return False
        last = self._job.last_reconciled
        return last is None or self._services.clock.now() - last >= timedelta(hours=hours)

    async def apply(self, made: plan.Plan) -> CycleOutcome:
        """Apply a plan to its end, or until the job is paused."""
        if made.state is not plan.PlanState.APPLYING:
            with self._store.write() as unit:
                self._lease.prolong(unit)
                unit.plans.move(made.id, plan.PlanState.APPLYING, began=self._services.clock.now())
        stop, applied = applying.Stop(), 0
        total = self._open_rows(made)

        def progress(count: int) -> None:
            nonlocal applied
            applied += count
            self._progress("applying", applied, total)

        watching = asyncio.create_task(self._watch(made, stop))
        try:
            await applying.apply(self._workshop(stop, progress), made)
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching
        if stop.requested:
            return Paused(made)
        return self._close(made)

    async def _watch(self, made: plan.Plan, stop: applying.Stop) -> None:
        """While a plan is applied: stop when the job is paused, and let leavers overtake."""
        overtaking = leavers.Overtaking(
            store=self._store,
            planner=self._planner,
            request=PlanRequest(
                application=self.application,
                schema=self._schema,
                origin=plan.Origin.EXPRESS,
                after=made.to_watermark,
                retries=Retries.DUE,
                leavers_only=True,
            ),
        )
        while not stop.requested:
            await self._services.clock.sleep(_LOOK_EVERY)
            with self._store.read() as unit:
                state = unit.jobs.schedule_state(self.application.id)
                paused = state is ScheduleState.PAUSED and state is not self._job.schedule_state
                sequence = unit.directory.sequence()
            if paused or self._services.stopping():
                stop.request()
                return
            self._health.note_now_and_then(self._store, made.id)
            express = None if made.origin is plan.Origin.UNDO else await overtaking.next(sequence)
            if express is not None:
                with self._store.write() as unit:
                    unit.plans.move(express.id, plan.PlanState.APPLYING, began=self._services.clock.now())
                await applying.apply(self._workshop(stop, lambda _count: None), express)
                if not stop.requested:
                    self._close_express(express)

    def _workshop(self, stop: applying.Stop, progress: Callable[[int], None]) -> applying.Workshop:
        return applying.workshop(
            store=self._store,
            clock=self._services.clock,
            application=self.application,
            schema=self._schema,
            target=self._target,
            lease=self._lease,
            stop=stop,
            progress=progress,
        )

    def _open_rows(self, made: plan.Plan) -> int:
        open_states = (plan.RowState.PENDING, plan.RowState.APPLYING)
        with self._store.read() as unit:
            return sum(count for *_, state, count in unit.plans.totals(made.id) if state in open_states)

    def _close(self, made: plan.Plan) -> Applied | Held:
        if self._open_rows(made):
            raise AssertionError(f"the plan {made.id} has open rows and cannot be closed")
        with self._store.write() as unit:
            self._lease.prolong(unit)
            self._health.closed(unit, made)
            totals = unit.plans.totals(made.id)
            finished = unit.plans.get(made.id)
            held = holding.held_beside(unit, made)
        failures = sum(count for *_, state, count in totals if state is plan.RowState.FAILED)
        applied = Applied(finished or made, failures)
        return applied if held is None else Held(held, applied)

    def _close_express(self, made: plan.Plan) -> None:
        with self._store.write() as unit:
            self._health.overtaken(unit, made)
