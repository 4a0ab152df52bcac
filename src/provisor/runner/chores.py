"""What a service does again and again beside its cycles."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from provisor.ports.clock import Clock

log = structlog.get_logger("provisor.service")


@dataclass(frozen=True, slots=True)
class Chore:
    """Some work, and how many seconds to wait between its end and its next begin."""

    name: str
    every: float
    work: Callable[[], Awaitable[None]]

    async def repeat(self, clock: Clock) -> None:
        """Do it until cancelled; a fault in it is told and ends neither it nor the service."""
        while True:
            try:
                await self.work()
            except Exception:
                log.exception("chore failed", chore=self.name)
            await clock.sleep(self.every)


async def end(doing: Sequence[asyncio.Task[None]]) -> None:
    """Let chores go, whatever they are waiting for."""
    for task in doing:
        task.cancel()
    await asyncio.gather(*doing, return_exceptions=True)
