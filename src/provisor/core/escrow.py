"""Objects that failed, and when they are tried again.

Source: Entra, *Quarantine status* and error codes (first retry in the next cycle, then with decreasing frequency to
day 28).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from provisor.core.errors import ErrorCode
from provisor.core.identifiers import ObjectId


class Retry(enum.StrEnum):
    """How a failure is likely to end."""

    PASSING = "passing"
    """The target's own trouble: tried again within minutes."""
    PERSISTENT = "persistent"
    """Somebody must mend data or settings: tried again in the next cycle, then after hours."""


PASSING_CODES = frozenset(
    {
        ErrorCode.INTERNAL_SERVER_ERROR,
        ErrorCode.TOO_MANY_REQUESTS,
        ErrorCode.TIMEOUT,
        ErrorCode.WEB_EXCEPTION,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrySchedule:
    """Waiting times before each further attempt; the last one repeats, until `days` after the first failure.

    The first attempt after a failure belongs to the very next cycle, hence the 0.
    """

    passing_minutes: tuple[int, ...] = (0, 1, 2, 4, 8, 15, 30, 60)
    persistent_hours: tuple[int, ...] = (0, 6, 12, 24)
    days: int = 28


_DOCUMENTED = RetrySchedule()


@dataclass(frozen=True, slots=True, kw_only=True)
class Escrow:
    """One object's unfinished business with one application."""

    object_id: ObjectId
    code: ErrorCode
    message: str
    failures: int
    first_failed: datetime
    next_attempt: datetime


def next_attempt(
    code: ErrorCode, failures: int, now: datetime, schedule: RetrySchedule = _DOCUMENTED
) -> datetime:
    """When an object that has now failed `failures` times (1 or more) in a row is due again."""
    if code in PASSING_CODES:
        delays = [timedelta(minutes=minutes) for minutes in schedule.passing_minutes]
    else:
        delays = [timedelta(hours=hours) for hours in schedule.persistent_hours]
    return now + delays[min(failures, len(delays)) - 1]
