"""Users, groups and memberships of the directory, each change with a sequence number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from provisor.core import identifiers, objects, searching
from provisor.ports.store.directory import Saved
from provisor.store import bulk, encoding, signals, tables
from provisor.store.database import upsert

_objects = tables.objects
_memberships = tables.memberships
_TYPES = {item.value: item for item in objects.ObjectType}
_LIFECYCLES = {item.value: item for item in objects.Lifecycle}


class Directory:
    """The directory within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    # -- reading ---------------------------------------------------------

    def get(self, object_id: identifiers.ObjectId) -> objects.DirectoryObject | None:
        row = self._connection.execute(sa.select(_objects).where(_objects.c.id == object_id)).first()
        return None if row is None else directory_object(row)

    def named(self, object_type: objects.ObjectType, name: str) -> Sequence[objects.DirectoryObject]:
        rows = self._connection.execute(
            sa.select(_objects)
            .where(
                _objects.c.object_type == object_type,
                _objects.c.lookup_key == name.casefold(),
                _objects.c.lifecycle != objects.Lifecycle.HARD_DELETED,
            )
            .order_by(_objects.c.id)
        )
        return [directory_object(row) for row in rows]

    def changed(
        self,
        object_type: objects.ObjectType,
        after: identifiers.Sequence,
        up_to: identifiers.Sequence,
        limit: int,
    ) -> Sequence[objects.DirectoryObject]:
        rows = self._connection.execute(
            sa.select(_objects)
            .where(
                _objects.c.object_type == object_type,
                _objects.c.sequence > after,
                _objects.c.sequence <= up_to,
            )
            .order_by(_objects.c.sequence)
            .limit(limit)
        )
        return [directory_object(row) for row in rows]

    def many(self, ids: Sequence[identifiers.ObjectId]) -> Sequence[objects.DirectoryObject]:
        rows = self._connection.execute(
            sa.select(_objects).where(bulk.among(self._connection, _objects.c.id, ids))
        )
        return [directory_object(row) for row in rows]

    def listing(
        self, object_type: objects.ObjectType, after_key: tuple[str, str], limit: int
    ) -> Sequence[objects.DirectoryObject]:
        rows = self._connection.execute(
            sa.select(_objects)
            .where(
                _objects.c.object_type == object_type,
                _objects.c.lifecycle != objects.Lifecycle.HARD_DELETED,
                sa.tuple_(_objects.c.lookup_key, _objects.c.id) > sa.tuple_(*map(sa.literal, after_key)),
            )
            .order_by(_objects.c.lookup_key, _objects.c.id)
            .limit(limit)
        )
        return [directory_object(row) for row in rows]

    def count(self, object_type: objects.ObjectType) -> int:
        return int(
            self._connection.execute(
                sa.select(sa.func.count()).where(
                    _objects.c.object_type == object_type,
                    _objects.c.lifecycle == objects.Lifecycle.ACTIVE,
                )
            ).scalar_one()
        )

    def groups_of(self, member: identifiers.ObjectId) -> Sequence[tuple[identifiers.ObjectId, str]]:
        rows = self._connection.execute(
            sa.select(_objects.c.id, _objects.c.display_name)
            .join(_memberships, _memberships.c.group_id == _objects.c.id)
            .where(_memberships.c.member_id == member, sa.not_(_memberships.c.removed))
            .order_by(_objects.c.display_name)
        )
        return [(identifiers.ObjectId(row.id), row.display_name) for row in rows]

    def groups_of_many(
        self, ids: Sequence[identifiers.ObjectId]
    ) -> Mapping[identifiers.ObjectId, Sequence[tuple[identifiers.ObjectId, str]]]:
        rows = self._connection.execute(
            sa.select(_memberships.c.member_id, _objects.c.id, _objects.c.display_name)
            .join(_objects, _memberships.c.group_id == _objects.c.id)
            .where(
                bulk.among(self._connection, _memberships.c.member_id, ids),
                sa.not_(_memberships.c.removed),
                _objects.c.lifecycle == objects.Lifecycle.ACTIVE,
            )
        )
        found: dict[identifiers.ObjectId, list[tuple[identifiers.ObjectId, str]]] = {}
        for member_id, group_id, display_name in rows:
            found.setdefault(member_id, []).append((group_id, display_name))
        return found

    def members_of(
        self, group: identifiers.ObjectId, after: str, limit: int
    ) -> Sequence[tuple[identifiers.ObjectId, str]]:
        rows = self._connection.execute(
            sa.select(_objects.c.id, _objects.c.display_name)
            .join(_memberships, _memberships.c.member_id == _objects.c.id)
            .where(
                _memberships.c.group_id == group,
                sa.not_(_memberships.c.removed),
                _memberships.c.member_id > after,
            )
            .order_by(_memberships.c.member_id)
            .limit(limit)
        )
        return [(identifiers.ObjectId(row.id), row.display_name) for row in rows]

    def reports_of(self, manager: identifiers.ObjectId) -> Sequence[tuple[identifiers.ObjectId, str]]:
        rows = self._connection.execute(
            sa.select(_objects.c.id, _objects.c.display_name)
            .where(
                _objects.c.manager_id == manager,
                _objects.c.lifecycle != objects.Lifecycle.HARD_DELETED,
            )
            .order_by(_objects.c.display_name, _objects.c.id)
        )
        return [(identifiers.ObjectId(row.id), row.display_name) for row in rows]

    def sequence(self) -> identifiers.Sequence:
        value = self._connection.execute(sa.select(tables.change_counter.c.value)).scalar_one()
        return identifiers.Sequence(value)

    # -- writing ---------------------------------------------------------

    def date_changes(self, now: datetime) -> None:
        moments = tables.change_moments
        self._connection.execute(
            upsert(self._connection, moments).on_conflict_do_nothing(),
            {"sequence": self.sequence(), "at": encoding.instant(now)},
        )

    def forget_dates(self, before: datetime) -> int:
        moments = tables.change_moments
        return self._connection.execute(
            moments.delete().where(moments.c.at < encoding.instant(before))
        ).rowcount

    def save(self, source: str, batch: Sequence[objects.ImportedObject], now: datetime) -> Saved:
        wanted = {
            encoding.object_id(source, item.object_type, item.anchor): _columns(source, item)
            for item in batch
        }
        known = {
            row.id: row
            for row in self._connection.execute(
                sa.select(_objects).where(bulk.among(self._connection, _objects.c.id, list(wanted)))
            )
        }
        counts = {"created": 0, "updated": 0, "restored": 0, "unchanged": 0}
        rows: list[dict[str, Any]] = []
        for object_id, columns in wanted.items():
            row = known.get(object_id)
            outcome = _outcome(row, columns)
            counts[outcome] += 1
            if outcome != "unchanged":
                alive = row is not None and row.lifecycle == objects.Lifecycle.ACTIVE
                since = row.lifecycle_since if row is not None and alive else encoding.instant(now)
                rows.append({"id": object_id, **columns, "lifecycle_since": since})
        self._write(rows)
        return Saved(**counts)

    def set_lifecycle(
        self, ids: Sequence[identifiers.ObjectId], lifecycle: objects.Lifecycle, now: datetime
    ) -> None:
        numbers = signals.take(self._connection, len(ids))
        self._connection.execute(
            _objects.update()
            .where(_objects.c.id == sa.bindparam("key"))
            .values(
                lifecycle=lifecycle,
                lifecycle_since=encoding.instant(now),
                sequence=sa.bindparam("number"),
            ),
            [{"key": key, "number": number} for key, number in zip(ids, numbers, strict=True)],
        )
        if lifecycle is objects.Lifecycle.HARD_DELETED:
            for object_id in ids:
                self._end_memberships(object_id)

    def save_memberships(
        self, pairs: Iterable[tuple[identifiers.ObjectId, identifiers.ObjectId, objects.ObjectType]]
    ) -> int:
        wanted = {(group, member): kind for group, member, kind in pairs}
        groups = sorted({group for group, _ in wanted})
        members = sorted({member for _, member in wanted})
        live = {
            (row.group_id, row.member_id)
            for row in self._connection.execute(
                sa.select(_memberships.c.group_id, _memberships.c.member_id).where(
                    bulk.among(self._connection, _memberships.c.group_id, groups),
                    bulk.among(self._connection, _memberships.c.member_id, members),
                    sa.not_(_memberships.c.removed),
                )
            )
        }
        new = [
            (group, member, kind) for (group, member), kind in wanted.items() if (group, member) not in live
        ]
        if not new:
            return 0
        numbers = signals.take(self._connection, len(new))
        statement = upsert(self._connection, _memberships)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["group_id", "member_id"],
                set_={"removed": sa.false(), "sequence": statement.excluded.sequence},
            ),
            [
                {
                    "group_id": group,
                    "member_id": member,
                    "member_type": kind,
                    "removed": False,
                    "sequence": number,
                }
                for (group, member, kind), number in zip(new, numbers, strict=True)
            ],
        )
        return len(new)

    def end_memberships(self, pairs: Sequence[tuple[identifiers.ObjectId, identifiers.ObjectId]]) -> int:
        if not pairs:
            return 0
        numbers = signals.take(self._connection, len(pairs))
        result = self._connection.execute(
            _memberships.update()
            .where(
                _memberships.c.group_id == sa.bindparam("of_group"),
                _memberships.c.member_id == sa.bindparam("of_member"),
                sa.not_(_memberships.c.removed),
            )
            .values(removed=sa.true(), sequence=sa.bindparam("number")),
            [
                {"of_group": group, "of_member": member, "number": number}
                for (group, member), number in zip(pairs, numbers, strict=True)
            ],
        )
        return int(result.rowcount)

    def shared_names(self, source: str) -> Sequence[tuple[str, int]]:
        mine = (
            sa.select(_objects.c.lookup_key)
            .where(
                _objects.c.object_type == objects.ObjectType.USER,
                _objects.c.source == source,
                _objects.c.lifecycle == objects.Lifecycle.ACTIVE,
            )
            .scalar_subquery()
        )
        rows = self._connection.execute(
            sa.select(_objects.c.lookup_key, sa.func.count())
            .where(
                _objects.c.object_type == objects.ObjectType.USER,
                _objects.c.lifecycle == objects.Lifecycle.ACTIVE,
                _objects.c.lookup_key.in_(mine),
            )
            .group_by(_objects.c.lookup_key)
            .having(sa.func.count() > 1)
            .limit(5)
        )
        return [(row[0], row[1]) for row in rows]

    def _end_memberships(self, object_id: identifiers.ObjectId) -> None:
        pairs = self._connection.execute(
            sa.select(_memberships.c.group_id, _memberships.c.member_id).where(
                sa.or_(_memberships.c.member_id == object_id, _memberships.c.group_id == object_id),
                sa.not_(_memberships.c.removed),
            )
        ).all()
        self.end_memberships([(row.group_id, row.member_id) for row in pairs])

    def _write(self, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        for row, number in zip(rows, signals.take(self._connection, len(rows)), strict=True):
            row["sequence"] = number
        statement = upsert(self._connection, _objects)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["id"],
                set_={name: statement.excluded[name] for name in rows[0] if name != "id"},
            ),
            rows,
        )


def directory_object(row: sa.Row[Any]) -> objects.DirectoryObject:
    """A row of `objects`, selected whole, as a value."""
    (
        object_id,
        object_type,
        source,
        anchor,
        _lookup_key,
        display_name,
        account_enabled,
        lifecycle,
        _lifecycle_since,
        attributes,
        manager_id,
        sequence,
    ) = tuple(row)[:12]
    return objects.DirectoryObject(
        id=object_id,
        object_type=_TYPES[object_type],
        source=source,
        anchor=anchor,
        display_name=display_name,
        account_enabled=account_enabled,
        lifecycle=_LIFECYCLES[lifecycle],
        attributes=encoding.attributes(attributes),
        manager_id=manager_id,
        sequence=sequence,
    )


def _columns(source: str, item: objects.ImportedObject) -> dict[str, Any]:
    principal = item.attributes.get("userPrincipalName")
    is_user = item.object_type is objects.ObjectType.USER
    name = principal if is_user and isinstance(principal, str) else item.display_name
    return {
        "object_type": item.object_type,
        "source": source,
        "anchor": item.anchor,
        "lookup_key": name.casefold(),
        "display_name": item.display_name,
        "account_enabled": item.account_enabled,
        "lifecycle": objects.Lifecycle.ACTIVE,
        "attributes": encoding.document(dict(item.attributes)),
        "search_text": searching.folded(item.display_name, principal, item.attributes.get("mail")),
        "manager_id": encoding.object_id(source, objects.ObjectType.USER, item.manager)
        if item.manager
        else None,
    }


def _outcome(row: sa.Row[Any] | None, columns: dict[str, Any]) -> str:
    if row is None:
        return "created"
    if row.lifecycle != objects.Lifecycle.ACTIVE:
        return "restored"
    # what it is found by follows from the rest
    same = all(getattr(row, name) == value for name, value in columns.items() if name != "search_text")
    return "unchanged" if same else "updated"
