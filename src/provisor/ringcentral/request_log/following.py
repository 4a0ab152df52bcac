"""Following the log as it is written, by this process or by another."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from provisor.ringcentral.request_log.entry import LogEntry, LogQuery
from provisor.ringcentral.request_log.storage import RequestLogStorage

PATIENCE = 1.0
"""Seconds after which a follower looks again unasked: another process may have written."""

PAGE = 200


async def follow(
    storage: RequestLogStorage,
    query: LogQuery,
    *,
    after: int | None = None,
    news: Callable[[], Awaitable[object]] | None = None,
    is_over: Callable[[], bool] = lambda: False,
) -> AsyncIterator[LogEntry]:
    """Each request that is logged from now on, or after an entry, as it is written.

    :param news: ends when something was written since it was called; without it only time passes.
    :param is_over: asked after each look; without it following never ends by itself.
    """
    last = await asyncio.to_thread(storage.newest) if after is None else after
    while not is_over():
        # asked for before the look, so that what is written meanwhile is not slept over
        waiting = asyncio.ensure_future(news()) if news is not None else None
        try:
            page = await asyncio.to_thread(storage.after, query, last, limit=PAGE)
            for entry in page:
                last = entry.id
                yield entry
            if len(page) < PAGE:
                await _wait(waiting)
        finally:
            if waiting is not None:
                waiting.cancel()


async def _wait(waiting: asyncio.Future[object] | None) -> None:
    if waiting is None:
        await asyncio.sleep(PATIENCE)
        return
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.shield(waiting), PATIENCE)
