"""What a listing of the target showed, kept on disk for the length of one plan so that memory stays flat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from provisor.core import identifiers, objects
from provisor.store import bulk, encoding, tables
from provisor.store.database import upsert

_resources = tables.snapshot_resources
_keys = tables.snapshot_keys
_CLAIM = "claim:"
"""Before the attribute's name in keys that say who is about to have the value; they name an object, not an account."""


class Snapshots:
    """The snapshot of one plan, within one transaction."""

    def __init__(self, connection: sa.Connection, plan_id: identifiers.PlanId) -> None:
        self._connection = connection
        self._plan_id = plan_id

    def add(
        self,
        object_type: objects.ObjectType,
        resources: Iterable[tuple[identifiers.TargetId, Mapping[str, Any], Sequence[tuple[str, str]]]],
    ) -> None:
        rows: list[dict[str, str]] = []
        keys: list[dict[str, str]] = []
        for target_id, document, values in resources:
            place = {"plan_id": self._plan_id, "object_type": object_type, "target_id": target_id}
            rows.append({**place, "document": encoding.document(document)})
            keys.extend({**place, "attribute": name, "value": value.casefold()} for name, value in values)
        for table, batch in ((_resources, rows), (_keys, keys)):
            if batch:
                self._connection.execute(upsert(self._connection, table).on_conflict_do_nothing(), batch)

    def count(self, object_type: objects.ObjectType) -> int:
        return int(
            self._connection.execute(
                sa.select(sa.func.count()).where(
                    _resources.c.plan_id == self._plan_id, _resources.c.object_type == object_type
                )
            ).scalar_one()
        )

    def by_value(
        self, object_type: objects.ObjectType, attribute: str, values: Sequence[str]
    ) -> Mapping[str, Sequence[identifiers.TargetId]]:
        rows = self._connection.execute(
            sa.select(_keys.c.value, _keys.c.target_id).where(
                _keys.c.plan_id == self._plan_id,
                _keys.c.object_type == object_type,
                _keys.c.attribute == attribute,
                bulk.among(self._connection, _keys.c.value, [value.casefold() for value in values]),
            )
        )
        found: dict[str, list[identifiers.TargetId]] = {}
        for value, target_id in rows:
            found.setdefault(value, []).append(target_id)
        return found

    def claim(
        self, object_type: objects.ObjectType, claims: Iterable[tuple[str, str, identifiers.ObjectId]]
    ) -> None:
        place = {"plan_id": self._plan_id, "object_type": object_type}
        rows = [
            {**place, "attribute": f"{_CLAIM}{attribute}", "value": value, "target_id": holder}
            for attribute, value, holder in claims
        ]
        if rows:
            self._connection.execute(upsert(self._connection, _keys).on_conflict_do_nothing(), rows)

    def claimants(
        self, object_type: objects.ObjectType, attribute: str, values: Sequence[str]
    ) -> Mapping[str, identifiers.ObjectId]:
        rows = self._connection.execute(
            sa.select(_keys.c.value, _keys.c.target_id).where(
                _keys.c.plan_id == self._plan_id,
                _keys.c.object_type == object_type,
                _keys.c.attribute == f"{_CLAIM}{attribute}",
                bulk.among(self._connection, _keys.c.value, values),
            )
        )
        return {value: identifiers.ObjectId(holder) for value, holder in rows}

    def documents(
        self, object_type: objects.ObjectType, target_ids: Sequence[identifiers.TargetId]
    ) -> Mapping[identifiers.TargetId, Mapping[str, Any]]:
        rows = self._connection.execute(
            sa.select(_resources.c.target_id, _resources.c.document).where(
                _resources.c.plan_id == self._plan_id,
                _resources.c.object_type == object_type,
                bulk.among(self._connection, _resources.c.target_id, target_ids),
            )
        )
        return {row.target_id: encoding.parsed(row.document) for row in rows}
