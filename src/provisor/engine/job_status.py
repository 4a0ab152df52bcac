"""How a job fares now, computed from the store: progress of a running cycle, what comes next, what leavers waited.

The command line and the portal tell the same from it. Reads only; costs a few small statements, so that a screen may ask
every second.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from provisor.core import job as model
from provisor.core import job_health, plan
from provisor.core.application import Application
from provisor.engine import lease
from provisor.ports.store import UnitOfWork

_NEWEST_LEAVERS = 1000
"""How many leavers are looked at: enough for a percentile, and few enough for a screen that is asked for often."""

_OPEN = frozenset({plan.RowState.PENDING, plan.RowState.APPLYING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the applying of a plan is, in rows; `remaining_seconds` is None where nothing is known yet."""

    completed: int
    total: int
    remaining_seconds: float | None

    @property
    def share(self) -> float:
        """From 0 to 1; 1 where there was nothing to do."""
        return self.completed / self.total if self.total else 1.0


class Cause(enum.StrEnum):
    """Why the next cycle is due."""

    INTERVAL = "interval"
    RETRY = "retry"
    DELETION = "deletion"
    FILTER_DATE = "filterDate"
    CHANGES = "changes"
    QUARANTINE = "quarantine"
    REQUEST = "request"
    """A person asked for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextCycle:
    """When the service begins the next cycle, and why."""

    due: datetime
    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaverDelays:
    """How long the newest leavers kept their accounts, in seconds."""

    count: int
    p50_seconds: float
    p95_seconds: float


def progress(
    made: plan.Plan | None,
    states: Iterable[tuple[plan.RowState, int]],
    application: Application,
    now: datetime,
) -> Progress | None:
    """How far the plan is, from its rows by state; None where it is not being applied."""
    if made is None or made.state is not plan.PlanState.APPLYING:
        return None
    counted = list(states)
    total = sum(count for _, count in counted)
    left = sum(count for state, count in counted if state in _OPEN)
    remaining = job_health.remaining_seconds(
        done=total - left,
        left=left,
        elapsed=(now - made.began).total_seconds() if made.began else 0.0,
        writes_per_minute=application.settings.target.rate_budget.writes_per_minute,
    )
    return Progress(completed=total - left, total=total, remaining_seconds=remaining)


def next_cycle(unit: UnitOfWork, application: Application, job: model.Job, now: datetime) -> NextCycle | None:
    """When the service begins the next cycle, and why; None where none is due."""
    if job.requested is not None and job.schedule_state is not model.ScheduleState.PAUSED:
        return NextCycle(due=now, cause=Cause.REQUEST)
    if job.schedule_state is not model.ScheduleState.ACTIVE:
        return None
    slowed = job.quarantine
    if slowed is not None and slowed.next_attempt is not None:
        return NextCycle(due=slowed.next_attempt, cause=Cause.QUARANTINE)
    if job.watermark is None or unit.directory.sequence() > job.watermark:
        return NextCycle(due=now, cause=Cause.CHANGES)
    # what fell due before the last cycle began and is still there waits for the next ordinary one
    moments = {
        Cause.INTERVAL: (job.last_ended or now) + timedelta(seconds=job.interval_seconds),
        Cause.RETRY: unit.escrows(application.id).next_due(),
        Cause.DELETION: unit.links(application.id).next_deletion(job.last_began),
        Cause.FILTER_DATE: unit.scope_turns(application.id).next_due(),
    }
    due, cause = min((moment, cause.value) for cause, moment in moments.items() if moment is not None)
    return NextCycle(due=due, cause=Cause(cause))


def write_budget_percent(made: plan.Plan, application: Application) -> float | None:
    """How much of the writes a minute that are allowed a plan has used; None where there is no limit, or it runs yet."""
    budget = application.settings.target.rate_budget.writes_per_minute
    minutes = (made.ended - made.began).total_seconds() / 60 if made.began and made.ended else None
    if not minutes or not budget:
        return None
    return round(min(100.0, 100 * made.requests.writes / minutes / budget), 1)


def leaver_delays(unit: UnitOfWork, application: Application) -> LeaverDelays | None:
    """How long the newest leavers kept their accounts; None where nobody left as long as the log goes back."""
    delays = unit.departures(application.id).delays(_NEWEST_LEAVERS)
    if not delays:
        return None
    return LeaverDelays(
        count=len(delays),
        p50_seconds=round(job_health.percentile(delays, 50), 1),
        p95_seconds=round(job_health.percentile(delays, 95), 1),
    )


def runner(job: model.Job) -> str | None:
    """The process that runs a cycle now."""
    owner = job.lease_owner
    return None if owner is None or lease.is_dead(owner) else owner
