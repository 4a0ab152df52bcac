"""The applications registered for OAuth. A confidential one has a secret, of which only the digest is kept."""

from __future__ import annotations

import datetime as dt
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy
from sqlalchemy import insert, select, update

from provisor.ringcentral import moments
from provisor.ringcentral.account.scopes import ALL_SCOPES, ApplicationScope
from provisor.ringcentral.account.tokens import digest_of
from provisor.ringcentral.errors import ProviderError
from provisor.ringcentral.storage import tables
from provisor.ringcentral.storage.database import Access, Database

_clients = tables.oauth_clients
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class ClientError(ProviderError):
    """An application that cannot be registered, or is not; the message says why."""


class ClientKind(Enum):
    """Whether an application can keep a secret; one that cannot proves itself by PKCE."""

    CONFIDENTIAL = "confidential"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A registered application.

    :param redirect_uris: where people may be sent back to, compared character by character.
    """

    id: str
    name: str
    kind: ClientKind
    redirect_uris: tuple[str, ...]
    scopes: frozenset[ApplicationScope]
    created: dt.datetime
    revoked: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClient:
    """An application that was just registered. `secret` cannot be read again; a public one has none."""

    client: Client
    secret: str | None


def create(
    database: Database,
    now: dt.datetime,
    *,
    name: str,
    redirect_uris: Sequence[str],
    kind: ClientKind = ClientKind.CONFIDENTIAL,
    scopes: frozenset[ApplicationScope] = ALL_SCOPES,
) -> NewClient:
    """Register an application.

    :raises ClientError: without a redirect URI, or for one that is neither https nor of this machine.
    """
    if not redirect_uris:
        raise ClientError("An application needs the URI people are sent back to; give --redirect-uri.")
    for uri in redirect_uris:
        _check(uri)
    secret = secrets.token_urlsafe(32) if kind is ClientKind.CONFIDENTIAL else None
    client = Client(
        id=secrets.token_urlsafe(16),
        name=name,
        kind=kind,
        redirect_uris=tuple(redirect_uris),
        scopes=scopes,
        created=now,
        revoked=None,
    )
    row = {
        "id": client.id,
        "name": name,
        "secret_digest": None if secret is None else digest_of(secret),
        "redirect_uris": json.dumps(list(redirect_uris)),
        "scopes": json.dumps(sorted(scopes)),
        "created": moments.microseconds(now),
    }
    with database.transaction(Access.WRITE) as connection:
        connection.execute(insert(_clients), row)
    return NewClient(client=client, secret=secret)


def listed(database: Database) -> Sequence[Client]:
    """Every application, the oldest first."""
    with database.transaction(Access.READ) as connection:
        rows = connection.execute(select(_clients).order_by(_clients.c.created, _clients.c.id))
        return [_client(row) for row in rows]


def revoke(database: Database, client_id: str, now: dt.datetime) -> None:
    """End an application: its tokens open nothing any more.

    :raises ClientError: for an id nobody has.
    """
    ended = update(_clients).where(_clients.c.id == client_id).values(revoked=moments.microseconds(now))
    with database.transaction(Access.WRITE) as connection:
        if connection.execute(ended).rowcount == 0:
            raise ClientError(
                f"No application has the id {client_id!r}. `provisor ringcentral client list` shows those there are."
            )


def find(connection: sqlalchemy.Connection, client_id: str) -> Client | None:
    """The application of an id, unless it was revoked."""
    row = _row(connection, client_id)
    return None if row is None else _client(row)


def authenticated(connection: sqlalchemy.Connection, client_id: str, secret: str | None) -> Client | None:
    """The application that proves to be one of an id; a public one needs no proof here. None for any other."""
    row = _row(connection, client_id)
    if row is None:
        return None
    if row.secret_digest is not None and not hmac.compare_digest(row.secret_digest, digest_of(secret or "")):
        return None
    return _client(row)


def _row(connection: sqlalchemy.Connection, client_id: str) -> Any:
    if "\0" in client_id:
        return None
    query = select(_clients).where(_clients.c.id == client_id, _clients.c.revoked.is_(None))
    return connection.execute(query).one_or_none()


def _client(row: Any) -> Client:
    return Client(
        id=row.id,
        name=row.name,
        kind=ClientKind.PUBLIC if row.secret_digest is None else ClientKind.CONFIDENTIAL,
        redirect_uris=tuple(json.loads(row.redirect_uris)),
        scopes=frozenset(ApplicationScope(each) for each in json.loads(row.scopes)),
        created=moments.moment(row.created),
        revoked=None if row.revoked is None else moments.moment(row.revoked),
    )


def _check(uri: str) -> None:
    try:
        parts = urlsplit(uri)
        host = parts.hostname
    except ValueError:
        parts, host = None, None
    is_own = parts is not None and parts.scheme == "http" and host in _LOOPBACK
    if parts is None or not host or not (parts.scheme == "https" or is_own) or parts.fragment:
        raise ClientError(
            f"{uri!r} cannot be sent back to: give an https URI without a fragment, or http on this machine."
        )
