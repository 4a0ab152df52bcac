"""What an application kept although it was told to clear it, as the rows that told it remember."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from provisor.core import identifiers
from provisor.core import plan as model
from provisor.core.changes import ChangeKind
from provisor.store import bulk, encoding, plan_rows, tables

_plans = tables.plans
_rows = tables.plan_rows


class KeptValues:
    """The kept values of one application, within one transaction."""

    def __init__(self, connection: sa.Connection, application_id: identifiers.ApplicationId) -> None:
        self._connection = connection
        self._written = (
            _rows.c.application_id == application_id,
            _rows.c.kind.in_([ChangeKind.UPDATE, ChangeKind.ENABLE]),
            _rows.c.state == model.RowState.DONE,
        )

    def of(
        self, schema_version: int, ids: Sequence[identifiers.ObjectId]
    ) -> Mapping[identifiers.ObjectId, model.PlanRow]:
        rows = self._connection.execute(
            sa.select(_rows)
            .join(_plans, _plans.c.id == _rows.c.plan_id)
            .where(
                bulk.among(self._connection, _rows.c.object_id, ids),
                *self._written,
                _plans.c.schema_version == schema_version,
            )
            .order_by(_rows.c.finished, _rows.c.plan_id, _rows.c.ordinal)
        )
        found = {row.object_id: plan_rows.recorded(row).row for row in rows}
        return {object_id: row for object_id, row in found.items() if row.details.kept}

    def forget(self) -> None:
        warned = sa.select(_rows.c.plan_id, _rows.c.ordinal, _rows.c.details).where(
            *self._written, _rows.c.warnings.is_not(None), _rows.c.finished.is_not(None)
        )
        for row in self._connection.execute(warned).all():
            details = encoding.parsed_details(row.details)
            if details.kept:
                self._connection.execute(
                    _rows.update()
                    .where(_rows.c.plan_id == row.plan_id, _rows.c.ordinal == row.ordinal)
                    .values(details=encoding.details(dataclasses.replace(details, kept=())))
                )
