"""Whom to tell when something goes wrong with a job (Entra: *Notification e-mail*)."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Language(enum.StrEnum):
    """The languages a person can be told in."""

    ENGLISH = "en"
    FRENCH = "fr"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationSettings:
    """`email` is one person or distribution list; nothing is sent unless `on_failure` (Entra: the check box) is set."""

    email: str | None = None
    on_failure: bool = True
    language: Language = Language.ENGLISH
