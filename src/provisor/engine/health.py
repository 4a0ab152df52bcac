"""What a cycle leaves behind for its job's status: how it ended, whether that calls for quarantine, and what it asked.

Everything is written in the transaction that ends the cycle. The decisions are those of `core.quarantine`.
"""

from __future__ import annotations

from dataclasses import replace

from provisor.core import errors, job_health, mapping, plan, quarantine, schema
from provisor.core.application import Application
from provisor.core.errors import ErrorCode
from provisor.core.identifiers import PlanId, Sequence
from provisor.core.job import CycleKind, Job, ScheduleState
from provisor.core.job_health import ExecutionState
from provisor.core.objects import ObjectType
from provisor.core.quarantine import Cause, Quarantine, QuarantineReason
from provisor.core.requests import RequestCounts
from provisor.engine import holding, quarantining
from provisor.ports.clock import Clock
from provisor.ports.store import Store, UnitOfWork
from provisor.ports.target import Target

_NOTE_EVERY = 5.0
"""Seconds between notes of what a running cycle has asked its target."""


class CycleHealth:
    """One cycle's account of itself."""

    def __init__(
        self, application: Application, *, clock: Clock, target: Target, origin: plan.Origin
    ) -> None:
        self._application = application
        self._clock = clock
        self._target = target
        self._origin = origin
        self._began = clock.now()
        self._counted = target.requests
        self._noted_at = clock.monotonic()

    async def probe(self, job: Job, document: schema.SynchronizationSchema) -> None:
        """Where the target could not be used before, ask it the cheap question of *Test connection* before anything else.

        Raises `TargetUnusableError` where it cannot be reached, refuses the credentials or has a fault of its own.
        """
        found = job.quarantine
        if found is None or found.reason is not QuarantineReason.QUARANTINE_EXCEPTION:
            return
        users = mapping.compile_mapping(document.object_mappings[ObjectType.USER])
        try:
            await self._target.test_connection(ObjectType.USER, users.matching[0].target.name)
        except (errors.FilterNotHonouredError, errors.ObjectRefusedError):
            return  # it is there and knows us; what it refuses concerns single objects
        except (errors.TryLaterError, errors.OutcomeUnknownError) as error:
            raise errors.TargetUnusableError(
                str(error), code=error.code, status=error.status, detail=error.detail
            ) from error

    def note_requests(self, unit: UnitOfWork, plan_id: PlanId) -> None:
        """Add what was asked of the target since the last note to a plan, so that other processes can show it."""
        made = unit.plans.get(plan_id)
        now = self._target.requests
        added = now.since(self._counted)
        if made is not None and added != RequestCounts():
            unit.plans.note_requests(made.id, made.requests.plus(added))
            self._counted = now

    def note_now_and_then(self, store: Store, plan_id: PlanId) -> None:
        """Note the requests of a plan that is being applied, every few seconds."""
        now = self._clock.monotonic()
        if now - self._noted_at >= _NOTE_EVERY:
            self._noted_at = now
            with store.write() as unit:
                self.note_requests(unit, plan_id)

    def closed(self, unit: UnitOfWork, made: plan.Plan) -> None:
        """A plan was applied to its end: it is closed, or held for what is left, and the watermark moves."""
        now = self._clock.now()
        holding.close(unit, made, now)
        unit.escrows(made.application_id).references_settled(made)
        self.note_requests(unit, made.id)
        job = unit.jobs.get(made.application_id, 0)
        # a plan of leavers or of one object that was cut short says nothing about the others
        seamless = made.origin not in plan.OF_A_FEW and (
            made.from_watermark is None
            or (job.watermark is not None and made.from_watermark <= job.watermark)
        )
        watermark = made.to_watermark if seamless else None
        unit.jobs.ended(made.application_id, now, error=None, watermark=watermark)
        if made.kind is CycleKind.RECONCILIATION:
            unit.jobs.reconciled(made.application_id, now)
        self._judge(unit, unit.plans.get(made.id) or made)

    def _judge(self, unit: UnitOfWork, made: plan.Plan) -> None:
        totals = unit.plans.totals(made.id)
        waiting = unit.escrows(made.application_id).counts()
        tally = _tally(unit, made, totals)
        failed = tally.failed + tally.failed_references > 0 or waiting.throttled > 0
        execution = job_health.Execution(
            activity_id=made.id,
            kind=made.kind,
            origin=made.origin,
            began=min(self._began, made.began or self._began),
            ended=self._clock.now(),
            state=ExecutionState.ENTRY_LEVEL_ERRORS if failed else ExecutionState.SUCCEEDED,
            counts=job_health.counts(totals, made.kind, escrowed=waiting.retried, escrowed_raw=waiting.total),
            requests=made.requests,
        )
        health = job_health.with_exports(self._after(unit, execution, tally.complete_failure), totals)
        limits = self._application.settings.quarantine
        cause = quarantine.excess(tally, waiting, health.complete_failures, limits)
        if cause is not None and made.kind is CycleKind.INITIAL:
            health = self._pruned(unit, health, cause)
            cause = None
        self._settle(unit, health, cause)

    def overtaken(self, unit: UnitOfWork, made: plan.Plan) -> None:
        """A small plan of leavers was applied to its end beside another one."""
        unit.plans.move(made.id, plan.PlanState.APPLIED, ended=self._clock.now())
        health = unit.jobs.health(self._application.id)
        unit.jobs.save_health(
            self._application.id, job_health.with_exports(health, unit.plans.totals(made.id))
        )

    def idle(self, unit: UnitOfWork, watermark: Sequence | None) -> None:
        """Nobody was concerned, up to this watermark."""
        unit.jobs.ended(self._application.id, self._clock.now(), error=None, watermark=watermark)
        waiting = unit.escrows(self._application.id).counts()
        counts = job_health.ExecutionCounts(escrowed=waiting.retried, escrowed_raw=waiting.total)
        health = self._after(unit, self._ended(unit, ExecutionState.SUCCEEDED, counts=counts))
        nothing = quarantine.CycleTally(succeeded=0, failed=0, failed_references=0)
        limits = self._application.settings.quarantine
        self._settle(unit, health, quarantine.excess(nothing, waiting, 0, limits))

    def held(self, unit: UnitOfWork, made: plan.Plan) -> None:
        """A plan that was made to be looked at waits for a person; whatever failed before is not known to be mended."""
        unit.jobs.ended(self._application.id, self._clock.now(), error=made.hold_reason, watermark=None)
        found = unit.jobs.get(self._application.id, 0).quarantine
        lasting = found is not None and found.reason not in _SUPERSEDED_BY_A_PLAN
        self._settle(
            unit,
            unit.jobs.health(self._application.id),
            Cause(reason=found.reason, code=found.code, message=found.message, figures=found.figures)
            if found and lasting
            else None,
        )

    def failed(self, unit: UnitOfWork, error: errors.ProvisorError) -> None:
        """The cycle ended early; a target that cannot be used puts the job into quarantine at once."""
        unit.jobs.ended(self._application.id, self._clock.now(), error=str(error), watermark=None)
        code = error.code if isinstance(error, errors.TargetError) else ErrorCode.INTERNAL_ERROR
        execution = replace(self._ended(unit, ExecutionState.FAILED), error_code=code.value, error=str(error))
        health = self._after(unit, execution, True)
        if isinstance(error, errors.TargetUnusableError):
            cause = Cause(reason=QuarantineReason.QUARANTINE_EXCEPTION, code=code.value, message=str(error))
            self._settle(unit, health, cause)
        else:
            unit.jobs.save_health(self._application.id, health)

    def _ended(
        self,
        unit: UnitOfWork,
        state: ExecutionState,
        counts: job_health.ExecutionCounts = job_health.ExecutionCounts(),  # noqa: B008 - immutable
    ) -> job_health.Execution:
        job = unit.jobs.get(self._application.id, 0)
        open_plan = unit.plans.of(self._application.id, [plan.PlanState.APPLYING], 1)
        return job_health.Execution(
            activity_id=open_plan[0].id if open_plan else None,
            kind=open_plan[0].kind if open_plan else job.next_cycle,
            origin=self._origin,
            began=self._began,
            ended=self._clock.now(),
            state=state,
            counts=counts,
            requests=self._target.requests.since(self._counted),
        )

    def _after(
        self,
        unit: UnitOfWork,
        execution: job_health.Execution,
        complete_failure: bool = False,  # noqa: FBT001, FBT002 - a fact of the cycle, not a mode
    ) -> job_health.JobHealth:
        health = unit.jobs.health(self._application.id)
        return job_health.after(health, execution, complete_failure=complete_failure)

    def _pruned(self, unit: UnitOfWork, health: job_health.JobHealth, cause: Cause) -> job_health.JobHealth:
        """Too many failures in an initial cycle: none is retried by itself, and the job pauses for somebody to clean up."""
        application_id = self._application.id
        unit.escrows(application_id).give_up(self._clock.now())
        if unit.jobs.schedule_state(application_id) is ScheduleState.ACTIVE:
            unit.jobs.set_schedule(application_id, ScheduleState.PAUSED)
        return replace(
            health,
            escrows_pruned=True,
            stopped_because=f"The initial cycle was completed and the job paused: {cause.message} "
            "`provisor job retry` tries the failed objects again.",
        )

    def _settle(self, unit: UnitOfWork, health: job_health.JobHealth, cause: Cause | None) -> None:
        """Impose, prolong or lift the quarantine, and keep what is remembered."""
        application_id, now = self._application.id, self._clock.now()
        limits = self._application.settings.quarantine
        job = unit.jobs.get(application_id, 0)
        cause = cause or _held(unit, job.held_plan)
        found = None if cause is None else quarantine.imposed(job.quarantine, cause, now, limits)
        if found is not None and quarantine.over(found, now, limits):
            health = self._switched_off(unit, health, found)
        quarantining.keep(unit, application_id, found)
        unit.jobs.save_health(application_id, health)

    def _switched_off(
        self, unit: UnitOfWork, health: job_health.JobHealth, found: Quarantine
    ) -> job_health.JobHealth:
        if unit.jobs.schedule_state(self._application.id) is not ScheduleState.ACTIVE:
            return health
        unit.jobs.set_schedule(self._application.id, ScheduleState.DISABLED)
        days = self._application.settings.quarantine.days
        return replace(
            health,
            stopped_because=f"The job was switched off after {days} days in quarantine: {found.message} "
            "`provisor job start` starts it again.",
        )


_SUPERSEDED_BY_A_PLAN = frozenset({QuarantineReason.QUARANTINE_EXCEPTION, QuarantineReason.TOO_MANY_DELETES})


def _held(unit: UnitOfWork, held_plan: str | None) -> Cause | None:
    waiting = None if held_plan is None else unit.plans.get(held_plan)
    if waiting is None:
        return None
    reason = QuarantineReason.TOO_MANY_DELETES
    return Cause(
        reason=reason,
        code=reason.value,
        message=waiting.hold_reason
        or f"The plan {waiting.id} takes away more than is allowed without a person's word.",
    )


def _tally(unit: UnitOfWork, made: plan.Plan, totals: job_health.Totals) -> quarantine.CycleTally:
    """What counts for quarantine: a target that asked to wait did not fail."""
    failed = references = 0
    for kind, code, number in unit.plans.failures(made.id):
        if code is ErrorCode.TOO_MANY_REQUESTS:
            continue
        if kind in job_health.REFERENCES:
            references += number
        else:
            failed += number
    return quarantine.CycleTally(
        succeeded=job_health.counts(totals, made.kind, escrowed=0, escrowed_raw=0).exported,
        failed=failed,
        failed_references=references,
    )
