"""The service's watch over its jobs: finds what no cycle can tell, such as that there is none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from provisor.engine import incidents
from provisor.ports.clock import Clock
from provisor.ports.store import Store

EVERY = 15.0
"""Seconds between two looks."""

log = structlog.get_logger("provisor.service")


class Watch:
    """Looks at every job and keeps its incidents up to date."""

    def __init__(self, store: Store, clock: Clock, new_id: Callable[[], str]) -> None:
        self._store = store
        self._clock = clock
        self._new_id = new_id
        self._since: datetime = clock.now()

    async def look(self) -> None:
        """Open and close the incidents of every job; writes only where something is new."""
        now = self._clock.now()
        with self._store.read() as unit:
            new = [
                application
                for application in unit.applications.all()
                if incidents.look(unit, application, now=now, watching_since=self._since)
            ]
        for application in new:
            with self._store.write() as unit:
                found = incidents.observe(
                    unit, application, now=now, new_id=self._new_id, watching_since=self._since
                )
            for item in found:
                log.warning(
                    "incident",
                    application=application.id,
                    kind=item.trouble.kind.value,
                    news=item.news.value,
                    cause=item.trouble.cause,
                )
