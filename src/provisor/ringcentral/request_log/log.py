"""The log of requests while a service provider runs: taken in at once, written a moment later, told live."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable

from sqlalchemy.exc import SQLAlchemyError

from provisor.ringcentral.request_log import following, redacting
from provisor.ringcentral.request_log.entry import LogEntry, LogQuery, Retention
from provisor.ringcentral.request_log.observing import Observed
from provisor.ringcentral.request_log.storage import RequestLogStorage
from provisor.ringcentral.storage.database import Database

WRITTEN_EACH = 0.5
"""Seconds that an entry waits at most before it is written."""

BATCH = 200
MOST_WAITING = 2_000
"""Requests that may wait to be written; those that come while the database is slower than that are not logged."""

FORGOTTEN_EACH = 500
"""Entries that are written between two looks at what is not to be kept any more."""

_log = logging.getLogger(__name__)


class RequestLog:
    """Takes in requests, writes them in batches beside the serving of others, and lets them be followed.

    What was taken in and is not written yet is lost when the process is killed; when it ends in order, nothing is.

    :param profile: the profile whose requests these are.
    """

    def __init__(
        self,
        database: Database,
        *,
        profile: str,
        clock: Callable[[], dt.datetime],
        retention: Retention | None = None,
    ) -> None:
        self.storage = RequestLogStorage(database)
        self._profile = profile
        self._clock = clock
        self._retention = retention or Retention()
        self._waiting: deque[Observed] = deque()
        self._lost = 0
        self._unforgotten = FORGOTTEN_EACH
        self._ends = False
        self._is_some_there = asyncio.Event()
        self._is_hurried = asyncio.Event()
        self._written = asyncio.Event()
        self._is_released = False

    def take(self, seen: Observed) -> None:
        """Take a request in; it costs next to nothing, and waits for nothing."""
        if len(self._waiting) >= MOST_WAITING:
            self._lost += 1
            return
        self._waiting.append(seen)
        self._is_some_there.set()
        if len(self._waiting) >= BATCH:
            self._is_hurried.set()

    def release(self) -> None:
        """End every `follow`, so that a server that ends does not wait for those who look on."""
        self._is_released = True
        self._written.set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Write what is taken in while the block runs, and the rest at its end."""
        self._ends = False
        writer = asyncio.create_task(self._keep_writing())
        try:
            yield
        finally:
            self._ends = True
            self._is_some_there.set()
            self._is_hurried.set()
            await writer

    async def flush(self) -> None:
        """Write everything that was taken in so far."""
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            try:
                # in a thread, so that a locked database holds up the log and no request
                await asyncio.to_thread(self._write, batch)
            except SQLAlchemyError as error:
                self._lost += len(batch)
                _log.warning("requests could not be logged: %s", type(error).__name__)
        if self._lost:
            _log.warning("the log of requests lacks %d, which the database did not take in time", self._lost)
            self._lost = 0
        written, self._written = self._written, asyncio.Event()
        written.set()

    def follow(self, query: LogQuery, *, after: int | None = None) -> AsyncIterator[LogEntry]:
        """Each request that is logged from now on, or after an entry, as it is written, until `release`."""
        return following.follow(
            self.storage, query, after=after, news=self._news, is_over=lambda: self._is_released
        )

    def _news(self) -> Awaitable[object]:
        """Ends with the next writing after this call."""
        return self._written.wait()

    async def _keep_writing(self) -> None:
        while not self._ends:
            await self._is_some_there.wait()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._is_hurried.wait(), WRITTEN_EACH)
            self._is_some_there.clear()
            self._is_hurried.clear()
            await self.flush()
        await self.flush()

    def _write(self, batch: list[Observed]) -> None:
        self.storage.add([redacting.row(seen, self._profile) for seen in batch])
        self._unforgotten += len(batch)
        if self._unforgotten >= FORGOTTEN_EACH:
            self._unforgotten = 0
            self.storage.forget(self._retention, self._clock())
