"""Answers of the scripted target that a test steers while they are being given."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web

from support.scripted_target import Answer, Commit, Perform, ScriptedTarget, status


class HeldUp:
    """Holds up one request, before or after it is carried out, until it is `released`."""

    def __init__(self, commit: Commit) -> None:
        self._commit = commit
        self.arrived = asyncio.Event()
        self.released = asyncio.Event()

    async def arrival(self, during: asyncio.Task[Any]) -> None:
        """Until the request is there; what is going on `during` it must not end before."""
        arrived = asyncio.ensure_future(self.arrived.wait())
        await asyncio.wait([arrived, during], return_when=asyncio.FIRST_COMPLETED)
        arrived.cancel()
        assert not during.done(), f"it ended without the request: {during.result()}"

    async def answer(
        self, target: ScriptedTarget, _request: web.Request, perform: Perform
    ) -> web.StreamResponse:
        response = await perform() if self._commit is Commit.DONE else None
        self.arrived.set()
        waits = {asyncio.ensure_future(event.wait()) for event in (self.released, target.closing)}
        _, others = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for other in others:
            other.cancel()
        return response or await perform()


def meanwhile(happening: Callable[[], None]) -> Answer:
    """The proper answer, and something that happens just before it."""

    async def answer(_target: ScriptedTarget, _request: web.Request, perform: Perform) -> web.StreamResponse:
        happening()
        return await perform()

    return answer


def outage(*, commit: Commit) -> Answer:
    """500, and from then on 500 to everything, until the target is told to behave."""

    async def answer(target: ScriptedTarget, request: web.Request, perform: Perform) -> web.StreamResponse:
        target.always(status(500))
        return await status(500, commit=commit)(target, request, perform)

    return answer
