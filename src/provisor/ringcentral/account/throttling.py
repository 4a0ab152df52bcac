"""RingCentral's rate limits: a sliding window for each token and group, and a penalty that any request restarts.

Section A.6 of the profile's documentation: reads are `light`, writes are `heavy`, the token endpoint is `auth`; the
documented defaults are 50, 10 and 5 requests a minute with a penalty of 60 seconds. Nothing served here is `medium`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class RateGroup(StrEnum):
    """The group a request is counted in; the value is that of the `X-Rate-Limit-Group` header."""

    LIGHT = "light"
    MEDIUM = "medium"
    HEAVY = "heavy"
    AUTH = "auth"


MOST_CALLERS = 10_000
"""How many callers are remembered before those that are silent are forgotten."""

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
    medium: int = 40
    heavy: int = 10
    auth: int = 5
    window: dt.timedelta = dt.timedelta(seconds=60)
    penalty: dt.timedelta = dt.timedelta(seconds=60)

    def limit(self, group: RateGroup) -> int:
        return {
            RateGroup.LIGHT: self.light,
            RateGroup.MEDIUM: self.medium,
            RateGroup.HEAVY: self.heavy,
            RateGroup.AUTH: self.auth,
        }[group]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a caller used of a group in the window that ends now.

    :param silent_until: the end of a penalty that lasts; None without one.
    """

    caller: str
    group: RateGroup
    used: int
    limit: int
    silent_until: dt.datetime | None


@dataclass(slots=True)
class _Bucket:
    admitted: deque[dt.datetime] = field(default_factory=deque)
    silent_until: dt.datetime | None = None


class Throttle:
    """Counts the requests of each user and application. It lives in memory: a restart forgets the windows.

    :param limits: the limits at this moment; None where there are none.
    """

    def __init__(self, limits: Callable[[], Throttling | None]) -> None:
        self._limits = limits
        self._buckets: dict[tuple[str, RateGroup], _Bucket] = {}

    def admit(self, caller: str, group: RateGroup, now: dt.datetime) -> Admission | None:
        """Count a request at a moment and tell whether it is served; None where there are no limits.

        A request above the limit opens a penalty; any request of the same caller and group inside the penalty is
        refused and starts it again.
        """
        throttling = self._limits()
        if throttling is None:
            return None
        self._forget_the_silent(throttling, now)
        bucket = self._buckets.setdefault((caller, group), _Bucket())
        limit = throttling.limit(group)
        oldest = now - throttling.window
        while bucket.admitted and bucket.admitted[0] <= oldest:
            bucket.admitted.popleft()
        in_penalty = bucket.silent_until is not None and now < bucket.silent_until
        if in_penalty or len(bucket.admitted) >= limit:
            bucket.silent_until = now + throttling.penalty
            return _admission(throttling, group, 0, throttling.penalty)
        bucket.admitted.append(now)
        return _admission(throttling, group, limit - len(bucket.admitted), None)

    def usage(self, now: dt.datetime) -> Sequence[Usage]:
        """What each caller used, of those who sent anything in the window or have a penalty. Any thread may ask."""
        throttling = self._limits()
        if throttling is None:
            return []
        oldest = now - throttling.window
        used = [
            Usage(
                caller=caller,
                group=group,
                used=sum(moment > oldest for moment in tuple(bucket.admitted)),
                limit=throttling.limit(group),
                silent_until=until if (until := bucket.silent_until) is not None and now < until else None,
            )
            for (caller, group), bucket in tuple(self._buckets.items())
        ]
        return [each for each in used if each.used or each.silent_until is not None]

    def _forget_the_silent(self, throttling: Throttling, now: dt.datetime) -> None:
        """Let go of callers without a request in their window, once there are many."""
        if len(self._buckets) < MOST_CALLERS:
            return
        oldest = now - throttling.window
        self._buckets = {
            key: bucket
            for key, bucket in self._buckets.items()
            if (bucket.admitted and bucket.admitted[-1] > oldest)
            or (bucket.silent_until is not None and now < bucket.silent_until)
        }


def _admission(
    throttling: Throttling, group: RateGroup, remaining: int, retry_after: dt.timedelta | None
) -> Admission:
    return Admission(
        group=group,
        limit=throttling.limit(group),
        remaining=remaining,
        window=throttling.window,
        retry_after=retry_after,
    )
