"""The provisioning log, read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from provisor.core.provisioning_log import LogQuery, LogRecord, Position


class ProvisioningLog(Protocol):
    """The log of one application, within one transaction."""

    def entries(
        self, query: LogQuery, *, before: Position | None = None, limit: int = 100
    ) -> Sequence[LogRecord]:
        """Entries, the newest first; `before` is the `position` of the last one seen."""
        ...
