"""Rows of plans as the database holds them: added, claimed and recorded many at a time.

These are the statements of the hot path. Each is one round trip whatever the number of rows, and comes back to Python
once: see `bulk`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from provisor.core import changes, identifiers, links, objects
from provisor.core import plan as model
from provisor.core.errors import ErrorCode
from provisor.store import bulk, encoding, tables

_rows = tables.plan_rows

_ADD_ROWS = bulk.statement(
    """
INSERT INTO plan_rows (plan_id, ordinal, application_id, phase, lane, object_id, object_type, kind, reason, target_id,
                       object_sequence, link_version, details, state)
SELECT r.plan_id, r.ordinal, CAST(:application AS TEXT), r.phase, r.lane, r.object_id, r.object_type, r.kind, r.reason,
       r.target_id, r.object_sequence, r.link_version, r.details, 'pending'
""",
    (
        ("plan_id", "text"),
        ("ordinal", "integer"),
        ("phase", "integer"),
        ("lane", "integer"),
        ("object_id", "text"),
        ("object_type", "text"),
        ("kind", "text"),
        ("reason", "text"),
        ("target_id", "text"),
        ("object_sequence", "integer"),
        ("link_version", "integer"),
        ("details", "text"),
    ),
    "",
)

_RECORD = bulk.statement(
    """
UPDATE plan_rows
   SET state = r.state, target_id = COALESCE(r.target_id, plan_rows.target_id), finished = :finished,
       duration_ms = r.duration, error_code = r.error_code, error_message = r.error_message, warnings = r.warnings
""",
    # the plan's id comes with every row: given once, it would lead SQLite to walk the whole plan for each of them
    (
        ("plan_id", "text"),
        ("ordinal", "integer"),
        ("state", "text"),
        ("target_id", "text"),
        ("duration", "integer"),
        ("error_code", "text"),
        ("error_message", "text"),
        ("warnings", "text"),
    ),
    "AND plan_rows.plan_id = r.plan_id AND plan_rows.ordinal = r.ordinal",
)


_COLUMNS = (
    "r.ordinal, r.lane, r.object_id, r.object_type, r.kind, r.reason, r.target_id, r.object_sequence, r.link_version, "
    "{details}, r.state, o.sequence, l.target_id, l.state, l.disabled_because, l.version, l.origin, l.delete_due"
)
_OPEN = """
FROM (
  SELECT * FROM plan_rows
   WHERE plan_id = :plan AND phase = :phase AND ordinal > :after AND state IN ('pending', 'applying')
   ORDER BY ordinal LIMIT :limit
) r
LEFT JOIN objects o ON o.id = r.object_id
LEFT JOIN links l ON l.application_id = r.application_id AND l.object_id = r.object_id
"""
_OPEN_ROWS = {
    "sqlite": sa.text(
        f"SELECT json_group_array(json_array({_COLUMNS.format(details='json(r.details)')})) {_OPEN}"
    ),
    "postgresql": sa.text(
        f"SELECT CAST(json_agg(json_build_array({_COLUMNS.format(details='CAST(r.details AS json)')})) AS text) {_OPEN}"
    ),
}


class _OpenRow(msgspec.Struct, array_like=True, frozen=True):
    """One element of what `_OPEN_ROWS` answers."""

    ordinal: int
    lane: int
    object_id: str
    object_type: objects.ObjectType
    kind: changes.ChangeKind
    reason: changes.Reason
    target_id: str | None
    object_sequence: int
    link_version: int | None
    details: model.RowDetails
    state: model.RowState
    current_sequence: int | None
    linked_id: str | None
    link_state: links.LinkState | None
    disabled_because: str | None
    version: int | None
    origin: links.LinkOrigin | None
    delete_due: datetime | None


_open_rows_decoder = msgspec.json.Decoder(list[_OpenRow])


def add(
    connection: sa.Connection, application_id: identifiers.ApplicationId, rows: Sequence[model.PlanRow]
) -> None:
    """Append rows to a plan."""
    details = encoding.details
    _ADD_ROWS.run(
        connection,
        [
            (
                row.plan_id,
                row.ordinal,
                int(row.phase),
                row.lane,
                row.object_id,
                row.object_type,
                row.kind,
                row.reason,
                row.target_id,
                row.object_sequence,
                row.link_version,
                details(row.details),
            )
            for row in rows
        ],
        application=application_id,
    )


def open_rows(
    connection: sa.Connection, plan_id: identifiers.PlanId, phase: model.Phase, after: int, limit: int
) -> Sequence[model.ClaimedRow]:
    """Rows of a phase that are not finished, in their order, with what the store knows of their objects now."""
    text = connection.execute(
        _OPEN_ROWS[connection.dialect.name],
        {"plan": plan_id, "phase": int(phase), "after": after, "limit": limit},
    ).scalar_one()
    found = _open_rows_decoder.decode(text or "[]")
    found.sort(key=lambda item: item.ordinal)
    return [_claimed(plan_id, phase, item) for item in found]


def record(
    connection: sa.Connection,
    plan_id: identifiers.PlanId,
    results: Sequence[tuple[int, model.RowResult, int]],
    now: datetime,
) -> None:
    """Write down what became of rows, as (ordinal, result, milliseconds)."""
    _RECORD.run(
        connection,
        [
            (
                plan_id,
                ordinal,
                result.state,
                result.target_id,
                duration,
                result.error_code,
                result.error_message,
                encoding.document(result.warnings) if result.warnings else None,
            )
            for ordinal, result, duration in results
        ],
        finished=encoding.instant(now),
    )


def recorded(row: sa.Row[Any]) -> model.RecordedRow:
    """A row of `plan_rows`, selected whole, as a value."""
    return model.RecordedRow(
        row=model.PlanRow(
            plan_id=row.plan_id,
            ordinal=row.ordinal,
            phase=model.Phase(row.phase),
            lane=row.lane,
            object_id=row.object_id,
            object_type=objects.ObjectType(row.object_type),
            kind=changes.ChangeKind(row.kind),
            reason=changes.Reason(row.reason),
            target_id=row.target_id,
            object_sequence=row.object_sequence,
            link_version=row.link_version,
            details=encoding.parsed_details(row.details),
        ),
        state=model.RowState(row.state),
        finished=encoding.parsed_instant(row.finished),
        duration_ms=row.duration_ms,
        error_code=None if row.error_code is None else ErrorCode(row.error_code),
        error_message=row.error_message,
        warnings=tuple(encoding.parsed(row.warnings)) if row.warnings else (),
        approved_by=row.approved_by,
    )


def _claimed(plan_id: identifiers.PlanId, phase: model.Phase, item: _OpenRow) -> model.ClaimedRow:
    return model.ClaimedRow(
        row=model.PlanRow(
            plan_id=plan_id,
            ordinal=item.ordinal,
            phase=phase,
            lane=item.lane,
            object_id=identifiers.ObjectId(item.object_id),
            object_type=item.object_type,
            kind=item.kind,
            reason=item.reason,
            target_id=None if item.target_id is None else identifiers.TargetId(item.target_id),
            object_sequence=identifiers.Sequence(item.object_sequence),
            link_version=item.link_version,
            details=item.details,
        ),
        interrupted=item.state is model.RowState.APPLYING,
        current_sequence=None
        if item.current_sequence is None
        else identifiers.Sequence(item.current_sequence),
        link=_link(item),
    )


def _link(item: _OpenRow) -> links.Link | None:
    if item.linked_id is None or item.link_state is None or item.version is None or item.origin is None:
        return None
    return links.Link(
        object_id=identifiers.ObjectId(item.object_id),
        object_type=item.object_type,
        target_id=identifiers.TargetId(item.linked_id),
        state=item.link_state,
        disabled_because=item.disabled_because,
        version=item.version,
        origin=item.origin,
        delete_due=item.delete_due,
    )
