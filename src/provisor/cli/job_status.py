"""The parts of a job's status, in the shape of Graph's `synchronizationStatus`; what is ours stands beside."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from provisor.core import job as model
from provisor.core import log_entry, plan
from provisor.core.application import Application
from provisor.core.job_health import Execution
from provisor.core.quarantine import Quarantine
from provisor.engine import job_status as status
from provisor.ports.store import UnitOfWork


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
    states = document["states"] if document is not None else {}
    counted = ((plan.RowState(state), count) for state, count in states.items())
    found = status.progress(made, counted, application, now)
    if found is None:
        return []
    return [
        {
            "units": "changes",
            "completedUnits": found.completed,
            "totalUnits": found.total,
            "progressObservationDateTime": log_entry.instant(now),
            "percent": round(100 * found.share, 1),
            "remainingSeconds": None if found.remaining_seconds is None else round(found.remaining_seconds),
        }
    ]


def next_cycle(
    unit: UnitOfWork, application: Application, job: model.Job, now: datetime
) -> dict[str, Any] | None:
    """When the service begins the next cycle, and why; None where none is due."""
    found = status.next_cycle(unit, application, job, now)
    return None if found is None else {"due": log_entry.instant(found.due), "cause": found.cause.value}


def requests(made: plan.Plan, application: Application) -> dict[str, Any]:
    """What the newest plan has asked of the target; the share of the budget is that of the writes a minute."""
    counted = made.requests
    return {
        "plan": made.id,
        "reads": counted.reads,
        "writes": counted.writes,
        "byMethod": dict(counted.by_method),
        "byStatus": dict(counted.by_class),
        "secondsWaited": round(counted.seconds_waited, 1),
        "throttled": counted.throttled,
        "writeBudgetPercent": status.write_budget_percent(made, application),
    }


def leaver_delays(unit: UnitOfWork, application: Application) -> dict[str, Any] | None:
    """How long the newest leavers kept their accounts; None where nobody left as long as the log goes back."""
    found = status.leaver_delays(unit, application)
    if found is None:
        return None
    return {"count": found.count, "p50Seconds": found.p50_seconds, "p95Seconds": found.p95_seconds}
