"""Whom to tell when something goes wrong with a job (Entra: *Notification e-mail*)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from provisor.core.identifiers import ApplicationId


class Language(enum.StrEnum):
    """The languages a person can be told in."""

    ENGLISH = "en"
    FRENCH = "fr"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationSettings:
    """`email` is one person or distribution list; nothing is sent unless `on_failure` (Entra: the check box) is set.

    `after_failures` is how often in a row an object fails before somebody is told.
    """

    email: str | None = None
    on_failure: bool = True
    language: Language = Language.ENGLISH
    after_failures: int = 5

    @property
    def recipient(self) -> str | None:
        """Whom to tell, if anybody."""
        return self.email if self.on_failure else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A mail to be sent, or one that was; `attempts` failed so far."""

    id: str
    application_id: ApplicationId | None
    created: datetime
    recipient: str
    subject: str
    body: str
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingNotice:
    """A mail that was not sent yet, with what the mail server said the last time, if it was tried."""

    notice: Notice
    next_attempt: datetime
    last_error: str | None


FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=15), timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=7)


def next_attempt(attempts: int, now: datetime) -> datetime:
    """When to try again after so many failed attempts: 15 seconds, twice as long each time, at most an hour."""
    doubled: int = 2 ** min(attempts - 1, 20)
    return now + min(LONGEST_DELAY, FIRST_DELAY * doubled)
