"""Plans and their rows: what is to be done, being done, and was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from provisor.core import changes, guard, identifiers, job, objects
from provisor.core import plan as model
from provisor.core.errors import ErrorCode, InvalidInputError
from provisor.core.requests import RequestCounts
from provisor.store import bulk, encoding, plan_rows, tables

_plans = tables.plans
_rows = tables.plan_rows
_requests_decoder = msgspec.json.Decoder(RequestCounts)


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
                "requests": msgspec.json.encode(plan.requests).decode(),
                "undoes": plan.undoes,
                "retries": plan.retries,
            },
        )

    def get(self, plan_id: str) -> model.Plan | None:
        row = self._connection.execute(sa.select(_plans).where(_plans.c.id == plan_id)).first()
        return None if row is None else plan_of(row)

    def of(
        self, application_id: identifiers.ApplicationId, states: Sequence[model.PlanState], limit: int
    ) -> Sequence[model.Plan]:
        rows = self._connection.execute(
            sa.select(_plans)
            .where(_plans.c.application_id == application_id, _plans.c.state.in_(states))
            .order_by(_plans.c.created.desc(), _plans.c.id)
            .limit(limit)
        )
        return [plan_of(row) for row in rows]

    def move(
        self,
        plan_id: identifiers.PlanId,
        to: model.PlanState,
        *,
        began: datetime | None = None,
        ended: datetime | None = None,
        hold: guard.Hold | None = None,
        error: str | None = None,
    ) -> None:
        allowed = [state for state, following in model.PLAN_TRANSITIONS.items() if to in following]
        values: dict[str, Any] = {"state": to}
        for name, moment in (("began", began), ("ended", ended)):
            if moment is not None:
                values[name] = encoding.instant(moment)
        if hold is not None:
            values |= {"hold": encoding.hold(hold), "hold_reason": hold.reason}
        if error is not None:
            values["error"] = error
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
        self._end_holding(mine)
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
        self._end_holding(mine)
        self._connection.execute(
            _plans.update()
            .where(_plans.c.application_id == application_id, _plans.c.state == model.PlanState.APPLYING)
            .values(state=model.PlanState.CLOSING)
        )

    def _end_holding(self, plans: sa.Select[tuple[str]]) -> None:
        self._connection.execute(
            _rows.update()
            .where(_rows.c.plan_id.in_(plans), _rows.c.state == model.RowState.HELD)
            .values(state=model.RowState.STALE, error_message="the plan that held this was given up")
        )

    def remove(self, plan_id: identifiers.PlanId) -> None:
        self._connection.execute(_plans.delete().where(_plans.c.id == plan_id))

    def failures(
        self, plan_id: identifiers.PlanId
    ) -> Sequence[tuple[changes.ChangeKind, ErrorCode | None, int]]:
        rows = self._connection.execute(
            sa.select(_rows.c.kind, _rows.c.error_code, sa.func.count().label("n"))
            .where(_rows.c.plan_id == plan_id, _rows.c.state == model.RowState.FAILED)
            .group_by(_rows.c.kind, _rows.c.error_code)
        )
        return [
            (changes.ChangeKind(row.kind), ErrorCode(row.error_code) if row.error_code else None, row.n)
            for row in rows
        ]

    def note_requests(self, plan_id: identifiers.PlanId, requests: RequestCounts) -> None:
        self._connection.execute(
            _plans.update()
            .where(_plans.c.id == plan_id)
            .values(requests=msgspec.json.encode(requests).decode())
        )

    def note_error(self, plan_id: identifiers.PlanId, error: str | None) -> None:
        self._connection.execute(_plans.update().where(_plans.c.id == plan_id).values(error=error))

    def discard_scratch(self, plan_id: identifiers.PlanId) -> None:
        for table in (tables.plan_candidates, tables.snapshot_resources, tables.snapshot_keys):
            self._connection.execute(table.delete().where(table.c.plan_id == plan_id))

    # -- rows ------------------------------------------------------------

    def add_rows(self, application_id: identifiers.ApplicationId, rows: Sequence[model.PlanRow]) -> None:
        plan_rows.add(self._connection, application_id, rows)

    def claim(
        self, plan_id: identifiers.PlanId, phase: model.Phase, after: int, limit: int
    ) -> Sequence[model.ClaimedRow]:
        claimed = plan_rows.open_rows(self._connection, plan_id, phase, after, limit)
        if claimed:
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
        plan_rows.record(self._connection, plan_id, results, now)

    def revise(self, plan_id: identifiers.PlanId, ordinal: int, details: model.RowDetails) -> None:
        self._connection.execute(
            sa.update(tables.plan_rows)
            .where(tables.plan_rows.c.plan_id == plan_id, tables.plan_rows.c.ordinal == ordinal)
            .values(details=encoding.details(details))
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

    def states(
        self, plan_ids: Sequence[identifiers.PlanId]
    ) -> Mapping[identifiers.PlanId, Mapping[model.RowState, int]]:
        found: dict[identifiers.PlanId, dict[model.RowState, int]] = {item: {} for item in plan_ids}
        rows = self._connection.execute(
            sa.select(_rows.c.plan_id, _rows.c.state, sa.func.count().label("n"))
            .where(_rows.c.plan_id.in_(plan_ids))
            .group_by(_rows.c.plan_id, _rows.c.state)
        )
        for row in rows:
            found[row.plan_id][model.RowState(row.state)] = row.n
        return found

    def applied_after(
        self,
        plan: model.Plan,
        ids: Sequence[identifiers.ObjectId],
        moment: datetime,
    ) -> Mapping[identifiers.ObjectId, Sequence[model.RecordedRow]]:
        rows = self._connection.execute(
            sa.select(_rows)
            .where(
                bulk.among(self._connection, _rows.c.object_id, ids),
                _rows.c.application_id == plan.application_id,
                _rows.c.plan_id != plan.id,
                _rows.c.state == model.RowState.DONE,
                _rows.c.finished >= encoding.instant(moment),
            )
            .order_by(_rows.c.finished, _rows.c.plan_id, _rows.c.ordinal)
        )
        found: dict[identifiers.ObjectId, list[model.RecordedRow]] = {}
        for row in rows:
            found.setdefault(row.object_id, []).append(plan_rows.recorded(row))
        return found

    def rows(
        self,
        plan_id: identifiers.PlanId,
        *,
        after: int = -1,
        limit: int = 500,
        kinds: Sequence[changes.ChangeKind] = (),
        states: Sequence[model.RowState] = (),
    ) -> Sequence[model.RecordedRow]:
        query = sa.select(_rows).where(_rows.c.plan_id == plan_id, _rows.c.ordinal > after)
        if kinds:
            query = query.where(_rows.c.kind.in_(kinds))
        if states:
            query = query.where(_rows.c.state.in_(states))
        return [
            plan_rows.recorded(row)
            for row in self._connection.execute(query.order_by(_rows.c.ordinal).limit(limit))
        ]


def plan_of(row: sa.Row[Any]) -> model.Plan:
    """The plan that a row of its table describes."""
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
        requests=_requests_decoder.decode(row.requests),
        approved_by=row.approved_by,
        approved=encoding.parsed_instant(row.approved),
        undoes=row.undoes,
        retries=job.Retries(row.retries),
        hold=encoding.parsed_hold(row.hold),
    )
