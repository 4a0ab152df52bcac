"""The tie between an object of the directory and its resource in an application (Graph: object connection)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from provisor.core.identifiers import ObjectId, TargetId
from provisor.core.objects import ObjectType


class LinkState(enum.StrEnum):
    """What was last done to the linked account."""

    ACTIVE = "active"
    DISABLED = "disabled"


class LinkOrigin(enum.StrEnum):
    """How the link came about."""

    CREATED = "created"
    MATCHED = "matched"
    ADOPTED = "adopted"
    """Found at creation time: a conflict, or a creation whose answer was lost."""
    BY_HAND = "byHand"
    """A person said so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One object's account in one application.

    `version` changes with every write to the account; `disabled_because` is the scoping reason that disabled it and
    decides whether a later hard delete still concerns us (an account disabled by unassignment is no longer managed).
    `delete_due` is when a disabled account is to be deleted, where its application says so.
    """

    object_id: ObjectId
    object_type: ObjectType
    target_id: TargetId
    state: LinkState
    disabled_because: str | None
    version: int
    origin: LinkOrigin
    delete_due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkQuery:
    """Which links; empty means all of them."""

    object_id: ObjectId | None = None
    target_id: TargetId | None = None
    state: LinkState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedLink:
    """A link with what its object is called, and since when it exists.

    `source_anchor` is the source's own name for the object (Graph: `sourceAnchor`).
    """

    link: Link
    since: datetime
    display_name: str
    principal_name: str | None
    source_anchor: str
