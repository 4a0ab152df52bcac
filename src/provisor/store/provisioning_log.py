"""The provisioning log: the finished rows of plans, read as one entry per object and cycle."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from provisor.core import identifiers
from provisor.core import plan as model
from provisor.core.provisioning_log import LogQuery, LogRecord, Position
from provisor.store import bulk, encoding, plan_rows, tables

_rows = tables.plan_rows


class ProvisioningLog:
    """The log of one application, within one transaction."""

    def __init__(self, connection: sa.Connection, application_id: identifiers.ApplicationId) -> None:
        self._connection = connection
        self._application_id = application_id

    def entries(
        self, query: LogQuery, *, before: Position | None = None, limit: int = 100
    ) -> Sequence[LogRecord]:
        earlier = _rows.alias("earlier")
        is_main = sa.not_(
            sa.exists().where(
                earlier.c.object_id == _rows.c.object_id,
                earlier.c.plan_id == _rows.c.plan_id,
                earlier.c.ordinal < _rows.c.ordinal,
                earlier.c.finished.is_not(None),
            )
        )
        selection = (
            sa.select(_rows, tables.plans.c.kind.label("cycle_kind"), tables.plans.c.origin.label("origin"))
            .join(tables.plans, tables.plans.c.id == _rows.c.plan_id)
            .where(_rows.c.application_id == self._application_id, _rows.c.finished.is_not(None), is_main)
            .order_by(_rows.c.finished.desc(), _rows.c.plan_id.desc(), _rows.c.ordinal.desc())
            .limit(limit)
        )
        if before is not None:
            place = sa.tuple_(_rows.c.finished, _rows.c.plan_id, _rows.c.ordinal)
            selection = selection.where(place < sa.tuple_(*map(sa.literal, before)))
        found = self._connection.execute(_narrowed(selection, query)).all()
        following = self._following([(row.plan_id, row.object_id) for row in found])
        return [
            LogRecord(
                main=plan_rows.recorded(row),
                following=tuple(
                    item
                    for item in following.get((row.plan_id, row.object_id), ())
                    if item.row.ordinal > row.ordinal
                ),
                kind=row.cycle_kind,
                origin=model.Origin(row.origin),
                position=(row.finished, row.plan_id, row.ordinal),
            )
            for row in found
        ]

    def _following(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], list[model.RecordedRow]]:
        found: dict[tuple[str, str], list[model.RecordedRow]] = {}
        if not keys:
            return found
        rows = self._connection.execute(
            sa.select(_rows)
            .where(
                bulk.among(self._connection, _rows.c.object_id, sorted({object_id for _, object_id in keys})),
                bulk.among(self._connection, _rows.c.plan_id, sorted({plan_id for plan_id, _ in keys})),
                _rows.c.phase == int(model.Phase.REFERENCES),
                _rows.c.finished.is_not(None),
            )
            .order_by(_rows.c.ordinal)
        )
        for row in rows:
            found.setdefault((row.plan_id, row.object_id), []).append(plan_rows.recorded(row))
        return found


def _narrowed(selection: sa.Select[tuple[object, ...]], query: LogQuery) -> sa.Select[tuple[object, ...]]:
    if query.kinds:
        selection = selection.where(_rows.c.kind.in_(query.kinds))
    if query.states:
        part = _rows.alias("part")
        any_row = sa.exists().where(
            part.c.object_id == _rows.c.object_id,
            part.c.plan_id == _rows.c.plan_id,
            part.c.finished.is_not(None),
            part.c.state.in_(query.states),
        )
        selection = selection.where(any_row)
    if query.since is not None:
        selection = selection.where(_rows.c.finished >= encoding.instant(query.since))
    if query.until is not None:
        selection = selection.where(_rows.c.finished < encoding.instant(query.until))
    if query.plan_id is not None:
        selection = selection.where(_rows.c.plan_id == query.plan_id)
    if query.change_id is not None:
        begin, ordinal = identifiers.change_parts(query.change_id)
        selection = selection.where(
            _rows.c.plan_id.startswith(begin, autoescape=True), _rows.c.ordinal == ordinal
        )
    if query.identity:
        objects = tables.objects
        named = sa.select(objects.c.id).where(
            sa.or_(
                objects.c.lookup_key.contains(query.identity.casefold(), autoescape=True),
                objects.c.display_name.icontains(query.identity, autoescape=True),
                objects.c.anchor == query.identity,
            )
        )
        selection = selection.where(
            sa.or_(
                _rows.c.object_id == query.identity.lower(),
                _rows.c.target_id == query.identity,
                _rows.c.object_id.in_(named),
            )
        )
    return selection
