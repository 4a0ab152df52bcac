"""Even pacing within a target's rate limit.

The pace is a generic cell rate algorithm (GCRA): requests at 98.5 % of the budget with a burst of 1.2 % of it, but of
no more than 4, which stays below the limit of a fixed window, a sliding window and a token bucket alike, also where the
target counts in windows much shorter than the minute that its limit is given in. A 429 takes the burst away for good. Below 41 requests a window it keeps
one request in hand as well, because spending the last one makes the target say `X-Rate-Limit-Remaining: 0`, and that
costs the rest of the window.
"""

from __future__ import annotations

import asyncio
import email.utils
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Final

from provisor.ports import clock

SHARE: Final = 0.985
BURST_SHARE: Final = 0.012
LARGEST_BURST: Final = 4.0
_CATCHING_UP: Final = 0.005
"""Seconds by which a request may always be early, so that late timers do not add up."""
SILENCE_WITHOUT_A_WORD: Final = 30.0
"""Seconds to wait after a 429 that says nothing (RingCentral: rate limits); twice as long after each that follows it.

RingCentral's penalty is 60 seconds and starts anew with every request, so who asks every 30 seconds never gets out.
"""
LONGEST_WORDLESS: Final = 120.0
LONGEST_SILENCE: Final = 3600.0
_IN_HAND: Final = 1.025
_SHORTEST_ROUND: Final = 1e-6
_JITTER: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds between requests, and how many may go at once after a rest (at least 1, may be a fraction more)."""

    interval: float
    burst: float

    @classmethod
    def within(cls, limit: float, window: float) -> Pace:
        """The pace that keeps within `limit` requests in every `window` seconds."""
        usable = min(SHARE * limit, max(SHARE, limit - _IN_HAND))
        return cls(interval=window / usable, burst=max(1.0, min(LARGEST_BURST, BURST_SHARE * limit)))

    def without_burst(self) -> Pace:
        """The same pace, evenly from the first request on."""
        return Pace(interval=self.interval, burst=min(self.burst, 1.0 + _CATCHING_UP / self.interval))

    def slowed_to(self, other: Pace) -> Pace:
        """The pace that keeps within both."""
        return Pace(interval=max(self.interval, other.interval), burst=min(self.burst, other.burst))


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceStatistics:
    """Requests made, seconds they waited for their turn (in all), and how often the target asked to wait."""

    requests: int = 0
    seconds_waited: float = 0.0
    throttled: int = 0


class Pacer:
    """The turns of one group of requests, in the order in which they were asked for.

    `slots` bounds how many requests are under way at once, over all groups that share it.
    """

    def __init__(
        self,
        *,
        per_minute: int | None,
        time: clock.Clock,
        random: Random,
        slots: asyncio.Semaphore | None = None,
    ) -> None:
        self._slots = slots
        self._time = time
        self._random = random
        self._budget = None if per_minute is None else Pace.within(per_minute, 60.0)
        self._pace = self._budget
        self._announced: tuple[float, float] | None = None
        self._next_due = float("-inf")

        self._silent_until = float("-inf")
        self._free = self._pace is None
        """Nothing to wait for: no lock, no look at the clock."""
        self._queue = asyncio.Lock()
        self._requests = 0
        self._seconds_waited = 0.0
        self._throttled = 0
        self._wordless = 0
        """429s in a row that did not say how long, those of requests under way together counted once."""

    @property
    def statistics(self) -> PaceStatistics:
        return PaceStatistics(
            requests=self._requests, seconds_waited=self._seconds_waited, throttled=self._throttled
        )

    @property
    def pace(self) -> Pace | None:
        """The pace now, `None` where nothing limits it."""
        return self._pace

    async def turn(self) -> None:
        """Wait until a request may be sent; `done` must follow when its answer is in, or it was not sent."""
        self._requests += 1
        if self._free:
            if self._slots is not None:
                await self._slots.acquire()
            return
        began = self._time.monotonic()
        async with self._queue:
            while True:
                while (delay := self._delay()) > 0:
                    await self._time.sleep(delay)
                if self._slots is not None:
                    await self._slots.acquire()
                if self._delay() <= 0:
                    break
                self.done()
            self._take()
        self._seconds_waited += self._time.monotonic() - began

    def done(self) -> None:
        """The request is no longer under way."""
        if self._slots is not None:
            self._slots.release()

    def throttled(self, headers: Mapping[str, str]) -> float:
        """The target refused for now: the whole group goes silent; answers for how many seconds."""
        self._throttled += 1
        seconds = retry_after(headers, self._time.now())
        if seconds is None:
            seconds = _number(headers, "X-Rate-Limit-Window")
        if seconds is None:
            if self._time.monotonic() >= self._silent_until:  # else it was under way when the last one came
                self._wordless += 1
            seconds = min(SILENCE_WITHOUT_A_WORD * 2.0 ** (self._wordless - 1), LONGEST_WORDLESS)
        self._announce(headers)
        if self._pace is not None:
            self._pace = self._pace.without_burst()
        return self._silence(seconds)

    def answered(self, headers: Mapping[str, str]) -> None:
        """Learn from an answer's headers: the limit that the target announces, and whether it is used up."""
        self._wordless = 0
        if "X-Rate-Limit-Limit" not in headers and "X-Rate-Limit-Remaining" not in headers:
            return
        self._announce(headers)
        if _number(headers, "X-Rate-Limit-Remaining") == 0:
            window = _number(headers, "X-Rate-Limit-Window")
            self._silence(SILENCE_WITHOUT_A_WORD if window is None else window)

    def _announce(self, headers: Mapping[str, str]) -> None:
        limit, window = _number(headers, "X-Rate-Limit-Limit"), _number(headers, "X-Rate-Limit-Window")
        if not limit or not window or self._announced == (limit, window):
            return
        self._announced = (limit, window)
        announced = Pace.within(limit, window)
        self._pace = announced if self._budget is None else self._budget.slowed_to(announced)
        self._free = False

    def _silence(self, seconds: float) -> float:
        """Nothing goes out for so long, and a little longer at random; then at an even pace, without a burst."""
        seconds = min(seconds, LONGEST_SILENCE) + self._random.random() * _JITTER
        self._silent_until = max(self._silent_until, self._time.monotonic() + seconds)
        self._next_due = max(self._next_due, self._silent_until + self._tolerance)
        self._free = False
        return seconds

    @property
    def _tolerance(self) -> float:
        """How much earlier than due a request may go, in seconds."""
        return 0.0 if self._pace is None else (self._pace.burst - 1.0) * self._pace.interval

    def _delay(self) -> float:
        due = self._silent_until
        if self._pace is not None:
            due = max(due, self._next_due - self._tolerance)
        delay = due - self._time.monotonic()
        return delay if delay > _SHORTEST_ROUND else 0.0

    def _take(self) -> None:
        if self._pace is None:
            self._free = True
            return
        self._next_due = max(self._next_due, self._time.monotonic()) + self._pace.interval


class RateBudget:
    """A target's limits: reads and writes by the minute, and requests under way at once.

    With neither of the budgets set the connection pool alone bounds the concurrency, and a turn costs nothing.
    """

    def __init__(
        self,
        *,
        reads_per_minute: int | None,
        writes_per_minute: int | None,
        concurrency: int,
        time: clock.Clock,
        random: Random,
    ) -> None:
        limited = reads_per_minute is not None or writes_per_minute is not None
        slots = asyncio.Semaphore(concurrency) if limited else None
        self.reads = Pacer(per_minute=reads_per_minute, time=time, random=random, slots=slots)
        self.writes = Pacer(per_minute=writes_per_minute, time=time, random=random, slots=slots)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds that `Retry-After` asks for, as a number or an HTTP date (RFC 9110 section 10.2.3)."""
    seconds = _number(headers, "Retry-After")
    if seconds is not None:
        return seconds
    try:
        moment = email.utils.parsedate_to_datetime(headers.get("Retry-After", ""))
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _number(headers: Mapping[str, str], name: str) -> float | None:
    try:
        number = float(headers.get(name, ""))
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None
