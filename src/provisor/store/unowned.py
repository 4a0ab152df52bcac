"""Accounts of the target that nobody of the directory is linked to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from provisor.core import identifiers, objects
from provisor.core import unowned as model
from provisor.store import bulk, encoding, tables
from provisor.store.database import upsert

_table = tables.unowned_accounts
_rows = tables.plan_rows

_UNOWNED = sa.text(
    """
SELECT s.target_id FROM snapshot_resources s
 WHERE s.plan_id = :plan AND s.object_type = :type AND s.target_id > :after
   AND NOT EXISTS (SELECT 1 FROM links l
                    WHERE l.application_id = :application AND l.object_type = s.object_type
                      AND l.target_id = s.target_id)
   AND NOT EXISTS (SELECT 1 FROM plan_rows r
                    WHERE r.plan_id = s.plan_id AND r.object_type = s.object_type AND r.target_id = s.target_id
                      AND r.kind <> 'skip')
 ORDER BY s.target_id LIMIT :limit
"""
)


class UnownedAccounts:
    """The unowned accounts of one application, within one transaction."""

    def __init__(self, connection: sa.Connection, application_id: identifiers.ApplicationId) -> None:
        self._connection = connection
        self._application_id = application_id

    def candidates(
        self, plan_id: identifiers.PlanId, object_type: objects.ObjectType, after: str, limit: int
    ) -> Sequence[identifiers.TargetId]:
        found = self._connection.execute(
            _UNOWNED,
            {
                "plan": plan_id,
                "type": object_type,
                "after": after,
                "application": self._application_id,
                "limit": limit,
            },
        )
        return [identifiers.TargetId(row.target_id) for row in found]

    def matches(
        self, plan_id: identifiers.PlanId, target_ids: Sequence[identifiers.TargetId]
    ) -> Mapping[identifiers.TargetId, identifiers.ObjectId]:
        found = self._connection.execute(
            sa.select(_rows.c.target_id, _rows.c.object_id).where(
                _rows.c.plan_id == plan_id,
                _rows.c.kind == "skip",
                bulk.among(self._connection, _rows.c.target_id, target_ids),
            )
        )
        return {row.target_id: row.object_id for row in found}

    def save(self, found: Sequence[model.UnownedAccount], now: datetime) -> None:
        if not found:
            return
        statement = upsert(self._connection, _table)
        changed = ("name", "active", "matches", "last_seen")
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["application_id", "object_type", "target_id"],
                set_={name: statement.excluded[name] for name in changed},
            ),
            [
                {
                    "application_id": self._application_id,
                    "object_type": item.object_type,
                    "target_id": item.target_id,
                    "name": item.name,
                    "active": item.active,
                    "matches": item.matches,
                    "first_seen": encoding.instant(now),
                    "last_seen": encoding.instant(now),
                }
                for item in found
            ],
        )

    def forget_older(self, moment: datetime) -> None:
        self._connection.execute(
            _table.delete().where(
                _table.c.application_id == self._application_id,
                _table.c.last_seen < encoding.instant(moment),
            )
        )

    def listing(
        self, after: tuple[str, str] | None = None, limit: int = 100
    ) -> Sequence[model.UnownedAccount]:
        query = sa.select(_table).where(_table.c.application_id == self._application_id)
        if after is not None:
            query = query.where(
                sa.tuple_(_table.c.object_type, _table.c.target_id) > sa.tuple_(*map(sa.literal, after))
            )
        rows = self._connection.execute(query.order_by(_table.c.object_type, _table.c.target_id).limit(limit))
        return [
            model.UnownedAccount(
                object_type=objects.ObjectType(row.object_type),
                target_id=row.target_id,
                name=row.name,
                active=row.active,
                matches=row.matches,
                first_seen=datetime.fromisoformat(row.first_seen),
                last_seen=datetime.fromisoformat(row.last_seen),
            )
            for row in rows
        ]

    def count(self) -> int:
        return int(
            self._connection.execute(
                sa.select(sa.func.count()).where(_table.c.application_id == self._application_id)
            ).scalar_one()
        )
