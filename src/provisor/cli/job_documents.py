"""The job of an application as a document in the shape of Graph's `synchronizationJob`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from provisor.cli import job_status, moments, plan_documents
from provisor.core import incidents, job_health, log_entry, plan
from provisor.core import job as model
from provisor.core.application import Application
from provisor.engine import job_status as engine_status
from provisor.ports.store import UnitOfWork


def of_job(unit: UnitOfWork, application: Application, now: datetime) -> dict[str, Any]:
    """How the job fares now. Graph's names within `schedule` and `status`; the rest is ours."""
    job = unit.jobs.get(application.id, application.settings.interval_seconds)
    newest = unit.plans.of(application.id, tuple(plan.PlanState), 1)
    last = plan_documents.of_plan(unit, newest[0]) if newest else None
    held = unit.plans.get(job.held_plan) if job.held_plan is not None else None
    escrows = unit.escrows(application.id)
    counts, health = escrows.counts(), unit.jobs.health(application.id)
    return {
        "id": job.id,
        "applicationId": application.id,
        "application": application.name,
        "templateId": application.template_id,
        "schedule": {
            "state": job.schedule_state.value,
            "interval": moments.iso_duration(job.interval_seconds),
            "expiration": None,
        },
        "status": {
            "code": model.status_code(job, configured=application.is_configured).value,
            "countSuccessiveCompleteFailures": health.complete_failures,
            "escrowsPruned": health.escrows_pruned,
            "lastExecution": _last_execution(job, last, health),
            "lastSuccessfulExecution": job_status.execution(health.last_successful),
            "lastSuccessfulExecutionWithExports": job_status.execution(health.last_successful_with_exports),
            "progress": job_status.progress(newest[0] if newest else None, last, application, now),
            "quarantine": job_status.quarantine(job.quarantine),
            "steadyStateFirstAchievedTime": log_entry.instant(health.steady_first),
            "steadyStateLastAchievedTime": log_entry.instant(health.steady_last),
            "troubleshootingUrl": None,
            "synchronizedEntryCountByType": [
                {"key": kind.value, "value": count}
                for kind, count in sorted(unit.links(application.id).count_by_type().items())
            ],
        },
        "nextCycle": job.next_cycle.value,
        "watermark": job.watermark,
        "runner": engine_status.runner(job),
        "next": job_status.next_cycle(unit, application, job, now),
        "stoppedBecause": health.stopped_because,
        "overdue": incidents.is_overdue(job, now, job.last_ended or now),
        "statisticsToDate": dict(health.exported_to_date),
        "requests": job_status.requests(newest[0], application) if newest else None,
        "leaverDelays": job_status.leaver_delays(unit, application),
        "escrows": {
            "count": counts.total,
            "accounts": counts.accounts,
            "references": counts.references,
            "throttled": counts.throttled,
            "givenUp": counts.given_up,
            "nextAttempt": log_entry.instant(escrows.next_due()),
        },
        "heldPlan": plan_documents.of_plan(unit, held) if held is not None else None,
        "lastPlan": last,
    }


def _last_execution(
    job: model.Job, last: dict[str, Any] | None, health: job_health.JobHealth
) -> dict[str, Any] | None:
    """Graph: `synchronizationTaskExecution`; beside Graph's, `state` has those of `_execution_state`."""
    if job.last_began is None:
        return None
    began = log_entry.instant(job.last_began) or ""
    own = last if last is not None and last["created"] >= began else None
    ended = job.last_ended if job.last_ended is not None and job.last_ended >= job.last_began else None
    error = job.last_error if ended is not None else None
    remembered = health.last if ended is not None else None
    return {
        **(job_status.execution(remembered) or {}),
        "activityIdentifier": own["id"] if own else None,
        "timeBegan": began,
        "timeEnded": log_entry.instant(ended),
        "state": _execution_state(job, own, ended),
        "countExported": own["states"]["done"] if own else 0,
        "countEscrowed": own["states"]["failed"] if own else 0,
        "error": None
        if error is None
        else job_status.error(remembered.error_code if remembered else None, error),
    }


def _execution_state(job: model.Job, own: dict[str, Any] | None, ended: datetime | None) -> str:
    """Graph's `Succeeded`, `Failed`, `EntryLevelErrors`, or `InProgress`, `Planned`, `Held`, `Interrupted`."""
    if engine_status.runner(job) is not None:
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
