"""The failures that wait in escrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from provisor.core import escrow as model
from provisor.core import identifiers, plan


class Escrows(Protocol):
    """The failures of one application, within one transaction."""

    def of(self, ids: Sequence[identifiers.ObjectId]) -> Mapping[identifiers.ObjectId, model.Escrow]:
        """The escrows of these objects."""
        ...

    def page(self, after: str, limit: int) -> Sequence[model.Escrow]:
        """Escrows in the order of their objects' ids, from after an id."""
        ...

    def count(self) -> int:
        """How many objects are in escrow."""
        ...

    def counts(self) -> model.EscrowCounts:
        """How many objects are in escrow, and for what."""
        ...

    def failing(self, times: int) -> int:
        """How many objects failed so many times in a row, or more."""
        ...

    def next_due(self) -> datetime | None:
        """When the first escrow is due, if there is one that is not given up."""
        ...

    def failed(
        self,
        failures: Sequence[model.Failure],
        *,
        now: datetime,
        since: datetime,
        schedule: model.RetrySchedule,
    ) -> None:
        """Note failures of a plan made at `since`, and when each object is due again."""
        ...

    def settled(self, ids: Sequence[identifiers.ObjectId]) -> None:
        """Forget the failures of accounts that are well again; those of their references stay."""
        ...

    def references_settled(self, made: plan.Plan) -> None:
        """Forget the failed references that a finished plan took up again without one of the object's failing."""
        ...

    def retry(self, ids: Sequence[identifiers.ObjectId] | None, now: datetime) -> int:
        """Have these objects, or all of them, tried again now, also those that were given up; returns how many there are."""
        ...

    def give_up(self, now: datetime) -> int:
        """Try none of them again by itself; returns how many there were."""
        ...

    def clear(self) -> None:
        """Forget every failure, except where an account may have been made that nobody could look up."""
        ...
