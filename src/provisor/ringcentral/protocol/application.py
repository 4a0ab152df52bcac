"""The SCIM endpoints as an ASGI application: authentication, throttling, and one storage transaction a request."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import cast
from urllib.parse import parse_qsl

import orjson
from scim2_models import (
    ForbiddenException,
    NotFoundException,
    SCIMException,
)
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.service import ScimService
from sqlalchemy.exc import OperationalError
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from provisor.ringcentral.account import throttling
from provisor.ringcentral.account.authentication import AccessTokens, Authenticator, Caller
from provisor.ringcentral.account.knobs import CreateNotFound, Switch
from provisor.ringcentral.account.scopes import ApplicationScope
from provisor.ringcentral.account.settings import SettingsStore
from provisor.ringcentral.account.throttling import Admission, RateGroup, Throttle
from provisor.ringcentral.profiles import ConfigAccess, Gateway, Profile
from provisor.ringcentral.protocol import media_types, refusals, request_limits, tunnelling
from provisor.ringcentral.protocol.description import document
from provisor.ringcentral.protocol.refusals import MissingScopeException, TooManyRequestsException
from provisor.ringcentral.protocol.tolerant_service import TolerantService
from provisor.ringcentral.request_log import notes
from provisor.ringcentral.storage.database import Database
from provisor.ringcentral.storage.sql_storage import Clock

_LISTS = frozenset({"attributes", "excludedAttributes"})

_PUBLIC = frozenset({"/ServiceProviderConfig", document.PATH})
"""What is read without a token where discovery is open."""

_log = logging.getLogger(__name__)


class ScimEndpoint:
    """Serves what is below the SCIM base path.

    The handler runs to its end without awaiting: one process writes one request at a time, and nothing is answered
    before it is committed.
    """

    def __init__(
        self,
        *,
        database: Database,
        profile: Profile,
        handler: ScimHandler,
        settings: SettingsStore,
        throttle: Throttle,
        clock: Clock,
    ) -> None:
        takes = AccessTokens.TAKEN if profile.gateway is Gateway.RINGCENTRAL else AccessTokens.REFUSED
        self.authenticator = Authenticator(database, profile.name, clock, takes)
        self._settings = settings
        self._profile = profile
        self._handler = handler
        self._service = cast("TolerantService", handler.service)
        self.throttle = throttle
        self._clock = clock

    @property
    def service(self) -> ScimService:
        """The service of the profile, for whoever answers in its words."""
        return self._handler.service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request; every answer, errors included, is a SCIM one."""
        request = Request(scope, receive)
        try:
            body = await _read(request)
        except ClientDisconnect:
            return
        asked = _scim_request(request, body)
        response = self.answer(asked)
        if asked.subject is not None:
            scope.setdefault("state", {})[notes.CALLER] = asked.subject
        await _send(response, send)

    def answer(self, request: ScimRequest) -> ScimResponse:
        """The answer to a request whose body is read."""
        admission: Admission | None = None
        try:
            request.path = self._service.canonical_path(request.path)
            if self._obeys(self._settings.current().knobs.method_override):
                request = tunnelling.with_meant_method(request)
            caller = self._authenticate(request)
            if caller is not None:
                request.subject = caller.subject
                admission = self._admit(caller, request)
            self._check_service(request)
            request_limits.check_url(len(request.path) + _length(request.query))
            request_limits.check_body(len(request.body))
            response = self._described(request) or self._handler.handle(request)
        except Exception as error:  # noqa: BLE001 - the last place before the wire
            response = self._refusal(request, error)
        if response.headers["Content-Type"] == media_types.SCIM:
            wanted = media_types.negotiate(request.header("Accept"))
            response.headers["Content-Type"] = wanted or media_types.SCIM
        if admission is not None:
            response.headers.update(admission.headers())
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def _described(self, request: ScimRequest) -> ScimResponse | None:
        """The description of the service, where that is asked for."""
        if request.method != "GET" or request.path.rstrip("/") != document.PATH:
            return None
        body = document.of(self._profile, request.base_url)
        return ScimResponse(HTTPStatus.OK, body, {"Content-Type": media_types.JSON})

    def _authenticate(self, request: ScimRequest) -> Caller | None:
        """Who sent the request, or None where that does not matter."""
        is_public = request.path.rstrip("/") in _PUBLIC
        if is_public and self._profile.config_access is ConfigAccess.OPEN:
            return None
        takes_query = self._obeys(self._settings.current().knobs.query_token)
        in_query = request.query.get(tunnelling.TOKEN_PARAMETER) if takes_query else None
        return self.authenticator.authenticate(request.header("Authorization"), in_query)

    def _obeys(self, knob: Switch) -> bool:
        """Whether a way of calling that only RingCentral's gateway has is open."""
        return self._profile.gateway is Gateway.RINGCENTRAL and knob is Switch.ON

    def _admit(self, caller: Caller, request: ScimRequest) -> Admission | None:
        group = throttling.group_of(request.method, request.path)
        admission = self.throttle.admit(caller.key, group, self._clock())
        if admission is not None and admission.retry_after is not None:
            raise _Throttled(admission)
        scope = _SCOPES[group]
        if scope not in caller.scopes:
            raise _MissingScope(admission, scope)
        return admission

    def _check_service(self, request: ScimRequest) -> None:
        settings = self._settings.current()
        if settings.answers_scim:
            return
        is_absent = settings.knobs.create_not_found is CreateNotFound.SERVICE_DISABLED
        if is_absent and request.method == "POST" and not request.path.rstrip("/").endswith("/.search"):
            raise NotFoundException(detail="No directory integration was found for this account.")
        raise ForbiddenException(
            detail="Directory integration by SCIM is not enabled for this account. "
            "An administrator enables it under Directory Integration."
        )

    def _refusal(self, request: ScimRequest, error: Exception) -> ScimResponse:
        headers: dict[str, str] = {}
        known = refusals.of(error)
        if isinstance(error, _Throttled):
            headers = error.admission.headers()
            known = TooManyRequestsException(
                detail="Request rate exceeded. Send nothing until Retry-After has passed."
            )
        elif isinstance(error, _MissingScope):
            headers = error.admission.headers() if error.admission is not None else {}
            known = MissingScopeException(
                detail=f"The application needs the permission {error.scope} for this request, and the user the right."
            )
        elif isinstance(error, OperationalError):
            _log.error("%s %s: the database did not answer: %s", request.method, request.path, error.orig)
            headers = {"Retry-After": "1"}
        elif not isinstance(known, SCIMException):
            _log.exception("%s %s failed", request.method, request.path, exc_info=error)
        response = self._handler.service.error_response(known)
        response.headers.update(headers)
        return response


class _Throttled(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, admission: Admission) -> None:
        super().__init__()
        self.admission = admission


class _MissingScope(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, admission: Admission | None, scope: ApplicationScope) -> None:
        super().__init__()
        self.admission = admission
        self.scope = scope


_SCOPES = {
    group: ApplicationScope.EDIT_ACCOUNTS if group is RateGroup.HEAVY else ApplicationScope.READ_ACCOUNTS
    for group in RateGroup
}


def not_found(request: Request) -> ScimResponse:
    """The SCIM error for a path outside the SCIM base path."""
    body = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": "404",
        "detail": f"Nothing is served at {request.url.path!r}: the SCIM base path is /scim/v2",
    }
    return ScimResponse(HTTPStatus.NOT_FOUND, body)


async def _read(request: Request) -> bytes:
    """The body, or just more of it than is accepted: the server drops the rest."""
    parts = []
    size = 0
    async for part in request.stream():
        parts.append(part)
        size += len(part)
        if size > request_limits.LIMITS.body_bytes:
            break
    return b"".join(parts)


def _length(query: Mapping[str, str]) -> int:
    return sum(len(name) + len(value) + 2 for name, value in query.items())


def _scim_request(request: Request, body: bytes) -> ScimRequest:
    root = request.scope.get("root_path", "")
    return ScimRequest(
        method=request.method,
        base_url=f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}{root}",
        path=request.scope["path"].removeprefix(root) or "/",
        query=_query(request.scope["query_string"].decode("latin-1")),
        headers=request.headers.items(),
        body=body,
    )


def _query(text: str) -> dict[str, str]:
    """The query parameters; a list that is sent as a repeated parameter is one list, of others the last counts."""
    query: dict[str, str] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        is_more = name in _LISTS and name in query
        query[name] = f"{query[name]},{value}" if is_more else value
    return query


def encoded(response: ScimResponse) -> bytes:
    """The body of an answer as it is sent."""
    if response.body is None:
        return b""
    try:
        return orjson.dumps(response.body)
    except TypeError:
        # an integer of more than 64 bits, which a client may send as its startIndex and gets back
        return json.dumps(response.body).encode()


async def _send(response: ScimResponse, send: Send) -> None:
    body = encoded(response)
    headers = {**response.headers, "Content-Length": str(len(body))}
    if response.body is None:
        del headers["Content-Type"]
    if response.status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
        del headers["Content-Length"]
    await send(
        {
            "type": "http.response.start",
            "status": int(response.status),
            "headers": [
                (name.encode("latin-1"), value.encode("latin-1", "replace"))
                for name, value in headers.items()
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})
