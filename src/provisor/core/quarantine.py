"""Quarantine: the state of a job that fails too much, and goes slowly until it is well again.

Source: Entra, *Application provisioning in quarantine status*; Graph, `synchronizationQuarantine`. Two things are ours:
a small job whose every export fails is noticed too, and a target that cannot be reached is probed within minutes.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from provisor.core.escrow import EscrowCounts


class QuarantineReason(enum.StrEnum):
    """Why a job is in quarantine (Graph: `quarantineReason`)."""

    BASE_ESCROW_THRESHOLD = "EncounteredBaseEscrowThreshold"
    TOTAL_ESCROW_THRESHOLD = "EncounteredTotalEscrowThreshold"
    ESCROW_PROPORTION_THRESHOLD = "EncounteredEscrowProportionThreshold"
    QUARANTINE_EXCEPTION = "EncounteredQuarantineException"
    ON_DEMAND = "QuarantinedOnDemand"
    TOO_MANY_DELETES = "TooManyDeletes"
    UNKNOWN = "Unknown"

    @property
    def keeps_cadence(self) -> bool:
        """Whether cycles go on as scheduled: the target is well, and only a person's word is missing."""
        return self is QuarantineReason.TOO_MANY_DELETES


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineLimits:
    """When failures are too many, in numbers of objects; the documented ones unless an administrator says otherwise.

    `minimum_failures` must be reached before `percent` counts; `non_reference` and `total` count by themselves.
    `complete_cycles` successive cycles without one success, the last with `complete_failures` or more, count as well,
    however small the job is; 0 cycles switch this off. `hours` are the next attempts after the begin of a quarantine,
    the last one repeats; `days` is how long a job is tried before it is switched off.
    """

    minimum_failures: int = 5_000
    percent: float = 40.0
    non_reference: int = 40_000
    total: int = 60_000
    days: int = 28
    complete_cycles: int = 2
    complete_failures: int = 10
    hours: tuple[int, ...] = (6, 12, 24)


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleTally:
    """What a cycle wrote, in objects. `failed` leaves out references and targets that asked to wait."""

    succeeded: int
    failed: int
    failed_references: int

    @property
    def complete_failure(self) -> bool:
        """Whether something was tried and nothing succeeded."""
        return self.succeeded == 0 and self.failed > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How much failed, of how much that was `tried`, against which limit; or in how many cycles nothing succeeded."""

    failed: int
    tried: int = 0
    limit: float = 0.0
    cycles: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What puts a job into quarantine; `code` is the provisioning log's or Graph's, `message` says what to do."""

    reason: QuarantineReason
    code: str
    message: str
    figures: Figures | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantine:
    """A quarantine in force (Graph: `synchronizationQuarantine`).

    A series begins when a quarantine is imposed and ends when it is lifted; `series_count` says how often it was judged
    anew and left in force, `attempts` how often with the present reason. `next_attempt` of None keeps the cadence.
    """

    reason: QuarantineReason
    code: str
    message: str
    current_began: datetime
    next_attempt: datetime | None
    series_began: datetime
    series_count: int
    attempts: int
    figures: Figures | None = None

    @property
    def is_for_failures(self) -> bool:
        """Whether the target can be used, and too much of what is asked of it fails."""
        return self.reason in _FOR_FAILURES


_FOR_FAILURES = frozenset(
    {
        QuarantineReason.BASE_ESCROW_THRESHOLD,
        QuarantineReason.TOTAL_ESCROW_THRESHOLD,
        QuarantineReason.ESCROW_PROPORTION_THRESHOLD,
    }
)


def excess(
    tally: CycleTally, waiting: EscrowCounts, complete_failures: int, limits: QuarantineLimits
) -> Cause | None:
    """Why so many failures call for quarantine; None where they do not.

    `waiting` are the failures in escrow after the cycle, `complete_failures` the successive cycles without one success,
    this one included.
    """
    accounts = max(tally.failed, waiting.accounts)
    everything = max(tally.failed + tally.failed_references, waiting.accounts + waiting.references)
    if accounts > limits.non_reference:
        return _cause(
            QuarantineReason.BASE_ESCROW_THRESHOLD,
            f"{accounts} objects fail, more than the {limits.non_reference} that are allowed",
            Figures(failed=accounts, limit=limits.non_reference),
        )
    if everything > limits.total:
        return _cause(
            QuarantineReason.TOTAL_ESCROW_THRESHOLD,
            f"{everything} objects and references fail, more than the {limits.total} that are allowed",
            Figures(failed=everything, limit=limits.total),
        )
    events = tally.succeeded + tally.failed
    if tally.failed >= limits.minimum_failures and tally.failed * 100 > limits.percent * events:
        return _cause(
            QuarantineReason.ESCROW_PROPORTION_THRESHOLD,
            f"{tally.failed} of {events} changes failed ({100 * tally.failed / events:.0f} %), more than "
            f"{limits.percent:g} %",
            Figures(failed=tally.failed, tried=events, limit=limits.percent),
        )
    enough = tally.complete_failure and tally.failed >= limits.complete_failures
    if enough and 0 < limits.complete_cycles <= complete_failures:
        return _cause(
            QuarantineReason.ESCROW_PROPORTION_THRESHOLD,
            f"nothing succeeded in {complete_failures} successive cycles, and all {tally.failed} changes of the last failed",
            Figures(failed=tally.failed, cycles=complete_failures),
        )
    return None


def imposed(before: Quarantine | None, cause: Cause, now: datetime, limits: QuarantineLimits) -> Quarantine:
    """The quarantine for a cause: a new series, or one that was judged anew and goes on."""
    same = before is not None and before.reason is cause.reason
    attempts = before.attempts + 1 if before is not None and same else 1
    series_began = before.series_began if before is not None else now
    return Quarantine(
        reason=cause.reason,
        code=cause.code,
        message=cause.message,
        current_began=now,
        next_attempt=_next_attempt(cause.reason, attempts, series_began, now, limits),
        series_began=series_began,
        series_count=before.series_count + 1 if before is not None else 0,
        attempts=attempts,
        figures=cause.figures,
    )


def over(found: Quarantine, now: datetime, limits: QuarantineLimits) -> bool:
    """Whether the job is to be switched off, having been tried in vain for so long (Entra: after 28 days)."""
    return not found.reason.keeps_cadence and now - found.series_began >= timedelta(days=limits.days)


_FIRST_PROBE = timedelta(seconds=5)
_LONGEST_PROBE = timedelta(minutes=15)
"""A probe is one cheap request, so a short outage need not cost hours."""


def _next_attempt(
    reason: QuarantineReason, attempts: int, began: datetime, now: datetime, limits: QuarantineLimits
) -> datetime | None:
    if reason.keeps_cadence:
        return None
    if reason is QuarantineReason.QUARANTINE_EXCEPTION:
        doubled: int = 2 ** min(attempts - 1, 20)
        return now + min(_LONGEST_PROBE, _FIRST_PROBE * doubled)
    due = (began + timedelta(hours=hours) for hours in limits.hours)
    return next((moment for moment in due if moment > now), now + timedelta(hours=max(limits.hours)))


def _cause(reason: QuarantineReason, what: str, figures: Figures) -> Cause:
    return Cause(
        reason=reason,
        code=reason.value,
        message=f"{what}. Mend what the provisioning log says (`provisor job escrows` lists the objects); the job is "
        "tried again ever more seldom meanwhile, and at once with `provisor job run` or `provisor job start`.",
        figures=figures,
    )
