"""Where users and groups come from."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from provisor.core.objects import ImportedMembership, ImportedObject, ObjectType


class Completeness(enum.StrEnum):
    """Whether what a source read is everything it has.

    Only a complete read may imply a removal: absence from a partial one means nothing.
    """

    COMPLETE = "complete"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePage:
    """Some of what a source has; a page may be empty without being the last."""

    objects: tuple[ImportedObject, ...] = ()
    memberships: tuple[ImportedMembership, ...] = ()


class Source(Protocol):
    """A directory to import from.

    `read` raises `InvalidInputError` before its first page where the input is unusable, and at any later page where
    it turns out to be: the import is one transaction, so that nothing of it stays.
    """

    @property
    def name(self) -> str:
        """The source's name in the directory; anchors are unique within it."""
        ...

    def objects_read(self, object_type: ObjectType) -> Completeness:
        """Whether `read` delivers every object of this type that the source has.

        A source can be complete for users and know nothing of groups.
        """
        ...

    @property
    def memberships_read(self) -> Completeness:
        """Whether `read` delivers every membership of the groups it delivers."""
        ...

    def read(self) -> Iterator[SourcePage]:
        """Everything the source has to say, a page at a time, objects before the memberships that name them.

        An object is delivered once; a membership may be said twice.
        """
        ...
