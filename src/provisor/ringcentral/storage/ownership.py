"""Which profile a database belongs to: people of two profiles in one database could not be told apart."""

from __future__ import annotations

import datetime as dt
import json

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from provisor.ringcentral import moments
from provisor.ringcentral.errors import ProviderError
from provisor.ringcentral.storage import tables
from provisor.ringcentral.storage.database import Access, Database

_EVERY = "*"
_NAME = "profile"


class OtherProfileError(ProviderError):
    """The database holds the people of another profile."""


def claim(database: Database, profile: str, now: dt.datetime) -> None:
    """Make a database that belongs to no profile yet one of this profile.

    :raises OtherProfileError: when it belongs to another; nothing is changed.
    """
    owner = _owner(database)
    if owner is None:
        row = {
            "profile": _EVERY,
            "name": _NAME,
            "value": json.dumps(profile),
            "version": 1,
            "updated": moments.microseconds(now),
            "updated_by": "provisor",
        }
        try:
            with database.transaction(Access.WRITE) as connection:
                connection.execute(insert(tables.settings), row)
        except IntegrityError:
            owner = _owner(database)
        else:
            return
    if owner != profile:
        raise OtherProfileError(
            f"This database holds the people of the profile {owner}; serving the profile {profile} needs a database of "
            "its own. Give another --database."
        )


def _owner(database: Database) -> str | None:
    table = tables.settings
    held = select(table.c.value).where(table.c.profile == _EVERY, table.c.name == _NAME)
    with database.transaction(Access.READ) as connection:
        stored = connection.execute(held).scalar_one_or_none()
    return None if stored is None else str(json.loads(stored))
