"""Which requests a fault strikes: counted and drawn, never by the clock alone and never by chance alone."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from provisor.ringcentral.faults import telling
from provisor.ringcentral.faults.model import Choice, Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a fault has counted. Moments are seconds on the clock that `count` is told.

    :param since: when the fault was set.
    :param seen: requests it concerned.
    :param struck: those of them that it struck.
    """

    since: float
    seen: int = 0
    struck: int = 0
    first_struck: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One more request that a fault concerns: what it has counted now, and whether it strikes."""

    tally: Tally
    strikes: bool


def count(fault: Fault, tally: Tally, *, seed: int, now: float) -> Count:
    """Count a request that the fault concerns; the same counts, seed and moments give the same strikes."""
    seen = replace(tally, seen=tally.seen + 1)
    choice = fault.choice
    strikes = (
        _has_its_turn(choice, seen.seen)
        and _is_in_time(choice, seen, now)
        and (choice.most is None or seen.struck < choice.most)
        and (choice.share >= 1 or drawn(fault, seed, seen.seen) < choice.share)
    )
    if not strikes:
        return Count(tally=seen, strikes=False)
    first = now if seen.first_struck is None else seen.first_struck
    return Count(tally=replace(seen, struck=seen.struck + 1, first_struck=first), strikes=True)


def drawn(fault: Fault, seed: int, number: int) -> float:
    """The number from 0 to 1 that is drawn for a request; each fault draws by itself, whatever the others do."""
    return random.Random(f"{seed} {number} {telling.told(fault)}").random()  # noqa: S311 - it is to be repeatable


def _has_its_turn(choice: Choice, number: int) -> bool:
    if number < choice.first or (choice.last is not None and number > choice.last):
        return False
    return choice.every == 1 or (number - choice.first + 1) % choice.every == 0


def _is_in_time(choice: Choice, tally: Tally, now: float) -> bool:
    if choice.between is not None:
        begin, end = choice.between
        if not begin <= now - tally.since < end:
            return False
    if choice.lasting is None or tally.first_struck is None:
        return True
    return now - tally.first_struck < choice.lasting
