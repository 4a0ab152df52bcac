"""Accounts that no plan may disable or delete."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from provisor.core import identifiers
from provisor.core import protection as model


class Protections(Protocol):
    """The protections of one application, within one transaction."""

    def add(self, item: model.Protection) -> None:
        """Keep a protection; one that is there already takes its note."""
        ...

    def remove(self, kind: model.ProtectedKind, protected_id: str) -> bool:
        """End a protection; whether there was one."""
        ...

    def all(self) -> Sequence[model.Protection]:
        """Every protection, the oldest first."""
        ...

    def of(
        self, accounts: Sequence[tuple[identifiers.ObjectId, identifiers.TargetId | None]]
    ) -> frozenset[identifiers.ObjectId]:
        """Those of the objects that are protected, themselves or by their accounts."""
        ...
