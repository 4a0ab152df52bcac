"""Accounts that no plan may disable or delete."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from provisor.core import identifiers
from provisor.core import protection as model
from provisor.store import bulk, encoding, tables
from provisor.store.database import upsert

_protections = tables.protections


class Protections:
    """The protections of one application, within one transaction."""

    def __init__(self, connection: sa.Connection, application_id: identifiers.ApplicationId) -> None:
        self._connection = connection
        self._application_id = application_id

    def add(self, item: model.Protection) -> None:
        statement = upsert(self._connection, _protections)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["application_id", "kind", "protected_id"],
                set_={"note": statement.excluded["note"]},
            ),
            [
                {
                    "application_id": self._application_id,
                    "kind": item.kind,
                    "protected_id": item.protected_id,
                    "note": item.note,
                    "created": encoding.instant(item.created),
                }
            ],
        )

    def remove(self, kind: model.ProtectedKind, protected_id: str) -> bool:
        ended = self._connection.execute(
            _protections.delete().where(
                self._mine(), _protections.c.kind == kind, _protections.c.protected_id == protected_id
            )
        )
        return ended.rowcount == 1

    def all(self) -> Sequence[model.Protection]:
        rows = self._connection.execute(
            sa.select(_protections)
            .where(self._mine())
            .order_by(_protections.c.created, _protections.c.protected_id)
        )
        return [
            model.Protection(
                kind=model.ProtectedKind(row.kind),
                protected_id=row.protected_id,
                note=row.note,
                created=datetime.fromisoformat(row.created),
            )
            for row in rows
        ]

    def of(
        self, accounts: Sequence[tuple[identifiers.ObjectId, identifiers.TargetId | None]]
    ) -> frozenset[identifiers.ObjectId]:
        wanted = {object_id for object_id, _ in accounts} | {target for _, target in accounts if target}
        rows = self._connection.execute(
            sa.select(_protections.c.kind, _protections.c.protected_id).where(
                self._mine(), bulk.among(self._connection, _protections.c.protected_id, sorted(wanted))
            )
        )
        found = {(row.kind, row.protected_id) for row in rows}
        return frozenset(
            object_id
            for object_id, target_id in accounts
            if (model.ProtectedKind.OBJECT, object_id) in found
            or (model.ProtectedKind.ACCOUNT, target_id) in found
        )

    def _mine(self) -> sa.ColumnElement[bool]:
        return _protections.c.application_id == self._application_id
