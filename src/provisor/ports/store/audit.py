"""The audit log: written with the change it tells of, read by people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from provisor.core import audit as model


class Audit(Protocol):
    """The audit log within one transaction."""

    def add(self, act: model.Act) -> None:
        """Keep an act; the store says when it was done, so nobody can date it back."""
        ...

    def entries(
        self, query: model.AuditQuery, *, before: tuple[str, str] | None = None, limit: int = 100
    ) -> Sequence[model.AuditEntry]:
        """Entries, the newest first; `before` is the `position` of the last one seen."""
        ...

    def find(self, entry_id: str) -> model.AuditEntry | None:
        """One entry; None where there is none of that id."""
        ...

    def forget(self, older_than: datetime, limit: int) -> int:
        """Delete so many of the oldest entries from before an instant; returns how many there were."""
        ...
