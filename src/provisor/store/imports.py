"""What an import has seen, so that a complete one can tell who is gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from provisor.core import identifiers, objects
from provisor.ports.store.imports import FinishedImport
from provisor.store import bulk, encoding, tables

_seen = tables.import_seen
_objects = tables.objects
_memberships = tables.memberships


_NOTE = bulk.statement(
    "INSERT INTO import_seen (import_id, key) SELECT CAST(:import_id AS TEXT), r.key",
    (("key", "text"),),
    "ON CONFLICT DO NOTHING",
)


class Imports:
    """The scratch of imports and the record of finished ones, within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def object_id(self, source: str, object_type: objects.ObjectType, anchor: str) -> identifiers.ObjectId:
        return encoding.object_id(source, object_type, anchor)

    def saw(self, import_id: str, ids: Iterable[identifiers.ObjectId]) -> int:
        return self._note(import_id, ids)

    def saw_memberships(
        self, import_id: str, pairs: Iterable[tuple[identifiers.ObjectId, identifiers.ObjectId]]
    ) -> None:
        self._note(import_id, (f"{group}/{member}" for group, member in pairs))

    def absent(
        self, import_id: str, source: str, object_type: objects.ObjectType
    ) -> Sequence[identifiers.ObjectId]:
        was_seen = sa.exists().where(_seen.c.import_id == import_id, _seen.c.key == _objects.c.id)
        rows = self._connection.execute(
            sa.select(_objects.c.id).where(
                _objects.c.source == source,
                _objects.c.object_type == object_type,
                _objects.c.lifecycle == objects.Lifecycle.ACTIVE,
                sa.not_(was_seen),
            )
        )
        return [identifiers.ObjectId(row.id) for row in rows]

    def absent_memberships(
        self, import_id: str, source: str
    ) -> Sequence[tuple[identifiers.ObjectId, identifiers.ObjectId]]:
        key = _memberships.c.group_id + "/" + _memberships.c.member_id
        was_seen = sa.exists().where(_seen.c.import_id == import_id, _seen.c.key == key)
        rows = self._connection.execute(
            sa.select(_memberships.c.group_id, _memberships.c.member_id)
            .join(_objects, _objects.c.id == _memberships.c.group_id)
            .where(_objects.c.source == source, sa.not_(_memberships.c.removed), sa.not_(was_seen))
        )
        return [(identifiers.ObjectId(row.group_id), identifiers.ObjectId(row.member_id)) for row in rows]

    def close(self, import_id: str, source: str, counts: Mapping[str, int], now: datetime) -> None:
        self._connection.execute(_seen.delete().where(_seen.c.import_id == import_id))
        self._connection.execute(
            tables.imports.insert(),
            {
                "id": import_id,
                "source": source,
                "finished": encoding.instant(now),
                "counts": encoding.document(dict(counts)),
            },
        )

    def latest(self) -> Mapping[str, FinishedImport]:
        imports = tables.imports
        # within one moment the larger id wins, so that there is one a source
        rank = sa.func.row_number().over(
            partition_by=imports.c.source, order_by=(imports.c.finished.desc(), imports.c.id.desc())
        )
        ranked = sa.select(
            imports.c.source, imports.c.finished, imports.c.counts, rank.label("rank")
        ).subquery()
        rows = self._connection.execute(sa.select(ranked).where(ranked.c.rank == 1))
        return {
            row.source: FinishedImport(
                source=row.source,
                finished=datetime.fromisoformat(row.finished),
                counts=encoding.parsed(row.counts),
            )
            for row in rows
        }

    def _note(self, import_id: str, keys: Iterable[str]) -> int:
        return _NOTE.run(self._connection, [(key,) for key in keys], import_id=import_id)
