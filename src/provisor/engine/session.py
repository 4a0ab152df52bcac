"""One process's turn with a job: what a cycle is made of, step by step."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import timedelta

from provisor.core import plan, schema
from provisor.core.application import Application
from provisor.core.audit import Actor
from provisor.core.identifiers import Sequence
from provisor.core.job import Job, Retries, ScheduleState
from provisor.core.reconciliation import ReconciliationSettings
from provisor.engine import (
    applying,
    decisions,
    health,
    holding,
    lease,
    leavers,
    scope_judging,
)
from provisor.engine.outcomes import Applied, CycleOutcome, Held, NothingToDo, Paused
from provisor.engine.plan_request import PlanRequest, Purpose
from provisor.engine.planning import Planner, Progress
from provisor.engine.services import Services
from provisor.ports.target import Target

_LOOK_EVERY = 0.1
"""Seconds between looks at whether the job was paused, or somebody left, while a plan is being applied."""


class Session:
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

    async def deliver_leavers(self) -> CycleOutcome:
        """Apply a plan of nobody but leavers, where the first cycle is over and nothing else is under way."""
        applied, stop = self._applied(), applying.Stop()
        if applied is None or self.unfinished() is not None:
            return NothingToDo()
        with self._store.read() as unit:
            sequence = unit.directory.sequence()
        express = await self._overtaking(applied).next(sequence)
        if express is None:
            return NothingToDo()
        await self._apply_express(express, stop)
        with self._store.read() as unit:
            failed = plan.RowState.FAILED
            failures = sum(count for *_, state, count in unit.plans.totals(express.id) if state is failed)
        return Applied(express, failures)

    def _overtaking(self, after: Sequence) -> leavers.Overtaking:
        request = PlanRequest(
            application=self.application,
            schema=self._schema,
            origin=plan.Origin.EXPRESS,
            after=after,
            retries=Retries.DUE,
            leavers_only=True,
        )
        return leavers.Overtaking(store=self._store, planner=self._planner, request=request)

    async def _watch(self, made: plan.Plan, stop: applying.Stop) -> None:
        """While a plan is applied: stop when the job is paused, and let leavers overtake."""
        overtaking = self._overtaking(made.to_watermark)
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
                await self._apply_express(express, stop)

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

    async def _apply_express(self, made: plan.Plan, stop: applying.Stop) -> None:
        with self._store.write() as unit:
            unit.plans.move(made.id, plan.PlanState.APPLYING, began=self._services.clock.now())
        await applying.apply(self._workshop(stop, lambda _count: None), made)
        if not stop.requested:
            with self._store.write() as unit:
                self._health.overtaken(unit, made)
