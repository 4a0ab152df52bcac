"""How long it takes from a change that ends somebody's access to the end of the account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from provisor.core import identifiers
from provisor.core.changes import Reason


class Departures(Protocol):
    """The departures of one application, within one transaction."""

    def asked(
        self, leavers: Mapping[identifiers.ObjectId, Reason], after: identifiers.Sequence
    ) -> Mapping[identifiers.ObjectId, datetime]:
        """When the change was made for which each object leaves; only changes after a number, and where it is known."""
        ...

    def asked_before(self, ids: Sequence[identifiers.ObjectId]) -> Mapping[identifiers.ObjectId, datetime]:
        """The same of objects whose end was planned before and was held, failed or was overtaken."""
        ...

    def record(
        self, plan_id: identifiers.PlanId, ended: Sequence[tuple[int, datetime]], now: datetime
    ) -> None:
        """Keep that rows of a plan, given with when that was asked for, ended accounts now."""
        ...

    def delays(self, limit: int, plan_id: identifiers.PlanId | None = None) -> Sequence[float]:
        """Seconds from change to end of the newest departures, of one plan where it is named; as long as the log is kept."""
        ...
