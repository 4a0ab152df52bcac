"""The audit log: written with the change it tells of, read by people."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from provisor.core import audit as model
from provisor.store import encoding, tables

_audit = tables.audit


class Audit:
    """The audit log within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, act: model.Act) -> None:
        self._connection.execute(
            _audit.insert(),
            {
                "id": str(uuid.uuid4()),
                "at": encoding.instant(datetime.now(UTC)),
                "actor": act.actor,
                "activity": act.activity,
                "application_id": act.application_id,
                "subject": act.subject,
                "before": _text(act.before),
                "after": _text(act.after),
            },
        )

    def entries(
        self, query: model.AuditQuery, *, before: tuple[str, str] | None = None, limit: int = 100
    ) -> Sequence[model.AuditEntry]:
        selection = _narrowed(sa.select(_audit), query)
        if before is not None:
            selection = selection.where(
                sa.tuple_(_audit.c.at, _audit.c.id) < sa.tuple_(*map(sa.literal, before))
            )
        ordered = selection.order_by(_audit.c.at.desc(), _audit.c.id.desc()).limit(limit)
        return [_entry(row) for row in self._connection.execute(ordered)]

    def find(self, entry_id: str) -> model.AuditEntry | None:
        row = self._connection.execute(sa.select(_audit).where(_audit.c.id == entry_id)).one_or_none()
        return None if row is None else _entry(row)

    def forget(self, older_than: datetime, limit: int) -> int:
        oldest = (
            sa.select(_audit.c.id)
            .where(_audit.c.at < encoding.instant(older_than))
            .order_by(_audit.c.at, _audit.c.id)
            .limit(limit)
        )
        return self._connection.execute(_audit.delete().where(_audit.c.id.in_(oldest))).rowcount


def _narrowed(selection: sa.Select[Any], query: model.AuditQuery) -> sa.Select[Any]:
    if query.application is not None:
        named = sa.select(_audit.c.application_id).where(
            _audit.c.activity.in_([model.Activity.ADD_APPLICATION, model.Activity.REMOVE_APPLICATION]),
            _audit.c.subject == query.application,
        )
        known = sa.select(tables.applications.c.id).where(
            tables.applications.c.lookup_key == query.application.casefold()
        )
        selection = selection.where(
            sa.or_(
                _audit.c.application_id == query.application.lower(),
                _audit.c.application_id.in_(known),
                _audit.c.application_id.in_(named),
            )
        )
    if query.actor is not None:
        selection = selection.where(_audit.c.actor == query.actor)
    if query.activity is not None:
        selection = selection.where(_audit.c.activity == query.activity)
    if query.since is not None:
        selection = selection.where(_audit.c.at >= encoding.instant(query.since))
    return selection


def _text(values: Mapping[str, Any] | None) -> str | None:
    return None if values is None else encoding.document(dict(values))


def _entry(row: sa.Row[Any]) -> model.AuditEntry:
    return model.AuditEntry(
        id=row.id,
        at=datetime.fromisoformat(row.at),
        act=model.Act(
            actor=model.Actor(row.actor),
            activity=model.Activity(row.activity),
            application_id=row.application_id,
            subject=row.subject,
            before=None if row.before is None else encoding.parsed(row.before),
            after=None if row.after is None else encoding.parsed(row.after),
        ),
    )
