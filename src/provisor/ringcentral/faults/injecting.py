"""The faults in force, as an ASGI application around the SCIM endpoint."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import assert_never

from starlette.types import ASGIApp, Receive, Scope, Send

from provisor.ringcentral.faults import connections, exchange, layers
from provisor.ringcentral.faults.board import FaultBoard, InForce
from provisor.ringcentral.faults.exchange import Answer, ClientGone, NoAnswer
from provisor.ringcentral.request_log import notes

Sleep = Callable[[float], Awaitable[None]]


class FaultInjector:
    """An ASGI application around another. Where no fault is in force, it is not even awaited.

    :param refusals: how the profile words a refusal.
    :param limit: bytes of a body that the application inside reads; more is cut off one byte above it.
    :param sleep: waits for slow answers.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        board: FaultBoard,
        refusals: layers.Refusals,
        limit: int,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._app = app
        self._board = board
        self._refusals = refusals
        self._limit = limit
        self._sleep = sleep

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Serve one request, and let it meet its faults."""
        in_force = self._board.in_force
        if in_force is None or scope["type"] != "http":
            return self._app(scope, receive, send)
        return self._serve(in_force, scope, receive, send)

    async def _serve(self, in_force: InForce, scope: Scope, receive: Receive, send: Send) -> None:
        request = await exchange.read(scope, receive, limit=self._limit)
        if isinstance(request, ClientGone):
            return
        struck: list[str] = []
        scope.get("state", {})[notes.FAULTS] = struck
        circumstances = layers.Circumstances(
            in_force=in_force, clock=self._board.clock, refusals=self._refusals
        )
        outcome = await layers.around(self._app, request, circumstances, struck)(request)
        match outcome:
            case Answer():
                await self._answer(outcome, scope, receive, send)
            case NoAnswer():
                await _close(scope, receive)
            case ClientGone():
                pass
            case _:
                assert_never(outcome)

    async def _answer(self, answer: Answer, scope: Scope, receive: Receive, send: Send) -> None:
        if answer.headers_after and not await self._waited(answer.headers_after, receive):
            return
        await send({"type": "http.response.start", "status": answer.status, "headers": list(answer.headers)})
        if not answer.body_after and not answer.broken:
            await send({"type": "http.response.body", "body": answer.body})
            return
        middle = len(answer.body) // 2
        await send({"type": "http.response.body", "body": answer.body[:middle], "more_body": True})
        if answer.body_after and not await self._waited(answer.body_after, receive):
            return
        if answer.broken:
            await _close(scope, receive)
            return
        await send({"type": "http.response.body", "body": answer.body[middle:]})

    async def _waited(self, seconds: float, receive: Receive) -> bool:
        """Wait so long, but for no client that is gone; whether it is still there."""
        pause = asyncio.ensure_future(self._sleep(seconds))
        leaving = asyncio.ensure_future(_gone(receive))
        try:
            await asyncio.wait([pause, leaving], return_when=asyncio.FIRST_COMPLETED)
            return not leaving.done()
        finally:
            pause.cancel()
            leaving.cancel()


async def _gone(receive: Receive) -> None:
    """Until the connection of the request is closed."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _close(scope: Scope, receive: Receive) -> None:
    """Close the connection, and wait until it is: returning before would make the server answer 500."""
    connections.close(scope)
    await _gone(receive)
