"""Time as an argument."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits; tests give one that is told."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards, for durations and rate budgets."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait, in seconds; zero or less yields once."""
        ...
