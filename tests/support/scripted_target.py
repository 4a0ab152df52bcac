"""A small SCIM target on a loopback port that misbehaves on command.

    async with scripted_target() as target:
        target.users["7"] = {"id": "7", "userName": "ada@example.com"}
        target.script(status(500, commit=Commit.DONE), method="POST")
        ...
        assert [request.method for request in target.requests] == ["POST", "GET"]

Unscripted requests are answered properly: create, read, replace, PATCH, delete, filters with `eq`, pages. Each scripted
answer serves one request, the next that its method and path fit. `always` answers so until it is told otherwise.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import itertools
import json
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

from support import patching

LIST_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
TOKEN = "s3cr3t-token-of-the-test"

_FILTER = re.compile(r"(?P<path>.+?) eq (?P<literal>\"(?:[^\"\\]|\\.)*\")(?P<end>\]?)$", re.DOTALL)
_MATCHED_ELEMENT = re.compile(r"(?P<name>\w+)\[type eq \"(?P<type>\w+)\"(?:\]\.| and )(?P<sub>\w+)$")


class Commit(enum.StrEnum):
    """Whether the request is carried out before the scripted answer goes out."""

    DONE = "done"
    NOT_DONE = "notDone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request as it arrived; `path` begins behind the base path, `body` is its JSON."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


Perform = Callable[[], Awaitable[web.Response]]
Answer = Callable[["ScriptedTarget", web.Request, Perform], Awaitable[web.StreamResponse]]


def status(
    code: int,
    *,
    commit: Commit = Commit.NOT_DONE,
    detail: str | None = None,
    scim_type: str | None = None,
    headers: Mapping[str, str] | None = None,
    body: Any = None,
) -> Answer:
    """This status, with a SCIM error (or the given body: bytes as they are, anything else as JSON)."""

    async def answer(_target: ScriptedTarget, _request: web.Request, perform: Perform) -> web.StreamResponse:
        if commit is Commit.DONE:
            await perform()
        content = body
        if body is None and detail is not None:
            content = {"schemas": [ERROR], "status": str(code), "detail": detail}
            if scim_type is not None:
                content["scimType"] = scim_type
        raw = content if isinstance(content, bytes) else b"" if content is None else orjson.dumps(content)
        return web.Response(status=code, body=raw, headers=dict(headers or {}))

    return answer


def html(code: int = 200, *, title: str = "Sign in") -> Answer:
    """A web page, as a proxy or a sign-in page would answer."""
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head></html>".encode()
    return status(code, body=page, headers={"Content-Type": "text/html"})


def throttled(*, retry_after: str | None = None, **headers: str) -> Answer:
    """429, with or without `Retry-After`; keywords become headers (`X_Rate_Limit_Window="60"`)."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if retry_after is not None:
        named["Retry-After"] = retry_after
    return status(429, body={"errorCode": "CMN-301", "message": "Request rate exceeded"}, headers=named)


def drop(*, commit: Commit) -> Answer:
    """The connection breaks instead of an answer."""

    async def answer(_target: ScriptedTarget, request: web.Request, perform: Perform) -> web.StreamResponse:
        if commit is Commit.DONE:
            await perform()
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    return answer


def silence(*, commit: Commit) -> Answer:
    """No answer at all, until the client gives up."""

    async def answer(target: ScriptedTarget, _request: web.Request, perform: Perform) -> web.StreamResponse:
        if commit is Commit.DONE:
            await perform()
        await target.closing.wait()
        return web.Response(status=500)

    return answer


def same_page_again() -> Answer:
    """The listing's first page, whatever page was asked for."""

    async def answer(target: ScriptedTarget, request: web.Request, _perform: Perform) -> web.StreamResponse:
        documents = list(target.collection(request.path).values())
        count = int(request.query.get("count", "100"))
        return target.list_response(documents[:count], total=len(documents))

    return answer


def ignoring_the_filter() -> Answer:
    """Everybody, whatever the filter says."""

    async def answer(target: ScriptedTarget, request: web.Request, _perform: Perform) -> web.StreamResponse:
        documents = list(target.collection(request.path).values())
        return target.list_response(documents, total=len(documents))

    return answer


def somebody_else(document: dict[str, Any]) -> Answer:
    """This resource, as if it passed the filter."""

    async def answer(target: ScriptedTarget, _request: web.Request, _perform: Perform) -> web.StreamResponse:
        return target.list_response([document], total=1)

    return answer


def with_headers(**headers: str) -> Answer:
    """The proper answer with more headers (`X_Rate_Limit_Remaining="0"`)."""

    async def answer(_target: ScriptedTarget, _request: web.Request, perform: Perform) -> web.StreamResponse:
        response = await perform()
        response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
        return response

    return answer


def without_content(code: int = 204) -> Answer:
    """Carried out, and answered with no body."""
    return status(code, commit=Commit.DONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scripted:
    answer: Answer
    method: str | None
    path: str | None

    def fits(self, request: web.Request, path: str) -> bool:
        return (self.method is None or self.method == request.method) and (
            self.path is None or path.startswith(self.path)
        )


class SlidingWindow:
    """A limiter that allows so many requests in every window of seconds, told the time by `monotonic`."""

    def __init__(self, *, limit: int, window: float, monotonic: Callable[[], float]) -> None:
        self.limit = limit
        self.window = window
        self._monotonic = monotonic
        self._admitted: list[float] = []

    def refusal(self) -> Mapping[str, str] | None:
        """`None` where one more request is admitted, else the headers to refuse it with."""
        now = self._monotonic()
        self._admitted = [moment for moment in self._admitted if moment > now - self.window]
        if len(self._admitted) < self.limit:
            self._admitted.append(now)
            return None
        return {"Retry-After": str(int(self._admitted[0] + self.window - now) + 1)}


@dataclass(slots=True, kw_only=True)
class ScriptedTarget:
    """The target's content, what it was asked, and what it shall answer next."""

    url: str = ""
    token: str = TOKEN
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[Received] = field(default_factory=list)
    unique: str | None = "userName"
    """The attribute that two users may not share: 409."""
    strict_patch: bool = False
    limiter: SlidingWindow | None = None
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    _scripted: list[_Scripted] = field(default_factory=list)
    _always: list[_Scripted] = field(default_factory=list)
    _ids: Any = field(default_factory=lambda: itertools.count(1001))

    def script(self, *answers: Answer, method: str | None = None, path: str | None = None) -> None:
        """Answer the next requests so, one each, in this order; `path` is a prefix such as `/Users`."""
        self._scripted += [_Scripted(answer=answer, method=method, path=path) for answer in answers]

    def always(self, answer: Answer, *, method: str | None = None, path: str | None = None) -> None:
        """Answer every request so that no scripted answer is left for."""
        self._always.append(_Scripted(answer=answer, method=method, path=path))

    def behave(self) -> None:
        """Forget everything scripted."""
        self._scripted.clear()
        self._always.clear()

    def asked(self, method: str) -> list[Received]:
        """The requests of one method."""
        return [request for request in self.requests if request.method == method]

    def collection(self, path: str) -> dict[str, dict[str, Any]]:
        """The users or the groups, whichever the path leads to."""
        return self.groups if "/Groups" in path else self.users

    def list_response(self, documents: list[dict[str, Any]], *, total: int, start: int = 1) -> web.Response:
        """A ListResponse of the documents."""
        body = {
            "schemas": [LIST_RESPONSE],
            "totalResults": total,
            "startIndex": start,
            "itemsPerPage": len(documents),
            "Resources": documents,
        }
        return _json(200, body)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Record the request and answer it, as scripted or properly."""
        path = request.path.removeprefix("/scim/v2")
        raw = await request.read()
        body = orjson.loads(raw) if raw else None
        self.requests.append(
            Received(
                method=request.method,
                path=path,
                query=dict(request.query),
                headers=dict(request.headers),
                body=body,
            )
        )

        async def perform() -> web.Response:
            return self._perform(request, path, body)

        for scripted in self._scripted:
            if scripted.fits(request, path):
                self._scripted.remove(scripted)
                return await scripted.answer(self, request, perform)
        for scripted in self._always:
            if scripted.fits(request, path):
                return await scripted.answer(self, request, perform)
        return await perform()

    def _perform(self, request: web.Request, path: str, body: Any) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return _error(401, "the token is not valid")
        refusal = None if self.limiter is None else self.limiter.refusal()
        if refusal is not None:
            return web.Response(status=429, headers=dict(refusal))
        _, name, *rest = path.split("/")
        if name not in ("Users", "Groups"):
            return _error(404, f"there is no {path}")
        collection = self.collection(path)
        if not rest:
            return (
                self._create(collection, body)
                if request.method == "POST"
                else self._list(request, collection)
            )
        if rest[0] not in collection:
            return _error(404, f"there is no {name[:-1]} {rest[0]}")
        return self._single(request, collection, rest[0], body)

    def _create(self, collection: dict[str, dict[str, Any]], body: dict[str, Any]) -> web.Response:
        if self.unique is not None and self.unique in body:
            taken = {str(one.get(self.unique)).casefold() for one in collection.values()}
            if str(body[self.unique]).casefold() in taken:
                return _error(409, f"{self.unique} is taken", "uniqueness")
        created = {**body, "id": str(next(self._ids))}
        collection[created["id"]] = created
        return _json(201, created)

    def _list(self, request: web.Request, collection: dict[str, dict[str, Any]]) -> web.Response:
        documents = list(collection.values())
        text = request.query.get("filter")
        if text:
            match = _FILTER.match(text)
            if match is None:
                return _error(400, f"the filter {text} is not understood", "invalidFilter")
            wanted = str(json.loads(match["literal"])).casefold()
            path = match["path"]
            documents = [one for one in documents if wanted in _values(one, path)]
        start = max(1, int(request.query.get("startIndex", "1")))
        count = int(request.query.get("count", "100"))
        page = [_projected(request, one) for one in documents[start - 1 : start - 1 + count]]
        return self.list_response(page, total=len(documents), start=start)

    def _single(
        self, request: web.Request, collection: dict[str, dict[str, Any]], target_id: str, body: Any
    ) -> web.Response:
        match request.method:
            case "GET":
                return _json(200, _projected(request, collection[target_id]))
            case "PUT":
                collection[target_id] = {**body, "id": target_id}
            case "PATCH":
                try:
                    collection[target_id] = patching.patched(
                        collection[target_id], body, strict=self.strict_patch
                    )
                except patching.PatchRefusedError as refused:
                    return _error(400, refused.detail, refused.scim_type)
            case "DELETE":
                del collection[target_id]
                return web.Response(status=204)
            case _:
                return _error(405, f"{request.method} is not offered")
        return _json(200, collection[target_id])


@contextlib.asynccontextmanager
async def scripted_target(*, tls: ssl.SSLContext | None = None) -> AsyncIterator[ScriptedTarget]:
    """A target that listens on a free loopback port until the block is left."""
    target = ScriptedTarget()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", target.handle)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    port = runner.addresses[0][1]
    target.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}/scim/v2"
    try:
        yield target
    finally:
        target.closing.set()
        await runner.cleanup()


def _json(code: int, body: Any) -> web.Response:
    return web.Response(
        status=code, body=orjson.dumps(body), headers={"Content-Type": "application/scim+json"}
    )


def _error(code: int, detail: str, scim_type: str | None = None) -> web.Response:
    body = {"schemas": [ERROR], "status": str(code), "detail": detail}
    return _json(code, body if scim_type is None else {**body, "scimType": scim_type})


def _projected(request: web.Request, document: dict[str, Any]) -> dict[str, Any]:
    excluded = request.query.get("excludedAttributes", "").split(",")
    return {name: value for name, value in document.items() if name not in excluded}


def _values(document: dict[str, Any], path: str) -> set[str]:
    """The values that a filter's path leads to, case-folded; `email` is RingCentral's name for the work e-mail."""
    if path == "email":
        path = 'emails[type eq "work"].value'
    match = _MATCHED_ELEMENT.match(path)
    if match is not None:
        found = [
            element.get(match["sub"])
            for element in document.get(match["name"], ())
            if element.get("type") == match["type"]
        ]
    else:
        name, _, sub = path.partition(".")
        value = document.get(name)
        found = [value.get(sub) if sub and isinstance(value, dict) else value]
    return {str(value).casefold() for value in found if value is not None}
