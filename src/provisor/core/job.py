"""A provisioning job: its states, and what may follow what.

Source: Graph, `synchronizationJob`, `synchronizationSchedule`, `synchronizationStatus`.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from provisor.core.errors import InvalidInputError
from provisor.core.identifiers import ApplicationId, PlanId, Sequence
from provisor.core.quarantine import Quarantine


class ScheduleState(enum.StrEnum):
    """Whether cycles are due (Graph: `schedule.state`)."""

    DISABLED = "Disabled"
    ACTIVE = "Active"
    PAUSED = "Paused"


class StatusCode(enum.StrEnum):
    """How the job fares (Graph: `status.code`)."""

    NOT_CONFIGURED = "NotConfigured"
    NOT_RUN = "NotRun"
    ACTIVE = "Active"
    PAUSED = "Paused"
    QUARANTINE = "Quarantine"


class CycleKind(enum.StrEnum):
    """Whom a cycle looks at."""

    INITIAL = "initial"
    INCREMENTAL = "incremental"
    RECONCILIATION = "reconciliation"
    """Everybody, and every account of the target."""


class Retries(enum.StrEnum):
    """Which escrowed objects a cycle takes up again."""

    DUE = "due"
    ALL = "all"


class ResetScope(enum.StrEnum):
    """What a restart forgets (Graph: `synchronizationJobRestartCriteria`)."""

    NONE = "None"
    """Nothing: the job is started as it stands."""
    WATERMARK = "Watermark"
    ESCROWS = "Escrows"
    QUARANTINE_STATE = "QuarantineState"
    CONNECTOR_DATA_STORE = "ConnectorDataStore"
    """The links between people and accounts; everybody is matched anew."""
    FULL = "Full"
    """All of these."""
    FORCE_DELETES = "ForceDeletes"
    """Not a reset: what the guard holds is to be carried out."""


RESTART = frozenset({ResetScope.WATERMARK, ResetScope.ESCROWS, ResetScope.QUARANTINE_STATE})
"""What a restart forgets that says nothing: links stay."""


def reset_scope(text: str) -> frozenset[ResetScope]:
    """The scope that a comma-separated list names, in any case; an empty one is that of a plain restart.

    Raises `InvalidInputError` naming the values there are.
    """
    known = {item.value.casefold(): item for item in ResetScope}
    names = [part.strip() for part in text.split(",") if part.strip()]
    unknown = [name for name in names if name.casefold() not in known]
    if unknown:
        raise InvalidInputError(
            f"There is no reset scope {unknown[0]!r}. There are: {', '.join(ResetScope)}; several go between commas."
        )
    found = frozenset(known[name.casefold()] for name in names) or RESTART
    if ResetScope.FULL in found:
        found |= RESTART | {ResetScope.CONNECTOR_DATA_STORE}
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The job of one application.

    `watermark` is the last sequence number whose consequences were applied, `None` before the first initial cycle and
    after a restart: then the next cycle is an initial one.
    """

    id: str
    application_id: ApplicationId
    schedule_state: ScheduleState
    interval_seconds: int
    watermark: Sequence | None
    held_plan: PlanId | None
    last_error: str | None
    last_began: datetime | None
    last_ended: datetime | None
    last_succeeded: datetime | None
    lease_owner: str | None
    lease_epoch: int
    last_reconciled: datetime | None = None
    quarantine: Quarantine | None = None
    requested: datetime | None = None
    """When a person asked the service for a cycle that did not begin yet."""

    @property
    def next_cycle(self) -> CycleKind:
        """The kind of the next cycle."""
        return CycleKind.INITIAL if self.watermark is None else CycleKind.INCREMENTAL


def status_code(job: Job, *, configured: bool) -> StatusCode:
    """Graph's status of a job; `configured` tells whether tenant URL and secret token were entered."""
    if not configured:
        return StatusCode.NOT_CONFIGURED
    if job.schedule_state is ScheduleState.PAUSED:
        return StatusCode.PAUSED
    if job.quarantine is not None:
        return StatusCode.QUARANTINE
    return StatusCode.NOT_RUN if job.last_ended is None else StatusCode.ACTIVE
