"""Watching jobs: what is wrong with them, since when, and whom to tell.

What is wrong is read from the store's state and compared with the incidents that are open, at the end of every cycle
and from time to time by the service. So nothing is lost when a process ends in between: the next look finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from provisor.core import incidents as model
from provisor.core import notice_reasons, notice_texts
from provisor.core.application import Application
from provisor.core.incidents import Incident, IncidentKind, Trouble
from provisor.core.job import Job, ScheduleState
from provisor.core.job_health import ExecutionState
from provisor.core.notification import Language, Notice
from provisor.core.plan import Plan
from provisor.core.quarantine import QuarantineReason
from provisor.engine import holding
from provisor.ports.store import UnitOfWork

AT_CYCLE_END = frozenset(IncidentKind) - {IncidentKind.OVERDUE}
"""What the end of a cycle can judge: whether cycles fail to happen is seen by whoever waits for them."""


def observe(
    unit: UnitOfWork,
    application: Application,
    *,
    now: datetime,
    new_id: Callable[[], str],
    watching_since: datetime | None = None,
) -> Sequence[model.Development]:
    """What is new about a job, kept and put into the outbox in the caller's transaction.

    `watching_since` tells since when somebody waits for the job's cycles; without it nothing is found overdue.
    """
    found = [
        item
        for item in look(unit, application, now=now, watching_since=watching_since)
        if _keep(unit, application, item, now, new_id)
    ]
    for item in found:
        notify(unit, application, item, now=now, new_id=new_id)
    return found


def _keep(
    unit: UnitOfWork,
    application: Application,
    item: model.Development,
    now: datetime,
    new_id: Callable[[], str],
) -> bool:
    """Write a development down; False where another process was quicker and tells of it."""
    if item.before is not None and not unit.incidents.close(item.before.id, now):
        return False
    return item.now is None or unit.incidents.open(
        Incident(id=new_id(), application_id=application.id, trouble=item.now, opened=now, closed=None)
    )


def look(
    unit: UnitOfWork, application: Application, *, now: datetime, watching_since: datetime | None
) -> Sequence[model.Development]:
    """What is new about a job; only reads."""
    job = unit.jobs.get(application.id, application.settings.interval_seconds)
    still_open = unit.incidents.still_open(application.id)
    troubles = list(_troubles(unit, application, job, {item.trouble.kind for item in still_open}))
    judged = AT_CYCLE_END
    explained = any(item.kind is not IncidentKind.REPEATED_FAILURE for item in troubles)
    if watching_since is not None:
        judged = frozenset(IncidentKind)
        if not explained and model.is_overdue(job, now, watching_since):
            troubles.append(_overdue(job, watching_since))
    return model.developments(still_open, troubles, judged)


def notify(
    unit: UnitOfWork,
    application: Application,
    item: model.Development,
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Put the mail that tells of a development into the outbox, if somebody wants to be told."""
    settings = application.settings.notification
    if settings.recipient is None:
        return
    subject, body = notice_texts.composed(item, application.name, settings.language)
    unit.outbox.add(
        Notice(
            id=new_id(),
            application_id=application.id,
            created=now,
            recipient=settings.recipient,
            subject=subject,
            body=body,
        )
    )


def _troubles(
    unit: UnitOfWork, application: Application, job: Job, known: Collection[IncidentKind]
) -> Sequence[Trouble]:
    held = holding.held_plan(unit, application.id)
    of_the_job = (
        _quarantine(job, held),
        _switched_off(unit, application, job),
        _failing_cycles(unit, application, job, known),
    )
    found = [item for item in of_the_job if item is not None]
    if held is not None:
        found.append(_held(held))
    threshold = application.settings.notification.after_failures
    failing = unit.escrows(application.id).failing(threshold)
    if failing:
        found.append(
            Trouble(
                kind=IncidentKind.REPEATED_FAILURE,
                cause="objects",
                details={"objects": failing, "threshold": threshold},
            )
        )
    return found


def _quarantine(job: Job, held: Plan | None) -> Trouble | None:
    """The job's quarantine, unless it only says that a plan is held, which is told by itself."""
    found = job.quarantine
    if found is None or (held is not None and found.reason is QuarantineReason.TOO_MANY_DELETES):
        return None
    return Trouble(
        kind=IncidentKind.QUARANTINE,
        cause=found.reason.value,
        details={"message": found.message},
        words=_in_words(lambda language: {"message": notice_reasons.of_quarantine(found, language)}),
    )


def _held(held: Plan) -> Trouble:
    """What the guard holds."""
    message = held.hold_reason or ""
    return Trouble(
        kind=IncidentKind.HELD_PLAN,
        cause=notice_reasons.held_kinds(held.hold),
        details={"plan": held.id, "reason": message},
        words=_in_words(
            lambda language: {
                "held": notice_reasons.held_things(held.hold, language),
                "reason": notice_reasons.of_hold(held.hold, message, language),
            }
        ),
    )


def _failing_cycles(
    unit: UnitOfWork, application: Application, job: Job, known: Collection[IncidentKind]
) -> Trouble | None:
    """Cycles that end early again and again; once told it lasts, also where it has become a quarantine."""
    health = unit.jobs.health(application.id)
    last, told = health.last, IncidentKind.FAILING_CYCLES in known
    if last is None or last.state is not ExecutionState.FAILED:
        return None
    enough = health.complete_failures >= application.settings.notification.after_failures
    if not told and (job.quarantine is not None or not enough):
        return None
    message = last.error or ""
    return Trouble(
        kind=IncidentKind.FAILING_CYCLES,
        cause="cycles",
        details={"cycles": health.complete_failures, "message": message},
        words=_in_words(
            lambda language: {"message": notice_reasons.of_error(last.error_code, message, language)}
        ),
    )


def _in_words(told: Callable[[Language], Mapping[str, str]]) -> Mapping[Language, Mapping[str, str]]:
    return {language: told(language) for language in Language}


def _switched_off(unit: UnitOfWork, application: Application, job: Job) -> Trouble | None:
    """What has the service itself paused the job or switched it off for."""
    because = unit.jobs.health(job.application_id).stopped_because
    if because is None or job.schedule_state is ScheduleState.ACTIVE:
        return None
    state, days = job.schedule_state, application.settings.quarantine.days
    return Trouble(
        kind=IncidentKind.JOB_DISABLED,
        cause=state.value,
        details={"message": because},
        words=_in_words(
            lambda language: {
                "message": notice_reasons.of_stop(state, because, days, job.quarantine, language)
            }
        ),
    )


def _overdue(job: Job, watching_since: datetime) -> Trouble:
    since = job.last_succeeded or watching_since
    return Trouble(
        kind=IncidentKind.OVERDUE,
        cause="noCycle",
        details={"since": since.strftime("%Y-%m-%d %H:%M UTC"), "interval": job.interval_seconds},
    )
