"""Accidental-deletion prevention: a plan that takes away too much waits for a person.

Source: Entra, *Enable accidental deletions prevention*; unlike there the limit is a share with a floor, and it holds
the whole plan before its first write.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from provisor.core.changes import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardLimits:
    """A plan is held when it disables or deletes more than both: `percent` of the linked objects, and `floor` of them.

    `percent` is 0 to 100; `floor` a number of objects.
    """

    percent: float = 10.0
    floor: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardTotals:
    """What a plan takes away, and from how many linked objects."""

    disables: int
    deletes: int
    linked: int

    @property
    def removals(self) -> int:
        """Disables and deletes together."""
        return self.disables + self.deletes


def totals(counts: Iterable[tuple[ChangeKind, int]], linked: int) -> GuardTotals:
    """The totals of a plan, from the number of its rows by kind; a kind may come several times."""
    removals = {ChangeKind.DISABLE: 0, ChangeKind.DELETE: 0}
    for kind, count in counts:
        if kind in removals:
            removals[kind] += count
    return GuardTotals(
        disables=removals[ChangeKind.DISABLE], deletes=removals[ChangeKind.DELETE], linked=linked
    )


@dataclass(frozen=True, slots=True)
class Proceed:
    """The plan may be applied."""


@dataclass(frozen=True, slots=True)
class Hold:
    """The plan waits for a person; `reason` states the numbers, the limit and the way out."""

    reason: str


GuardVerdict = Proceed | Hold


def judge(totals: GuardTotals, limits: GuardLimits) -> GuardVerdict:
    """Whether a plan with these totals may go ahead on its own (strictly more than both limits holds it)."""
    if totals.removals <= limits.floor or totals.removals * 100 <= limits.percent * totals.linked:
        return Proceed()
    share = 100 * totals.removals / totals.linked if totals.linked else 100.0
    return Hold(
        f"{totals.removals} accounts would be taken away ({totals.disables} disabled, {totals.deletes} deleted), "
        f"{share:.1f} % of the {totals.linked} linked ones; without a person's word it may be at most "
        f"{limits.percent:g} % or {limits.floor}, whichever is more."
    )
