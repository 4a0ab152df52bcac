"""Rows that the guard holds back until a person decides."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from provisor.core import guard, identifiers
from provisor.core import plan as model
from provisor.store import bulk, encoding, tables

_rows = tables.plan_rows
_plans = tables.plans

_WAITS = "held by the guard until a person allows it, drops it or mends its cause"

_WRITES = {
    # whether a row writes one attribute of an account that is there
    "sqlite": sa.text(
        "EXISTS (SELECT 1 FROM json_each(plan_rows.details, '$.changed') c "
        "WHERE json_extract(c.value, '$.path') = :attribute)"
    ),
    "postgresql": sa.text(
        "EXISTS (SELECT 1 FROM json_array_elements(CAST(plan_rows.details AS json) -> 'changed') c "
        "WHERE c ->> 'path' = :attribute)"
    ),
}

_SAME = """
SELECT COUNT(*) FROM plan_rows mine JOIN plan_rows theirs
    ON theirs.plan_id = :earlier AND theirs.object_id = mine.object_id AND theirs.kind = mine.kind
   AND theirs.state = 'held' AND theirs.object_sequence = mine.object_sequence
   AND COALESCE(theirs.link_version, -1) = COALESCE(mine.link_version, -1) AND theirs.details = mine.details
 WHERE mine.plan_id = :plan AND mine.state = 'held'
"""

_GATHER = """
INSERT INTO plan_candidates (plan_id, object_id)
SELECT DISTINCT CAST(:plan AS TEXT), r.object_id FROM plan_rows r
 WHERE r.application_id = :application AND r.state = 'held'
   AND NOT EXISTS (SELECT 1 FROM plan_candidates c WHERE c.plan_id = :plan AND c.object_id = r.object_id)
"""


class HeldRows:
    """The held rows of one application, within one transaction."""

    def __init__(self, connection: sa.Connection, application_id: identifiers.ApplicationId) -> None:
        self._connection = connection
        self._application_id = application_id

    # -- holding -----------------------------------------------------------

    def hold(self, plan_id: identifiers.PlanId, breach: guard.Breach, now: datetime) -> None:
        self._hold(plan_id, breach, now, sa.true())

    def hold_again(
        self,
        plan_id: identifiers.PlanId,
        earlier: identifiers.PlanId,
        breach: guard.Breach,
        now: datetime,
    ) -> None:
        like = _rows.alias("like")
        held = sa.select(like.c.object_id).where(
            like.c.plan_id == earlier,
            like.c.state == model.RowState.HELD,
            like.c.kind.in_(breach.limit.kinds),
        )
        self._hold(plan_id, breach, now, _rows.c.object_id.in_(held))

    def _hold(
        self,
        plan_id: identifiers.PlanId,
        breach: guard.Breach,
        now: datetime,
        which: sa.ColumnElement[bool],
    ) -> None:
        query = _rows.update().where(
            _rows.c.plan_id == plan_id,
            _rows.c.state == model.RowState.PENDING,
            _rows.c.kind.in_(breach.limit.kinds),
            which,
        )
        if breach.attribute is not None:
            writes = _WRITES[self._connection.dialect.name].bindparams(attribute=breach.attribute)
            query = query.where(writes)
        self._connection.execute(
            query.values(
                state=model.RowState.HELD, finished=encoding.instant(now), duration_ms=0, error_message=_WAITS
            )
        )

    def count(self, plan_id: identifiers.PlanId) -> int:
        query = sa.select(sa.func.count()).select_from(_rows)
        return int(self._connection.execute(query.where(*self._held(plan_id))).scalar_one())

    def is_same(self, plan_id: identifiers.PlanId, earlier: identifiers.PlanId) -> bool:
        found = self._connection.execute(sa.text(_SAME), {"plan": plan_id, "earlier": earlier})
        return self.count(plan_id) == self.count(earlier) == int(found.scalar_one())

    def discard(self, plan_id: identifiers.PlanId) -> int:
        return self._connection.execute(_rows.delete().where(*self._held(plan_id))).rowcount

    def supersede(self, plan_id: identifiers.PlanId, why: str, now: datetime) -> None:
        self._connection.execute(
            _rows.update()
            .where(*self._held(plan_id))
            .values(state=model.RowState.STALE, error_message=why, finished=encoding.instant(now))
        )

    # -- decisions -----------------------------------------------------------

    def allow(self, plan_id: identifiers.PlanId, selection: model.Selection, by: str, now: datetime) -> int:
        allowed = self._connection.execute(
            _rows.update()
            .where(*self._held(plan_id), *self._selected(selection))
            .values(
                state=model.RowState.PENDING,
                finished=None,
                duration_ms=None,
                error_message=None,
                approved_by=by,
            )
        ).rowcount
        if allowed:
            self._connection.execute(
                _plans.update()
                .where(_plans.c.id == plan_id)
                .values(approved_by=by, approved=encoding.instant(now))
            )
        return allowed

    def drop(self, plan_id: identifiers.PlanId, selection: model.Selection, by: str, now: datetime) -> int:
        return self._connection.execute(
            _rows.update()
            .where(*self._held(plan_id), *self._selected(selection))
            .values(
                state=model.RowState.DROPPED,
                finished=encoding.instant(now),
                error_message=f"a person decided against it: {by}",
            )
        ).rowcount

    def vouch(self, plan_id: identifiers.PlanId, by: str) -> None:
        self._connection.execute(
            _rows.update()
            .where(
                _rows.c.plan_id == plan_id,
                _rows.c.state == model.RowState.PENDING,
                _rows.c.kind.in_(guard.REMOVALS),
            )
            .values(approved_by=by)
        )

    def note_decision(self, plan_id: identifiers.PlanId) -> None:
        text = self._connection.execute(sa.select(_plans.c.hold).where(_plans.c.id == plan_id)).scalar_one()
        hold = encoding.parsed_hold(text)
        if hold is not None and not hold.decided:
            decided = encoding.hold(dataclasses.replace(hold, decided=True))
            self._connection.execute(_plans.update().where(_plans.c.id == plan_id).values(hold=decided))

    # -- what planning asks ----------------------------------------------------

    def objects(self, ids: Sequence[identifiers.ObjectId]) -> frozenset[identifiers.ObjectId]:
        found = self._connection.execute(
            sa.select(_rows.c.object_id)
            .distinct()
            .where(
                _rows.c.application_id == self._application_id,
                _is_held(),
                bulk.among(self._connection, _rows.c.object_id, ids),
            )
        )
        return frozenset(identifiers.ObjectId(row.object_id) for row in found)

    def gather(self, plan_id: identifiers.PlanId) -> int:
        values = {"plan": plan_id, "application": self._application_id}
        return self._connection.execute(sa.text(_GATHER), values).rowcount

    def removals_since(self, moment: datetime) -> int:
        query = (
            sa.select(sa.func.count())
            .select_from(_rows.join(_plans, _plans.c.id == _rows.c.plan_id))
            .where(
                _rows.c.application_id == self._application_id,
                _rows.c.finished >= encoding.instant(moment),
                _rows.c.kind.in_(guard.REMOVALS),
                _rows.c.state == model.RowState.DONE,
                _rows.c.approved_by.is_(None),
                _plans.c.origin.not_in((model.Origin.ON_DEMAND, model.Origin.UNDO)),
            )
        )
        return int(self._connection.execute(query).scalar_one())

    def removals_waiting(self) -> int:
        applying = sa.select(_plans.c.id).where(
            _plans.c.application_id == self._application_id, _plans.c.state == model.PlanState.APPLYING
        )
        unallowed = sa.and_(
            _rows.c.plan_id.in_(applying),
            _rows.c.state.in_((model.RowState.PENDING, model.RowState.APPLYING)),
            _rows.c.phase >= int(model.Phase.DISABLES),
            _rows.c.approved_by.is_(None),
        )
        held = sa.and_(_rows.c.application_id == self._application_id, _is_held())
        return sum(
            int(
                self._connection.execute(
                    sa.select(sa.func.count())
                    .select_from(_rows)
                    .where(which, _rows.c.kind.in_(guard.REMOVALS))
                ).scalar_one()
            )
            for which in (unallowed, held)
        )

    # -- conditions --------------------------------------------------------------

    def _held(self, plan_id: identifiers.PlanId) -> tuple[sa.ColumnElement[bool], ...]:
        return (
            _rows.c.application_id == self._application_id,
            _is_held(),
            _rows.c.plan_id == plan_id,
        )

    def _selected(self, selection: model.Selection) -> list[sa.ColumnElement[bool]]:
        chosen = (
            [bulk.among(self._connection, _rows.c.object_id, selection.objects)] if selection.objects else []
        )
        if selection.kinds:
            chosen.append(_rows.c.kind.in_(selection.kinds))
        if selection.reasons:
            chosen.append(_rows.c.reason.in_(selection.reasons))
        return chosen


def _is_held() -> sa.ColumnElement[bool]:
    """Written out, not as a parameter, so that the index of held rows can answer it."""
    return _rows.c.state == sa.literal_column("'held'")
