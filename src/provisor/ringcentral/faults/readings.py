"""The values in a fault's text, each read by its kind. All raise `UnreadableError`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from provisor.ringcentral.faults import wording
from provisor.ringcentral.faults.model import READS, WRITES, Method, When

LONGEST = 24 * 3600.0
"""Seconds that any length of time in a fault may have: a day."""

_SECONDS = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_SECONDS |= {"second": 1.0, "seconds": 1.0, "minute": 60.0, "minutes": 60.0, "hour": 3600.0, "hours": 3600.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)")
_NUMBER = re.compile(r"(\d{1,18})(?:st|nd|rd|th)?")
_GROUPS = {"reads": READS, "writes": WRITES, "request": frozenset[Method](), "requests": frozenset[Method]()}
_CONTENT_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(?:\s*;\s*[\w-]+=[\w.-]+)?")


@dataclass(frozen=True, slots=True)
class UnreadableError(Exception):
    """A value that is none of its kind; it becomes a `FaultSyntaxError` once its place is known."""

    message: str
    hint: str = ""


def word(known: Iterable[str]) -> Callable[[str], str]:
    """One of these words, in any case, with - or _."""

    def read(text: str) -> str:
        folded = text.casefold().replace("_", "-")
        if folded not in known:
            raise UnreadableError(f"{text!r} is no fault", wording.did_you_mean(text, known))
        return folded

    return read


def number(least: int, most: int) -> Callable[[str], int]:
    """A whole number in a range; `3rd` is 3."""

    def read(text: str) -> int:
        match = _NUMBER.fullmatch(text.casefold())
        if match is None or not least <= int(match[1]) <= most:
            raise UnreadableError(f"{text!r} is no whole number from {least} to {most}")
        return int(match[1])

    return read


def shift(text: str) -> int:
    """A difference: `+3`, `-3`."""
    if re.fullmatch(r"[+-]?\d{1,9}", text) is None or int(text) == 0:
        raise UnreadableError(f"{text!r} is no difference such as +3 or -3")
    return int(text)


def share(text: str) -> float:
    """A share from 0 to 1: `5%`, `0.05`."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(%?)", text)
    # the decimal number that was written, so that 7% is 0.07 and not 0.07000000000000001
    found = math.nan if match is None else float(f"{match[1]}e-2") if match[2] else float(match[1])
    if not 0 <= found <= 1:
        raise UnreadableError(f"{text!r} is no share", "Write 5%, or 0.05.")
    return found


def seconds(text: str) -> float:
    """A length of time in seconds: `2`, `2 s`, `500ms`, `1 min`."""
    match = _DURATION.fullmatch(text.casefold())
    unit = _SECONDS.get(match[2]) if match else None
    if match is None or unit is None or float(match[1]) * unit > LONGEST:
        raise UnreadableError(
            f"{text!r} is no length of time of at most a day", "Write 2 s, 500 ms, 2 min or 1 h."
        )
    return float(f"{match[1]}e-3") if match[2] == "ms" else float(match[1]) * unit


def retry_after(text: str) -> int | None:
    """Whole seconds; None for `none`."""
    if text.casefold() == "none":
        return None
    wait = seconds(text)
    if wait != int(wait):
        raise UnreadableError("Retry-After counts whole seconds")
    return int(wait)


class _Moment(StrEnum):
    BEFORE = "before"
    AFTER = "after"
    DURING = "during"


def any_when(text: str) -> When:
    """Where a fault strikes."""
    match text.casefold().split()[:1]:
        case [_Moment.BEFORE]:
            return When.BEFORE
        case [_Moment.AFTER]:
            return When.AFTER
        case [_Moment.DURING]:
            return When.DURING_BODY
        case _:
            raise UnreadableError(f"{text!r} is no moment", wording.did_you_mean(text, list(_Moment)))


def when(text: str) -> When:
    """Where a fault strikes that has no body to break in."""
    found = any_when(text)
    if found is When.DURING_BODY:
        raise UnreadableError("only a connection breaks during the body", "Write drop during body.")
    return found


def methods(text: str) -> frozenset[Method]:
    """Methods, `reads` or `writes`, with | between them; none for `requests`."""
    found: frozenset[Method] = frozenset()
    for name in re.split(r"[|/\s]+", text.strip()):
        group = _GROUPS.get(name.casefold())
        if group is None and name.upper() not in Method.__members__:
            raise UnreadableError(
                f"{name!r} is no method", wording.did_you_mean(name, [*Method, "reads", "writes"])
            )
        found |= group if group is not None else {Method[name.upper()]}
    return found


def path(text: str) -> str:
    """A path below the SCIM base path."""
    if not text.startswith("/") or len(text) > 200:
        raise UnreadableError(
            f"{text!r} is no path below /scim/v2", "Write /Users, or /Users/* for single users."
        )
    return text


def content_type(text: str) -> str:
    """A media type."""
    if _CONTENT_TYPE.fullmatch(text) is None:
        raise UnreadableError(f"{text!r} is no content type", "Write text/plain.")
    return text


def between(text: str) -> tuple[int, int] | tuple[float, float]:
    """Two numbers of requests, or two moments: `5..9`, `10s..30s`."""
    begin, _, end = (
        part.strip() for part in (text if ".." in text else text.replace("-", "..")).partition("..")
    )
    if begin.isdecimal() and end.isdecimal():
        return int(begin) or 1, int(end)
    first, last = seconds(begin), seconds(end)
    if last <= first:
        raise UnreadableError(f"{end} is not after {begin}")
    return first, last
