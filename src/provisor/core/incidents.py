"""Incidents: what is wrong with a job from when until when, so that a person is told once and not with every cycle."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from provisor.core import job_health
from provisor.core.identifiers import ApplicationId
from provisor.core.job import Job, ScheduleState
from provisor.core.notification import Language

Detail = str | int


class IncidentKind(enum.StrEnum):
    """What can be wrong with a job."""

    QUARANTINE = "quarantine"
    """The job fails too much, or its target cannot be used."""
    HELD_PLAN = "heldPlan"
    """Changes wait for a person, because they would take away or overwrite too much."""
    FAILING_CYCLES = "failingCycles"
    """Cycles end early one after the other, for a reason that is no quarantine."""
    REPEATED_FAILURE = "repeatedFailure"
    """Objects fail again and again."""
    OVERDUE = "overdue"
    """No cycle came to its end for twice the interval."""
    JOB_DISABLED = "jobDisabled"
    """The service switched the job off after trying in vain for long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that is wrong now. Another `cause` is news; `details` may change without being news.

    `words` complete a mail in the language of its reader; they are not kept.
    """

    kind: IncidentKind
    cause: str
    details: Mapping[str, Detail]
    words: Mapping[Language, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A trouble from its begin on; `closed` is None while it lasts."""

    id: str
    application_id: ApplicationId
    trouble: Trouble
    opened: datetime
    closed: datetime | None


class News(enum.StrEnum):
    """What there is to tell of an incident."""

    OPENED = "opened"
    CAUSE_CHANGED = "causeChanged"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Development:
    """One piece of news: the incident that was open before, the trouble that is there now, or both."""

    news: News
    before: Incident | None
    now: Trouble | None

    @property
    def trouble(self) -> Trouble:
        """What it is about."""
        found = self.now or (self.before.trouble if self.before else None)
        if found is None:
            raise AssertionError("news is about something")
        return found


def developments(
    open_incidents: Sequence[Incident], troubles: Sequence[Trouble], judged: frozenset[IncidentKind]
) -> Sequence[Development]:
    """What is new, comparing the open incidents with what is wrong now; kinds that were not judged stay as they are."""
    before = {item.trouble.kind: item for item in open_incidents}
    now = {item.kind: item for item in troubles}
    found = []
    for kind in IncidentKind:
        was, is_now = before.get(kind), now.get(kind)
        if kind not in judged or (was is None and is_now is None):
            continue
        if was is None:
            found.append(Development(news=News.OPENED, before=None, now=is_now))
        elif is_now is None:
            found.append(Development(news=News.CLOSED, before=was, now=None))
        elif was.trouble.cause != is_now.cause:
            found.append(Development(news=News.CAUSE_CHANGED, before=was, now=is_now))
    return found


def is_overdue(job: Job, now: datetime, watching_since: datetime) -> bool:
    """Whether a started job, watched since an instant, completed no cycle for twice its interval.

    A running cycle is no alarm: an initial one may take longer than the interval.
    """
    if job.schedule_state is not ScheduleState.ACTIVE or job.lease_owner is not None:
        return False
    return job_health.overdue(
        active_since=watching_since,
        last_ended=job.last_succeeded,
        interval_seconds=job.interval_seconds,
        now=now,
    )
