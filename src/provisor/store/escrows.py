"""The failures that wait in escrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from provisor.core import escrow as model
from provisor.core import identifiers, plan
from provisor.core.errors import ErrorCode
from provisor.store import bulk, encoding, signals, tables
from provisor.store.database import upsert

_escrows = tables.escrows
_CHANGING = (
    "code",
    "message",
    "is_reference",
    "failures",
    "first_failed",
    "last_failed",
    "next_attempt",
    "given_up",
    "uncertain",
)


class Escrows:
    """The failures of one application, within one transaction."""

    def __init__(self, connection: sa.Connection, application_id: identifiers.ApplicationId) -> None:
        self._connection = connection
        self._application_id = application_id
        self._mine = _escrows.c.application_id == application_id

    def of(self, ids: Sequence[identifiers.ObjectId]) -> Mapping[identifiers.ObjectId, model.Escrow]:
        rows = self._connection.execute(
            sa.select(_escrows).where(self._mine, bulk.among(self._connection, _escrows.c.object_id, ids))
        )
        return {row.object_id: _escrow(row) for row in rows}

    def page(self, after: str, limit: int) -> Sequence[model.Escrow]:
        rows = self._connection.execute(
            sa.select(_escrows)
            .where(self._mine, _escrows.c.object_id > after)
            .order_by(_escrows.c.object_id)
            .limit(limit)
        )
        return [_escrow(row) for row in rows]

    def count(self) -> int:
        return int(self._connection.execute(sa.select(sa.func.count()).where(self._mine)).scalar_one())

    def counts(self) -> model.EscrowCounts:
        retried = _escrows.c.given_up.is_(None)
        throttled = _escrows.c.code == ErrorCode.TOO_MANY_REQUESTS
        failed = sa.and_(retried, sa.not_(throttled))
        accounts, references, waiting, given_up = self._connection.execute(
            sa.select(
                _number_where(sa.and_(failed, sa.not_(_escrows.c.is_reference))),
                _number_where(sa.and_(failed, _escrows.c.is_reference)),
                _number_where(sa.and_(retried, throttled)),
                _number_where(sa.not_(retried)),
            ).where(self._mine)
        ).one()
        return model.EscrowCounts(
            accounts=accounts, references=references, throttled=waiting, given_up=given_up
        )

    def failing(self, times: int) -> int:
        selection = sa.select(sa.func.count()).where(self._mine, _escrows.c.failures >= times)
        return int(self._connection.execute(selection).scalar_one())

    def next_due(self) -> datetime | None:
        text = self._connection.execute(
            sa.select(sa.func.min(_escrows.c.next_attempt)).where(self._mine, _escrows.c.given_up.is_(None))
        ).scalar_one()
        return encoding.parsed_instant(text)

    def failed(
        self,
        failures: Sequence[model.Failure],
        *,
        now: datetime,
        since: datetime,
        schedule: model.RetrySchedule,
    ) -> None:
        if not failures:
            return
        known = dict(self.of([item.object_id for item in failures]))
        for item in failures:
            before = known.get(item.object_id)
            known[item.object_id] = model.after_failure(before, item, now=now, since=since, schedule=schedule)
        statement = upsert(self._connection, _escrows)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["application_id", "object_id"],
                set_={name: statement.excluded[name] for name in _CHANGING},
            ),
            [self._values(item) for item in known.values()],
        )

    def settled(self, ids: Sequence[identifiers.ObjectId]) -> None:
        if ids:
            self._connection.execute(
                _escrows.delete().where(
                    self._mine,
                    sa.not_(_escrows.c.is_reference),
                    bulk.among(self._connection, _escrows.c.object_id, ids),
                )
            )

    def references_settled(self, made: plan.Plan) -> None:
        created = encoding.instant(made.created)
        looked_at = sa.select(tables.plan_rows.c.object_id).where(tables.plan_rows.c.plan_id == made.id)
        settled = _escrows.delete().where(
            self._mine,
            _escrows.c.is_reference,
            _escrows.c.last_failed < created,
            _escrows.c.object_id.in_(looked_at),
        )
        if not made.retries_everything:
            settled = settled.where(_escrows.c.given_up.is_(None), _escrows.c.next_attempt <= created)
        self._connection.execute(settled)

    def retry(self, ids: Sequence[identifiers.ObjectId] | None, now: datetime) -> int:
        wanted = [self._mine]
        if ids is not None:
            wanted.append(bulk.among(self._connection, _escrows.c.object_id, ids))
        moment = encoding.instant(now)
        # what was given up begins anew, or its age would have it given up again at its next failure
        self._connection.execute(
            _escrows.update()
            .where(*wanted, _escrows.c.given_up.is_not(None))
            .values(given_up=None, failures=0, first_failed=moment)
        )
        due = self._connection.execute(_escrows.update().where(*wanted).values(next_attempt=moment))
        signals.raise_signal(self._connection)
        return due.rowcount

    def give_up(self, now: datetime) -> int:
        given_up = self._connection.execute(
            _escrows.update()
            .where(self._mine, _escrows.c.given_up.is_(None))
            .values(given_up=encoding.instant(now))
        )
        return given_up.rowcount

    def clear(self) -> None:
        self._connection.execute(_escrows.delete().where(self._mine, sa.not_(_escrows.c.uncertain)))

    def _values(self, item: model.Escrow) -> dict[str, Any]:
        return {
            "application_id": self._application_id,
            "object_id": item.object_id,
            "code": item.code,
            "message": item.message,
            "is_reference": item.is_reference,
            "failures": item.failures,
            "first_failed": encoding.instant(item.first_failed),
            "last_failed": encoding.instant(item.last_failed),
            "next_attempt": encoding.instant(item.next_attempt),
            "given_up": None if item.given_up is None else encoding.instant(item.given_up),
            "uncertain": item.uncertain,
        }


def _number_where(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _escrow(row: sa.Row[Any]) -> model.Escrow:
    return model.Escrow(
        object_id=row.object_id,
        code=ErrorCode(row.code),
        message=row.message,
        is_reference=row.is_reference,
        failures=row.failures,
        first_failed=datetime.fromisoformat(row.first_failed),
        last_failed=datetime.fromisoformat(row.last_failed),
        next_attempt=datetime.fromisoformat(row.next_attempt),
        given_up=encoding.parsed_instant(row.given_up),
        uncertain=row.uncertain,
    )
