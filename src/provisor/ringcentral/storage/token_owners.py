"""The users SCIM tokens belong to: whom `/Me` stands for (RFC 7644 section 3.11)."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from provisor.ringcentral.storage import tables
from provisor.ringcentral.storage.database import Access, Database

_owners = tables.token_owners


class TokenOwners:
    """Which token belongs to which user. A token without an owner is a service's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def owner_of(self, token_id: str) -> str | None:
        """The id of the user a token belongs to; whether that user is still there is not looked at."""
        query = select(_owners.c.user_id).where(_owners.c.token_id == token_id)
        with self._database.transaction(Access.READ) as connection:
            return connection.execute(query).scalar_one_or_none()

    def give(self, token_id: str, user_id: str) -> None:
        """Make a token a user's own, whoever had it before."""
        with self._database.transaction(Access.WRITE) as connection:
            connection.execute(delete(_owners).where(_owners.c.token_id == token_id))
            connection.execute(insert(_owners), {"token_id": token_id, "user_id": user_id})
