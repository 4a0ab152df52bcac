"""The parts of a job's status, in the shape of Graph's `synchronizationStatus`; what is ours stands beside."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from provisor.core import job as model
from provisor.core import job_health, log_entry, plan
from provisor.core.application import Application
from provisor.core.job_health import Execution
from provisor.core.quarantine import Quarantine
from provisor.ports.store import UnitOfWork

_NEWEST_LEAVERS = 1000
"""How many leavers are looked at: enough for a percentile, and few enough for a screen that is asked for often."""

_OPEN = (plan.RowState.PENDING.value, plan.RowState.APPLYING.value)


def execution(found: Execution | None) -> dict[str, Any] | None:
    """Graph: `synchronizationTaskExecution`, with the kind and origin of the cycle."""
    if found is None:
        return None
    counts = found.counts
    return {
        "activityIdentifier": found.activity_id,
        "kind": found.kind.value,
        "origin": found.origin.value,
        "timeBegan": log_entry.instant(found.began),
        "timeEnded": log_entry.instant(found.ended),
        "state": found.state.value,
        "countEntitled": counts.entitled,
        "countEntitledForProvisioning": counts.entitled_for_provisioning,
        "countImported": counts.imported,
        "countImportedDeltas": counts.imported_deltas,
        "countImportedReferenceDeltas": counts.imported_reference_deltas,
        "countExports": counts.exports,
        "countExported": counts.exported,
        "countEscrowed": counts.escrowed,
        "countEscrowedRaw": counts.escrowed_raw,
        "error": error(found.error_code, found.error),
    }


def error(code: str | None, message: str | None) -> dict[str, Any] | None:
    """Graph: `synchronizationError`; everything that is told here can be mended by the tenant."""
    if message is None:
        return None
    return {"code": code or "None", "message": message, "tenantActionable": True}


def quarantine(found: Quarantine | None) -> dict[str, Any] | None:
    """Graph: `synchronizationQuarantine`."""
    if found is None:
        return None
    return {
        "reason": found.reason.value,
        "currentBegan": log_entry.instant(found.current_began),
        "nextAttempt": log_entry.instant(found.next_attempt),
        "seriesBegan": log_entry.instant(found.series_began),
        "seriesCount": found.series_count,
        "error": error(found.code, found.message),
    }


def progress(
    made: plan.Plan | None, document: dict[str, Any] | None, application: Application, now: datetime
) -> list[dict[str, Any]]:
    """Graph: `synchronizationProgress` of the plan that is being applied, with its share and how long the rest will take."""
    if made is None or document is None or made.state is not plan.PlanState.APPLYING:
        return []
    total = sum(document["states"].values())
    left = sum(document["states"][state] for state in _OPEN)
    remaining = job_health.remaining_seconds(
        done=total - left,
        left=left,
        elapsed=(now - made.began).total_seconds() if made.began else 0.0,
        writes_per_minute=application.settings.target.rate_budget.writes_per_minute,
    )
    return [
        {
            "units": "changes",
            "completedUnits": total - left,
            "totalUnits": total,
            "progressObservationDateTime": log_entry.instant(now),
            "percent": round(100 * (total - left) / total, 1) if total else 100.0,
            "remainingSeconds": None if remaining is None else round(remaining),
        }
    ]


def next_cycle(
    unit: UnitOfWork, application: Application, job: model.Job, now: datetime
) -> dict[str, Any] | None:
    """When the service begins the next cycle, and why; None where none is due."""
    if job.schedule_state is not model.ScheduleState.ACTIVE:
        return None
    slowed = job.quarantine
    if slowed is not None and slowed.next_attempt is not None:
        return _due(slowed.next_attempt, "quarantine")
    if job.watermark is None or unit.directory.sequence() > job.watermark:
        return _due(now, "changes")
    causes = [
        (job.last_ended or now) + timedelta(seconds=job.interval_seconds),
        unit.escrows(application.id).next_due(),
        # what fell due before the last cycle began and is still there waits for the next ordinary one
        unit.links(application.id).next_deletion(job.last_began),
        unit.scope_turns(application.id).next_due(),
    ]
    moment, cause = min(
        (moment, cause)
        for moment, cause in zip(causes, ("interval", "retry", "deletion", "filterDate"), strict=True)
        if moment is not None
    )
    return _due(moment, cause)


def requests(made: plan.Plan, application: Application) -> dict[str, Any]:
    """What the newest plan has asked of the target; the share of the budget is that of the writes a minute."""
    counted, budget = made.requests, application.settings.target.rate_budget.writes_per_minute
    minutes = (made.ended - made.began).total_seconds() / 60 if made.began and made.ended else None
    used = 100 * counted.writes / minutes / budget if minutes and budget else None
    return {
        "plan": made.id,
        "reads": counted.reads,
        "writes": counted.writes,
        "byMethod": dict(counted.by_method),
        "byStatus": dict(counted.by_class),
        "secondsWaited": round(counted.seconds_waited, 1),
        "throttled": counted.throttled,
        "writeBudgetPercent": None if used is None else round(min(100.0, used), 1),
    }


def leaver_delays(unit: UnitOfWork, application: Application) -> dict[str, Any] | None:
    """How long the newest leavers kept their accounts; None where nobody left as long as the log goes back."""
    delays = unit.departures(application.id).delays(_NEWEST_LEAVERS)
    if not delays:
        return None
    return {
        "count": len(delays),
        "p50Seconds": round(job_health.percentile(delays, 50), 1),
        "p95Seconds": round(job_health.percentile(delays, 95), 1),
    }


def _due(moment: datetime, cause: str) -> dict[str, Any]:
    return {"due": log_entry.instant(moment), "cause": cause}
