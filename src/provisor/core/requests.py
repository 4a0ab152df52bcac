"""What was asked of a target: requests by kind, how they were answered, and what its rate limit cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

NO_ANSWER = "none"
"""The class of a request that got no answer at all."""


def status_class(status: int | None) -> str:
    """How answers are counted: `2xx`, `3xx`, `4xx`, `5xx`, the rate limit's `429` apart; None is no answer."""
    if status is None:
        return NO_ANSWER
    return "429" if status == 429 else f"{status // 100}xx"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCounts:
    """Requests by HTTP method; `seconds_waited` for their turn within the budget, in all; `throttled` answers (429).

    `answered` counts those that came to an end by method and class of the answer (`GET 2xx`).
    """

    by_method: Mapping[str, int] = field(default_factory=dict)
    seconds_waited: float = 0.0
    throttled: int = 0
    answered: Mapping[str, int] = field(default_factory=dict)

    @property
    def reads(self) -> int:
        """Requests that change nothing."""
        return self.by_method.get("GET", 0)

    @property
    def writes(self) -> int:
        """Requests that change something."""
        return sum(self.by_method.values()) - self.reads

    @property
    def by_class(self) -> Mapping[str, int]:
        """Requests that came to an end, by class of the answer."""
        found: dict[str, int] = {}
        for key, number in sorted(self.answered.items()):
            told = key.partition(" ")[2]
            found[told] = found.get(told, 0) + number
        return found

    def plus(self, other: RequestCounts) -> RequestCounts:
        """Both together."""
        return RequestCounts(
            by_method=_sum(self.by_method, other.by_method),
            seconds_waited=self.seconds_waited + other.seconds_waited,
            throttled=self.throttled + other.throttled,
            answered=_sum(self.answered, other.answered),
        )

    def since(self, before: RequestCounts) -> RequestCounts:
        """What was added since an earlier count of the same target."""
        return RequestCounts(
            by_method=_added(self.by_method, before.by_method),
            seconds_waited=max(0.0, self.seconds_waited - before.seconds_waited),
            throttled=max(0, self.throttled - before.throttled),
            answered=_added(self.answered, before.answered),
        )


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in one.keys() | other.keys()}


def _added(now: Mapping[str, int], before: Mapping[str, int]) -> dict[str, int]:
    return {key: number - before.get(key, 0) for key, number in now.items() if number > before.get(key, 0)}
