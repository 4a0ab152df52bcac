"""Versions of schemas, and drafts of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from provisor.core.audit import Actor
from provisor.core.identifiers import ApplicationId
from provisor.core.schema_versions import SchemaDraft, SchemaVersion, VersionMark
from provisor.store import encoding, schema_tables
from provisor.store.database import upsert

_versions = schema_tables.versions
_drafts = schema_tables.drafts


class Schemas:
    """The versions and drafts of one application, within one transaction."""

    def __init__(self, connection: sa.Connection, application_id: ApplicationId) -> None:
        self._connection = connection
        self._application_id = application_id
        self._of_application = _versions.c.application_id == application_id

    def versions(self) -> Sequence[VersionMark]:
        rows = self._connection.execute(
            sa.select(_versions.c.number, _versions.c.saved, _versions.c.author)
            .where(self._of_application)
            .order_by(_versions.c.number.desc())
        )
        return [_mark(row) for row in rows]

    def version(self, number: int) -> SchemaVersion | None:
        row = self._connection.execute(
            sa.select(_versions).where(self._of_application, _versions.c.number == number)
        ).first()
        return None if row is None else SchemaVersion(mark=_mark(row), document=encoding.parsed(row.document))

    def record(self, number: int, document: Mapping[str, Any], by: Actor | None, *, keep: int) -> None:
        statement = upsert(self._connection, _versions)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["application_id", "number"],
                set_={name: getattr(statement.excluded, name) for name in ("saved", "author", "document")},
            ),
            {
                "application_id": self._application_id,
                "number": number,
                "saved": None if by is None else encoding.instant(datetime.now(UTC)),
                "author": by,
                "document": encoding.document(document),
            },
        )
        for old in self.versions()[keep:]:
            self._connection.execute(
                _versions.delete().where(self._of_application, _versions.c.number == old.number)
            )

    def draft(self, author: Actor) -> SchemaDraft | None:
        row = self._connection.execute(sa.select(_drafts).where(*self._by(author))).first()
        if row is None:
            return None
        return SchemaDraft(author=author, base=row.base, document=encoding.parsed(row.document))

    def keep_draft(self, draft: SchemaDraft) -> None:
        statement = upsert(self._connection, _drafts)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["application_id", "author"],
                set_={"base": statement.excluded.base, "document": statement.excluded.document},
            ),
            {
                "application_id": self._application_id,
                "author": draft.author,
                "base": draft.base,
                "document": encoding.document(draft.document),
            },
        )

    def drop_draft(self, author: Actor) -> None:
        self._connection.execute(_drafts.delete().where(*self._by(author)))

    def _by(self, author: Actor) -> tuple[sa.ColumnElement[bool], ...]:
        return _drafts.c.application_id == self._application_id, _drafts.c.author == author


def _mark(row: Any) -> VersionMark:
    return VersionMark(
        number=row.number,
        saved=encoding.parsed_instant(row.saved),
        by=None if row.author is None else Actor(row.author),
    )
