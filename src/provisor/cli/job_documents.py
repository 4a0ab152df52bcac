"""The job of an application as a document in the shape of Graph's `synchronizationJob`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from provisor.cli import application_documents, moments, plan_documents
from provisor.core import job as model
from provisor.core import log_entry, plan
from provisor.core.application import Application
from provisor.engine import lease
from provisor.ports.store import UnitOfWork

_OPEN = (plan.RowState.PENDING.value, plan.RowState.APPLYING.value)


def of_job(unit: UnitOfWork, application: Application, now: datetime) -> dict[str, Any]:
    """How the job fares now. Graph's names within `schedule` and `status`; the rest is ours."""
    job = unit.jobs.get(application.id, application.settings.interval_seconds)
    newest = unit.plans.of(application.id, tuple(plan.PlanState), 1)
    last = plan_documents.of_plan(unit, newest[0]) if newest else None
    held = unit.plans.get(job.held_plan) if job.held_plan is not None else None
    escrows = unit.escrows(application.id)
    return {
        "id": job.id,
        "applicationId": application.id,
        "application": application.name,
        "templateId": application.template_id,
        "schedule": {
            "state": job.schedule_state.value,
            "interval": moments.iso_duration(job.interval_seconds),
        },
        "status": {
            "code": model.status_code(job, configured=application_documents.is_configured(application)).value,
            "lastExecution": _last_execution(job, last),
            "lastSuccessfulExecution": _ended(job.last_succeeded),
            "progress": _progress(last, now),
            "synchronizedEntryCountByType": [
                {"key": kind.value, "value": count}
                for kind, count in sorted(unit.links(application.id).count_by_type().items())
            ],
        },
        "nextCycle": job.next_cycle.value,
        "watermark": job.watermark,
        "runner": _runner(job),
        "escrows": {"count": escrows.count(), "nextAttempt": log_entry.instant(escrows.next_due())},
        "heldPlan": plan_documents.of_plan(unit, held) if held is not None else None,
        "lastPlan": last,
    }


def _runner(job: model.Job) -> str | None:
    """The process that runs a cycle now."""
    owner = job.lease_owner
    return None if owner is None or lease.is_dead(owner) else owner


def _last_execution(job: model.Job, last: dict[str, Any] | None) -> dict[str, Any] | None:
    """Graph: `synchronizationTaskExecution`; beside Graph's, `state` has those of `_execution_state`."""
    if job.last_began is None:
        return None
    began = log_entry.instant(job.last_began) or ""
    own = last if last is not None and last["created"] >= began else None
    ended = job.last_ended if job.last_ended is not None and job.last_ended >= job.last_began else None
    error = job.last_error if ended is not None else None
    return {
        "activityIdentifier": own["id"] if own else None,
        "timeBegan": began,
        "timeEnded": log_entry.instant(ended),
        "state": _execution_state(job, own, ended),
        "countExported": own["states"]["done"] if own else 0,
        "countEscrowed": own["states"]["failed"] if own else 0,
        "error": None if error is None else {"message": error},
    }


def _execution_state(job: model.Job, own: dict[str, Any] | None, ended: datetime | None) -> str:
    """Graph's `Succeeded`, `Failed`, `EntryLevelErrors`, or `InProgress`, `Planned`, `Held`, `Interrupted`."""
    if _runner(job) is not None:
        return "InProgress"
    match own["state"] if own is not None else None:
        case plan.PlanState.HELD:
            return "Held"
        case plan.PlanState.READY:
            return "Planned"
    if ended is None:
        return "Interrupted"
    if job.last_error is not None:
        return "Failed"
    return "EntryLevelErrors" if own is not None and own["states"]["failed"] else "Succeeded"


def _ended(moment: datetime | None) -> dict[str, Any] | None:
    return None if moment is None else {"timeEnded": log_entry.instant(moment)}


def _progress(last: dict[str, Any] | None, now: datetime) -> list[dict[str, Any]]:
    """Graph: `synchronizationProgress` of the plan that is being applied."""
    if last is None or last["state"] != plan.PlanState.APPLYING:
        return []
    total = sum(last["states"].values())
    left = sum(last["states"][state] for state in _OPEN)
    return [
        {
            "units": "changes",
            "completedUnits": total - left,
            "totalUnits": total,
            "progressObservationDateTime": log_entry.instant(now),
        }
    ]
