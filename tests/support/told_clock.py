"""A clock that is told: waiting takes no time, and moves the clock for everyone."""

from __future__ import annotations

import asyncio
import heapq
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class ToldClock:
    """Starts at `START`; of several who wait, the one who is due first moves the clock."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self._elapsed = 0.0
        self._due: list[tuple[float, int]] = []
        self._waiters = 0

    def now(self) -> datetime:
        return START + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    def tell(self, seconds: float) -> None:
        """Let so much time pass."""
        self._elapsed += seconds

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self._waiters += 1
        waiter = (self._elapsed + seconds, self._waiters)
        heapq.heappush(self._due, waiter)
        try:
            await asyncio.sleep(0)
            while self._elapsed < waiter[0]:
                if self._due[0] == waiter:
                    self._elapsed = waiter[0]
                else:
                    await asyncio.sleep(0)
        finally:
            self._due.remove(waiter)
            heapq.heapify(self._due)
