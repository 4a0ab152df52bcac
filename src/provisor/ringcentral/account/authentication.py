"""Who sends a request: the SCIM token or OAuth access token it carries, and what that may do."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum

from scim2_models import UnauthorizedException

from provisor.ringcentral.account import oauth_sessions, tokens
from provisor.ringcentral.account.scopes import ALL_SCOPES, ApplicationScope
from provisor.ringcentral.account.tokens import TokenState
from provisor.ringcentral.storage.database import Access, Database

Clock = Callable[[], dt.datetime]

TRUST = dt.timedelta(seconds=1)
"""How long a token that was found is not looked up again, which is also how long a revoked one still works."""

USE_NOTED_EACH = dt.timedelta(minutes=1)
"""How often the use of a token is written down."""

MOST_TRUSTED = 10_000

_B64TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")
_OURS = re.compile(r"[A-Za-z0-9\-_]{43}")


class TokenFault(StrEnum):
    """Why a token is refused; the values are RingCentral's codes (section A.5)."""

    EXPIRED = "OAU-128"
    CORRUPTED = "OAU-129"
    UNPARSABLE = "OAU-149"
    NOT_FOUND = "OAU-213"


_DETAILS = {
    TokenFault.EXPIRED: "Access token is expired.",
    TokenFault.CORRUPTED: "Access token is corrupted.",
    TokenFault.UNPARSABLE: "Access token is missing or cannot be parsed. Send it as 'Authorization: Bearer <token>'.",
    TokenFault.NOT_FOUND: "Access token is not known. Create one and configure it in the client.",
}


class InvalidTokenException(UnauthorizedException):
    """The request carries no token that opens this account (HTTP status 401)."""

    def __init__(self, fault: TokenFault) -> None:
        self.fault = fault
        self.message = _DETAILS[fault]
        super().__init__(detail=self.message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who sent a request.

    :param key: the user and application together, which limits are counted for.
    :param subject: whom the access log names: the token's id, or the user who gave the consent.
    """

    key: str
    subject: str
    scopes: frozenset[ApplicationScope] = ALL_SCOPES


@dataclass(slots=True)
class _Known:
    caller: Caller
    checked: dt.datetime
    noted: dt.datetime
    expires: dt.datetime | None


class AccessTokens(Enum):
    """Whether the access tokens of OAuth are taken beside SCIM tokens."""

    TAKEN = "taken"
    REFUSED = "refused"


class Authenticator:
    """Recognises the tokens of one profile. A token that was found is taken for known for `TRUST`."""

    def __init__(
        self,
        database: Database,
        profile: str,
        clock: Clock,
        access_tokens: AccessTokens = AccessTokens.REFUSED,
    ) -> None:
        self._access_tokens = access_tokens
        self._database = database
        self._profile = profile
        self._clock = clock
        self._known: dict[str, _Known] = {}

    def authenticate(self, authorization: str | None, query_token: str | None = None) -> Caller:
        """Who an `Authorization` header stands for, whose scheme is read in any case.

        :param query_token: the token of the URL, for a request without the header.
        :raises InvalidTokenException: without a bearer token, or with one that opens nothing here.
        """
        digest = tokens.digest_of(_bearer(authorization, query_token))
        now = self._clock()
        known = self._known.get(digest)
        if known is None or not known.checked <= now < known.checked + TRUST:
            known = self._look_up(digest, known, now)
        elif known.expires is not None and known.expires <= now:
            raise InvalidTokenException(TokenFault.EXPIRED)
        return known.caller

    def forget(self) -> None:
        """Look every token up again, so that what was just revoked in this process works no more."""
        self._known.clear()

    def _look_up(self, digest: str, known: _Known | None, now: dt.datetime) -> _Known:
        self._known.pop(digest, None)
        with self._database.transaction(Access.READ) as connection:
            token = tokens.find(connection, self._profile, digest)
        if token is None and self._access_tokens is AccessTokens.TAKEN:
            return self._look_up_access_token(digest, now)
        if token is None or token.state(now) is TokenState.REVOKED:
            raise InvalidTokenException(TokenFault.NOT_FOUND)
        if token.state(now) is TokenState.EXPIRED:
            raise InvalidTokenException(TokenFault.EXPIRED)
        noted = known.noted if known is not None else token.last_used
        if noted is None or not noted <= now < noted + USE_NOTED_EACH:
            with self._database.transaction(Access.WRITE) as connection:
                tokens.note_use(connection, token.id, now)
            noted = now
        caller = Caller(key=f"token:{token.id}", subject=token.id)
        return self._remember(digest, _Known(caller=caller, checked=now, noted=noted, expires=token.expires))

    def _look_up_access_token(self, digest: str, now: dt.datetime) -> _Known:
        with self._database.transaction(Access.READ) as connection:
            token = oauth_sessions.find(connection, digest)
            is_fresh = token is not None and oauth_sessions.is_fresh(connection, digest)
        if token is None:
            raise InvalidTokenException(TokenFault.NOT_FOUND)
        if token.expires <= now:
            raise InvalidTokenException(TokenFault.EXPIRED)
        if is_fresh:
            with self._database.transaction(Access.WRITE) as connection:
                oauth_sessions.note_use(connection, digest, now)
        caller = Caller(
            key=f"oauth:{token.client_id}:{token.subject}", subject=token.subject, scopes=token.scopes
        )
        return self._remember(digest, _Known(caller=caller, checked=now, noted=now, expires=token.expires))

    def _remember(self, digest: str, known: _Known) -> _Known:
        if len(self._known) >= MOST_TRUSTED:
            self._known.clear()
        self._known[digest] = known
        return known


def _bearer(authorization: str | None, query_token: str | None) -> str:
    """The token a request carries.

    :raises InvalidTokenException: where there is none, or none that could be one of ours.
    """
    scheme, _, token = (authorization or "").strip().partition(" ")
    token = token.strip()
    if not authorization and query_token:
        scheme, token = "bearer", query_token
    if scheme.lower() != "bearer" or not _B64TOKEN.fullmatch(token):
        raise InvalidTokenException(TokenFault.UNPARSABLE)
    if not _OURS.fullmatch(token):
        raise InvalidTokenException(TokenFault.CORRUPTED)
    return token
