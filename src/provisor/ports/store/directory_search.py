"""Listing and searching the directory, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from provisor.core.objects import DirectoryObject
from provisor.core.searching import DirectoryQuery

Place = tuple[str, str]
"""Where a page ended: the lookup key and the id of its last object."""


class DirectorySearch(Protocol):
    """Searching the directory, within one transaction."""

    def page(
        self, query: DirectoryQuery, *, after: Place | None = None, limit: int = 50
    ) -> tuple[Sequence[DirectoryObject], Place | None]:
        """Objects ordered by name from after a place, and the place to go on from: None at the end."""
        ...

    def sources(self) -> Sequence[str]:
        """The names of the sources that an object of the directory came from, tombstones included, in order."""
        ...
