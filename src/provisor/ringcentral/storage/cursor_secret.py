"""The secret that cursors are sealed with. It stands in the provider's database, so its processes share it."""

from __future__ import annotations

import base64
import secrets

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from provisor.ringcentral.storage import tables
from provisor.ringcentral.storage.database import Access, Database

_NAME = "cursors"
_kept = select(tables.secrets.c.value).where(tables.secrets.c.name == _NAME)


def kept(database: Database) -> bytes:
    """The secret of a database, made at its first use. Who replaces it makes every open cursor invalid."""
    with database.transaction(Access.READ) as connection:
        known = connection.execute(_kept).scalar_one_or_none()
    return base64.b64decode(known if known is not None else _made(database))


def _made(database: Database) -> str:
    value = base64.b64encode(secrets.token_bytes(32)).decode()
    try:
        with database.transaction(Access.WRITE) as connection:
            connection.execute(insert(tables.secrets), {"name": _NAME, "value": value})
    except IntegrityError:
        # Another process that starts was faster.
        with database.transaction(Access.READ) as connection:
            return str(connection.execute(_kept).scalar_one())
    return value
