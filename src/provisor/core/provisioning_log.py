"""The provisioning log: what to look for in it, and what one of its entries is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from provisor.core.changes import ChangeKind
from provisor.core.identifiers import PlanId
from provisor.core.plan import Origin, RecordedRow, RowState


@dataclass(frozen=True, slots=True, kw_only=True)
class LogQuery:
    """What to look for; empty means everything. `identity` matches a name or an id, of source or target.

    `kinds` are those of an entry's first row; of `states` any of its rows may have one.
    """

    kinds: tuple[ChangeKind, ...] = ()
    states: tuple[RowState, ...] = ()
    identity: str | None = None
    since: datetime | None = None
    plan_id: PlanId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRecord:
    """One entry: the row that names it and the later rows of the same object in the same cycle.

    `position` is where the entry stands in the log, to read on from there.
    """

    main: RecordedRow
    following: tuple[RecordedRow, ...]
    kind: str
    origin: Origin
    position: tuple[str, str, int]
