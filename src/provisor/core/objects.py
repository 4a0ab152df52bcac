"""Users and groups of the directory, with Microsoft Graph's attribute names."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from provisor.core.identifiers import ObjectId, Sequence

Value = str | bool | int | tuple[str, ...] | None
"""What an attribute holds; a multi-valued attribute is a tuple. `None` is an absent value."""

Attributes = Mapping[str, Value]
"""Attribute name (Graph spelling, `extension_…` for the others) to value; absent means null."""


class ObjectType(enum.StrEnum):
    """The object types of the directory, by their Graph names."""

    USER = "User"
    GROUP = "Group"


class Lifecycle(enum.StrEnum):
    """Where an object is between its arrival in the directory and its end.

    A soft-deleted object can be restored; a hard-deleted one is a tombstone that only tells jobs it is gone.
    """

    ACTIVE = "active"
    SOFT_DELETED = "softDeleted"
    HARD_DELETED = "hardDeleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryObject:
    """One user or group as the directory holds it now.

    `sequence` is the position of its last change; `manager_id` is the resolved `manager` reference of a user,
    which may name an object that is not in the directory yet.
    """

    id: ObjectId
    object_type: ObjectType
    source: str
    anchor: str
    display_name: str
    account_enabled: bool
    lifecycle: Lifecycle
    attributes: Attributes
    manager_id: ObjectId | None
    sequence: Sequence

    @property
    def active(self) -> bool:
        """Active in the source system: enabled and not deleted (Entra: scoping, first condition)."""
        return self.account_enabled and self.lifecycle is Lifecycle.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedObject:
    """One user or group as a source describes it, before the directory gives it a sequence number.

    `anchor` is the source's own immutable name for the object; `manager` is the anchor of another user.
    """

    object_type: ObjectType
    anchor: str
    attributes: Attributes
    account_enabled: bool = True
    manager: str | None = None

    @property
    def display_name(self) -> str:
        """The name to show a person: displayName, else userPrincipalName, else the anchor."""
        for name in ("displayName", "userPrincipalName"):
            value = self.attributes.get(name)
            if isinstance(value, str) and value:
                return value
        return self.anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedMembership:
    """A member of a group, both by their anchors in the same source."""

    group: str
    member: str
    member_type: ObjectType
