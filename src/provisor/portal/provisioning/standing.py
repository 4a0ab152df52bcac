"""How an application's job fares, as its status card tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from provisor.core import incidents, notice_reasons, plan
from provisor.core import job as model
from provisor.core.application import Application
from provisor.core.escrow import EscrowCounts
from provisor.core.job import ScheduleState, StatusCode
from provisor.core.job_health import JobHealth
from provisor.core.notification import Language
from provisor.core.objects import ObjectType
from provisor.core.quarantine import QuarantineReason
from provisor.engine import job_status
from provisor.engine.job_status import LeaverDelays, NextCycle, Progress
from provisor.ports.store import UnitOfWork

_RUNNING = (plan.PlanState.APPLYING, plan.PlanState.PLANNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the status card shows; `running` is the plan of the cycle under way, `planned` its rows so far."""

    application: Application
    job: model.Job
    code: StatusCode
    health: JobHealth
    is_running: bool
    running: plan.Plan | None
    planned: int
    progress: Progress | None
    newest: plan.Plan | None
    write_budget_percent: float | None
    held: plan.Plan | None
    next: NextCycle | None
    escrows: EscrowCounts
    next_attempt: datetime | None
    linked: Mapping[ObjectType, int]
    delays: LeaverDelays | None
    is_overdue: bool

    @property
    def is_configured(self) -> bool:
        return self.code is not StatusCode.NOT_CONFIGURED

    @property
    def users(self) -> int:
        """Users of the application that are linked."""
        return self.linked.get(ObjectType.USER, 0)

    @property
    def groups(self) -> int:
        return self.linked.get(ObjectType.GROUP, 0)

    @property
    def waited(self) -> timedelta:
        """How long the requests of the latest cycle waited for their turn, in all."""
        return _told(self.newest.requests.seconds_waited if self.newest is not None else 0.0)

    @property
    def kind(self) -> model.CycleKind:
        """Whom the cycle looks at that is running, or comes next."""
        return self.running.kind if self.running is not None else self.job.next_cycle

    @property
    def remaining(self) -> timedelta | None:
        """How long the cycle that is running will take."""
        seconds = self.progress.remaining_seconds if self.progress is not None else None
        return None if seconds is None else _told(seconds)

    @property
    def last_took(self) -> timedelta | None:
        last = self.health.last
        return None if last is None else _told((last.ended - last.began).total_seconds())

    @property
    def leaver_times(self) -> tuple[timedelta, timedelta] | None:
        """Within what time half and 95 % of the leavers lost their accounts."""
        found = self.delays
        if found is None:
            return None
        return _told(found.p50_seconds), _told(found.p95_seconds)

    @property
    def is_steady(self) -> bool:
        """Whether the last cycle found nothing to write and nobody failing, and nothing waits."""
        last, health = self.health.last, self.health
        settled = last is not None and health.steady_last is not None and health.steady_last >= last.ended
        return settled and not self.is_running and self.held is None

    @property
    def is_quarantined(self) -> bool:
        """Whether something failed; that a held plan waits is told apart."""
        found = self.job.quarantine
        return found is not None and found.reason is not QuarantineReason.TOO_MANY_DELETES

    def quarantine_reason(self, language: str) -> str:
        found = self.job.quarantine
        return "" if found is None else notice_reasons.of_quarantine(found, Language(language))

    def held_reason(self, language: str) -> str:
        """The numbers and limits of what is held."""
        if self.held is None or self.held.hold is None:
            return ""
        return notice_reasons.of_limits(self.held.hold, Language(language))

    def stop_reason(self, language: str) -> str:
        """Why the service itself stopped the job, where it did and nobody started it since."""
        message = self.health.stopped_because
        if message is None or self.job.schedule_state is ScheduleState.ACTIVE:
            return ""
        days = self.application.settings.quarantine.days
        return notice_reasons.of_stop(
            self.job.schedule_state, message, days, self.job.quarantine, Language(language)
        )

    def last_error(self, language: str) -> str:
        """Why the last cycle failed, where no quarantine says so."""
        last, message = self.health.last, self.job.last_error
        if message is None or self.job.quarantine is not None or last is None:
            return ""
        return notice_reasons.of_error(last.error_code, message, Language(language))


def of(unit: UnitOfWork, application: Application, now: datetime) -> Standing:
    """How the job fares now."""
    state = unit.jobs.get(application.id, application.settings.interval_seconds)
    is_running = job_status.runner(state) is not None
    newest = unit.plans.of(application.id, tuple(plan.PlanState), 1)
    running = _running(unit, application) if is_running else None
    totals = unit.plans.totals(running.id) if running is not None else []
    escrows = unit.escrows(application.id)
    return Standing(
        application=application,
        job=state,
        code=model.status_code(state, configured=application.is_configured),
        health=unit.jobs.health(application.id),
        is_running=is_running,
        running=running,
        planned=sum(count for *_, count in totals),
        progress=job_status.progress(
            running, [(row, count) for _, _, _, row, count in totals], application, now
        ),
        newest=newest[0] if newest else None,
        write_budget_percent=job_status.write_budget_percent(newest[0], application) if newest else None,
        held=unit.plans.get(state.held_plan) if state.held_plan is not None else None,
        next=job_status.next_cycle(unit, application, state, now),
        escrows=escrows.counts(),
        next_attempt=escrows.next_due(),
        linked=unit.links(application.id).count_by_type(),
        delays=job_status.leaver_delays(unit, application),
        is_overdue=incidents.is_overdue(state, now, state.last_ended or now),
    )


def _told(seconds: float) -> timedelta:
    """A length of time for a person, to whom less than a second is one."""
    return timedelta(seconds=max(1, round(seconds)))


def _running(unit: UnitOfWork, application: Application) -> plan.Plan | None:
    """The plan of the running cycle, rather than that of a leaver who overtakes it."""
    found = unit.plans.of(application.id, _RUNNING, 3)
    whole = [item for item in found if item.origin not in plan.OF_A_FEW]
    return next(iter(whole or found), None)
