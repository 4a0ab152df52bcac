"""Moments and lengths of time as they are typed and shown."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import typer

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_RELATIVE = re.compile(r"(\d{1,6})\s*([smhdw])", re.IGNORECASE)


def since(text: str, now: datetime) -> datetime:
    """The moment that `--since` names: `2h` or `1d` before now, or an ISO 8601 date or time (UTC unless it says).

    Raises `typer.BadParameter` naming the forms there are.
    """
    relative = _RELATIVE.fullmatch(text.strip())
    try:
        if relative is not None:
            unit = _UNITS[relative[2].lower()]
            return now - timedelta(**{unit: int(relative[1])})
        moment = datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"{text!r} is no moment. Give a length of time before now (30m, 2h, 1d, 1w), or a date or time such as "
            "2026-11-24 or 2026-11-24T08:30:00+01:00."
        ) from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def shown(moment: datetime | None) -> str | None:
    """A moment in a table: UTC, to the second."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def iso_duration(seconds: int) -> str:
    """A length of time as Graph writes it: `PT40M`, `P1DT30S` (ISO 8601)."""
    days, rest = divmod(seconds, 86400)
    parts = [(rest // 3600, "H"), (rest % 3600 // 60, "M"), (rest % 60, "S")]
    time = "".join(f"{number}{unit}" for number, unit in parts if number)
    if not time:
        return f"P{days}D" if days else "PT0S"
    return "P" + (f"{days}D" if days else "") + f"T{time}"


def spoken_duration(seconds: int) -> str:
    """A length of time in words: `40 minutes`, `2 hours`, `90 seconds`."""
    for length, unit in ((3600, "hour"), (60, "minute")):
        if seconds >= length and seconds % length == 0:
            return f"{seconds // length} {unit}" + ("s" if seconds != length else "")
    return f"{seconds} second" + ("s" if seconds != 1 else "")
