"""The target of a history: it answers properly or goes wrong by chance, and every write to it is judged."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from aiohttp import web

from support import scripted_target
from support.scripted_target import Commit, Perform, ScriptedTarget

FAULTS: Sequence[tuple[str, scripted_target.Answer]] = (
    ("500 before", scripted_target.status(500)),
    ("500 after", scripted_target.status(500, commit=Commit.DONE)),
    ("503 before", scripted_target.status(503)),
    ("429", scripted_target.throttled(retry_after="1")),
    ("dropped before", scripted_target.drop(commit=Commit.NOT_DONE)),
    ("dropped after", scripted_target.drop(commit=Commit.DONE)),
    ("not JSON", scripted_target.status(200, body=b"<html>", commit=Commit.NOT_DONE)),
    ("204 after", scripted_target.without_content()),
)

_HARMLESS_FOR_READS = ("204 after",)

Judge = Callable[[dict[str, Any], dict[str, Any] | None], None]
"""Told an account before and after a write; the account is None when it was deleted."""


class Trouble:
    """Sits before a target. `rate` is the share of requests that go wrong."""

    def __init__(self, peer: ScriptedTarget, chance: random.Random, judge: Judge) -> None:
        self._peer = peer
        self._chance = chance
        self._judge = judge
        self.rate = 0.0
        self.happened: dict[str, int] = {}
        self.written: set[str] = set()
        self.problems: list[str] = []
        peer.always(self._answer)

    async def _answer(
        self, target: ScriptedTarget, request: web.Request, perform: Perform
    ) -> web.StreamResponse:
        async def judged() -> web.Response:
            return await self._judged(request, perform)

        if self._chance.random() >= self.rate:
            return await judged()
        name, fault = self._chance.choice(FAULTS)
        if request.method == "GET" and name in _HARMLESS_FOR_READS:
            return await judged()
        self.happened[name] = self.happened.get(name, 0) + 1
        return await fault(target, request, judged)

    async def _judged(self, request: web.Request, perform: Perform) -> web.Response:
        before = {**self._peer.users, **self._peer.groups}
        response = await perform()
        if request.method == "GET":
            return response
        after = {**self._peer.users, **self._peer.groups}
        for key in before.keys() | after.keys():
            if before.get(key) is not after.get(key):
                self.written.add(key)
                if key in before:
                    self._judge(before[key], after.get(key))
        return response
