"""Objects that failed, and when they are tried again.

Source: Entra, *Quarantine status* and error codes (first retry in the next cycle, then with decreasing frequency to
day 28).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from provisor.core.errors import ErrorCode
from provisor.core.identifiers import ObjectId

PASSING_CODES = frozenset(
    {
        ErrorCode.INTERNAL_SERVER_ERROR,
        ErrorCode.TOO_MANY_REQUESTS,
        ErrorCode.TIMEOUT,
        ErrorCode.WEB_EXCEPTION,
    }
)
"""The target's own trouble, tried again within minutes; of anything else somebody must mend data or settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrySchedule:
    """Waiting times before each further attempt; the last one repeats, until `days` after the first failure.

    The first attempt after a failure belongs to the very next cycle, hence the 0.
    """

    passing_minutes: tuple[int, ...] = (0, 1, 2, 4, 8, 15, 30, 60)
    persistent_hours: tuple[int, ...] = (0, 6, 12, 24)
    days: int = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What went wrong with one object; `is_reference` where its account is well and only a reference could not be written.

    `uncertain` where an account may have been made for it, which could not be looked up.
    """

    object_id: ObjectId
    code: ErrorCode
    message: str
    is_reference: bool
    uncertain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Escrow:
    """One object's unfinished business with one application.

    `failures` counts the cycles in which it failed in a row; `given_up` is when retrying ended: the object then waits
    for a change in the directory, a restart, or a person who asks for another attempt. While it is `uncertain` whether
    it has an account, one is looked for even after it left.
    """

    object_id: ObjectId
    code: ErrorCode
    message: str
    is_reference: bool
    failures: int
    first_failed: datetime
    last_failed: datetime
    next_attempt: datetime
    given_up: datetime | None = None
    uncertain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EscrowCounts:
    """How many objects are in escrow: retried `accounts` and `references`, and those that were given up.

    `throttled` ones wait because the target asked to; they are in none of the other numbers, for that is no failure.
    """

    accounts: int = 0
    references: int = 0
    throttled: int = 0
    given_up: int = 0

    @property
    def retried(self) -> int:
        """How many are still tried again."""
        return self.accounts + self.references + self.throttled

    @property
    def total(self) -> int:
        """All of them."""
        return self.retried + self.given_up


def after_failure(
    before: Escrow | None, failure: Failure, *, now: datetime, since: datetime, schedule: RetrySchedule
) -> Escrow:
    """The escrow of an object that failed now, in a plan made at `since`; `before` is what it was in escrow for.

    Several failures in one plan count once. An account's own failure outweighs that of its references: they follow it.
    """
    if before is not None and failure.is_reference and not before.is_reference:
        return before
    known = before if before is not None and before.is_reference is failure.is_reference else None
    first_failed = known.first_failed if known else now
    failures = 1 if known is None else known.failures + (0 if known.last_failed >= since else 1)
    return Escrow(
        object_id=failure.object_id,
        code=failure.code,
        message=failure.message,
        is_reference=failure.is_reference,
        failures=failures,
        first_failed=first_failed,
        last_failed=now,
        next_attempt=next_attempt(failure.code, failures, now, schedule),
        given_up=now if now - first_failed >= timedelta(days=schedule.days) else None,
        uncertain=failure.uncertain or (before is not None and before.uncertain),
    )


def next_attempt(code: ErrorCode, failures: int, now: datetime, schedule: RetrySchedule) -> datetime:
    """When an object that has now failed `failures` times (1 or more) in a row is due again."""
    if code in PASSING_CODES:
        delays = [timedelta(minutes=minutes) for minutes in schedule.passing_minutes]
    else:
        delays = [timedelta(hours=hours) for hours in schedule.persistent_hours]
    return now + delays[min(failures, len(delays)) - 1]
