"""The outermost layer around the SCIM endpoint: sees each request and its answer pass, and changes neither."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from provisor.ringcentral.request_log import notes

LARGEST_BODY = 16 * 1024
"""Bytes of a body that are kept until it is redacted; of a larger one only its size is logged."""

Clock = Callable[[], dt.datetime]


@dataclass(slots=True)
class Body:
    """A body that passes: how long it is, and its bytes while they are few."""

    size: int = 0
    kept: bytes = b""

    def add(self, part: bytes) -> None:
        self.size += len(part)
        if self.size <= LARGEST_BODY:
            self.kept += part
        else:
            self.kept = b""


@dataclass(slots=True, kw_only=True)
class Observed:
    """A request as it passed, not redacted yet. It never leaves the memory of the process.

    :param duration: seconds.
    """

    at: dt.datetime
    method: str
    path: str
    query: bytes
    headers: list[tuple[bytes, bytes]]
    status: int | None = None
    answer_headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    duration: float = 0.0
    body: Body = field(default_factory=Body)
    answer: Body = field(default_factory=Body)
    caller: str | None = None
    faults: tuple[str, ...] = ()


class RequestObserver:
    """An ASGI application around another that tells what it saw.

    :param tell: takes what was seen; it must not wait.
    """

    def __init__(self, app: ASGIApp, *, tell: Callable[[Observed], None], clock: Clock) -> None:
        self._app = app
        self._tell = tell
        self._clock = clock

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Serve one request."""
        if scope["type"] != "http":
            return self._app(scope, receive, send)
        return self._observe(scope, receive, send)

    async def _observe(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        state: dict[str, Any] = scope.setdefault("state", {})
        seen = Observed(
            at=self._clock(),
            method=scope["method"],
            path=scope["path"].removeprefix(scope.get("root_path", "")) or "/",
            query=scope["query_string"],
            headers=scope["headers"],
        )

        async def receive_and_look() -> Message:
            message = await receive()
            if message["type"] == "http.request" and message.get("body"):
                seen.body.add(message["body"])
            return message

        async def look_and_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                seen.answer_headers = message.get("headers", [])
            elif message.get("body"):
                seen.answer.add(message["body"])
            await send(message)

        try:
            await self._app(scope, receive_and_look, look_and_send)
        finally:
            seen.duration = time.perf_counter() - began
            seen.caller = state.get(notes.CALLER)
            seen.faults = tuple(state.get(notes.FAULTS, ()))
            self._tell(seen)
