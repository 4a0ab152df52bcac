"""Whom a plan must look at, and who holds which role: set questions, answered by the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from provisor.core import identifiers, objects
from provisor.core.assignments import Grant, RoleReach
from provisor.core.job import Retries
from provisor.store import bulk, directory, encoding, tables

# Groups whose members hold a role of the application: the assigned ones and, where roles reach through nested groups,
# the groups inside them. UNION (not UNION ALL) walks a cycle of groups once.
_REACHING = """
WITH RECURSIVE reaching(group_id, role_id, via) AS (
  SELECT a.principal_id, a.role_id, a.principal_id
    FROM assignments a JOIN objects o ON o.id = a.principal_id
   WHERE a.application_id = :application AND a.principal_type = 'Group' AND o.lifecycle = 'active'
  {nested}
)
"""
_NESTED = """
  UNION
  SELECT m.member_id, r.role_id, r.via
    FROM reaching r JOIN memberships m ON m.group_id = r.group_id JOIN objects o ON o.id = m.member_id
   WHERE m.member_type = 'Group' AND NOT m.removed AND o.lifecycle = 'active'
"""

# Groups whose members may have gained or lost a role: their own state, their assignment, or their place in another
# group changed. Their members are candidates; through nested groups, where roles reach that far.
_SHAKEN = """
WITH RECURSIVE shaken(group_id) AS (
  SELECT id FROM objects WHERE object_type = 'Group' AND sequence > :after AND sequence <= :up_to
  UNION
  SELECT v.object_id FROM reviews v JOIN objects o ON o.id = v.object_id
   WHERE v.application_id = :application AND v.sequence > :after AND v.sequence <= :up_to
     AND o.object_type = 'Group'
  UNION
  SELECT member_id FROM memberships
   WHERE member_type = 'Group' AND sequence > :after AND sequence <= :up_to
  {nested}
)
"""
_SHAKEN_NESTED = """
  UNION
  SELECT m.member_id FROM shaken s JOIN memberships m ON m.group_id = s.group_id
   WHERE m.member_type = 'Group' AND NOT m.removed
"""

_INSERT = "INSERT INTO plan_candidates (plan_id, object_id) "

_CHANGED = (
    _INSERT
    + """
SELECT CAST(:plan AS TEXT), found.id FROM (
  SELECT id FROM objects WHERE object_type IN ('User', 'Group') AND sequence > :after AND sequence <= :up_to
  UNION
  SELECT object_id FROM reviews
   WHERE application_id = :application AND sequence > :after AND sequence <= :up_to
  UNION
  SELECT member_id FROM memberships WHERE sequence > :after AND sequence <= :up_to
  UNION
  SELECT object_id FROM escrows
   WHERE application_id = :application AND given_up IS NULL AND next_attempt <= :due
  UNION
  SELECT l.object_id FROM links l
   WHERE l.application_id = :application AND l.delete_due <= :now
     AND NOT EXISTS (SELECT 1 FROM escrows e
                      WHERE e.application_id = l.application_id AND e.object_id = l.object_id
                        AND (e.given_up IS NOT NULL OR e.next_attempt > :due))
) found
"""
)

_MEMBERS_OF_SHAKEN = """
SELECT CAST(:plan AS TEXT), member.member_id FROM (
  SELECT DISTINCT m.member_id FROM shaken s JOIN memberships m ON m.group_id = s.group_id WHERE NOT m.removed
) member
WHERE NOT EXISTS (
  SELECT 1 FROM plan_candidates c WHERE c.plan_id = :plan AND c.object_id = member.member_id
)
"""

_REPORTS = (
    _INSERT
    + """
SELECT CAST(:plan AS TEXT), o.id FROM objects o JOIN objects m ON m.id = o.manager_id
 WHERE m.sequence > :after AND m.sequence <= :up_to AND m.object_type = 'User'
   AND NOT EXISTS (SELECT 1 FROM plan_candidates c WHERE c.plan_id = :plan AND c.object_id = o.id)
"""
)

_GRANTS = """
SELECT principal_id AS object_id, role_id, NULL AS via FROM assignments
 WHERE application_id = :application AND principal_id IN ({ids})
UNION ALL
SELECT m.member_id, r.role_id, r.via FROM memberships m JOIN reaching r ON r.group_id = m.group_id
 WHERE m.member_id IN ({ids}) AND m.member_type = 'User' AND NOT m.removed
"""

_REASSIGNED = """
SELECT object_id FROM reviews
 WHERE application_id = :application AND sequence > :after AND object_id IN ({ids})
UNION
SELECT member_id FROM memberships WHERE sequence > :after AND member_id IN ({ids})
UNION
SELECT m.member_id FROM memberships m JOIN reviews v ON v.object_id = m.group_id
 WHERE v.application_id = :application AND v.sequence > :after AND m.member_id IN ({ids}) AND NOT m.removed
"""

_FOREVER = "9999"


class Candidates:
    """Candidates and grants of one application, within one transaction."""

    def __init__(self, connection: sa.Connection, application_id: identifiers.ApplicationId) -> None:
        self._connection = connection
        self._application_id = application_id

    def gather(
        self,
        plan_id: identifiers.PlanId,
        after: identifiers.Sequence,
        up_to: identifiers.Sequence,
        *,
        reach: RoleReach,
        retries: Retries,
        now: datetime,
    ) -> int:
        values = {
            "plan": plan_id,
            "application": self._application_id,
            "after": after,
            "up_to": up_to,
            "due": encoding.instant(now) if retries is Retries.DUE else _FOREVER,
            "now": encoding.instant(now),
        }
        self._connection.execute(sa.text(_CHANGED), values)
        shaken = _SHAKEN.format(nested=_SHAKEN_NESTED if reach is RoleReach.EFFECTIVE else "")
        members = _INSERT + shaken + _MEMBERS_OF_SHAKEN
        self._connection.execute(sa.text(members), values)
        return self._count(plan_id)

    def add_reports(
        self, plan_id: identifiers.PlanId, after: identifiers.Sequence, up_to: identifiers.Sequence
    ) -> int:
        values = {"plan": plan_id, "after": after, "up_to": up_to}
        self._connection.execute(sa.text(_REPORTS), values)
        return self._count(plan_id)

    def _count(self, plan_id: identifiers.PlanId) -> int:
        table = tables.plan_candidates
        counted = sa.select(sa.func.count()).where(table.c.plan_id == plan_id)
        return int(self._connection.execute(counted).scalar_one())

    def waiting(self, after: identifiers.Sequence, retries: Retries, now: datetime) -> bool:
        counter = self._connection.execute(sa.select(tables.change_counter.c.value)).scalar_one()
        if counter > after:
            return True
        due = encoding.instant(now) if retries is Retries.DUE else _FOREVER
        escrows = tables.escrows
        query = sa.select(sa.literal(1)).where(
            escrows.c.application_id == self._application_id,
            escrows.c.given_up.is_(None),
            escrows.c.next_attempt <= due,
        )
        if self._connection.execute(query.limit(1)).first() is not None:
            return True
        links = tables.links
        condemned = sa.select(sa.literal(1)).where(
            links.c.application_id == self._application_id, links.c.delete_due <= encoding.instant(now)
        )
        return self._connection.execute(condemned.limit(1)).first() is not None

    def page(
        self, plan_id: identifiers.PlanId, object_type: objects.ObjectType, after: str, limit: int
    ) -> Sequence[objects.DirectoryObject]:
        table, candidates = tables.objects, tables.plan_candidates
        rows = self._connection.execute(
            sa.select(table)
            .join(candidates, candidates.c.object_id == table.c.id)
            .where(
                candidates.c.plan_id == plan_id,
                candidates.c.object_id > after,
                table.c.object_type == object_type,
            )
            .order_by(candidates.c.object_id)
            .limit(limit)
        )
        return [directory.directory_object(row) for row in rows]

    def reassigned(
        self, ids: Sequence[identifiers.ObjectId], after: identifiers.Sequence
    ) -> frozenset[identifiers.ObjectId]:
        rows = self._connection.execute(
            sa.text(_REASSIGNED.format(ids=bulk.elements(self._connection, "ids"))),
            {"application": self._application_id, "after": after, "ids": encoding.document(list(ids))},
        )
        return frozenset(identifiers.ObjectId(row[0]) for row in rows)

    def grants(
        self, ids: Sequence[identifiers.ObjectId], reach: RoleReach
    ) -> Mapping[identifiers.ObjectId, Sequence[Grant]]:
        reaching = _REACHING.format(nested=_NESTED if reach is RoleReach.EFFECTIVE else "")
        query = sa.text(reaching + _GRANTS.format(ids=bulk.elements(self._connection, "ids")))
        found: dict[identifiers.ObjectId, list[Grant]] = {}
        for object_id, role_id, via in self._connection.execute(
            query, {"application": self._application_id, "ids": encoding.document(list(ids))}
        ):
            found.setdefault(object_id, []).append(Grant(role_id, via))
        return found
