"""Dates in scoping filters: those of attributes, and operands that move with the clock (`now+14d`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_RELATIVE = re.compile(r"now(?:\s*([+-])\s*(\d{1,5})\s*([hdw]))?", re.IGNORECASE | re.ASCII)
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_GENERALIZED = re.compile(r"(\d{14})(?:\.\d+)?Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that stays where it is."""

    at: datetime

    def when(self, now: datetime) -> datetime:  # noqa: ARG002 - as of a relative moment
        """The moment itself."""
        return self.at


@dataclass(frozen=True, slots=True)
class RelativeMoment:
    """A moment at a distance from now."""

    offset: timedelta

    def when(self, now: datetime) -> datetime:
        """The moment as it lies now."""
        return now + self.offset


def operand(text: str) -> Moment | RelativeMoment:
    """The moment that an operand names: an ISO 8601 date or time, `now`, or `now` ± a number of h, d or w.

    Raises `ValueError` saying what it may be.
    """
    relative = _RELATIVE.fullmatch(text.strip())
    if relative is not None:
        sign, number, unit = relative.groups()
        distance = _UNITS[unit.lower()] * int(number) if number else timedelta()
        return RelativeMoment(-distance if sign == "-" else distance)
    found = moment(text)
    if found is None:
        raise ValueError("it must be a date such as 2025-03-01, now, or now+14d (h, d and w are known)")
    return Moment(found)


def moment(text: str) -> datetime | None:
    """The moment an attribute holds: ISO 8601 or an LDAP generalized time, UTC where nothing else is said.

    A date is its first moment. None where the text is no date.
    """
    stripped = text.strip()
    generalized = _GENERALIZED.fullmatch(stripped)
    try:
        if generalized is not None:
            return datetime.strptime(generalized[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        found = datetime.fromisoformat(stripped)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
