"""Forgetting what was kept long enough: a little at a time, so that no cycle waits for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from provisor.ports.clock import Clock
from provisor.ports.store import Store, UnitOfWork

EVERY = 86_400.0
"""Seconds between two rounds; the first is at the start of the service."""

_BATCH = 2_000
_PAUSE = 0.05

log = structlog.get_logger("provisor.service")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How many days the provisioning log, and the audit log with incidents' mails, are kept; 1 at least."""

    log_days: int = 30
    audit_days: int = 365


class Forgetting:
    """Deletes log entries, audit entries and mails that are too old."""

    def __init__(self, store: Store, clock: Clock, keeping: Keeping) -> None:
        self._store = store
        self._clock = clock
        self._keeping = keeping

    async def round(self) -> None:
        """Delete everything that is due, batch by batch. The last 24 hours stay, whatever is configured."""
        now = self._clock.now()
        log_limit = now - timedelta(days=max(1, self._keeping.log_days))
        audit_limit = now - timedelta(days=max(1, self._keeping.audit_days))
        rows = await self._emptied(lambda unit: unit.retention.forget_cycles(log_limit, _BATCH))
        entries = await self._emptied(lambda unit: unit.audit.forget(audit_limit, _BATCH))
        with self._store.write() as unit:
            mails = unit.outbox.forget(log_limit)
            unit.directory.forget_dates(log_limit)
        if rows or entries or mails:
            log.info("forgotten", log_rows=rows, audit_entries=entries, mails=mails)

    async def _emptied(self, forget: Callable[[UnitOfWork], int]) -> int:
        total = 0
        while True:
            with self._store.write() as unit:
                gone = forget(unit)
            if not gone:
                return total
            total += gone
            await self._clock.sleep(_PAUSE)
