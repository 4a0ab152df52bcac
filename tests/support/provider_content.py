"""What is really in the service provider, whatever its faults let a client see."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import select

from provisor.ringcentral.storage import tables
from provisor.ringcentral.storage.database import Access, Database


def resources(database: Database, kind: str = "User") -> dict[str, dict[str, Any]]:
    """The documents of a resource type by id, in the order in which they were created."""
    rows = (
        select(tables.resources.c.id, tables.resources.c.document)
        .where(tables.resources.c.type == kind)
        .order_by(tables.resources.c.sequence)
    )
    with database.transaction(Access.READ) as connection:
        return {row.id: {**orjson.loads(row.document), "id": row.id} for row in connection.execute(rows)}
