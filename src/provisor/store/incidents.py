"""Incidents, and the notices that tell people of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from provisor.core import incidents as model
from provisor.core.identifiers import ApplicationId
from provisor.core.notification import Notice, WaitingNotice
from provisor.store import encoding, tables
from provisor.store.database import upsert

_incidents = tables.incidents
_outbox = tables.outbox


class Incidents:
    """Incidents within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def still_open(self, application_id: ApplicationId) -> Sequence[model.Incident]:
        rows = self._connection.execute(
            sa.select(_incidents).where(
                _incidents.c.application_id == application_id, _incidents.c.closed.is_(None)
            )
        )
        return [_incident(row) for row in rows]

    def open(self, incident: model.Incident) -> bool:
        trouble = incident.trouble
        made = self._connection.execute(
            upsert(self._connection, _incidents)
            .on_conflict_do_nothing(
                index_elements=["application_id", "kind"], index_where=_incidents.c.closed.is_(None)
            )
            .returning(_incidents.c.id),
            {
                "id": incident.id,
                "application_id": incident.application_id,
                "kind": trouble.kind,
                "cause": trouble.cause,
                "details": encoding.document(dict(trouble.details)),
                "opened": encoding.instant(incident.opened),
            },
        )
        return made.first() is not None

    def close(self, incident_id: str, now: datetime) -> bool:
        ended = self._connection.execute(
            _incidents.update()
            .where(_incidents.c.id == incident_id, _incidents.c.closed.is_(None))
            .values(closed=encoding.instant(now))
        )
        return ended.rowcount == 1

    def newest(self, application_id: ApplicationId | None, limit: int) -> Sequence[model.Incident]:
        selection = sa.select(_incidents).order_by(_incidents.c.opened.desc(), _incidents.c.id).limit(limit)
        if application_id is not None:
            selection = selection.where(_incidents.c.application_id == application_id)
        return [_incident(row) for row in self._connection.execute(selection)]


class Outbox:
    """Notices written with what they tell of, and sent after its commit."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, notice: Notice) -> None:
        self._connection.execute(
            _outbox.insert(),
            {
                "id": notice.id,
                "application_id": notice.application_id,
                "created": encoding.instant(notice.created),
                "recipient": notice.recipient,
                "subject": notice.subject,
                "body": notice.body,
                "attempts": notice.attempts,
                "next_attempt": encoding.instant(notice.created),
            },
        )

    def due(self, now: datetime, limit: int) -> Sequence[Notice]:
        rows = self._connection.execute(
            sa.select(_outbox)
            .where(_outbox.c.sent.is_(None), _outbox.c.next_attempt <= encoding.instant(now))
            .order_by(_outbox.c.created, _outbox.c.id)
            .limit(limit)
        )
        return [_notice(row) for row in rows]

    def sent(self, notice_id: str, now: datetime) -> None:
        self._change(notice_id, sent=encoding.instant(now), last_error=None)

    def failed(self, notice_id: str, error: str, next_attempt: datetime) -> None:
        self._change(
            notice_id,
            attempts=_outbox.c.attempts + 1,
            last_error=error,
            next_attempt=encoding.instant(next_attempt),
        )

    def waiting(self) -> int:
        return int(
            self._connection.execute(
                sa.select(sa.func.count()).select_from(_outbox).where(_outbox.c.sent.is_(None))
            ).scalar_one()
        )

    def unsent(self, limit: int) -> Sequence[WaitingNotice]:
        rows = self._connection.execute(
            sa.select(_outbox)
            .where(_outbox.c.sent.is_(None))
            .order_by(_outbox.c.attempts.desc(), _outbox.c.created, _outbox.c.id)
            .limit(limit)
        )
        return [
            WaitingNotice(
                notice=_notice(row),
                next_attempt=datetime.fromisoformat(row.next_attempt),
                last_error=row.last_error,
            )
            for row in rows
        ]

    def forget(self, older_than: datetime) -> int:
        return self._connection.execute(
            _outbox.delete().where(_outbox.c.created < encoding.instant(older_than))
        ).rowcount

    def _change(self, notice_id: str, **columns: Any) -> None:
        self._connection.execute(_outbox.update().where(_outbox.c.id == notice_id).values(**columns))


def _incident(row: sa.Row[Any]) -> model.Incident:
    return model.Incident(
        id=row.id,
        application_id=row.application_id,
        trouble=model.Trouble(
            kind=model.IncidentKind(row.kind), cause=row.cause, details=encoding.parsed(row.details)
        ),
        opened=datetime.fromisoformat(row.opened),
        closed=encoding.parsed_instant(row.closed),
    )


def _notice(row: sa.Row[Any]) -> Notice:
    return Notice(
        id=row.id,
        application_id=row.application_id,
        created=datetime.fromisoformat(row.created),
        recipient=row.recipient,
        subject=row.subject,
        body=row.body,
        attempts=row.attempts,
    )
