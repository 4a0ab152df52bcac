"""The values of settings as an administrator types them; each reader raises `ValueError` saying what it may be."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable
from typing import TypeVar

Choice = TypeVar("Choice", bound=enum.StrEnum)

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_SPOKEN = re.compile(r"(\d{1,9})\s*([smhdw]?)", re.ASCII | re.IGNORECASE)
_ISO = re.compile(r"P(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?", re.ASCII)


def whole_number(least: int) -> Callable[[str], int]:
    """A reader of whole numbers from `least` on."""

    def read(value: str) -> int:
        if not value.isascii() or not value.isdigit() or int(value) < least:
            raise ValueError(f"it must be a whole number, {least} or more")
        return int(value)

    return read


count, positive = whole_number(0), whole_number(1)


def whole_numbers(value: str) -> tuple[int, ...]:
    """Whole numbers between commas, at least one."""
    parts = [part.strip() for part in value.split(",")]
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError("it must be whole numbers between commas, for example 0,6,12,24")
    return tuple(int(part) for part in parts)


def percent(value: str) -> float:
    """A number from 0 to 100."""
    number = float(value) if value.replace(".", "", 1).isdigit() else -1.0
    if not 0 <= number <= 100:
        raise ValueError("it must be a number from 0 to 100")
    return number


def budget(value: str) -> int | None:
    """A positive number, or `unlimited`."""
    return None if value == "unlimited" else positive(value)


def choice(kind: type[Choice], value: str) -> Choice:
    """One of an enumeration's words."""
    try:
        return kind(value)
    except ValueError:
        raise ValueError(f"it must be one of: {', '.join(kind)}") from None


def seconds(least: int, most: int) -> Callable[[str], int]:
    """A reader of lengths of time: `90`, `90s`, `40m`, `6h`, `2d`, or ISO 8601 as Graph writes it (`PT40M`, `P1DT12H`)."""

    def read(value: str) -> int:
        found = _seconds(value.strip())
        if found is None or not least <= found <= most:
            raise ValueError(
                f"it must be a length of time from {least} seconds to {most // 86_400} days, for example 30s, 40m, 6h, "
                "1d or PT40M"
            )
        return found

    return read


def _seconds(value: str) -> int | None:
    spoken = _SPOKEN.fullmatch(value)
    if spoken is not None:
        return int(spoken[1]) * _SECONDS[spoken[2].lower() or "s"]
    iso = _ISO.fullmatch(value.upper())
    if iso is None or not any(iso.groups()):
        return None
    days, hours, minutes, rest = (int(part or 0) for part in iso.groups())
    return days * 86_400 + hours * 3600 + minutes * 60 + rest
