"""What an application kept although it was told to clear it; as long as the log remembers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from provisor.core import identifiers, plan


class KeptValues(Protocol):
    """The kept values of one application, within one transaction."""

    def of(
        self, schema_version: int, ids: Sequence[identifiers.ObjectId]
    ) -> Mapping[identifiers.ObjectId, plan.PlanRow]:
        """The last update of each object by a version of the schema, where the application kept something of it."""
        ...

    def forget(self) -> None:
        """Forget it, so that the application is asked anew."""
        ...
