"""References still to be written: memberships and managers, told apart from those the target holds already.

All questions are of the kind "what should be there and is not": they need no memory of what failed before, and a
reference is back-filled in the very cycle in which its object gets an account.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from provisor.core import identifiers, plan
from provisor.store import bulk, encoding, tables
from provisor.store.database import upsert

_applied = tables.applied_references

MEMBERS = "members"
MANAGER = "manager"

# An object that has an account, or will have one when this plan's earlier phases are through.
_ARRIVING = "r.plan_id = :plan AND r.kind IN ('create', 'link', 'update', 'enable')"
_PRESENT = (
    """(
  EXISTS (SELECT 1 FROM links l WHERE l.application_id = :application AND l.object_id = {id})
  OR EXISTS (SELECT 1 FROM plan_rows r WHERE r.object_id = {id} AND """
    + _ARRIVING
    + """)
)"""
)
_LEAVING = (
    "EXISTS (SELECT 1 FROM plan_rows r WHERE r.object_id = {id} AND r.plan_id = :plan AND r.kind = 'delete')"
)
_NEW_ACCOUNT = (
    "EXISTS (SELECT 1 FROM plan_rows r WHERE r.object_id = {id} AND r.plan_id = :plan "
    "AND (r.kind IN ('create', 'link') OR r.reason = 'accountRelinked' "
    "OR (r.kind = 'update' AND r.link_version IS NULL)))"
)
# What was written from or to the account of before is not there in, or does not lead to, the one that took its place.
_RELINKED = (
    "EXISTS (SELECT 1 FROM plan_rows r WHERE r.object_id = {id} AND r.plan_id = :plan "
    "AND r.reason = 'accountRelinked')"
)
# A group whose members could not all be written, in its pause until the next attempt: only what is new is tried.
_RESTING = """(:after >= 0 AND EXISTS (
  SELECT 1 FROM escrows e
   WHERE e.application_id = :application AND e.object_id = :group AND e.is_reference
     AND (e.given_up IS NOT NULL OR e.next_attempt > :made)
))"""

_ALL_GROUPS = f"""
SELECT o.id FROM objects o
 WHERE o.object_type = 'Group' AND o.id > :last AND {_PRESENT.format(id="o.id")} AND NOT {_LEAVING.format(id="o.id")}
 ORDER BY o.id LIMIT :limit
"""

_TOUCHED_GROUPS = f"""
SELECT o.id FROM (
  SELECT group_id AS id FROM memberships WHERE sequence > :after AND sequence <= :up_to
  UNION
  SELECT m.group_id FROM plan_rows r JOIN memberships m ON m.member_id = r.object_id
   WHERE r.plan_id = :plan AND r.kind IN ('create', 'link', 'update', 'enable') AND NOT m.removed
  UNION
  SELECT r.object_id FROM plan_rows r WHERE r.plan_id = :plan AND r.object_type = 'Group'
  UNION
  SELECT object_id FROM plan_candidates WHERE plan_id = :plan
) o
 WHERE o.id > :last AND EXISTS (SELECT 1 FROM objects g WHERE g.id = o.id AND g.object_type = 'Group')
   AND {_PRESENT.format(id="o.id")} AND NOT {_LEAVING.format(id="o.id")}
 ORDER BY o.id LIMIT :limit
"""

_GROUPS_HOLDING = f"""
SELECT o.id FROM (
  SELECT group_id AS id FROM memberships WHERE member_id = :member AND NOT removed
  UNION
  SELECT object_id FROM applied_references
   WHERE application_id = :application AND attribute = 'members' AND referenced_id = :member
) o
 WHERE {_PRESENT.format(id="o.id")} AND NOT {_LEAVING.format(id="o.id")}
 ORDER BY o.id
"""

_IS_PRESENT = f"SELECT 1 WHERE {_PRESENT.format(id=':object')} AND NOT {_LEAVING.format(id=':object')}"

_MISSING_MEMBERS = f"""
SELECT m.member_id FROM memberships m
 WHERE m.group_id = :group AND NOT m.removed AND m.member_id > :last
   AND {_PRESENT.format(id="m.member_id")} AND NOT {_LEAVING.format(id="m.member_id")} {{among}}
   AND (NOT EXISTS (SELECT 1 FROM applied_references a
                     WHERE a.application_id = :application AND a.object_id = m.group_id
                       AND a.attribute = 'members' AND a.referenced_id = m.member_id)
        OR EXISTS (SELECT 1 FROM plan_rows r
                    WHERE r.object_id = m.member_id AND r.plan_id = :plan AND r.kind = 'create')
        OR {_RELINKED.format(id="m.member_id")} OR {_RELINKED.format(id=":group")})
   AND (m.sequence > :after OR NOT {_RESTING}
        OR EXISTS (SELECT 1 FROM plan_rows r WHERE r.object_id = m.member_id AND {_ARRIVING})
        OR {_NEW_ACCOUNT.format(id=":group")})
 ORDER BY m.member_id LIMIT :limit
"""

_SURPLUS_MEMBERS = f"""
SELECT a.referenced_id FROM applied_references a
 WHERE a.application_id = :application AND a.object_id = :group AND a.attribute = 'members'
   AND a.referenced_id > :last {{among}}
   AND NOT EXISTS (SELECT 1 FROM memberships m
                    WHERE m.group_id = a.object_id AND m.member_id = a.referenced_id AND NOT m.removed)
   AND (NOT {_RESTING}
        OR EXISTS (SELECT 1 FROM memberships m
                    WHERE m.group_id = a.object_id AND m.member_id = a.referenced_id AND m.sequence > :after))
 ORDER BY a.referenced_id LIMIT :limit
"""

_MISSING_MANAGERS = f"""
SELECT o.id, o.manager_id FROM objects o
 WHERE o.id > :last AND o.object_type = 'User' AND o.lifecycle = 'active' AND o.manager_id IS NOT NULL
   {{touched}}
   AND (EXISTS (SELECT 1 FROM plan_rows r WHERE r.object_id = o.id AND {_ARRIVING})
        OR EXISTS (SELECT 1 FROM links l WHERE l.application_id = :application AND l.object_id = o.id
                      AND l.state = 'active'))
   AND NOT EXISTS (SELECT 1 FROM plan_rows r WHERE r.object_id = o.id AND r.plan_id = :plan
                      AND r.kind IN ('disable', 'delete', 'fail'))
   AND {_PRESENT.format(id="o.manager_id")} AND NOT {_LEAVING.format(id="o.manager_id")}
   AND (NOT EXISTS (SELECT 1 FROM applied_references a
                     WHERE a.application_id = :application AND a.object_id = o.id
                       AND a.attribute = 'manager' AND a.referenced_id = o.manager_id)
        OR {_NEW_ACCOUNT.format(id="o.id")} OR {_RELINKED.format(id="o.manager_id")})
 ORDER BY o.id LIMIT :limit
"""
_ONE_REPORT = "AND o.id = :person"
_TOUCHED_REPORTS = """
   AND o.id IN (
     SELECT object_id FROM plan_candidates WHERE plan_id = :plan
     UNION
     SELECT reporting.id FROM plan_rows r JOIN objects reporting ON reporting.manager_id = r.object_id
      WHERE r.plan_id = :plan AND r.kind IN ('create', 'link', 'update', 'enable')
   )
"""


class References:
    """References of one application, within one transaction."""

    def __init__(self, connection: sa.Connection, application_id: identifiers.ApplicationId) -> None:
        self._connection = connection
        self._application_id = application_id

    def groups(
        self,
        plan_id: identifiers.PlanId,
        after: identifiers.Sequence | None,
        up_to: identifiers.Sequence,
        last: str,
        limit: int,
    ) -> Sequence[identifiers.ObjectId]:
        values = {"after": after, "up_to": up_to} if after is not None else {}
        query = _ALL_GROUPS if after is None else _TOUCHED_GROUPS
        return self._ids(query, plan=plan_id, last=last, limit=limit, **values)

    def groups_holding(
        self, plan_id: identifiers.PlanId, member: identifiers.ObjectId
    ) -> Sequence[identifiers.ObjectId]:
        return self._ids(_GROUPS_HOLDING, plan=plan_id, member=member)

    def is_present(self, plan_id: identifiers.PlanId, object_id: identifiers.ObjectId) -> bool:
        values = {"application": self._application_id, "plan": plan_id, "object": object_id}
        return self._connection.execute(sa.text(_IS_PRESENT), values).first() is not None

    def missing_members(
        self,
        made: plan.Plan,
        group: identifiers.ObjectId,
        last: str,
        limit: int,
        *,
        among: Sequence[identifiers.ObjectId] | None = None,
    ) -> Sequence[identifiers.ObjectId]:
        return self._members(
            _MISSING_MEMBERS,
            "m.member_id",
            among,
            plan=made.id,
            group=group,
            last=last,
            limit=limit,
            **_pause(made),
        )

    def surplus_members(
        self,
        made: plan.Plan,
        group: identifiers.ObjectId,
        last: str,
        limit: int,
        *,
        among: Sequence[identifiers.ObjectId] | None = None,
    ) -> Sequence[identifiers.ObjectId]:
        return self._members(
            _SURPLUS_MEMBERS, "a.referenced_id", among, group=group, last=last, limit=limit, **_pause(made)
        )

    def missing_managers(
        self, plan_id: identifiers.PlanId, *, everybody: bool, last: str, limit: int
    ) -> Sequence[tuple[identifiers.ObjectId, identifiers.ObjectId]]:
        query = _MISSING_MANAGERS.format(touched="" if everybody else _TOUCHED_REPORTS)
        rows = self._connection.execute(
            sa.text(query),
            {"application": self._application_id, "plan": plan_id, "last": last, "limit": limit},
        )
        return [(identifiers.ObjectId(row[0]), identifiers.ObjectId(row[1])) for row in rows]

    def missing_manager(
        self, plan_id: identifiers.PlanId, person: identifiers.ObjectId
    ) -> identifiers.ObjectId | None:
        found = self._connection.execute(
            sa.text(_MISSING_MANAGERS.format(touched=_ONE_REPORT)),
            {
                "application": self._application_id,
                "plan": plan_id,
                "person": person,
                "last": "",
                "limit": 1,
            },
        ).first()
        return None if found is None else identifiers.ObjectId(found[1])

    def member_count(self) -> int:
        query = sa.select(sa.func.count()).where(
            _applied.c.application_id == self._application_id, _applied.c.attribute == MEMBERS
        )
        return int(self._connection.execute(query).scalar_one())

    def live_members(
        self, group: identifiers.ObjectId, ids: Sequence[identifiers.ObjectId]
    ) -> frozenset[identifiers.ObjectId]:
        memberships = tables.memberships
        rows = self._connection.execute(
            sa.select(memberships.c.member_id).where(
                memberships.c.group_id == group,
                bulk.among(self._connection, memberships.c.member_id, ids),
                sa.not_(memberships.c.removed),
            )
        )
        return frozenset(identifiers.ObjectId(row.member_id) for row in rows)

    def managers(
        self, ids: Sequence[identifiers.ObjectId]
    ) -> Mapping[identifiers.ObjectId, identifiers.ObjectId]:
        rows = self._connection.execute(
            sa.select(_applied.c.object_id, _applied.c.referenced_id).where(
                _applied.c.application_id == self._application_id,
                _applied.c.attribute == MANAGER,
                bulk.among(self._connection, _applied.c.object_id, ids),
            )
        )
        return {row.object_id: row.referenced_id for row in rows}

    def applied(
        self, object_id: identifiers.ObjectId, attribute: str, ids: Sequence[identifiers.ObjectId]
    ) -> Mapping[identifiers.ObjectId, identifiers.TargetId]:
        rows = self._connection.execute(
            sa.select(_applied.c.referenced_id, _applied.c.referenced_target_id).where(
                _applied.c.application_id == self._application_id,
                _applied.c.object_id == object_id,
                _applied.c.attribute == attribute,
                bulk.among(self._connection, _applied.c.referenced_id, ids),
            )
        )
        return {row.referenced_id: row.referenced_target_id for row in rows}

    def written(
        self, object_id: identifiers.ObjectId, attribute: str, last: str, limit: int
    ) -> Sequence[tuple[identifiers.ObjectId, identifiers.TargetId]]:
        rows = self._connection.execute(
            sa.select(_applied.c.referenced_id, _applied.c.referenced_target_id)
            .where(
                _applied.c.application_id == self._application_id,
                _applied.c.object_id == object_id,
                _applied.c.attribute == attribute,
                _applied.c.referenced_id > last,
            )
            .order_by(_applied.c.referenced_id)
            .limit(limit)
        )
        return [(row.referenced_id, row.referenced_target_id) for row in rows]

    def note_applied(
        self,
        object_id: identifiers.ObjectId,
        attribute: str,
        references: Mapping[identifiers.ObjectId, identifiers.TargetId],
    ) -> None:
        if not references:
            return
        if attribute == MANAGER:
            self._forget(object_id, attribute, None)
        statement = upsert(self._connection, _applied)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["application_id", "object_id", "attribute", "referenced_id"],
                set_={"referenced_target_id": statement.excluded.referenced_target_id},
            ),
            [
                {
                    "application_id": self._application_id,
                    "object_id": object_id,
                    "attribute": attribute,
                    "referenced_id": referenced,
                    "referenced_target_id": target_id,
                }
                for referenced, target_id in references.items()
            ],
        )

    def note_removed(
        self, object_id: identifiers.ObjectId, attribute: str, ids: Sequence[identifiers.ObjectId]
    ) -> None:
        if ids:
            self._forget(object_id, attribute, ids)

    def _forget(self, object_id: str, attribute: str, ids: Sequence[str] | None) -> None:
        query = _applied.delete().where(
            _applied.c.application_id == self._application_id,
            _applied.c.object_id == object_id,
            _applied.c.attribute == attribute,
        )
        self._connection.execute(
            query if ids is None else query.where(bulk.among(self._connection, _applied.c.referenced_id, ids))
        )

    def _members(
        self, query: str, column: str, among: Sequence[identifiers.ObjectId] | None, **values: object
    ) -> Sequence[identifiers.ObjectId]:
        if among is None:
            return self._ids(query.format(among=""), **values)
        listed = bulk.elements(self._connection, "among")
        return self._ids(
            query.format(among=f"AND {column} IN ({listed})"), among=encoding.document(list(among)), **values
        )

    def _ids(self, query: str, **values: object) -> Sequence[identifiers.ObjectId]:
        rows = self._connection.execute(sa.text(query), {"application": self._application_id, **values})
        return [identifiers.ObjectId(row[0]) for row in rows]


def _pause(made: plan.Plan) -> Mapping[str, object]:
    """From when on a membership is new, and when failures had to be due; a plan of everybody knows no pause."""
    return {
        "after": -1 if made.retries_everything else made.from_watermark,
        "made": encoding.instant(made.created),
    }
