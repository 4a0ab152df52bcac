"""SCIM bearer tokens. Only their SHA-256 digest is stored: 256 random bits need no slower hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable

from scim2_models import UnauthorizedException
from sqlalchemy import insert, select

from provisor.ringcentral.storage import tables
from provisor.ringcentral.storage.database import Access, Database

Clock = Callable[[], dt.datetime]

TRUST = dt.timedelta(seconds=1)
"""How long a token that was found is not looked up again, which is also how long a deleted one still works."""


def create(database: Database, profile: str, now: dt.datetime) -> str:
    """A new token for a profile, in clear text: this is the only time it can be read."""
    token = secrets.token_urlsafe(32)
    with database.transaction(Access.WRITE) as connection:
        connection.execute(
            insert(tables.tokens), {"digest": digest_of(token), "profile": profile, "created": now}
        )
    return token


class Authenticator:
    """Recognises the tokens of one profile. A token that was found is taken for known for `TRUST`."""

    def __init__(self, database: Database, profile: str, clock: Clock) -> None:
        self._database = database
        self._profile = profile
        self._clock = clock
        self._trusted: dict[str, dt.datetime] = {}

    def authenticate(self, authorization: str | None) -> str:
        """The digest of the token an `Authorization` header carries. The scheme is read in any case.

        :raises UnauthorizedException: without a bearer token, or with one that is not known to this profile.
        """
        scheme, _, token = (authorization or "").strip().partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise UnauthorizedException(detail="Send the SCIM token as 'Authorization: Bearer <token>'.")
        digest = digest_of(token.strip())
        now = self._clock()
        found = self._trusted.get(digest)
        if found is None or not found <= now < found + TRUST:
            self._check(digest)
            self._trusted[digest] = now
        return digest

    def _check(self, digest: str) -> None:
        known = select(tables.tokens.c.digest).where(
            tables.tokens.c.digest == digest, tables.tokens.c.profile == self._profile
        )
        with self._database.transaction(Access.READ) as connection:
            if connection.execute(known).one_or_none() is not None:
                return
        self._trusted.pop(digest, None)
        raise UnauthorizedException(
            detail="The SCIM token is not valid. Create one and configure it in the client."
        )


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()
