"""Sending what the outbox holds: after the commit that wrote it, again and again until the mail server takes it."""

from __future__ import annotations

import structlog

from provisor.core.errors import NotSentError
from provisor.core.notification import next_attempt
from provisor.ports.clock import Clock
from provisor.ports.mailer import Mailer
from provisor.ports.store import Store

EVERY = 2.0
"""Seconds between two looks into the outbox."""

_AT_ONCE = 20

log = structlog.get_logger("provisor.service")


class Post:
    """Delivers the outbox over a mailer."""

    def __init__(self, store: Store, clock: Clock, mailer: Mailer) -> None:
        self._store = store
        self._clock = clock
        self._mailer = mailer

    async def deliver(self) -> None:
        """Send what is due. A process that ends between sending and noting it sends one mail twice, never none."""
        with self._store.read() as unit:
            due = unit.outbox.due(self._clock.now(), _AT_ONCE)
        for notice in due:
            try:
                await self._mailer.send(notice)
            except NotSentError as error:
                now = self._clock.now()
                again = next_attempt(notice.attempts + 1, now)
                with self._store.write() as unit:
                    unit.outbox.failed(notice.id, str(error), again)
                log.warning(
                    "mail not sent", notice=notice.id, attempts=notice.attempts + 1, again=again.isoformat()
                )
            else:
                with self._store.write() as unit:
                    unit.outbox.sent(notice.id, self._clock.now())
                log.info("mail sent", notice=notice.id)
