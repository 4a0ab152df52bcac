"""When objects must be judged again although nothing about them changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from provisor.core import identifiers
from provisor.store import bulk, encoding, tables

_turns = tables.scope_turns


class ScopeTurns:
    """The turns of one application's objects, within one transaction."""

    def __init__(self, connection: sa.Connection, application_id: identifiers.ApplicationId) -> None:
        self._connection = connection
        self._application_id = application_id

    def note(self, turns: Mapping[identifiers.ObjectId, datetime | None]) -> None:
        if not turns:
            return
        self._connection.execute(
            _turns.delete().where(
                _turns.c.application_id == self._application_id,
                bulk.among(self._connection, _turns.c.object_id, list(turns)),
            )
        )
        rows = [
            {"application_id": self._application_id, "object_id": object_id, "due": encoding.instant(due)}
            for object_id, due in turns.items()
            if due is not None
        ]
        if rows:
            self._connection.execute(_turns.insert(), rows)

    def take_due(self, now: datetime) -> Sequence[identifiers.ObjectId]:
        due = sa.and_(_turns.c.application_id == self._application_id, _turns.c.due <= encoding.instant(now))
        found = self._connection.execute(sa.select(_turns.c.object_id).where(due)).scalars().all()
        if found:
            self._connection.execute(_turns.delete().where(due))
        return [identifiers.ObjectId(object_id) for object_id in found]

    def next_due(self) -> datetime | None:
        found = self._connection.execute(
            sa.select(sa.func.min(_turns.c.due)).where(_turns.c.application_id == self._application_id)
        ).scalar_one()
        return encoding.parsed_instant(found)

    def clear(self) -> None:
        self._connection.execute(_turns.delete().where(_turns.c.application_id == self._application_id))
