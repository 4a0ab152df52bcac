"""When an object must be judged again although nothing about it changes: a date in a scoping filter comes near."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from provisor.core import identifiers


class ScopeTurns(Protocol):
    """The turns of one application's objects, within one transaction."""

    def note(self, turns: Mapping[identifiers.ObjectId, datetime | None]) -> None:
        """Put these moments in the place of those known of the objects; None for none."""
        ...

    def take_due(self, now: datetime) -> Sequence[identifiers.ObjectId]:
        """The objects whose moment has come; they are forgotten."""
        ...

    def next_due(self) -> datetime | None:
        """The earliest of these moments, past or to come; None where there is none."""
        ...

    def clear(self) -> None:
        """Forget every moment."""
        ...
