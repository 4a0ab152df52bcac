"""Accounts of the target that nobody of the directory is linked to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from provisor.core import identifiers, objects
from provisor.core import unowned as model


class UnownedAccounts(Protocol):
    """The unowned accounts of one application as the last reconciliation found them, within one transaction."""

    def candidates(
        self, plan_id: identifiers.PlanId, object_type: objects.ObjectType, after: str, limit: int
    ) -> Sequence[identifiers.TargetId]:
        """Listed accounts that are linked to nobody and that the plan links to nobody, by id from after an id."""
        ...

    def matches(
        self, plan_id: identifiers.PlanId, target_ids: Sequence[identifiers.TargetId]
    ) -> Mapping[identifiers.TargetId, identifiers.ObjectId]:
        """Which objects, out of scope, the plan found these accounts to match."""
        ...

    def save(self, found: Sequence[model.UnownedAccount], now: datetime) -> None:
        """Keep accounts; one that was found before keeps when that was."""
        ...

    def forget_older(self, moment: datetime) -> None:
        """Drop accounts that were last seen before a moment."""
        ...

    def listing(
        self, after: tuple[str, str] | None = None, limit: int = 100
    ) -> Sequence[model.UnownedAccount]:
        """Accounts ordered by type and id from after (type, id)."""
        ...

    def count(self) -> int:
        """How many there are."""
        ...
