"""Versions of an application's schema, and the drafts of those who edit it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from provisor.core.audit import Actor
from provisor.core.schema_versions import SchemaDraft, SchemaVersion, VersionMark


class Schemas(Protocol):
    """The versions and drafts of one application, within one transaction."""

    def versions(self) -> Sequence[VersionMark]:
        """The versions that are kept, the latest first."""
        ...

    def version(self, number: int) -> SchemaVersion | None:
        """One version, unless there is none of that number any more."""
        ...

    def record(self, number: int, document: Mapping[str, Any], by: Actor | None, *, keep: int) -> None:
        """Keep a version that is saved now, and forget all but the latest `keep`.

        Without an author it is one that was saved before versions were kept, nobody knows when.
        """
        ...

    def draft(self, author: Actor) -> SchemaDraft | None:
        """What somebody is editing."""
        ...

    def keep_draft(self, draft: SchemaDraft) -> None:
        """Keep a draft in place of the author's earlier one."""
        ...

    def drop_draft(self, author: Actor) -> None:
        """Forget an author's draft, if there is one."""
        ...
