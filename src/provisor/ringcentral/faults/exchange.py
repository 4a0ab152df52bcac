"""A request and its answer as faults see them: whole, so that each can be changed before it goes on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request on its way in, its body read."""

    scope: Scope
    body: bytes

    @property
    def method(self) -> str:
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        """Below the SCIM base path, beginning with a slash."""
        return str(self.scope["path"]).removeprefix(str(self.scope.get("root_path", ""))) or "/"

    @property
    def query(self) -> Mapping[str, str]:
        return dict(parse_qsl(self.scope["query_string"].decode("latin-1"), keep_blank_values=True))

    def header(self, name: bytes) -> bytes | None:
        """The value of a header by its lower-case name."""
        return next((value for key, value in self.scope["headers"] if key.lower() == name), None)

    def with_query(self, query: Mapping[str, str]) -> Request:
        return self._with(query_string=urlencode(query).encode())

    def with_path(self, path: str) -> Request:
        whole = f"{self.scope.get('root_path', '')}{path}"
        return self._with(path=whole, raw_path=whole.encode())

    def with_header(self, name: bytes, value: bytes) -> Request:
        others = [(key, old) for key, old in self.scope["headers"] if key.lower() != name]
        return self._with(headers=[*others, (name, value)])

    def with_body(self, body: bytes) -> Request:
        return replace(self.with_header(b"content-length", str(len(body)).encode()), body=body)

    def as_get(self) -> Request:
        """A read of the same resource."""
        return self._with(method="GET").with_body(b"")

    async def receive(self) -> Message:
        """Its body as ASGI gives it, all at once."""
        return {"type": "http.request", "body": self.body, "more_body": False}

    def _with(self, **changed: Any) -> Request:
        return replace(self, scope={**self.scope, **changed})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer on its way out.

    :param headers_after: seconds to wait before it begins.
    :param body_after: seconds to wait in the middle of its body.
    :param broken: whether the connection breaks in the middle of its body.
    """

    status: int
    headers: Headers
    body: bytes
    headers_after: float = 0.0
    body_after: float = 0.0
    broken: bool = False

    def header(self, name: bytes) -> bytes | None:
        """The value of a header by its lower-case name."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    def with_header(self, name: bytes, value: bytes) -> Answer:
        others = tuple((key, old) for key, old in self.headers if key.lower() != name)
        return replace(self, headers=(*others, (name, value)))

    def without_headers(self, prefix: bytes) -> Answer:
        return replace(
            self, headers=tuple(each for each in self.headers if not each[0].lower().startswith(prefix))
        )

    def with_body(self, body: bytes) -> Answer:
        return replace(self.with_header(b"content-length", str(len(body)).encode()), body=body)

    def document(self) -> dict[str, Any]:
        """Its body as a JSON object; empty where it is none."""
        try:
            found = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The connection is closed without an answer."""


@dataclass(frozen=True, slots=True)
class ClientGone:
    """The client went away before there was an answer."""


Outcome = Answer | NoAnswer | ClientGone
Proceed = Callable[[Request], Awaitable[Outcome]]
"""Carries a request out, as far as the faults inside let it."""


async def read(scope: Scope, receive: Receive, *, limit: int) -> Request | ClientGone:
    """The request with its body; of one that is larger than `limit` bytes, one byte more than that."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return ClientGone()
        body += message.get("body", b"")[: limit + 1 - len(body)]
        if not message.get("more_body", False):
            return Request(scope=scope, body=bytes(body))


async def carried_out(app: ASGIApp, request: Request) -> Outcome:
    """What the service provider itself answers."""
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    await app(request.scope, request.receive, send)
    if not messages:
        return ClientGone()
    return Answer(
        status=messages[0]["status"],
        headers=tuple(messages[0].get("headers", ())),
        body=b"".join(message.get("body", b"") for message in messages[1:]),
    )
