"""How people and groups are searched by what somebody types: in any case, without accents, by parts of words."""

from __future__ import annotations

from dataclasses import dataclass

from provisor.core.expressions import diacritics
from provisor.core.objects import Lifecycle, ObjectType

MOST_WORDS = 8
"""Words of a search that are looked at; more make it no clearer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryQuery:
    """Which objects of the directory to list; an empty text means all of a type. Tombstones are never listed.

    `account_enabled` tells those who may sign in from those who are blocked; None means both.
    """

    object_type: ObjectType
    text: str = ""
    lifecycle: Lifecycle | None = None
    source: str | None = None
    account_enabled: bool | None = None


def folded(*texts: object) -> str:
    """What an object is found by: its names in one text, in the form searches are compared in."""
    return " ".join(_plain(text) for text in texts if isinstance(text, str) and text)


def words(text: str) -> tuple[str, ...]:
    """The words of a search; an object is found where each is part of what it is found by."""
    return tuple(dict.fromkeys(_plain(text).split()))[:MOST_WORDS]


def _plain(text: str) -> str:
    return diacritics.plain(text).casefold()
