"""SCIM bearer tokens. Only their SHA-256 digest is stored: 256 random bits need no slower hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy
from sqlalchemy import insert, select, update

from provisor.ringcentral import moments
from provisor.ringcentral.errors import ProviderError
from provisor.ringcentral.storage import tables
from provisor.ringcentral.storage.database import Access, Database

Clock = Callable[[], dt.datetime]

GRACE = dt.timedelta(hours=24)
"""How long a rotated token works beside the new one unless told otherwise."""

_tokens = tables.tokens


class UnknownTokenError(ProviderError):
    """No SCIM token of this profile has the id."""


class TokenState(StrEnum):
    """Whether a token opens anything."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A SCIM token as it may be shown.

    :param last_used: the minute of its last request, to a minute; None where it was never used.
    """

    id: str
    description: str
    created: dt.datetime
    created_by: str
    expires: dt.datetime | None
    last_used: dt.datetime | None
    revoked: dt.datetime | None

    def state(self, now: dt.datetime) -> TokenState:
        """What the token is at a moment."""
        if self.revoked is not None:
            return TokenState.REVOKED
        if self.expires is not None and self.expires <= now:
            return TokenState.EXPIRED
        return TokenState.VALID


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A token that was just made. `secret` is its clear text, which cannot be read again."""

    token: Token
    secret: str


def create(
    database: Database,
    profile: str,
    now: dt.datetime,
    *,
    description: str = "",
    created_by: str = "",
    expires: dt.datetime | None = None,
) -> NewToken:
    """A new token for a profile."""
    with database.transaction(Access.WRITE) as connection:
        return _insert(
            connection, profile, now, description=description, created_by=created_by, expires=expires
        )


def rotate(
    database: Database,
    profile: str,
    token_id: str,
    now: dt.datetime,
    *,
    grace: dt.timedelta = GRACE,
    created_by: str = "",
    expires: dt.datetime | None = None,
) -> NewToken:
    """A new token in the place of another, which works for the grace period and not longer; zero ends it at once.

    :raises UnknownTokenError: for an id that is not one of this profile, or of a token that is revoked.
    """
    with database.transaction(Access.WRITE) as connection:
        old = _load(connection, profile, token_id)
        if old.revoked is not None:
            raise UnknownTokenError(
                f"The SCIM token {token_id} is revoked; make a new one with `provisor ringcentral token create`."
            )
        end = now + grace if old.expires is None else min(old.expires, now + grace)
        values: dict[str, Any] = {"expires": moments.microseconds(end)}
        if not grace:
            values["revoked"] = moments.microseconds(now)
        connection.execute(update(_tokens).where(_tokens.c.id == token_id).values(values))
        return _insert(
            connection, profile, now, description=old.description, created_by=created_by, expires=expires
        )


def revoke(database: Database, profile: str, token_id: str, now: dt.datetime) -> None:
    """Make a token open nothing any more. Revoking it again changes nothing.

    :raises UnknownTokenError: for an id that is not one of this profile.
    """
    with database.transaction(Access.WRITE) as connection:
        _load(connection, profile, token_id)
        connection.execute(
            update(_tokens)
            .where(_tokens.c.id == token_id, _tokens.c.revoked.is_(None))
            .values(revoked=moments.microseconds(now))
        )


def listed(database: Database, profile: str) -> Sequence[Token]:
    """Every token of a profile, the oldest first."""
    query = select(_tokens).where(_tokens.c.profile == profile).order_by(_tokens.c.created, _tokens.c.id)
    with database.transaction(Access.READ) as connection:
        return [_token(row) for row in connection.execute(query)]


def find(connection: sqlalchemy.Connection, profile: str, digest: str) -> Token | None:
    """The token of a digest, whatever its state."""
    row = connection.execute(
        select(_tokens).where(_tokens.c.digest == digest, _tokens.c.profile == profile)
    ).one_or_none()
    # The digest is looked up, not the token, so timing tells nothing of it; compared all the same.
    if row is None or not hmac.compare_digest(row.digest, digest):
        return None
    return _token(row)


def note_use(connection: sqlalchemy.Connection, token_id: str, now: dt.datetime) -> None:
    """Remember that a token was used."""
    connection.execute(
        update(_tokens).where(_tokens.c.id == token_id).values(last_used=moments.microseconds(now))
    )


def digest_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()


def _insert(
    connection: sqlalchemy.Connection,
    profile: str,
    now: dt.datetime,
    *,
    description: str,
    created_by: str,
    expires: dt.datetime | None,
) -> NewToken:
    secret = secrets.token_urlsafe(32)
    token = Token(
        id=secrets.token_hex(6),
        description=description,
        created=now,
        created_by=created_by,
        expires=expires,
        last_used=None,
        revoked=None,
    )
    connection.execute(
        insert(_tokens),
        {
            "digest": digest_of(secret),
            "profile": profile,
            "created": now,
            "id": token.id,
            "description": description,
            "created_by": created_by,
            "expires": None if expires is None else moments.microseconds(expires),
        },
    )
    return NewToken(token=token, secret=secret)


def _load(connection: sqlalchemy.Connection, profile: str, token_id: str) -> Token:
    row = connection.execute(
        select(_tokens).where(_tokens.c.id == token_id, _tokens.c.profile == profile)
    ).one_or_none()
    if row is None:
        raise UnknownTokenError(
            f"No SCIM token of the profile {profile} has the id {token_id!r}. "
            "`provisor ringcentral token list` shows those there are."
        )
    return _token(row)


def _token(row: Any) -> Token:
    # SQLite keeps no time zone
    created = row.created if row.created.tzinfo else row.created.replace(tzinfo=dt.UTC)
    return Token(
        id=row.id,
        description=row.description,
        created=created,
        created_by=row.created_by,
        expires=_moment(row.expires),
        last_used=_moment(row.last_used),
        revoked=_moment(row.revoked),
    )


def _moment(stored: int | None) -> dt.datetime | None:
    return None if stored is None else moments.moment(stored)
