"""Bringing the rows resources are found by up to date, where a release indexes more than the one that wrote them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping

from sqlalchemy import delete, insert, select

from provisor.ringcentral import moments
from provisor.ringcentral.storage import tables
from provisor.ringcentral.storage.database import Access, Database
from provisor.ringcentral.storage.sql_storage import SqlStorage

_NAME = "indexed_paths"
_BY = "provisor"


def bring_up_to_date(
    database: Database,
    storage: SqlStorage,
    profile: str,
    indexed: Mapping[str, frozenset[str]],
    now: dt.datetime,
) -> None:
    """Index every resource anew where the paths to index are not those the database was written with."""
    wanted = json.dumps({name: sorted(paths) for name, paths in sorted(indexed.items())})
    held = (tables.settings.c.profile == profile, tables.settings.c.name == _NAME)
    with database.unit(), database.transaction(Access.WRITE) as connection:
        if connection.execute(select(tables.settings.c.value).where(*held)).scalar_one_or_none() == wanted:
            return
        storage.reindex(connection, list(indexed))
        connection.execute(delete(tables.settings).where(*held))
        connection.execute(
            insert(tables.settings),
            {
                "profile": profile,
                "name": _NAME,
                "value": wanted,
                "version": 1,
                "updated": moments.microseconds(now),
                "updated_by": _BY,
            },
        )
