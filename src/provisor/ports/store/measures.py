"""Counting for figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from provisor.core import plan
from provisor.core.identifiers import ApplicationId


class Measures(Protocol):
    """Counting, within one transaction."""

    def cycles_ended(self, after: datetime) -> Sequence[plan.Plan]:
        """Plans of all applications that were applied to their end after an instant, the earliest first."""
        ...

    def held_changes(self, application_id: ApplicationId) -> int:
        """How many changes wait for a person."""
        ...
