"""How a job fares over its cycles: what its status tells, and what must survive the provisioning log's retention.

Source: Graph, `synchronizationStatus` and `synchronizationTaskExecution`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from provisor.core.changes import ChangeKind, Reason
from provisor.core.job import CycleKind
from provisor.core.objects import ObjectType
from provisor.core.plan import Origin, RowState
from provisor.core.requests import RequestCounts


class ExecutionState(enum.StrEnum):
    """How a cycle ended (Graph: `synchronizationTaskExecutionResult`)."""

    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    ENTRY_LEVEL_ERRORS = "EntryLevelErrors"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionCounts:
    """What a cycle saw and did, in objects; references are counted apart, in changes.

    `exports` were to be written, `exported` are; `escrowed` wait for another attempt, `escrowed_raw` also counts
    those that were given up.
    """

    entitled: int = 0
    entitled_for_provisioning: int = 0
    imported: int = 0
    imported_deltas: int = 0
    imported_reference_deltas: int = 0
    exports: int = 0
    exported: int = 0
    escrowed: int = 0
    escrowed_raw: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """One cycle that ended (Graph: `synchronizationTaskExecution`); `activity_id` is its plan's, None where nobody was concerned."""

    activity_id: str | None
    kind: CycleKind
    origin: Origin
    began: datetime
    ended: datetime
    state: ExecutionState
    counts: ExecutionCounts = field(default_factory=ExecutionCounts)
    requests: RequestCounts = field(default_factory=RequestCounts)
    error_code: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobHealth:
    """What is remembered of a job's cycles.

    `stopped_because` tells why the service itself paused the job or switched it off; `exported_to_date` counts
    changes by kind since the job was made.
    """

    complete_failures: int = 0
    escrows_pruned: bool = False
    stopped_because: str | None = None
    steady_first: datetime | None = None
    steady_last: datetime | None = None
    last: Execution | None = None
    last_successful: Execution | None = None
    last_successful_with_exports: Execution | None = None
    exported_to_date: Mapping[str, int] = field(default_factory=dict)


Totals = Iterable[tuple[ObjectType, ChangeKind, Reason, RowState, int]]
"""The number of a plan's rows by object type, kind, reason and state."""

REFERENCES = frozenset({ChangeKind.SET_REFERENCE, ChangeKind.ADD_MEMBERS, ChangeKind.REMOVE_MEMBERS})
_UNWRITTEN = frozenset({ChangeKind.SKIP, ChangeKind.FAIL, ChangeKind.LINK})
_NOT_ENTITLED = frozenset(
    {Reason.NOT_ASSIGNED, Reason.SOFT_DELETED, Reason.HARD_DELETED, Reason.NO_LONGER_MANAGED}
)
_NOT_FOR_PROVISIONING = _NOT_ENTITLED | {
    Reason.NOT_EFFECTIVELY_ENTITLED,
    Reason.FILTERED_OUT,
    Reason.ACCOUNT_DISABLED,
    Reason.ALREADY_DISABLED,
    Reason.OUT_OF_SCOPE_DELETIONS_SKIPPED,
    Reason.NOT_SOFT_DELETABLE,
}


def counts(totals: Totals, kind: CycleKind, *, escrowed: int, escrowed_raw: int) -> ExecutionCounts:
    """A cycle's counts from the totals of its plan."""
    entitled = eligible = imported = references = exports = exported = 0
    for _, change, reason, state, number in totals:
        if change in REFERENCES:
            references += number
        else:
            imported += number
            entitled += 0 if reason in _NOT_ENTITLED else number
            eligible += 0 if reason in _NOT_FOR_PROVISIONING else number
        if change not in _UNWRITTEN:
            exports += number
            exported += number if state is RowState.DONE else 0
    return ExecutionCounts(
        entitled=entitled,
        entitled_for_provisioning=eligible,
        imported=imported,
        imported_deltas=0 if kind is CycleKind.INITIAL else imported,
        imported_reference_deltas=references,
        exports=exports,
        exported=exported,
        escrowed=escrowed,
        escrowed_raw=escrowed_raw,
    )


def after(health: JobHealth, execution: Execution, *, complete_failure: bool) -> JobHealth:
    """What is remembered once a cycle ended; steady state is a cycle that found nothing to write and nobody failing."""
    succeeded = execution.state is ExecutionState.SUCCEEDED
    steady = succeeded and execution.counts.exports == 0 and execution.counts.escrowed == 0
    return replace(
        health,
        complete_failures=health.complete_failures + 1 if complete_failure else _kept(health, execution),
        last=execution,
        last_successful=execution if succeeded else health.last_successful,
        last_successful_with_exports=execution
        if succeeded and execution.counts.exported
        else health.last_successful_with_exports,
        steady_first=health.steady_first or (execution.ended if steady else None),
        steady_last=execution.ended if steady else health.steady_last,
    )


def with_exports(health: JobHealth, totals: Totals) -> JobHealth:
    """The statistics to date with what a plan has done."""
    to_date = dict(health.exported_to_date)
    for _, kind, _, state, number in totals:
        if state is RowState.DONE:
            to_date[kind.value] = to_date.get(kind.value, 0) + number
    return replace(health, exported_to_date=to_date)


def overdue(
    *, active_since: datetime | None, last_ended: datetime | None, interval_seconds: int, now: datetime
) -> bool:
    """Whether a started job completed no cycle for twice its interval: whoever should run it does not."""
    moments = [moment for moment in (active_since, last_ended) if moment is not None]
    return bool(moments) and now - max(moments) > timedelta(seconds=2 * interval_seconds) + _TOLERANCE


_TOLERANCE = timedelta(seconds=60)
"""Intervals of a few seconds must not raise an alarm with every slow cycle."""


def remaining_seconds(*, done: int, left: int, elapsed: float, writes_per_minute: int | None) -> float | None:
    """How long the rest of a cycle will take, as fast as it went so far and no faster than the rate budget allows.

    None where nothing is known yet.
    """
    measured = left * elapsed / done if done and elapsed > 0 else None
    allowed = left * 60 / writes_per_minute if writes_per_minute else None
    known = [seconds for seconds in (measured, allowed) if seconds is not None]
    return max(known) if known else None


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest of the values that so many per cent of them do not exceed; there must be one."""
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * percent // 100) - 1)]


def _kept(health: JobHealth, execution: Execution) -> int:
    """Complete failures in a row: a cycle that wrote nothing proves neither that the job is well nor that it is not."""
    return health.complete_failures if execution.counts.exported == 0 else 0
