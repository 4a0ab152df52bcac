"""Forgetting what was kept long enough."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from provisor.core.plan import PlanState, RowState
from provisor.store import encoding, tables

_plans = tables.plans
_rows = tables.plan_rows

_OVER = (PlanState.APPLIED, PlanState.ABANDONED)
_UNDECIDED = (RowState.PENDING, RowState.APPLYING, RowState.HELD)


class Retention:
    """Forgetting, within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def forget_cycles(self, ended_before: datetime, rows: int) -> int:
        plan_id = self._oldest(encoding.instant(ended_before))
        if plan_id is None:
            return 0
        some = sa.select(_rows.c.ordinal).where(_rows.c.plan_id == plan_id).limit(rows)
        gone = self._connection.execute(
            _rows.delete().where(_rows.c.plan_id == plan_id, _rows.c.ordinal.in_(some))
        ).rowcount
        if gone < rows:
            self._connection.execute(_plans.delete().where(_plans.c.id == plan_id))
            gone += 1
        return gone

    def _oldest(self, instant: str) -> str | None:
        """The oldest cycle that may be forgotten; what was abandoned without ever ending counts from its making."""
        over = sa.func.coalesce(_plans.c.ended, _plans.c.created)
        undecided = sa.exists().where(_rows.c.plan_id == _plans.c.id, _rows.c.state.in_(_UNDECIDED))
        younger = sa.exists().where(_rows.c.plan_id == _plans.c.id, _rows.c.finished >= instant)
        waits = sa.exists().where(tables.jobs.c.held_plan == _plans.c.id)
        found: str | None = self._connection.execute(
            sa.select(_plans.c.id)
            .where(
                _plans.c.state.in_(_OVER),
                over < instant,
                sa.not_(undecided),
                sa.not_(younger),
                sa.not_(waits),
            )
            .order_by(over, _plans.c.id)
            .limit(1)
        ).scalar_one_or_none()
        return found
