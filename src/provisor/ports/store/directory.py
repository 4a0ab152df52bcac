"""Users, groups and memberships of the directory, each change with a sequence number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from provisor.core import identifiers, objects


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving a batch of objects did to the directory."""

    created: int = 0
    updated: int = 0
    restored: int = 0
    unchanged: int = 0


class Directory(Protocol):
    """The directory within one transaction."""

    def get(self, object_id: identifiers.ObjectId) -> objects.DirectoryObject | None:
        """One object, tombstones included."""
        ...

    def named(self, object_type: objects.ObjectType, name: str) -> Sequence[objects.DirectoryObject]:
        """Objects with this userPrincipalName (users) or displayName (groups), whatever the case; no tombstones."""
        ...

    def changed(
        self,
        object_type: objects.ObjectType,
        after: identifiers.Sequence,
        up_to: identifiers.Sequence,
        limit: int,
    ) -> Sequence[objects.DirectoryObject]:
        """Objects whose last change lies after one number and not after another, in order of change."""
        ...

    def many(self, ids: Sequence[identifiers.ObjectId]) -> Sequence[objects.DirectoryObject]:
        """The objects with these ids, in no order."""
        ...

    def listing(
        self, object_type: objects.ObjectType, after_key: tuple[str, str], limit: int
    ) -> Sequence[objects.DirectoryObject]:
        """Objects ordered by name from after (lookup key, id); tombstones are left out."""
        ...

    def count(self, object_type: objects.ObjectType) -> int:
        """How many objects of a type are neither soft- nor hard-deleted."""
        ...

    def groups_of(self, member: identifiers.ObjectId) -> Sequence[tuple[identifiers.ObjectId, str]]:
        """The groups an object is a direct member of, as (id, display name)."""
        ...

    def groups_of_many(
        self, ids: Sequence[identifiers.ObjectId]
    ) -> Mapping[identifiers.ObjectId, Sequence[tuple[identifiers.ObjectId, str]]]:
        """The groups these objects are direct members of, as (id, display name); deleted groups are left out."""
        ...

    def members_of(
        self, group: identifiers.ObjectId, after: str, limit: int
    ) -> Sequence[tuple[identifiers.ObjectId, str]]:
        """Direct members of a group as (id, display name), ordered by id from after an id."""
        ...

    def reports_of(self, manager: identifiers.ObjectId) -> Sequence[tuple[identifiers.ObjectId, str]]:
        """The people whose manager an object is, as (id, display name); tombstones are left out."""
        ...

    def sequence(self) -> identifiers.Sequence:
        """The number of the latest change."""
        ...

    def date_changes(self, now: datetime) -> None:
        """Note that the changes so far that have no date yet were made now."""
        ...

    def forget_dates(self, before: datetime) -> int:
        """Forget when changes were made before an instant; how many notes there were."""
        ...

    def save(self, source: str, batch: Sequence[objects.ImportedObject], now: datetime) -> Saved:
        """Create or update objects by their anchors; only what differs gets a new sequence number.

        An object that was soft- or hard-deleted and is delivered again is restored.
        """
        ...

    def set_lifecycle(
        self, ids: Sequence[identifiers.ObjectId], lifecycle: objects.Lifecycle, now: datetime
    ) -> None:
        """Soft-delete, restore or hard-delete objects.

        A hard delete ends the object's memberships; a soft delete keeps them for a restore.
        """
        ...

    def save_memberships(
        self, pairs: Iterable[tuple[identifiers.ObjectId, identifiers.ObjectId, objects.ObjectType]]
    ) -> int:
        """Add (group, member, member type) memberships; returns how many were new."""
        ...

    def end_memberships(self, pairs: Sequence[tuple[identifiers.ObjectId, identifiers.ObjectId]]) -> int:
        """End (group, member) memberships; they stay as tombstones for the jobs. Returns how many there were."""
        ...

    def shared_names(self, source: str) -> Sequence[tuple[str, int]]:
        """UserPrincipalNames that several active users carry, at least one of them from this source."""
        ...
