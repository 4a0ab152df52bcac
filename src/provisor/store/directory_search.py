"""Listing and searching the directory, page by page, through an index that holds what is searched."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from provisor.core import objects, searching
from provisor.ports.store.directory_search import Place
from provisor.store import tables
from provisor.store.directory import directory_object

_objects = tables.objects


class DirectorySearch:
    """Searching the directory, within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def page(
        self, query: searching.DirectoryQuery, *, after: Place | None = None, limit: int = 50
    ) -> tuple[Sequence[objects.DirectoryObject], Place | None]:
        found = self._connection.execute(_found(query, after).limit(limit + 1)).all()
        ids = [row.id for row in found[:limit]]
        rows = self._connection.execute(sa.select(_objects).where(_objects.c.id.in_(ids))).all()
        by_id = {row.id: directory_object(row) for row in rows}
        place = (found[limit - 1].lookup_key, ids[-1]) if len(found) > limit else None
        return [by_id[item] for item in ids], place

    def sources(self) -> Sequence[str]:
        found: list[str] = []
        # from one name to the next through the index of anchors: the objects between them are not looked at
        while name := self._connection.execute(
            sa.select(sa.func.min(_objects.c.source)).where(_objects.c.source > (found[-1] if found else ""))
        ).scalar_one():
            found.append(name)
        return found


def _found(query: searching.DirectoryQuery, after: Place | None) -> sa.Select[tuple[str, str]]:
    """The ids of a page. Only what the index holds is looked at, unless the query asks for more."""
    wanted = [
        _objects.c.object_type == query.object_type,
        *(_objects.c.search_text.contains(word, autoescape=True) for word in searching.words(query.text)),
    ]
    if query.lifecycle is None:
        wanted.append(_objects.c.lifecycle != objects.Lifecycle.HARD_DELETED)
    else:
        wanted.append(_objects.c.lifecycle == query.lifecycle)
    if query.source is not None:
        wanted.append(_objects.c.source == query.source)
    if query.account_enabled is not None:
        wanted.append(_objects.c.account_enabled == query.account_enabled)
    if after is not None:
        wanted.append(sa.tuple_(_objects.c.lookup_key, _objects.c.id) > sa.tuple_(*map(sa.literal, after)))
    return (
        sa.select(_objects.c.id, _objects.c.lookup_key)
        .where(*wanted)
        .order_by(_objects.c.lookup_key, _objects.c.id)
    )
