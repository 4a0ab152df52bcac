"""Counting for figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from provisor.core import plan as model
from provisor.core.identifiers import ApplicationId
from provisor.store import encoding, plans, tables

_plans = tables.plans
_rows = tables.plan_rows


class Measures:
    """Counting, within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def cycles_ended(self, after: datetime) -> Sequence[model.Plan]:
        rows = self._connection.execute(
            sa.select(_plans)
            .where(_plans.c.state == model.PlanState.APPLIED, _plans.c.ended > encoding.instant(after))
            .order_by(_plans.c.ended, _plans.c.id)
        )
        return [plans.plan_of(row) for row in rows]

    def held_changes(self, application_id: ApplicationId) -> int:
        return int(
            self._connection.execute(
                sa.select(sa.func.count())
                .select_from(_plans.join(_rows, _rows.c.plan_id == _plans.c.id))
                .where(
                    _plans.c.application_id == application_id,
                    _plans.c.state == model.PlanState.HELD,
                    _rows.c.state == model.RowState.HELD,
                )
            ).scalar_one()
        )
