"""What an import has seen, so that a complete one can tell who is gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from provisor.core import identifiers, objects


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedImport:
    """An import that ended well; `counts` says by name how many objects and memberships it changed."""

    source: str
    finished: datetime
    counts: Mapping[str, int]


class Imports(Protocol):
    """The scratch of imports and the record of finished ones, within one transaction."""

    def object_id(self, source: str, object_type: objects.ObjectType, anchor: str) -> identifiers.ObjectId:
        """The directory id that a source's anchor stands for."""
        ...

    def saw(self, import_id: str, ids: Iterable[identifiers.ObjectId]) -> int:
        """Note that the source delivered these objects; returns how many it had not delivered before."""
        ...

    def saw_memberships(
        self, import_id: str, pairs: Iterable[tuple[identifiers.ObjectId, identifiers.ObjectId]]
    ) -> None:
        """Note that the source delivered these (group, member) memberships."""
        ...

    def absent(
        self, import_id: str, source: str, object_type: objects.ObjectType
    ) -> Sequence[identifiers.ObjectId]:
        """Active objects of the source that this import did not see."""
        ...

    def absent_memberships(
        self, import_id: str, source: str
    ) -> Sequence[tuple[identifiers.ObjectId, identifiers.ObjectId]]:
        """Memberships of the source's groups that this import did not see."""
        ...

    def close(self, import_id: str, source: str, counts: Mapping[str, int], now: datetime) -> None:
        """Forget the scratch and keep the record."""
        ...

    def latest(self) -> Mapping[str, FinishedImport]:
        """The last finished import of each source that was ever imported."""
        ...
