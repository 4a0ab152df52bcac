"""The guard: what a plan takes away or overwrites beyond its limits is held back for a person, and the rest goes on.

Source: Entra, *Enable accidental deletions prevention*. Unlike there the limits are shares with floors, they cover
updates and memberships too, and a slow leak is caught by what was taken away within a day.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import assert_never

from provisor.core.changes import ChangeKind, Modification

WINDOW = timedelta(hours=24)
"""How far back removals are counted together."""

REMOVALS = frozenset({ChangeKind.DISABLE, ChangeKind.DELETE})
OVERWRITING = frozenset({ChangeKind.UPDATE, ChangeKind.ENABLE})
"""The kinds of changes that can replace what an account has."""

_NOTHING_THERE: tuple[object, ...] = (None, "", False, (), [])


class GuardMode(enum.StrEnum):
    """Whether the guard judges at all."""

    ON = "on"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardLimits:
    """What may be done without a person's word: no more than the percentage, or than the floor, whichever is more.

    Percentages are 0 to 100: of the linked accounts; for `members_…`, of the memberships that were written. `percent`
    and `floor` are about the accounts that one plan disables or deletes, `daily_…` those of 24 hours, `update_…` the
    accounts of which one plan overwrites the same attribute, `members_…` the memberships that one plan ends.
    """

    percent: float = 10.0
    floor: int = 10
    daily_percent: float = 20.0
    daily_floor: int = 20
    update_percent: float = 50.0
    update_floor: int = 50
    members_percent: float = 25.0
    members_floor: int = 50
    mode: GuardMode = GuardMode.ON


class Limit(enum.StrEnum):
    """The limits there are."""

    REMOVALS = "removals"
    DAILY_REMOVALS = "dailyRemovals"
    UPDATES = "updates"
    MEMBER_REMOVALS = "memberRemovals"

    @property
    def kinds(self) -> frozenset[ChangeKind]:
        """The kinds of rows that are held when the limit is passed."""
        match self:
            case Limit.REMOVALS | Limit.DAILY_REMOVALS:
                return REMOVALS
            case Limit.UPDATES:
                return OVERWRITING
            case Limit.MEMBER_REMOVALS:
                return frozenset({ChangeKind.REMOVE_MEMBERS})
            case _:
                assert_never(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardTotals:
    """What a plan takes away and overwrites, and of how much.

    `removed_before` are removals of the last day that nobody allowed. `overwritten` counts accounts by attribute;
    `matched` are accounts that the plan links for the first time and may overwrite too.
    """

    disables: int
    deletes: int
    linked: int
    removed_before: int = 0
    overwritten: Mapping[str, int] = field(default_factory=dict)
    matched: int = 0
    members_removed: int = 0
    members: int = 0

    @property
    def removals(self) -> int:
        """Disables and deletes together."""
        return self.disables + self.deletes


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One limit that was passed: `count` of `total`, with the limit as it was then and all of it in words."""

    limit: Limit
    count: int
    total: int
    percent: float
    floor: int
    reason: str
    attribute: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Why rows are held, and since when; a hold that goes on in another plan keeps its beginning.

    `decided` tells that a person allowed or dropped a part of it, so that the rest stays held however small it is.
    """

    breaches: tuple[Breach, ...]
    since: datetime
    decided: bool = False

    @property
    def told(self) -> tuple[Breach, ...]:
        """The breaches worth telling: where nobody left in the day before, the day's sum says nothing more."""
        told = {item.count for item in self.breaches if item.limit is Limit.REMOVALS}
        return tuple(
            item for item in self.breaches if item.limit is not Limit.DAILY_REMOVALS or item.count not in told
        )

    @property
    def reason(self) -> str:
        """The numbers, the limits and the way out."""
        found = " ".join(item.reason for item in self.told)
        return (
            f"{found} These changes wait until a person allows them (`job apply`), drops them (`job drop`), or mends "
            "their cause; everything else goes on."
        )

    @property
    def kinds(self) -> frozenset[ChangeKind]:
        """The kinds of rows that it may hold."""
        return frozenset(kind for breach in self.breaches for kind in breach.limit.kinds)


def totals(counts: Iterable[tuple[ChangeKind, int]], linked: int) -> GuardTotals:
    """What a plan removes, from the number of its rows by kind; a kind may come several times."""
    removals = dict.fromkeys(REMOVALS, 0)
    for kind, count in counts:
        if kind in removals:
            removals[kind] += count
    return GuardTotals(
        disables=removals[ChangeKind.DISABLE], deletes=removals[ChangeKind.DELETE], linked=linked
    )


def judge(totals: GuardTotals, limits: GuardLimits, before: Hold | None = None) -> tuple[Breach, ...]:
    """The limits that a plan with these totals passes; none where it may go ahead on its own.

    What was held `before` is measured by the number of accounts there were then, so that it is let pass because less is
    to be taken away, and never because others came to it.
    """
    if limits.mode is GuardMode.OFF:
        return ()
    known = {} if before is None else {(item.limit, item.attribute): item.total for item in before.breaches}
    return tuple(breach for breach in _measured(totals, limits, known) if is_over(breach, limits))


def is_over(breach: Breach, limits: GuardLimits) -> bool:
    """Whether these numbers pass the limits (strictly more than both), also others than those of then."""
    if limits.mode is GuardMode.OFF:
        return False
    percent, floor = _bounds(breach.limit, limits)
    return breach.count > floor and breach.count * 100 > percent * breach.total


def is_kept(hold: Hold, limits: GuardLimits) -> bool:
    """Whether what is held would be held by these limits too."""
    return any(is_over(breach, limits) for breach in hold.breaches)


def overwritten(kind: ChangeKind, changed: Iterable[Modification]) -> Iterator[str]:
    """The attributes of which a change replaces or clears a value that is there.

    Switching something on is no loss: people who come back are never held for it.
    """
    if kind in OVERWRITING:
        yield from {item.path for item in changed if item.old not in _NOTHING_THERE}


_Known = Mapping[tuple[Limit, str | None], int]
"""Of how many something was measured when it was held first, by limit and attribute."""


def _measured(totals: GuardTotals, limits: GuardLimits, known: _Known) -> Iterator[Breach]:
    """Every number beside its limit, in the order in which they are told."""

    def measure(limit: Limit, count: int, total: int, attribute: str | None = None) -> Breach:
        percent, floor = _bounds(limit, limits)
        total = min(total, known.get((limit, attribute), total))
        return Breach(
            limit=limit,
            count=count,
            total=total,
            percent=percent,
            floor=floor,
            reason=(
                f"{_TOLD[limit].format(count=count, total=total, totals=totals, attribute=attribute)}, "
                f"{100 * count / total if total else 100:.1f} % {_OF[limit].format(total=total)}; without a person's word "
                f"it may be at most {percent:g} % or {floor}, whichever is more."
            ),
            attribute=attribute,
        )

    yield measure(Limit.REMOVALS, totals.removals, totals.linked)
    if totals.removals:
        yield measure(Limit.DAILY_REMOVALS, totals.removals + totals.removed_before, totals.linked)
    for attribute, count in sorted(totals.overwritten.items()):
        yield measure(Limit.UPDATES, count, totals.linked + totals.matched, attribute)
    yield measure(Limit.MEMBER_REMOVALS, totals.members_removed, totals.members)


_TOLD: Mapping[Limit, str] = {
    Limit.REMOVALS: "{count} accounts would be taken away ({totals.disables} disabled, {totals.deletes} deleted)",
    Limit.DAILY_REMOVALS: (
        "With the {totals.removed_before} accounts taken away in the 24 hours before, it would be {count}"
    ),
    Limit.UPDATES: "{attribute} of {count} accounts would be overwritten",
    Limit.MEMBER_REMOVALS: "{count} memberships would end",
}
_OF: Mapping[Limit, str] = {
    Limit.REMOVALS: "of the {total} linked ones",
    Limit.DAILY_REMOVALS: "of the {total} linked ones",
    Limit.UPDATES: "of the {total} there are",
    Limit.MEMBER_REMOVALS: "of the {total} that were written",
}


def _bounds(limit: Limit, limits: GuardLimits) -> tuple[float, int]:
    match limit:
        case Limit.REMOVALS:
            return limits.percent, limits.floor
        case Limit.DAILY_REMOVALS:
            return limits.daily_percent, limits.daily_floor
        case Limit.UPDATES:
            return limits.update_percent, limits.update_floor
        case Limit.MEMBER_REMOVALS:
            return limits.members_percent, limits.members_floor
        case _:
            assert_never(limit)
