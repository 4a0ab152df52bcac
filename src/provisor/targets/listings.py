"""Reading a ListResponse (RFC 7644 section 3.4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from provisor.core.identifiers import TargetId
from provisor.ports import target

PAGES_WITHOUT_NEWS: Final = 3
"""After so many pages in a row without a new id, the target is not going to give others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a ListResponse holds; `total` is what the target claims, at least what it shows."""

    documents: tuple[Mapping[str, Any], ...]
    total: int


def listed(document: Mapping[str, Any] | None) -> Listed | None:
    """The resources of a ListResponse; `None` where the document is none.

    `Resources` may be missing where `totalResults` is 0 (RFC 7644 section 3.4.2), and `totalResults` where there are
    `Resources`, which some targets leave out.
    """
    if document is None:
        return None
    documents, total = document.get("Resources"), _count(document.get("totalResults"))
    if documents is None and total is not None:
        documents = []
    if not isinstance(documents, list) or not all(isinstance(entry, dict) for entry in documents):
        return None
    return Listed(documents=tuple(documents), total=max(total or 0, len(documents)))


def _count(value: object) -> int | None:
    """A number of resources, which some targets write as a text."""
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def resource(document: Mapping[str, Any] | None) -> target.Resource | None:
    """The resource with its id, which may come as a number; `None` where the document has no id."""
    if document is None:
        return None
    target_id = document.get("id")
    if isinstance(target_id, bool) or not isinstance(target_id, str | int) or target_id == "":
        return None
    return target.Resource(id=TargetId(str(target_id)), document=document)


class Progress:
    """How far a listing has come: by position, and by ids to notice a target that turns in circles."""

    def __init__(self) -> None:
        self.start = 1
        self._seen: set[str] = set()
        self._without_news = 0

    def advance(self, page: target.ListingPage) -> bool:
        """Take note of a page; answers whether there is another one to ask for."""
        known = len(self._seen)
        self._seen.update(entry.id for entry in page.resources)
        self._without_news = 0 if len(self._seen) > known else self._without_news + 1
        self.start += len(page.resources)
        return bool(page.resources) and self.start <= page.total and self._without_news < PAGES_WITHOUT_NEWS
