"""What was asked of a target: requests by kind, and what its rate limit cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCounts:
    """Requests by HTTP method; `seconds_waited` for their turn within the budget, in all; `throttled` answers (429)."""

    by_method: Mapping[str, int] = field(default_factory=dict)
    seconds_waited: float = 0.0
    throttled: int = 0

    @property
    def reads(self) -> int:
        """Requests that change nothing."""
        return self.by_method.get("GET", 0)

    @property
    def writes(self) -> int:
        """Requests that change something."""
        return sum(self.by_method.values()) - self.reads

    def plus(self, other: RequestCounts) -> RequestCounts:
        """Both together."""
        methods = self.by_method.keys() | other.by_method.keys()
        return RequestCounts(
            by_method={
                method: self.by_method.get(method, 0) + other.by_method.get(method, 0) for method in methods
            },
            seconds_waited=self.seconds_waited + other.seconds_waited,
            throttled=self.throttled + other.throttled,
        )

    def since(self, before: RequestCounts) -> RequestCounts:
        """What was added since an earlier count of the same target."""
        return RequestCounts(
            by_method={
                method: number - before.by_method.get(method, 0)
                for method, number in self.by_method.items()
                if number > before.by_method.get(method, 0)
            },
            seconds_waited=max(0.0, self.seconds_waited - before.seconds_waited),
            throttled=max(0, self.throttled - before.throttled),
        )
