"""Accounts that no plan may disable or delete, whatever the directory says.

For the accounts without which an application cannot be reached or administered: emergency access, service accounts.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from provisor.core.changes import ChangeKind, Modification
from provisor.core.guard import REMOVALS

_ACTIVE = "active"


class ProtectedKind(enum.StrEnum):
    """By what a protected account is named."""

    OBJECT = "object"
    """The id of its user or group in the directory."""
    ACCOUNT = "account"
    """Its own id in the application; whoever it is linked to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """One protection within an application; `protected_id` is a directory id or a target id, as `kind` says."""

    kind: ProtectedKind
    protected_id: str
    note: str
    created: datetime


def takes_away(kind: ChangeKind, changed: Iterable[Modification]) -> bool:
    """Whether a change ends the use of an account: disables or deletes it, or switches it off as an update."""
    return kind in REMOVALS or any(
        item.path == _ACTIVE and str(item.new).casefold() == "false" for item in changed
    )
