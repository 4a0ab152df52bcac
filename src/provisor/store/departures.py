"""How long it takes from a change that ends somebody's access to the end of the account."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from provisor.core import identifiers, plan
from provisor.core.changes import Reason
from provisor.core.guard import REMOVALS
from provisor.store import bulk, encoding, tables

_departures = tables.departures
_moments = tables.change_moments
_rows = tables.plan_rows

# The latest change by which each object may have lost its place: an assignment of its own or of one of its groups
# that ended, a membership that did, a group that was deleted.
_PLACED = """
SELECT member, MAX(number) AS number FROM (
  SELECT object_id AS member, sequence AS number FROM reviews
   WHERE application_id = :application AND object_id IN ({ids})
  UNION ALL
  SELECT member_id, sequence FROM memberships WHERE member_id IN ({ids})
  UNION ALL
  SELECT m.member_id, v.sequence FROM memberships m JOIN reviews v ON v.object_id = m.group_id
   WHERE v.application_id = :application AND m.member_id IN ({ids}) AND NOT m.removed
  UNION ALL
  SELECT m.member_id, g.sequence FROM memberships m JOIN objects g ON g.id = m.group_id
   WHERE m.member_id IN ({ids}) AND g.lifecycle <> 'active'
) found GROUP BY member
"""

_CHANGES = """
SELECT o.id, o.sequence, COALESCE(p.number, 0), COALESCE(b.sequence, 0)
  FROM objects o LEFT JOIN ({placed}) p ON p.member = o.id LEFT JOIN objects b ON b.id = o.manager_id
 WHERE o.id IN ({ids})
"""

_WHICH: Mapping[Reason, Callable[[int, int, int], int]] = {
    Reason.SOFT_DELETED: lambda own, _placed, _manager: own,
    Reason.HARD_DELETED: lambda own, _placed, _manager: own,
    Reason.ACCOUNT_DISABLED: lambda own, _placed, _manager: own,
    Reason.NOT_ASSIGNED: lambda _own, placed, _manager: placed,
    Reason.NOT_EFFECTIVELY_ENTITLED: lambda _own, placed, _manager: placed,
    Reason.FILTERED_OUT: max,
}
"""Which change is to blame: the object's own, that of its place, or its manager's."""

_UNFINISHED = (plan.RowState.HELD, plan.RowState.FAILED, plan.RowState.STALE)


class Departures:
    """The departures of one application, within one transaction."""

    def __init__(self, connection: sa.Connection, application_id: identifiers.ApplicationId) -> None:
        self._connection = connection
        self._application_id = application_id

    def asked(
        self, leavers: Mapping[identifiers.ObjectId, Reason], after: identifiers.Sequence
    ) -> Mapping[identifiers.ObjectId, datetime]:
        numbers = {
            object_id: number
            for object_id, *three in self._connection.execute(
                sa.text(self._query()),
                {"application": self._application_id, "ids": encoding.document(list(leavers))},
            )
            if (blame := _WHICH.get(leavers[object_id])) is not None and (number := blame(*three)) > after
        }
        if not numbers:
            return {}
        known = self._connection.execute(
            sa.select(_moments.c.sequence, _moments.c.at)
            .where(_moments.c.sequence >= min(numbers.values()))
            .order_by(_moments.c.sequence)
        ).all()
        sequences = [row.sequence for row in known]
        places = {item: bisect.bisect_left(sequences, number) for item, number in numbers.items()}
        return {
            item: datetime.fromisoformat(known[place].at)
            for item, place in places.items()
            if place < len(known)
        }

    def asked_before(self, ids: Sequence[identifiers.ObjectId]) -> Mapping[identifiers.ObjectId, datetime]:
        found = self._connection.execute(
            sa.select(_rows.c.object_id, _rows.c.details)
            .where(
                bulk.among(self._connection, _rows.c.object_id, ids),
                _rows.c.application_id == self._application_id,
                _rows.c.kind.in_(sorted(REMOVALS)),
                _rows.c.state.in_(_UNFINISHED),
            )
            .order_by(_rows.c.finished)
        )
        told = {row.object_id: encoding.parsed_details(row.details).asked for row in found}
        return {object_id: asked for object_id, asked in told.items() if asked is not None}

    def record(
        self, plan_id: identifiers.PlanId, ended: Sequence[tuple[int, datetime]], now: datetime
    ) -> None:
        if ended:
            self._connection.execute(
                _departures.insert(),
                [
                    {
                        "plan_id": plan_id,
                        "ordinal": ordinal,
                        "application_id": self._application_id,
                        "asked": encoding.instant(asked),
                        "done": encoding.instant(now),
                    }
                    for ordinal, asked in ended
                ],
            )

    def delays(self, limit: int, plan_id: identifiers.PlanId | None = None) -> Sequence[float]:
        query = sa.select(_departures.c.asked, _departures.c.done).where(
            _departures.c.application_id == self._application_id
        )
        if plan_id is not None:
            query = query.where(_departures.c.plan_id == plan_id)
        rows = self._connection.execute(query.order_by(_departures.c.done.desc()).limit(limit))
        return [max(0.0, _seconds(row.asked, row.done)) for row in rows]

    def _query(self) -> str:
        ids = bulk.elements(self._connection, "ids")
        return _CHANGES.format(placed=_PLACED.format(ids=ids), ids=ids)


def _seconds(begin: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds()
