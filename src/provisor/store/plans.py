"""Plans and their rows: what is to be done, being done, and was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from provisor.core import changes, identifiers, job, links, objects
from provisor.core import plan as model
from provisor.core.errors import ErrorCode, InvalidInputError
from provisor.store import bulk, encoding, tables

_plans = tables.plans
_rows = tables.plan_rows
_objects = tables.objects
_links = tables.links
_PHASES = {item.value: item for item in model.Phase}
_TYPES = {item.value: item for item in objects.ObjectType}
_KINDS = {item.value: item for item in changes.ChangeKind}
_REASONS = {item.value: item for item in changes.Reason}


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


_ROW = tuple(_rows.c[name] for name in (
    "plan_id", "ordinal", "phase", "lane", "object_id", "object_type", "kind", "reason", "target_id",
    "object_sequence", "link_version", "details",
))  # fmt: skip

_CLAIMED = (
    sa.select(
        *_ROW,
        _rows.c.state,
        _objects.c.sequence.label("current_sequence"),
        _links.c.target_id.label("linked_id"),
        _links.c.state.label("link_state"),
        _links.c.disabled_because,
        _links.c.version,
        _links.c.origin,
    )
    .outerjoin(_objects, _objects.c.id == _rows.c.object_id)
    .outerjoin(
        _links,
        sa.and_(_links.c.application_id == _rows.c.application_id, _links.c.object_id == _rows.c.object_id),
    )
    .where(
        _rows.c.plan_id == sa.bindparam("of_plan"),
        _rows.c.phase == sa.bindparam("of_phase"),
        _rows.c.state.in_((model.RowState.PENDING, model.RowState.APPLYING)),
    )
    .order_by(_rows.c.ordinal)
)


class Plans:
    """Plans within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, plan: model.Plan) -> None:
        self._connection.execute(
            _plans.insert(),
            {
                "id": plan.id,
                "application_id": plan.application_id,
                "kind": plan.kind,
                "origin": plan.origin,
                "state": plan.state,
                "schema_version": plan.schema_version,
                "from_watermark": plan.from_watermark,
                "to_watermark": plan.to_watermark,
                "created": encoding.instant(plan.created),
                "linked": plan.linked,
                "requests": encoding.document(dict(plan.requests)),
            },
        )

    def get(self, plan_id: str) -> model.Plan | None:
        row = self._connection.execute(sa.select(_plans).where(_plans.c.id == plan_id)).first()
        return None if row is None else _plan(row)

    def of(
        self, application_id: identifiers.ApplicationId, states: Sequence[model.PlanState], limit: int
    ) -> Sequence[model.Plan]:
        rows = self._connection.execute(
            sa.select(_plans)
            .where(_plans.c.application_id == application_id, _plans.c.state.in_(states))
            .order_by(_plans.c.created.desc(), _plans.c.id)
            .limit(limit)
        )
        return [_plan(row) for row in rows]

    def move(
        self,
        plan_id: identifiers.PlanId,
        to: model.PlanState,
        *,
        began: datetime | None = None,
        ended: datetime | None = None,
        hold_reason: str | None = None,
        error: str | None = None,
        requests: Mapping[str, Any] | None = None,
    ) -> None:
        allowed = [state for state, following in model.PLAN_TRANSITIONS.items() if to in following]
        values: dict[str, Any] = {"state": to}
        for name, moment in (("began", began), ("ended", ended)):
            if moment is not None:
                values[name] = encoding.instant(moment)
        if hold_reason is not None:
            values["hold_reason"] = hold_reason
        if error is not None:
            values["error"] = error
        if requests is not None:
            values["requests"] = encoding.document(dict(requests))
        moved = self._connection.execute(
            _plans.update().where(_plans.c.id == plan_id, _plans.c.state.in_(allowed)).values(**values)
        )
        if moved.rowcount != 1:
            raise InvalidInputError(
                f"The plan {plan_id} cannot become {to.value}: its state does not allow it any more."
            )

    def abandon(self, application_id: identifiers.ApplicationId, states: Sequence[model.PlanState]) -> None:
        mine = sa.select(_plans.c.id).where(
            _plans.c.application_id == application_id, _plans.c.state.in_(states)
        )
        self._connection.execute(_rows.delete().where(_rows.c.plan_id.in_(mine), _rows.c.finished.is_(None)))
        for table in (tables.plan_candidates, tables.snapshot_resources, tables.snapshot_keys):
            self._connection.execute(table.delete().where(table.c.plan_id.in_(mine)))
        self._connection.execute(
            _plans.update()
            .where(_plans.c.application_id == application_id, _plans.c.state.in_(states))
            .values(state=model.PlanState.ABANDONED)
        )

    def give_up(self, application_id: identifiers.ApplicationId) -> None:
        mine = sa.select(_plans.c.id).where(
            _plans.c.application_id == application_id, _plans.c.state == model.PlanState.APPLYING
        )
        self._connection.execute(
            _rows.delete().where(_rows.c.plan_id.in_(mine), _rows.c.state == model.RowState.PENDING)
        )
        self._connection.execute(
            _plans.update()
            .where(_plans.c.application_id == application_id, _plans.c.state == model.PlanState.APPLYING)
            .values(state=model.PlanState.CLOSING)
        )

    def remove(self, plan_id: identifiers.PlanId) -> None:
        self._connection.execute(_plans.delete().where(_plans.c.id == plan_id))

    def note_error(self, plan_id: identifiers.PlanId, error: str | None) -> None:
        self._connection.execute(_plans.update().where(_plans.c.id == plan_id).values(error=error))

    def discard_scratch(self, plan_id: identifiers.PlanId) -> None:
        for table in (tables.plan_candidates, tables.snapshot_resources, tables.snapshot_keys):
            self._connection.execute(table.delete().where(table.c.plan_id == plan_id))

    # -- rows ------------------------------------------------------------

    def add_rows(self, application_id: identifiers.ApplicationId, rows: Sequence[model.PlanRow]) -> None:
        _ADD_ROWS.run_each(
            self._connection,
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
                    encoding.details(row.details),
                )
                for row in rows
            ],
            application=application_id,
        )

    def claim(
        self, plan_id: identifiers.PlanId, phase: model.Phase, after: int, limit: int
    ) -> Sequence[model.ClaimedRow]:
        found = self._connection.execute(
            _CLAIMED.where(_rows.c.ordinal > after).limit(limit),
            {"of_plan": plan_id, "of_phase": int(phase)},
        ).all()
        if not found:
            return ()
        claimed = [_claimed(row) for row in found]
        self._connection.execute(
            _rows.update()
            .where(
                _rows.c.plan_id == plan_id,
                _rows.c.phase == int(phase),
                _rows.c.ordinal.between(claimed[0].row.ordinal, claimed[-1].row.ordinal),
                _rows.c.state == model.RowState.PENDING,
            )
            .values(state=model.RowState.APPLYING)
        )
        return claimed

    def release(self, plan_id: identifiers.PlanId, ordinals: Sequence[int]) -> None:
        if ordinals:
            self._connection.execute(
                _rows.update()
                .where(_rows.c.plan_id == plan_id, _rows.c.ordinal.in_(ordinals))
                .values(state=model.RowState.PENDING)
            )

    def record(
        self,
        plan_id: identifiers.PlanId,
        results: Sequence[tuple[int, model.RowResult, int]],
        now: datetime,
    ) -> None:
        _RECORD.run(
            self._connection,
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

    def totals(
        self, plan_id: identifiers.PlanId
    ) -> Sequence[tuple[objects.ObjectType, changes.ChangeKind, changes.Reason, model.RowState, int]]:
        rows = self._connection.execute(
            sa.select(
                _rows.c.object_type, _rows.c.kind, _rows.c.reason, _rows.c.state, sa.func.count().label("n")
            )
            .where(_rows.c.plan_id == plan_id)
            .group_by(_rows.c.object_type, _rows.c.kind, _rows.c.reason, _rows.c.state)
            .order_by(_rows.c.object_type, _rows.c.kind, _rows.c.reason, _rows.c.state)
        )
        return [
            (
                objects.ObjectType(row.object_type),
                changes.ChangeKind(row.kind),
                changes.Reason(row.reason),
                model.RowState(row.state),
                row.n,
            )
            for row in rows
        ]

    def rows(
        self,
        plan_id: identifiers.PlanId,
        *,
        after: int = -1,
        limit: int = 500,
        kinds: Sequence[changes.ChangeKind] = (),
    ) -> Sequence[model.RecordedRow]:
        query = sa.select(_rows).where(_rows.c.plan_id == plan_id, _rows.c.ordinal > after)
        if kinds:
            query = query.where(_rows.c.kind.in_(kinds))
        return [
            recorded_row(row)
            for row in self._connection.execute(query.order_by(_rows.c.ordinal).limit(limit))
        ]


def recorded_row(row: sa.Row[Any]) -> model.RecordedRow:
    """A row of `plan_rows` as a value."""
    return model.RecordedRow(
        row=_row([row._mapping[column] for column in _ROW]),  # noqa: SLF001 - SQLAlchemy's public name for it
        state=model.RowState(row.state),
        finished=encoding.parsed_instant(row.finished),
        duration_ms=row.duration_ms,
        error_code=None if row.error_code is None else ErrorCode(row.error_code),
        error_message=row.error_message,
        warnings=tuple(encoding.parsed(row.warnings)) if row.warnings else (),
    )


def _claimed(row: Sequence[Any]) -> model.ClaimedRow:
    *columns, state, current_sequence, linked_id, link_state, disabled_because, version, origin = tuple(row)
    planned = _row(columns)
    link = None
    if linked_id is not None:
        link = links.Link(
            object_id=planned.object_id,
            object_type=planned.object_type,
            target_id=linked_id,
            state=links.LinkState(link_state),
            disabled_because=disabled_because,
            version=version,
            origin=links.LinkOrigin(origin),
        )
    return model.ClaimedRow(
        row=planned, interrupted=state == "applying", current_sequence=current_sequence, link=link
    )


def _row(columns: Sequence[Any]) -> model.PlanRow:
    """The columns of `_ROW` as a value."""
    (
        plan_id,
        ordinal,
        phase,
        lane,
        object_id,
        object_type,
        kind,
        reason,
        target_id,
        object_sequence,
        link_version,
        details,
    ) = columns
    return model.PlanRow(
        plan_id=plan_id,
        ordinal=ordinal,
        phase=_PHASES[phase],
        lane=lane,
        object_id=object_id,
        object_type=_TYPES[object_type],
        kind=_KINDS[kind],
        reason=_REASONS[reason],
        target_id=target_id,
        object_sequence=object_sequence,
        link_version=link_version,
        details=encoding.parsed_details(details),
    )


def _plan(row: sa.Row[Any]) -> model.Plan:
    return model.Plan(
        id=row.id,
        application_id=row.application_id,
        kind=job.CycleKind(row.kind),
        origin=model.Origin(row.origin),
        state=model.PlanState(row.state),
        schema_version=row.schema_version,
        from_watermark=row.from_watermark,
        to_watermark=row.to_watermark,
        created=datetime.fromisoformat(row.created),
        began=encoding.parsed_instant(row.began),
        ended=encoding.parsed_instant(row.ended),
        linked=row.linked,
        hold_reason=row.hold_reason,
        error=row.error,
        requests=encoding.parsed(row.requests),
    )
