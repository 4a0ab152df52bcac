"""Incidents, and the notices that tell people of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from provisor.core import incidents as model
from provisor.core.identifiers import ApplicationId
from provisor.core.notification import Notice, WaitingNotice


class Incidents(Protocol):
    """Incidents within one transaction."""

    def still_open(self, application_id: ApplicationId) -> Sequence[model.Incident]:
        """The application's incidents that last."""
        ...

    def open(self, incident: model.Incident) -> bool:
        """Keep a new incident; False where another process has just opened one of its kind."""
        ...

    def close(self, incident_id: str, now: datetime) -> bool:
        """Note the end of an incident; False where another process has just done so."""
        ...

    def newest(self, application_id: ApplicationId | None, limit: int) -> Sequence[model.Incident]:
        """Incidents of an application, or of all, the newest first."""
        ...


class Outbox(Protocol):
    """Notices written with what they tell of, and sent after its commit."""

    def add(self, notice: Notice) -> None:
        """Have a notice sent."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[Notice]:
        """Notices to be tried now, the oldest first."""
        ...

    def sent(self, notice_id: str, now: datetime) -> None:
        """Note that a notice left."""
        ...

    def failed(self, notice_id: str, error: str, next_attempt: datetime) -> None:
        """Note why a notice could not be sent, and when it is tried again."""
        ...

    def waiting(self) -> int:
        """How many notices were not sent yet."""
        ...

    def unsent(self, limit: int) -> Sequence[WaitingNotice]:
        """Notices that were not sent yet, those that failed most often first."""
        ...

    def forget(self, older_than: datetime) -> int:
        """Delete notices that were sent, or could not be, from before an instant."""
        ...
