"""OAuth 2.0 at `/restapi/oauth`: authorization code with PKCE, refresh and revocation (section A.7, RFC 6749)."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit, urlunsplit

import anyio
import sqlalchemy
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from provisor.ringcentral import texts
from provisor.ringcentral.account import oauth_clients, oauth_sessions
from provisor.ringcentral.account.authentication import Authenticator
from provisor.ringcentral.account.oauth_clients import Client, ClientKind
from provisor.ringcentral.account.oauth_sessions import Consent, InvalidGrantError, Pair
from provisor.ringcentral.account.throttling import RateGroup, Throttle
from provisor.ringcentral.protocol import oauth_consent, refusals
from provisor.ringcentral.protocol.oauth_consent import Approved, Approver
from provisor.ringcentral.storage.database import Access, Database

PATH = "/restapi/oauth"
MAX_FORM = 64 * 1024
"""Bytes a form may have."""

_REQUEST = ("response_type", "client_id", "redirect_uri", "state", "code_challenge", "code_challenge_method")
_STRANGER = "client:unknown"


class _RefusedError(Exception):
    """An answer of RFC 6749 section 5.2."""

    def __init__(self, error: str, description: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """An authorization request whose application and redirect URI are known."""

    client: Client
    redirect_uri: str
    form: Mapping[str, str]

    def back(self, **answer: str) -> RedirectResponse:
        """The way back to the application, with an answer."""
        parts = urlsplit(self.redirect_uri)
        given = {**answer, **({"state": self.form["state"]} if self.form.get("state") else {})}
        query = "&".join(part for part in (parts.query, urlencode(given)) if part)
        headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
        return RedirectResponse(urlunsplit(parts._replace(query=query)), HTTPStatus.FOUND, headers)


class OAuthEndpoints:
    """The three endpoints.

    :param throttle: counts the requests of each application to the token endpoint, in the group `auth`.
    :param approver: who signs in the administrator that agrees.
    """

    def __init__(
        self,
        *,
        database: Database,
        authenticator: Authenticator,
        throttle: Throttle,
        approver: Approver,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._database = database
        self._authenticator = authenticator
        self._throttle = throttle
        self._approver = approver
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        """What is to be served."""
        return [
            Route(f"{PATH}/authorize", self.ask, methods=["GET"]),
            Route(f"{PATH}/authorize", self.decide, methods=["POST"]),
            Route(f"{PATH}/token", self.token, methods=["POST"]),
            Route(f"{PATH}/revoke", self.revoke, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """Show what an application asks for."""
        asked = self._asked(dict(request.query_params))
        if isinstance(asked, Response):
            return asked
        return _page(oauth_consent.question(asked.client, asked.form))

    async def decide(self, request: Request) -> Response:
        """Send back with a code, or with a refusal."""
        try:
            form = await _form(request)
        except _RefusedError as error:
            return _page(oauth_consent.refusal(error.description), error.status)
        asked = self._asked(form)
        if isinstance(asked, Response):
            return asked
        if form.get("decision") != "authorize":
            return asked.back(
                error="access_denied", error_description="The administrator denied the request."
            )
        address = request.client.host if request.client is not None else ""
        outcome = await anyio.to_thread.run_sync(
            self._approver, form.get("name", ""), form.get("password", ""), address
        )
        if not isinstance(outcome, Approved):
            page = oauth_consent.question(asked.client, asked.form, outcome.sentence)
            return _page(page, HTTPStatus.FORBIDDEN)
        consent = Consent(
            client=asked.client,
            subject=outcome.subject,
            scopes=asked.client.scopes & outcome.scopes,
            redirect_uri=asked.redirect_uri,
            challenge=asked.form.get("code_challenge"),
            challenge_method=asked.form.get("code_challenge_method"),
        )
        with self._database.transaction(Access.WRITE) as connection:
            code = oauth_sessions.issue_code(connection, consent, self._clock())
        return asked.back(code=code, expires_in=str(int(oauth_sessions.CODE_LIFE.total_seconds())))

    async def token(self, request: Request) -> Response:
        """Give tokens for a code or for a refresh token."""
        try:
            form = await _form(request)
            client_id, secret = _credentials(request, form)
        except _RefusedError as error:
            return _refused(error, {})
        throttled, headers = self._admit(client_id)
        if throttled is not None:
            return throttled
        try:
            return JSONResponse(self._granted(client_id, secret, form), headers=_uncached(headers))
        except _RefusedError as error:
            return _refused(error, headers)

    async def revoke(self, request: Request) -> Response:
        """End the session of a token."""
        try:
            form = await _form(request)
            client_id, secret = _credentials(request, form)
            with self._database.transaction(Access.WRITE) as connection:
                client = _authenticated(connection, client_id, secret)
                oauth_sessions.revoke(connection, client, form.get("token", ""), self._clock())
        except _RefusedError as error:
            return _refused(error, {})
        self._authenticator.forget()
        return Response(status_code=HTTPStatus.OK, headers=_uncached({}))

    def _asked(self, form: Mapping[str, str]) -> _Asked | Response:
        """The request, or the answer to one that is none."""
        with self._database.transaction(Access.READ) as connection:
            client = oauth_clients.find(connection, form.get("client_id", ""))
        if client is None:
            sentence = "No application is registered with this client_id."
            return _page(oauth_consent.refusal(sentence), HTTPStatus.BAD_REQUEST)
        uri = form.get("redirect_uri", "")
        if uri not in client.redirect_uris:
            sentence = f"The redirect_uri is not one that {client.name} was registered with."
            return _page(oauth_consent.refusal(sentence), HTTPStatus.BAD_REQUEST)
        kept = {name: form[name] for name in _REQUEST if form.get(name)}
        if kept.get("code_challenge"):
            kept.setdefault("code_challenge_method", "plain")
        asked = _Asked(client=client, redirect_uri=uri, form=kept)
        if kept.get("response_type") != "code":
            return asked.back(error="unsupported_response_type")
        if client.kind is ClientKind.PUBLIC and not kept.get("code_challenge"):
            told = "An application without a secret sends a code_challenge."
            return asked.back(error="invalid_request", error_description=told)
        if kept.get("code_challenge_method", "S256") not in ("S256", "plain"):
            told = "code_challenge_method is S256 or plain."
            return asked.back(error="invalid_request", error_description=told)
        return asked

    def _admit(self, client_id: str) -> tuple[Response | None, dict[str, str]]:
        with self._database.transaction(Access.READ) as connection:
            known = oauth_clients.find(connection, client_id)
        key = _STRANGER if known is None else f"client:{known.id}"
        admission = self._throttle.admit(key, RateGroup.AUTH, self._clock())
        if admission is None:
            return None, {}
        headers = admission.headers()
        if admission.retry_after is None:
            return None, headers
        wait = math.ceil(admission.retry_after.total_seconds())
        body = refusals.envelope("CMN-301", f"Request rate exceeded. Send nothing for {wait} seconds.")
        return JSONResponse(body, HTTPStatus.TOO_MANY_REQUESTS, headers=_uncached(headers)), headers

    def _granted(self, client_id: str, secret: str | None, form: Mapping[str, str]) -> dict[str, object]:
        now = self._clock()
        failed: InvalidGrantError | None = None
        with self._database.transaction(Access.WRITE) as connection:
            client = _authenticated(connection, client_id, secret)
            try:
                pair = _exchanged(connection, client, form, now)
            except InvalidGrantError as error:
                # a code that is used again ends a session: that is kept, so the transaction is not undone
                failed = error
        self._authenticator.forget()
        if failed is not None:
            raise _RefusedError("invalid_grant", str(failed))
        return _answer(pair)


def _exchanged(
    connection: sqlalchemy.Connection, client: Client, form: Mapping[str, str], now: dt.datetime
) -> Pair:
    match form.get("grant_type"):
        case "authorization_code":
            return oauth_sessions.redeem(
                connection,
                client,
                code=form.get("code", ""),
                redirect_uri=form.get("redirect_uri"),
                verifier=form.get("code_verifier"),
                now=now,
            )
        case "refresh_token":
            return oauth_sessions.refresh(connection, client, form.get("refresh_token", ""), now)
        case None | "":
            raise _RefusedError("invalid_request", "grant_type is missing.")
    raise _RefusedError("unsupported_grant_type", "grant_type is authorization_code or refresh_token.")


def _authenticated(connection: sqlalchemy.Connection, client_id: str, secret: str | None) -> Client:
    client = oauth_clients.authenticated(connection, client_id, secret)
    if client is None:
        raise _RefusedError(
            "invalid_client", "The client id or its secret is wrong.", HTTPStatus.UNAUTHORIZED
        )
    return client


def _credentials(request: Request, form: Mapping[str, str]) -> tuple[str, str | None]:
    """The id and the secret of an application, from the header or the form."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret")
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise _RefusedError(
            "invalid_client", "The Authorization header cannot be read.", HTTPStatus.UNAUTHORIZED
        ) from None
    return unquote_plus(client_id), unquote_plus(secret)


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form, each of which may be sent once (RFC 6749 section 3.2)."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_FORM:
            raise _RefusedError(
                "invalid_request",
                f"A form has at most {MAX_FORM} bytes.",
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            )
    pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
    form = dict(pairs)
    if len(form) != len(pairs):
        raise _RefusedError("invalid_request", "A parameter was sent more than once.")
    if not texts.holds_only_storable(form):
        raise _RefusedError("invalid_request", "A parameter holds a character no text can hold.")
    return form


def _answer(pair: Pair) -> dict[str, object]:
    return {
        "access_token": pair.access,
        "token_type": "bearer",
        "expires_in": int(oauth_sessions.ACCESS_LIFE.total_seconds()),
        "refresh_token": pair.refresh,
        "refresh_token_expires_in": int(oauth_sessions.REFRESH_LIFE.total_seconds()),
        "scope": " ".join(sorted(pair.scopes)),
        "owner_id": pair.subject,
    }


def _refused(error: _RefusedError, headers: Mapping[str, str]) -> Response:
    body = {"error": error.error, "error_description": error.description}
    more = {"WWW-Authenticate": 'Basic realm="OAuth"'} if error.status is HTTPStatus.UNAUTHORIZED else {}
    return JSONResponse(body, error.status, headers=_uncached({**headers, **more}))


def _uncached(headers: Mapping[str, str]) -> dict[str, str]:
    return {**headers, "Cache-Control": "no-store", "Pragma": "no-cache"}


def _page(content: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return HTMLResponse(content, status, headers=oauth_consent.HEADERS)
