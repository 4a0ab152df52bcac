"""Whom a plan must look at, and who holds which role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from provisor.core import identifiers, objects
from provisor.core.assignments import Grant, RoleReach
from provisor.core.job import Retries


class Candidates(Protocol):
    """Candidates and grants of one application, within one transaction."""

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
        """Note whom an incremental plan looks at; returns how many there are.

        They are the objects that changed, those whose assignment or membership changed (and the members of such
        groups), those that wait in escrow, and those whose disabled account is due for deletion.
        """
        ...

    def add_reports(
        self, plan_id: identifiers.PlanId, after: identifiers.Sequence, up_to: identifiers.Sequence
    ) -> int:
        """Note too the people whose manager changed; returns how many candidates there are now."""
        ...

    def waiting(self, after: identifiers.Sequence, retries: Retries, now: datetime) -> bool:
        """Whether an incremental cycle would have anybody to look at; costs the same however large the directory is."""
        ...

    def page(
        self, plan_id: identifiers.PlanId, object_type: objects.ObjectType, after: str, limit: int
    ) -> Sequence[objects.DirectoryObject]:
        """Candidates of one type, ordered by id from after an id."""
        ...

    def reassigned(
        self, ids: Sequence[identifiers.ObjectId], after: identifiers.Sequence
    ) -> frozenset[identifiers.ObjectId]:
        """Which of these had an assignment, or a membership, change after a number: their own or their group's."""
        ...

    def grants(
        self, ids: Sequence[identifiers.ObjectId], reach: RoleReach
    ) -> Mapping[identifiers.ObjectId, Sequence[Grant]]:
        """Every way in which these objects hold a role of the application."""
        ...
