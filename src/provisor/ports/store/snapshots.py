"""What a listing of the target showed, for the length of one plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from provisor.core import identifiers, objects


class Snapshots(Protocol):
    """The snapshot of one plan, within one transaction."""

    def add(
        self,
        object_type: objects.ObjectType,
        resources: Iterable[tuple[identifiers.TargetId, Mapping[str, Any], Sequence[tuple[str, str]]]],
    ) -> None:
        """Keep resources as (id, document, [(matching attribute, value)]); one seen twice is kept once."""
        ...

    def count(self, object_type: objects.ObjectType) -> int:
        """How many distinct resources were listed."""
        ...

    def by_value(
        self, object_type: objects.ObjectType, attribute: str, values: Sequence[str]
    ) -> Mapping[str, Sequence[identifiers.TargetId]]:
        """Resources whose attribute has one of the values, by case-folded value."""
        ...

    def claim(
        self, object_type: objects.ObjectType, claims: Iterable[tuple[str, str, identifiers.ObjectId]]
    ) -> None:
        """Keep who claims what, as (attribute, value, object)."""
        ...

    def claimants(
        self, object_type: objects.ObjectType, attribute: str, values: Sequence[str]
    ) -> Mapping[str, identifiers.ObjectId]:
        """Who claims these values, by the value as it was kept."""
        ...

    def documents(
        self, object_type: objects.ObjectType, target_ids: Sequence[identifiers.TargetId]
    ) -> Mapping[identifiers.TargetId, Mapping[str, Any]]:
        """The listed documents of these resources."""
        ...
