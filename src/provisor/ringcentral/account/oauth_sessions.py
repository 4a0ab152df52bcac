"""What a consent gives an application: a code, then pairs of an access and a refresh token (section A.7).

An access token works for an hour, a refresh token for seven days and once: refreshing ends the access token before it at
once, and the refresh token before it ten seconds after the new access token is first used, so that an answer that was
lost can be asked for again. One user and application have at most five sessions; another ends the oldest.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from enum import Enum
from typing import Any

import sqlalchemy
from sqlalchemy import delete, func, insert, select, update

from provisor.ringcentral import moments
from provisor.ringcentral.account.oauth_clients import Client
from provisor.ringcentral.account.scopes import ApplicationScope
from provisor.ringcentral.account.tokens import digest_of
from provisor.ringcentral.storage import tables

CODE_LIFE = dt.timedelta(seconds=60)
ACCESS_LIFE = dt.timedelta(hours=1)
REFRESH_LIFE = dt.timedelta(days=7)
SUPERSEDED_LIFE = dt.timedelta(minutes=60)
"""How long a used refresh token works on while the new access token was never used."""
GRACE = dt.timedelta(seconds=10)
"""How long it works on once the new access token was used."""
MOST_SESSIONS = 5

_clients = tables.oauth_clients
_codes = tables.oauth_codes
_sessions = tables.oauth_sessions
_tokens = tables.oauth_tokens


class InvalidGrantError(Exception):
    """A code or refresh token that opens nothing; the message is for the application's developer."""


class Kind(Enum):
    """What a token is for."""

    ACCESS = "access"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a user agreed to: an application, where it is told, and its PKCE challenge."""

    client: Client
    subject: str
    scopes: frozenset[ApplicationScope]
    redirect_uri: str
    challenge: str | None
    challenge_method: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two tokens in clear text, for the one answer that carries them."""

    access: str
    refresh: str
    subject: str
    scopes: frozenset[ApplicationScope]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """An access token as it was found."""

    client_id: str
    subject: str
    scopes: frozenset[ApplicationScope]
    expires: dt.datetime


def issue_code(connection: sqlalchemy.Connection, consent: Consent, now: dt.datetime) -> str:
    """The code of a consent."""
    code = secrets.token_urlsafe(32)
    connection.execute(
        insert(_codes),
        {
            "digest": digest_of(code),
            "client_id": consent.client.id,
            "subject": consent.subject,
            "redirect_uri": consent.redirect_uri,
            "scopes": json.dumps(sorted(consent.scopes)),
            "challenge": consent.challenge,
            "challenge_method": consent.challenge_method,
            "expires": moments.microseconds(now + CODE_LIFE),
        },
    )
    return code


def redeem(
    connection: sqlalchemy.Connection,
    client: Client,
    *,
    code: str,
    redirect_uri: str | None,
    verifier: str | None,
    now: dt.datetime,
) -> Pair:
    """The first pair of tokens of a consent. A code that is redeemed again ends what it had opened.

    :raises InvalidGrantError: for a code that is unknown, too old, used, another application's or unproven.
    """
    query = select(_codes).where(_codes.c.digest == digest_of(code)).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None or row.client_id != client.id:
        raise InvalidGrantError("The code is not known.")
    if row.session_id is not None:
        _end(connection, row.session_id, now)
        raise InvalidGrantError("The code was used before; the tokens it gave are revoked.")
    if row.expires <= moments.microseconds(now):
        raise InvalidGrantError("The code is expired.")
    if row.redirect_uri != redirect_uri:
        raise InvalidGrantError("redirect_uri is not the one the code was asked for with.")
    _check_verifier(row, verifier)
    session_id = _open(connection, client.id, row.subject, row.scopes, now)
    connection.execute(update(_codes).where(_codes.c.digest == row.digest).values(session_id=session_id))
    return _pair(connection, session_id, 1, subject=row.subject, scopes=row.scopes, now=now)


def refresh(connection: sqlalchemy.Connection, client: Client, token: str, now: dt.datetime) -> Pair:
    """The next pair of tokens of a session.

    :raises InvalidGrantError: for a refresh token that is unknown, used up, expired or another application's.
    """
    row = _found(connection, token, Kind.REFRESH)
    if row is None or row.client_id != client.id:
        raise InvalidGrantError("The refresh token is not known.")
    if row.expires <= moments.microseconds(now):
        raise InvalidGrantError("The refresh token is expired or was used.")
    generations = select(func.max(_tokens.c.generation)).where(_tokens.c.session_id == row.session_id)
    generation = connection.execute(generations).scalar_one() + 1
    of_session = _tokens.c.session_id == row.session_id
    connection.execute(delete(_tokens).where(of_session, _tokens.c.kind == Kind.ACCESS.value))
    _shorten(connection, row.session_id, generation, now + SUPERSEDED_LIFE)
    return _pair(connection, row.session_id, generation, subject=row.subject, scopes=row.scopes, now=now)


def revoke(connection: sqlalchemy.Connection, client: Client, token: str, now: dt.datetime) -> None:
    """End the session of a token of either kind; a token nobody knows changes nothing (RFC 7009 section 2.2)."""
    for kind in Kind:
        row = _found(connection, token, kind)
        if row is not None and row.client_id == client.id:
            _end(connection, row.session_id, now)


def find(connection: sqlalchemy.Connection, digest: str) -> AccessToken | None:
    """The access token of a digest, expired or not; None where its session or application is revoked."""
    row = _of_digest(connection, digest, Kind.ACCESS)
    if row is None:
        return None
    return AccessToken(
        client_id=row.client_id,
        subject=row.subject,
        scopes=frozenset(ApplicationScope(each) for each in json.loads(row.scopes)),
        expires=moments.moment(row.expires),
    )


def is_fresh(connection: sqlalchemy.Connection, digest: str) -> bool:
    """Whether an access token was never used."""
    used = select(_tokens.c.first_used).where(_tokens.c.digest == digest)
    return connection.execute(used).scalar_one_or_none() is None


def note_use(connection: sqlalchemy.Connection, digest: str, now: dt.datetime) -> None:
    """Remember the first use of an access token; the refresh tokens before it die after `GRACE`."""
    row = connection.execute(select(_tokens).where(_tokens.c.digest == digest)).one_or_none()
    if row is None or row.first_used is not None:
        return
    used = {"first_used": moments.microseconds(now)}
    connection.execute(update(_tokens).where(_tokens.c.digest == digest).values(used))
    _shorten(connection, row.session_id, row.generation, now + GRACE)


def _shorten(connection: sqlalchemy.Connection, session_id: str, generation: int, end: dt.datetime) -> None:
    """Let the refresh tokens before a generation live no longer than to a moment."""
    until = moments.microseconds(end)
    connection.execute(
        update(_tokens)
        .where(
            _tokens.c.session_id == session_id,
            _tokens.c.kind == Kind.REFRESH.value,
            _tokens.c.generation < generation,
            _tokens.c.expires > until,
        )
        .values(expires=until)
    )


def _open(
    connection: sqlalchemy.Connection, client_id: str, subject: str, scopes: str, now: dt.datetime
) -> str:
    session_id = secrets.token_urlsafe(16)
    _forget_the_expired(connection, now)
    connection.execute(
        insert(_sessions),
        {
            "id": session_id,
            "client_id": client_id,
            "subject": subject,
            "scopes": scopes,
            "created": moments.microseconds(now),
        },
    )
    living = (
        select(_sessions.c.id)
        .where(
            _sessions.c.client_id == client_id,
            _sessions.c.subject == subject,
            _sessions.c.revoked.is_(None),
            _sessions.c.id != session_id,
        )
        .order_by(_sessions.c.created.desc(), _sessions.c.id)
        .offset(MOST_SESSIONS - 1)
    )
    for evicted in connection.execute(living).scalars().all():
        _end(connection, evicted, now)
    return session_id


def _forget_the_expired(connection: sqlalchemy.Connection, now: dt.datetime) -> None:
    """Delete codes and tokens a day after their end: until then, whoever sends them hears that they are expired."""
    before = moments.microseconds(now - dt.timedelta(days=1))
    for table in (_codes, _tokens):
        connection.execute(delete(table).where(table.c.expires < before))


def _end(connection: sqlalchemy.Connection, session_id: str, now: dt.datetime) -> None:
    ended = {"revoked": moments.microseconds(now)}
    connection.execute(update(_sessions).where(_sessions.c.id == session_id).values(ended))
    connection.execute(delete(_tokens).where(_tokens.c.session_id == session_id))


def _pair(
    connection: sqlalchemy.Connection,
    session_id: str,
    generation: int,
    *,
    subject: str,
    scopes: str,
    now: dt.datetime,
) -> Pair:
    made = {kind: secrets.token_urlsafe(32) for kind in Kind}
    life = {Kind.ACCESS: ACCESS_LIFE, Kind.REFRESH: REFRESH_LIFE}
    connection.execute(
        insert(_tokens),
        [
            {
                "digest": digest_of(token),
                "session_id": session_id,
                "kind": kind.value,
                "generation": generation,
                "expires": moments.microseconds(now + life[kind]),
            }
            for kind, token in made.items()
        ],
    )
    return Pair(
        access=made[Kind.ACCESS],
        refresh=made[Kind.REFRESH],
        subject=subject,
        scopes=frozenset(ApplicationScope(each) for each in json.loads(scopes)),
    )


def _found(connection: sqlalchemy.Connection, token: str, kind: Kind) -> Any:
    return _of_digest(connection, digest_of(token), kind)


def _of_digest(connection: sqlalchemy.Connection, digest: str, kind: Kind) -> Any:
    query = (
        select(_tokens, _sessions.c.client_id, _sessions.c.subject, _sessions.c.scopes)
        .join(_sessions, _sessions.c.id == _tokens.c.session_id)
        .join(_clients, _clients.c.id == _sessions.c.client_id)
        .where(
            _tokens.c.digest == digest,
            _tokens.c.kind == kind.value,
            _sessions.c.revoked.is_(None),
            _clients.c.revoked.is_(None),
        )
    )
    return connection.execute(query).one_or_none()


def _check_verifier(row: Any, verifier: str | None) -> None:
    """Whether who redeems the code is who asked for it (RFC 7636 section 4.6)."""
    if row.challenge is None:
        return
    proof = verifier or ""
    if row.challenge_method == "S256":
        hashed = hashlib.sha256(proof.encode(errors="replace")).digest()
        proof = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
    if not hmac.compare_digest(proof.encode(), row.challenge.encode()):
        raise InvalidGrantError("code_verifier does not prove the code_challenge.")
