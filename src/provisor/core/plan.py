"""A plan: the rows to be applied, what they were decided from, and what became of them.

The rows of a plan are the queue of its cycle and, once they are done, its provisioning log.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from provisor.core import redaction
from provisor.core.changes import ChangeKind, Modification, Reason
from provisor.core.errors import ErrorCode
from provisor.core.guard import Hold
from provisor.core.identifiers import ApplicationId, ChangeId, ObjectId, PlanId, Sequence, TargetId, change_id
from provisor.core.job import CycleKind, Retries
from provisor.core.links import Link
from provisor.core.objects import ObjectType
from provisor.core.requests import RequestCounts
from provisor.core.scoping import Conditions


class PlanState(enum.StrEnum):
    """From a plan's first row to the end of its cycle."""

    PLANNING = "planning"
    READY = "ready"
    HELD = "held"
    """Some of its rows wait for a person. The others were applied already, or wait too if it was only to be looked at."""
    APPLYING = "applying"
    APPLIED = "applied"
    CLOSING = "closing"
    """Given up while being applied: its interrupted rows are still to be looked up."""
    ABANDONED = "abandoned"
    """Its making was interrupted, or the job was restarted under it."""


PLAN_TRANSITIONS: Mapping[PlanState, frozenset[PlanState]] = {
    PlanState.PLANNING: frozenset({PlanState.READY, PlanState.HELD, PlanState.ABANDONED}),
    PlanState.READY: frozenset({PlanState.APPLYING, PlanState.ABANDONED}),
    PlanState.HELD: frozenset({PlanState.READY, PlanState.APPLYING, PlanState.APPLIED, PlanState.ABANDONED}),
    PlanState.APPLYING: frozenset({PlanState.APPLIED, PlanState.HELD, PlanState.CLOSING}),
    PlanState.CLOSING: frozenset({PlanState.ABANDONED}),
    PlanState.APPLIED: frozenset(),
    PlanState.ABANDONED: frozenset(),
}


class RowState(enum.StrEnum):
    """From a row's planning to what became of it."""

    PENDING = "pending"
    APPLYING = "applying"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    HELD = "held"
    """The guard keeps it back until a person allows it."""
    DROPPED = "dropped"
    """A person decided against it."""
    STALE = "stale"
    """The object, its link or the schema changed after planning: not applied, planned anew in the next cycle."""


class Phase(enum.IntEnum):
    """The order of a cycle; a phase begins when the one before it is through."""

    RECORD = 0
    """Rows that need no request: skips, failures of planning, ties."""
    USERS = 1
    GROUPS = 2
    REFERENCES = 3
    DISABLES = 4
    DELETES = 5


class Origin(enum.StrEnum):
    """Who asked for the plan (Graph: `initiatedBy`)."""

    SCHEDULE = "schedule"
    PERSON = "person"
    EXPRESS = "express"
    """A leaver overtaking a running cycle."""
    ON_DEMAND = "onDemand"
    """One object, provisioned because a person asked for it."""
    UNDO = "undo"
    """A person takes an earlier plan back."""


OF_A_FEW = (Origin.EXPRESS, Origin.ON_DEMAND, Origin.UNDO)
"""Plans that say nothing of the objects they do not name, so they move no watermark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDetails:
    """What a row was decided from and what it writes.

    `values` are the attributes of an account to be created, by SCIM path; `changed` those of an account that is there,
    with old and new values; the values of `redacted` paths are for the target alone. `references` are directory ids:
    the members to add or remove, or the one referenced object, in which case `attribute` is the path written. A link
    whose account stays disabled is to be deleted at `delete_due`, or `delete_after_days` after the row is recorded;
    with neither, no deletion is pending. `unique` has the values to be tried in order for a path, until one is found
    that nobody in the target has.

    `asked` is when the change was made that asks for a disabling or deletion, where that is known; `kept` are the paths that the application kept although it was told to clear them.

    What taking the row back needs beside the old values in `changed`: `disabled_because` is why an account that is
    enabled had been disabled (of a change that is being taken back: why it counts as disabled again), and
    `former_reference` the object that was referenced before, as far as we wrote it.
    """

    name: str
    principal_name: str | None = None
    conditions: Conditions | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    changed: tuple[Modification, ...] = ()
    attribute: str | None = None
    references: tuple[ObjectId, ...] = ()
    matched_on: str | None = None
    candidates: tuple[TargetId, ...] = ()
    error_code: ErrorCode | None = None
    error_message: str | None = None
    retried: bool = False
    delete_due: datetime | None = None
    delete_after_days: int | None = None
    disabled_because: str | None = None
    former_reference: ObjectId | None = None
    redacted: tuple[str, ...] = ()
    unique: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asked: datetime | None = None
    kept: tuple[str, ...] = ()

    @property
    def modifications(self) -> tuple[Modification, ...]:
        """What the row writes, attribute by attribute, creation or not, as it may be shown to a person."""
        written = self.changed
        if not written and self.values:
            written = tuple(
                Modification(path=path, old=None, new=value) for path, value in self.values.items()
            )
        if not self.redacted:
            return written
        return tuple(redaction.shown(item, self.redacted) for item in written)

    @property
    def hidden(self) -> frozenset[str]:
        """The texts that no message about the row may tell."""
        if not self.redacted:
            return frozenset()
        told = [value for path, value in self.values.items() if path in self.redacted]
        told += [value for path, value in self.unique.items() if path in self.redacted]
        for item in self.changed:
            if item.path in self.redacted:
                told += (item.old, item.new)
        return redaction.texts(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One change of one object."""

    plan_id: PlanId
    ordinal: int
    phase: Phase
    lane: int
    object_id: ObjectId
    object_type: ObjectType
    kind: ChangeKind
    reason: Reason
    target_id: TargetId | None
    object_sequence: Sequence
    link_version: int | None
    details: RowDetails

    @property
    def change_id(self) -> ChangeId:
        """The id of the row and of its log entry."""
        return change_id(self.plan_id, self.ordinal)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowResult:
    """What became of a row; `warnings` tell of references that could not be resolved."""

    state: RowState
    target_id: TargetId | None = None
    error_code: ErrorCode | None = None
    error_message: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One plan, or the cycle that applies it.

    `from_watermark` is None for a plan of everybody. `hold` tells why rows of it are held or were, `hold_reason` the same
    in words; `approved_by` and `approved` who last allowed rows of it, and when.
    """

    id: PlanId
    application_id: ApplicationId
    kind: CycleKind
    origin: Origin
    state: PlanState
    schema_version: int
    from_watermark: Sequence | None
    to_watermark: Sequence
    created: datetime
    began: datetime | None
    ended: datetime | None
    linked: int
    hold_reason: str | None
    error: str | None
    requests: RequestCounts
    approved_by: str | None = None
    approved: datetime | None = None
    undoes: PlanId | None = None
    retries: Retries = Retries.DUE
    hold: Hold | None = None

    @property
    def retries_everything(self) -> bool:
        """Whether no failure kept its pause."""
        return self.from_watermark is None or self.retries is Retries.ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which held rows of a plan are meant; an empty part means any."""

    objects: tuple[ObjectId, ...] = ()
    kinds: tuple[ChangeKind, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedRow:
    """A row about to be applied, with its object's present sequence number and link.

    `interrupted` tells that an earlier attempt may have reached the target.
    """

    row: PlanRow
    interrupted: bool
    current_sequence: Sequence | None
    link: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRow:
    """A row with what became of it; `approved_by` is the person who allowed it, where the guard had held it."""

    row: PlanRow
    state: RowState
    finished: datetime | None
    duration_ms: int | None
    error_code: ErrorCode | None
    error_message: str | None
    warnings: tuple[str, ...]
    approved_by: str | None = None
