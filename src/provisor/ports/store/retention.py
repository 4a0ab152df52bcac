"""Forgetting what was kept long enough."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Retention(Protocol):
    """Forgetting, within one transaction."""

    def forget_cycles(self, ended_before: datetime, rows: int) -> int:
        """Delete log entries of the oldest cycle that ended before an instant, so many rows of it at most.

        Returns how many rows and cycles went, 0 when there is nothing left to delete. A cycle with rows that are
        still open or held for a person is never touched, nor is a plan that waits for one.
        """
        ...
