"""Accounts of the target that are linked to nobody (Entra: *account discovery*, local and unassigned accounts)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from provisor.core.identifiers import ObjectId, TargetId
from provisor.core.objects import ObjectType


@dataclass(frozen=True, slots=True, kw_only=True)
class UnownedAccount:
    """One account; `matches` is the object of the directory that it would match, though that does not belong.

    `active` is None where the target does not say; `first_seen` and `last_seen` are None before it was kept.
    """

    object_type: ObjectType
    target_id: TargetId
    name: str
    active: bool | None
    matches: ObjectId | None
    first_seen: datetime | None = None
    last_seen: datetime | None = None


def described(
    object_type: ObjectType, target_id: TargetId, document: Mapping[str, Any], matches: ObjectId | None
) -> UnownedAccount:
    """An account as a person recognises it: by userName or displayName, else by its id."""
    name = document.get("userName") or document.get("displayName") or target_id
    active = document.get("active")
    return UnownedAccount(
        object_type=object_type,
        target_id=target_id,
        name=str(name),
        active=active if isinstance(active, bool) else None,
        matches=matches,
    )
