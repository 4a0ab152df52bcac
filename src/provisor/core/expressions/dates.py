"""Dates and times as texts of the language: read as .NET reads them, written as `M/d/yyyy h:mm:ss tt` in UTC.

Source: Entra "Reference for writing expressions", CDate; .NET `DateTime.Parse` under the invariant culture.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from provisor.core.expressions.errors import ArgumentProblem, shown

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_LAST_TWO_DIGIT_YEAR = 2049

_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" if month[3:] else month for month in MONTHS)
_DAY = "|".join(f"{day[:3]}(?:{day[3:]})?" for day in DAYS)
_CALENDAR = "|".join(
    (
        r"(?P<y1>\d{4})(?P<s1>[-/.])(?P<m1>\d{1,2})(?P=s1)(?P<d1>\d{1,2})",
        r"(?P<m2>\d{1,2})(?P<s2>[-/.])(?P<d2>\d{1,2})(?P=s2)(?P<y2>\d{4}|\d{2})",
        rf"(?P<d3>\d{{1,2}})[-\s]+(?P<m3>{_MONTH})\.?,?[-\s]+(?P<y3>\d{{4}}|\d{{2}})",
        rf"(?P<m4>{_MONTH})\.?\s+(?P<d4>\d{{1,2}}),?\s+(?P<y4>\d{{4}})",
        rf"(?P<y5>\d{{4}})[-\s]+(?P<m5>{_MONTH})[-\s]+(?P<d5>\d{{1,2}})",
    )
)
_CLOCK = r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?)?"
_DATE = re.compile(
    rf"\s*(?:(?:{_DAY}),?\s+)?(?:{_CALENDAR})"
    rf"(?:(?:\s+|,\s*|T){_CLOCK}(?:\s*(?P<half>[AP])\.?M\.?)?)?"
    r"\s*(?P<offset>Z|GMT|UTC|[+-]\d{1,2}(?::?\d{2})?)?\s*",
    re.IGNORECASE | re.ASCII,
)


def instant(text: str) -> datetime:
    """The moment in UTC that the text names; without an offset it is one of UTC. Raises `ArgumentProblem`."""
    found = _DATE.fullmatch(text)
    if found is None:
        raise _unreadable(text)
    form = next(number for number in "12345" if found[f"y{number}"] is not None)
    try:
        moment = datetime(
            full_year(found[f"y{form}"]),
            _month(found[f"m{form}"]),
            int(found[f"d{form}"]),
            hour_of_day(int(found["hour"] or 0), found["half"]),
            int(found["minute"] or 0),
            int(found["second"] or 0),
            int((found["fraction"] or "0").ljust(6, "0")[:6]),
            tzinfo=offset(found["offset"]) or UTC,
        )
        if found["hour"] is not None and found["minute"] is None and found["half"] is None:
            raise _unreadable(text)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _unreadable(text) from None


def canonical(moment: datetime) -> str:
    """The text of a moment, to the second, in UTC."""
    moment = moment.astimezone(UTC)
    half = "AM" if moment.hour < 12 else "PM"
    return (
        f"{moment.month}/{moment.day}/{moment.year:04} "
        f"{moment.hour % 12 or 12}:{moment.minute:02}:{moment.second:02} {half}"
    )


def full_year(digits: str) -> int:
    """The year that four digits, or two of this and the last century, stand for."""
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if year + 2000 <= _LAST_TWO_DIGIT_YEAR else 1900)


def hour_of_day(hour: int, half: str | None) -> int:
    """The hour of a 24-hour clock. Raises `ValueError` for an hour that a 12-hour clock does not have."""
    if half is None:
        return hour
    if not 0 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if half.upper().startswith("P") else 0)


def offset(text: str | None) -> tzinfo | None:
    """The time zone that `Z`, `GMT` or `-08:00` stands for; null for no text. Raises `ValueError`."""
    if text is None:
        return None
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    if int(hours) > 14 or int(minutes) > 59:
        raise ValueError(text)
    span = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-span if text[0] == "-" else span)


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    return next(number for number, month in enumerate(MONTHS, 1) if month[:3].lower() == text[:3].lower())


def _unreadable(text: str) -> ArgumentProblem:
    return ArgumentProblem(f"{shown(text)} is no date and time that can be recognised")
