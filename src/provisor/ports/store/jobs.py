"""Jobs: their schedule, their watermark, and the lease of the one process that runs their cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from provisor.core import identifiers, job_health, quarantine
from provisor.core import job as model


class Jobs(Protocol):
    """Jobs within one transaction."""

    def get(self, application_id: identifiers.ApplicationId, interval_seconds: int) -> model.Job:
        """The job of an application."""
        ...

    def due(self) -> Sequence[identifiers.ApplicationId]:
        """Applications whose schedule is active."""
        ...

    def set_schedule(self, application_id: identifiers.ApplicationId, state: model.ScheduleState) -> None:
        """Start, pause or disable the schedule."""
        ...

    def schedule_state(self, application_id: identifiers.ApplicationId) -> model.ScheduleState:
        """The schedule as it is now."""
        ...

    def request(self, application_id: identifiers.ApplicationId, now: datetime) -> None:
        """Ask the service for a cycle as soon as can be."""
        ...

    def requests(self) -> Mapping[identifiers.ApplicationId, datetime]:
        """The jobs that were asked for a cycle that did not begin yet, with when; paused ones wait and are left out."""
        ...

    def take_request(self, application_id: identifiers.ApplicationId) -> bool:
        """Whether a cycle was asked for, which whoever asks here begins now."""
        ...

    def restart(self, application_id: identifiers.ApplicationId) -> None:
        """Clear the watermark: the next cycle is an initial one. Links stay."""
        ...

    def hold(self, application_id: identifiers.ApplicationId, plan_id: identifiers.PlanId | None) -> None:
        """Note the plan that waits for a person, or that none does."""
        ...

    def began(self, application_id: identifiers.ApplicationId, now: datetime) -> None:
        """Note the begin of a cycle."""
        ...

    def ended(
        self,
        application_id: identifiers.ApplicationId,
        now: datetime,
        *,
        error: str | None,
        watermark: identifiers.Sequence | None,
    ) -> None:
        """Note the end of a cycle; a `watermark` given moves the job's forward, never back."""
        ...

    def reconciled(self, application_id: identifiers.ApplicationId, now: datetime) -> None:
        """Note the end of a reconciliation."""
        ...

    def health(self, application_id: identifiers.ApplicationId) -> job_health.JobHealth:
        """What is remembered of the job's cycles."""
        ...

    def save_health(self, application_id: identifiers.ApplicationId, health: job_health.JobHealth) -> None:
        """Remember it."""
        ...

    def save_quarantine(
        self, application_id: identifiers.ApplicationId, found: quarantine.Quarantine | None
    ) -> None:
        """Note the quarantine in force, or that there is none."""
        ...

    def quarantines(self) -> Mapping[identifiers.ApplicationId, quarantine.Quarantine]:
        """The jobs in quarantine."""
        ...

    def lease(
        self,
        application_id: identifiers.ApplicationId,
        owner: str,
        now: datetime,
        until: datetime,
        dead_owner: str | None,
    ) -> int | None:
        """Take the job: the epoch to present with every later write, or None where another owner holds it.

        A lease that ran out, or whose owner is known to be dead, is taken over.
        """
        ...

    def lease_owner(self, application_id: identifiers.ApplicationId) -> str | None:
        """Who holds the job now."""
        ...

    def prolong(self, application_id: identifiers.ApplicationId, epoch: int, until: datetime) -> None:
        """Keep the job; fences off a writer that was taken over by raising `LeaseLostError`."""
        ...

    def release(self, application_id: identifiers.ApplicationId, epoch: int) -> None:
        """Give the job back."""
        ...
