"""SCIM bearer tokens. Only their SHA-256 digest is stored: 256 random bits need no slower hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from scim2_models import UnauthorizedException
from sqlalchemy import insert, select

from provisor.ringcentral import tables
from provisor.ringcentral.database import Access, Database


def create(database: Database, profile: str, now: dt.datetime) -> str:
    """A new token for a profile, in clear text: this is the only time it can be read."""
    token = secrets.token_urlsafe(32)
    with database.transaction(Access.WRITE) as connection:
        connection.execute(
            insert(tables.tokens), {"digest": digest_of(token), "profile": profile, "created": now}
        )
    return token


def authenticate(database: Database, profile: str, authorization: str | None) -> str:
    """The digest of the token an `Authorization` header carries. The scheme is read in any case.

    :raises UnauthorizedException: without a bearer token, or with one that is not known to this profile.
    """
    scheme, _, token = (authorization or "").strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise UnauthorizedException(detail="Send the SCIM token as 'Authorization: Bearer <token>'.")
    digest = digest_of(token.strip())
    known = select(tables.tokens.c.digest).where(
        tables.tokens.c.digest == digest, tables.tokens.c.profile == profile
    )
    with database.transaction(Access.READ) as connection:
        if connection.execute(known).one_or_none() is None:
            raise UnauthorizedException(
                detail="The SCIM token is not valid. Create one and configure it in the client."
            )
    return digest


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()
