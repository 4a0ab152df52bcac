"""RingCentral's rate limits: a sliding window for each token and group, and a penalty that any request restarts.

Section A.6 of the profile's documentation: reads are `light`, writes are `heavy`; the documented defaults are 50 and
10 requests a minute with a penalty of 60 seconds.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum


class RateGroup(StrEnum):
    """The group a request is counted in; the value is that of the `X-Rate-Limit-Group` header."""

    LIGHT = "light"
    HEAVY = "heavy"


_HEAVY_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def group_of(method: str, path: str) -> RateGroup:
    """The group of a request: every write is heavy, and a search sent with POST is a read."""
    if method in _HEAVY_METHODS and not path.rstrip("/").endswith("/.search"):
        return RateGroup.HEAVY
    return RateGroup.LIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttling:
    """How many requests of each group a token may send in a window, and how long it must be silent afterwards."""

    light: int = 50
    heavy: int = 10
    window: dt.timedelta = dt.timedelta(seconds=60)
    penalty: dt.timedelta = dt.timedelta(seconds=60)

    def limit(self, group: RateGroup) -> int:
        match group:
            case RateGroup.LIGHT:
                return self.light
            case RateGroup.HEAVY:
                return self.heavy


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What the throttle answers to one request. `retry_after` is set when it is refused."""

    group: RateGroup
    limit: int
    remaining: int
    window: dt.timedelta
    retry_after: dt.timedelta | None = None

    def headers(self) -> dict[str, str]:
        """The headers of the answer, in seconds where they are durations."""
        headers = {
            "X-Rate-Limit-Group": self.group.value,
            "X-Rate-Limit-Limit": str(self.limit),
            "X-Rate-Limit-Remaining": str(self.remaining),
            "X-Rate-Limit-Window": str(int(self.window.total_seconds())),
        }
        if self.retry_after is not None:
            headers["Retry-After"] = str(math.ceil(self.retry_after.total_seconds()))
        return headers


@dataclass(slots=True)
class _Bucket:
    admitted: deque[dt.datetime] = field(default_factory=deque)
    silent_until: dt.datetime | None = None


class Throttle:
    """Counts the requests of each token. It lives in memory: a restart forgets the windows."""

    def __init__(self, throttling: Throttling) -> None:
        self._throttling = throttling
        self._buckets: dict[tuple[str, RateGroup], _Bucket] = {}

    def admit(self, token: str, group: RateGroup, now: dt.datetime) -> Admission:
        """Count a request at a moment and tell whether it is served.

        A request above the limit opens a penalty; any request of the same token and group inside the penalty is
        refused and starts it again.
        """
        bucket = self._buckets.setdefault((token, group), _Bucket())
        limit = self._throttling.limit(group)
        oldest = now - self._throttling.window
        while bucket.admitted and bucket.admitted[0] <= oldest:
            bucket.admitted.popleft()
        in_penalty = bucket.silent_until is not None and now < bucket.silent_until
        if in_penalty or len(bucket.admitted) >= limit:
            bucket.silent_until = now + self._throttling.penalty
            return self._admission(group, 0, self._throttling.penalty)
        bucket.admitted.append(now)
        return self._admission(group, limit - len(bucket.admitted), None)

    def _admission(self, group: RateGroup, remaining: int, retry_after: dt.timedelta | None) -> Admission:
        return Admission(
            group=group,
            limit=self._throttling.limit(group),
            remaining=remaining,
            window=self._throttling.window,
            retry_after=retry_after,
        )
