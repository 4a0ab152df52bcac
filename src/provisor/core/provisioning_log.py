"""The provisioning log: what to look for in it, and what one of its entries is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from provisor.core.changes import ChangeKind
from provisor.core.errors import InvalidInputError
from provisor.core.identifiers import ChangeId, PlanId
from provisor.core.plan import Origin, RecordedRow, RowState

Position = tuple[str, str, int]
"""Where an entry stands in the log, the newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogQuery:
    """What to look for; empty means everything. `identity` is part of a name, or an id, of source or target.

    `kinds` are those of an entry's first row; of `states` any of its rows may have one.
    """

    kinds: tuple[ChangeKind, ...] = ()
    states: tuple[RowState, ...] = ()
    identity: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    plan_id: PlanId | None = None
    change_id: ChangeId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRecord:
    """One entry: the row that names it and the later rows of the same object in the same cycle.

    `position` is where the entry stands in the log, to read on from there.
    """

    main: RecordedRow
    following: tuple[RecordedRow, ...]
    kind: str
    origin: Origin
    position: Position


def told(position: Position) -> str:
    """A position as one word, to be given back later."""
    return "~".join(map(str, position))


def parsed(word: str) -> Position:
    """The position that `told` told. Raises `InvalidInputError` where it is none."""
    instant, _, rest = word.partition("~")
    plan_id, _, ordinal = rest.partition("~")
    if not (instant and plan_id and ordinal.isascii() and ordinal.isdigit()):
        raise InvalidInputError(f"{word!r} is no position in the log; give the `position` of an entry.")
    return instant, plan_id, int(ordinal)
