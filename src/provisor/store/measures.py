"""Counting for figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from provisor.core import plan as model
from provisor.core.changes import ChangeKind
from provisor.core.identifiers import ApplicationId, PlanId
from provisor.core.objects import Lifecycle
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

    def leaver_delays(self, plan_id: PlanId) -> Sequence[float]:
        objects = tables.objects
        rows = self._connection.execute(
            sa.select(_rows.c.finished, objects.c.lifecycle_since)
            .join(objects, objects.c.id == _rows.c.object_id)
            .where(
                _rows.c.plan_id == plan_id,
                _rows.c.kind.in_([ChangeKind.DISABLE, ChangeKind.DELETE]),
                _rows.c.state == model.RowState.DONE,
                objects.c.lifecycle != Lifecycle.ACTIVE,
            )
        )
        delays = (
            (
                datetime.fromisoformat(row.finished) - datetime.fromisoformat(row.lifecycle_since)
            ).total_seconds()
            for row in rows
        )
        return [max(0.0, delay) for delay in delays]
