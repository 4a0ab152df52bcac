"""Links between objects and accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from provisor.core import identifiers, objects
from provisor.core import links as model


class Links(Protocol):
    """The links of one application, within one transaction."""

    def of(self, ids: Sequence[identifiers.ObjectId]) -> Mapping[identifiers.ObjectId, model.Link]:
        """The links of these objects."""
        ...

    def owners(
        self, object_type: objects.ObjectType, target_ids: Sequence[identifiers.TargetId]
    ) -> Mapping[identifiers.TargetId, identifiers.ObjectId]:
        """Which of these accounts belong to whom."""
        ...

    def listing(
        self, query: model.LinkQuery, *, after: identifiers.ObjectId | None = None, limit: int = 100
    ) -> Sequence[model.ListedLink]:
        """Links ordered by object id, from after one."""
        ...

    def of_type(
        self, object_type: objects.ObjectType, last: str, limit: int
    ) -> Sequence[tuple[identifiers.ObjectId, identifiers.TargetId]]:
        """Linked objects of a type with their accounts, by directory id from after `last`."""
        ...

    def count(self) -> int:
        """How many objects are linked."""
        ...

    def count_by_type(self) -> Mapping[objects.ObjectType, int]:
        """How many objects are linked, by type."""
        ...

    def next_deletion(self, after: datetime | None) -> datetime | None:
        """When the first disabled account is due for deletion, of those that fall due after an instant."""
        ...

    def save(self, batch: Sequence[model.Link], now: datetime) -> None:
        """Create or replace links; each write raises the link's version by one."""
        ...

    def clear(self) -> None:
        """Forget every link, and every reference that was applied."""
        ...

    def remove(self, ids: Sequence[identifiers.ObjectId]) -> None:
        """Forget links, and the references that were applied from and to their accounts."""
        ...

    def let_go(self, ids: Sequence[identifiers.ObjectId]) -> None:
        """Forget links to accounts that stay: they are still taken out of the groups that we put them into."""
        ...
