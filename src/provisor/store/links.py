"""Links, and the references that were applied through them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from provisor.core import identifiers, objects
from provisor.core import links as model
from provisor.store import bulk, encoding, tables

_links = tables.links


_SAVE = bulk.statement(
    """
INSERT INTO links (application_id, object_id, object_type, target_id, state, disabled_because, version, origin, since,
                   delete_due)
SELECT CAST(:application AS TEXT), r.object_id, r.object_type, r.target_id, r.state, r.disabled_because, 1, r.origin,
       CAST(:since AS TEXT), r.delete_due
""",
    (
        ("object_id", "text"),
        ("object_type", "text"),
        ("target_id", "text"),
        ("state", "text"),
        ("disabled_because", "text"),
        ("origin", "text"),
        ("delete_due", "text"),
    ),
    """
ON CONFLICT (application_id, object_id) DO UPDATE
   SET target_id = excluded.target_id, state = excluded.state, disabled_because = excluded.disabled_because,
       version = links.version + 1, delete_due = excluded.delete_due
""",
)


class Links:
    """The links of one application, within one transaction."""

    def __init__(self, connection: sa.Connection, application_id: identifiers.ApplicationId) -> None:
        self._connection = connection
        self._application_id = application_id

    def of(self, ids: Sequence[identifiers.ObjectId]) -> Mapping[identifiers.ObjectId, model.Link]:
        rows = self._connection.execute(
            sa.select(_links).where(
                _links.c.application_id == self._application_id,
                bulk.among(self._connection, _links.c.object_id, ids),
            )
        )
        return {
            row.object_id: model.Link(
                object_id=row.object_id,
                object_type=objects.ObjectType(row.object_type),
                target_id=row.target_id,
                state=model.LinkState(row.state),
                disabled_because=row.disabled_because,
                version=row.version,
                origin=model.LinkOrigin(row.origin),
                delete_due=encoding.parsed_instant(row.delete_due),
            )
            for row in rows
        }

    def owners(
        self, object_type: objects.ObjectType, target_ids: Sequence[identifiers.TargetId]
    ) -> Mapping[identifiers.TargetId, identifiers.ObjectId]:
        rows = self._connection.execute(
            sa.select(_links.c.target_id, _links.c.object_id).where(
                _links.c.application_id == self._application_id,
                _links.c.object_type == object_type,
                bulk.among(self._connection, _links.c.target_id, target_ids),
            )
        )
        return {row.target_id: row.object_id for row in rows}

    def count(self) -> int:
        return int(
            self._connection.execute(
                sa.select(sa.func.count()).where(_links.c.application_id == self._application_id)
            ).scalar_one()
        )

    def count_by_type(self) -> Mapping[objects.ObjectType, int]:
        rows = self._connection.execute(
            sa.select(_links.c.object_type, sa.func.count())
            .where(_links.c.application_id == self._application_id)
            .group_by(_links.c.object_type)
        )
        return {objects.ObjectType(row[0]): row[1] for row in rows}

    def next_deletion(self, after: datetime | None) -> datetime | None:
        query = sa.select(sa.func.min(_links.c.delete_due)).where(
            _links.c.application_id == self._application_id, _links.c.delete_due.is_not(None)
        )
        if after is not None:
            query = query.where(_links.c.delete_due > encoding.instant(after))
        return encoding.parsed_instant(self._connection.execute(query).scalar_one())

    def save(self, batch: Sequence[model.Link], now: datetime) -> None:
        _SAVE.run(
            self._connection,
            [
                (
                    link.object_id,
                    link.object_type,
                    link.target_id,
                    link.state,
                    link.disabled_because,
                    link.origin,
                    None if link.delete_due is None else encoding.instant(link.delete_due),
                )
                for link in batch
            ],
            application=self._application_id,
            since=encoding.instant(now),
        )

    def remove(self, ids: Sequence[identifiers.ObjectId]) -> None:
        if not ids:
            return
        references = tables.applied_references
        mine = references.c.application_id == self._application_id
        self._connection.execute(
            references.delete().where(
                mine,
                sa.or_(
                    bulk.among(self._connection, references.c.object_id, ids),
                    bulk.among(self._connection, references.c.referenced_id, ids),
                ),
            )
        )
        self._connection.execute(
            _links.delete().where(
                _links.c.application_id == self._application_id,
                bulk.among(self._connection, _links.c.object_id, ids),
            )
        )
