"""The users SCIM tokens belong to: whom `/Me` stands for (RFC 7644 section 3.11)."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from provisor.ringcentral.errors import ProviderError
from provisor.ringcentral.storage import tables
from provisor.ringcentral.storage.database import Access, Database

_owners = tables.token_owners
_resources = tables.resources


class UnknownOwnerError(ProviderError):
    """A token was to be given to somebody who is not there."""


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
        """Make a token a user's own, whoever had it before.

        :raises UnknownOwnerError: when no user has the id.
        """
        with self._database.transaction(Access.WRITE) as connection:
            known = select(_resources.c.id).where(_resources.c.type == "User", _resources.c.id == user_id)
            if connection.execute(known).one_or_none() is None:
                raise UnknownOwnerError(
                    f"No user has the id {user_id!r}, so no token can be theirs. "
                    "The id is what a SCIM client reads as `id`."
                )
            connection.execute(delete(_owners).where(_owners.c.token_id == token_id))
            connection.execute(insert(_owners), {"token_id": token_id, "user_id": user_id})

    def pass_on(self, old_token_id: str, new_token_id: str) -> None:
        """Make a token the own of whoever has another, which stays theirs too."""
        if (owner := self.owner_of(old_token_id)) is not None:
            self.give(new_token_id, owner)
