"""How notices reach people."""

from __future__ import annotations

from typing import Protocol

from provisor.core.notification import Notice


class Mailer(Protocol):
    """Sends notices, one at a time."""

    async def send(self, notice: Notice) -> None:
        """Hand a notice over to the mail server. Raises `NotSentError` where it did not take it."""
        ...
