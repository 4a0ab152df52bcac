"""References still to be written, and those the target holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from provisor.core import identifiers, plan


class References(Protocol):
    """References of one application, within one transaction."""

    def groups(
        self,
        plan_id: identifiers.PlanId,
        after: identifiers.Sequence | None,
        up_to: identifiers.Sequence,
        last: str,
        limit: int,
    ) -> Sequence[identifiers.ObjectId]:
        """Groups whose members must be compared, ordered by id from after `last`.

        `after` of None means every group with an account; otherwise only those that the plan touches.
        """
        ...

    def groups_holding(
        self, plan_id: identifiers.PlanId, member: identifiers.ObjectId
    ) -> Sequence[identifiers.ObjectId]:
        """Groups with an account that an object is a direct member of, in the directory or in the target."""
        ...

    def is_present(self, plan_id: identifiers.PlanId, object_id: identifiers.ObjectId) -> bool:
        """Whether an object has an account that stays, or will have one."""
        ...

    def missing_members(
        self,
        made: plan.Plan,
        group: identifiers.ObjectId,
        last: str,
        limit: int,
        *,
        among: Sequence[identifiers.ObjectId] | None = None,
    ) -> Sequence[identifiers.ObjectId]:
        """Members (of these, where given) the group in the target lacks although they have, or will have, an account.

        A group whose failed members keep their pause in this plan is asked only for those that are new.
        """
        ...

    def surplus_members(
        self,
        made: plan.Plan,
        group: identifiers.ObjectId,
        last: str,
        limit: int,
        *,
        among: Sequence[identifiers.ObjectId] | None = None,
    ) -> Sequence[identifiers.ObjectId]:
        """Members (of these, where given) we put into the group in the target that left it in the directory.

        With the same pause as for missing members.
        """
        ...

    def missing_managers(
        self, plan_id: identifiers.PlanId, *, everybody: bool, last: str, limit: int
    ) -> Sequence[tuple[identifiers.ObjectId, identifiers.ObjectId]]:
        """(person, manager) pairs the target lacks although both have, or will have, an account."""
        ...

    def missing_manager(
        self, plan_id: identifiers.PlanId, person: identifiers.ObjectId
    ) -> identifiers.ObjectId | None:
        """The manager that the person's account lacks although both have, or will have, an account."""
        ...

    def member_count(self) -> int:
        """How many memberships the target holds because they were written."""
        ...

    def live_members(
        self, group: identifiers.ObjectId, ids: Sequence[identifiers.ObjectId]
    ) -> frozenset[identifiers.ObjectId]:
        """Which of these are members of the group in the directory now."""
        ...

    def managers(
        self, ids: Sequence[identifiers.ObjectId]
    ) -> Mapping[identifiers.ObjectId, identifiers.ObjectId]:
        """The managers that the target holds for these people because we wrote them."""
        ...

    def applied(
        self, object_id: identifiers.ObjectId, attribute: str, ids: Sequence[identifiers.ObjectId]
    ) -> Mapping[identifiers.ObjectId, identifiers.TargetId]:
        """Which of these references the target holds, with the target ids they were written with."""
        ...

    def written(
        self, object_id: identifiers.ObjectId, attribute: str, last: str, limit: int
    ) -> Sequence[tuple[identifiers.ObjectId, identifiers.TargetId]]:
        """What we wrote into a reference attribute, as (directory id, target id), by directory id from after `last`."""
        ...

    def note_applied(
        self,
        object_id: identifiers.ObjectId,
        attribute: str,
        references: Mapping[identifiers.ObjectId, identifiers.TargetId],
    ) -> None:
        """Note references the target holds from now on; a manager replaces the one before."""
        ...

    def note_removed(
        self, object_id: identifiers.ObjectId, attribute: str, ids: Sequence[identifiers.ObjectId]
    ) -> None:
        """Note references the target does not hold any more."""
        ...
