"""Links, and the references that were applied through them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

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
        return {row.object_id: link_of(row) for row in rows}

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

    def listing(
        self, query: model.LinkQuery, *, after: identifiers.ObjectId | None = None, limit: int = 100
    ) -> Sequence[model.ListedLink]:
        known = tables.objects
        selection = (
            sa.select(_links, known.c.display_name, known.c.anchor, known.c.attributes)
            .join(known, known.c.id == _links.c.object_id)
            .where(_links.c.application_id == self._application_id)
            .order_by(_links.c.object_id)
            .limit(limit)
        )
        wanted = (
            (_links.c.object_id, query.object_id),
            (_links.c.target_id, query.target_id),
            (_links.c.state, query.state),
        )
        for column, value in wanted:
            if value is not None:
                selection = selection.where(column == value)
        if after is not None:
            selection = selection.where(_links.c.object_id > after)
        return [_listed(row) for row in self._connection.execute(selection)]

    def of_type(
        self, object_type: objects.ObjectType, last: str, limit: int
    ) -> Sequence[tuple[identifiers.ObjectId, identifiers.TargetId]]:
        rows = self._connection.execute(
            sa.select(_links.c.object_id, _links.c.target_id)
            .where(
                _links.c.application_id == self._application_id,
                _links.c.object_type == object_type,
                _links.c.object_id > last,
            )
            .order_by(_links.c.object_id)
            .limit(limit)
        )
        return [(row.object_id, row.target_id) for row in rows]

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

    def clear(self) -> None:
        for table in (tables.applied_references, _links):
            self._connection.execute(table.delete().where(table.c.application_id == self._application_id))

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
        self._forget(ids)

    def let_go(self, ids: Sequence[identifiers.ObjectId]) -> None:
        if not ids:
            return
        references = tables.applied_references
        self._connection.execute(
            references.delete().where(
                references.c.application_id == self._application_id,
                bulk.among(self._connection, references.c.object_id, ids),
            )
        )
        self._forget(ids)

    def _forget(self, ids: Sequence[identifiers.ObjectId]) -> None:
        self._connection.execute(
            _links.delete().where(
                _links.c.application_id == self._application_id,
                bulk.among(self._connection, _links.c.object_id, ids),
            )
        )


def link_of(row: sa.Row[Any]) -> model.Link:
    """A row with the columns of `links` as a value."""
    return model.Link(
        object_id=row.object_id,
        object_type=objects.ObjectType(row.object_type),
        target_id=row.target_id,
        state=model.LinkState(row.state),
        disabled_because=row.disabled_because,
        version=row.version,
        origin=model.LinkOrigin(row.origin),
        delete_due=encoding.parsed_instant(row.delete_due),
    )


def _listed(row: sa.Row[Any]) -> model.ListedLink:
    principal = encoding.attributes(row.attributes).get("userPrincipalName")
    return model.ListedLink(
        link=link_of(row),
        since=datetime.fromisoformat(row.since),
        display_name=row.display_name,
        principal_name=principal if isinstance(principal, str) else None,
        source_anchor=row.anchor,
    )
