"""Custom date and time formats of .NET: `yyyy-MM-dd`, `M/d/yyyy h:mm:ss tt`, `yyyyMMddHHmmss.fZ` and the like.

Names of months and days are English (invariant culture). A date keeps the offset it was written with.
Source: .NET "Custom date and time format strings".
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from provisor.core.expressions import dates
from provisor.core.expressions.errors import ArgumentProblem, shown

_STANDARD = {
    "d": "MM/dd/yyyy",
    "D": "dddd, dd MMMM yyyy",
    "f": "dddd, dd MMMM yyyy HH:mm",
    "F": "dddd, dd MMMM yyyy HH:mm:ss",
    "g": "MM/dd/yyyy HH:mm",
    "G": "MM/dd/yyyy HH:mm:ss",
    "m": "MMMM dd",
    "M": "MMMM dd",
    "o": "yyyy-MM-ddTHH:mm:ss.fffffffK",
    "O": "yyyy-MM-ddTHH:mm:ss.fffffffK",
    "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "R": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "s": "yyyy-MM-ddTHH:mm:ss",
    "t": "HH:mm",
    "T": "HH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ss'Z'",
    "y": "yyyy MMMM",
    "Y": "yyyy MMMM",
}
"""A format of one letter is one of these (.NET "Standard date and time format strings")."""

_PIECE = re.compile(
    r"(?P<field>%?(?P<letter>[yMdhHmsfFtzKZ])(?P=letter)*)"
    r"""|'(?P<single>[^']*)'|"(?P<double>[^"]*)"|\\(?P<escaped>.)|(?P<literal>[^%\\'"])""",
    re.DOTALL,
)
_LONGEST = {
    "y": 5,
    "M": 4,
    "d": 4,
    "h": 2,
    "H": 2,
    "m": 2,
    "s": 2,
    "f": 7,
    "F": 7,
    "t": 2,
    "z": 3,
    "K": 1,
    "Z": 1,
}


_FORMS = {
    ("y", 3): r"\d{3,4}",
    ("t", 1): "[AP]",
    ("t", 2): "[AP]M",
    ("z", 1): r"[+-]\d{1,2}",
    ("z", 2): r"[+-]\d{2}",
    ("z", 3): r"[+-]\d{2}:?\d{2}",
    ("K", 1): r"(?:Z|[+-]\d{2}:\d{2})?",
    ("Z", 1): "Z",
    ("f", 1): r"\d",
    **{("F", count): rf"\d{{0,{count}}}" for count in range(1, 8)},
}
"""What fields look like in a text; any other is so many digits, or one or two where its letter stands alone."""


@dataclass(frozen=True, slots=True)
class _Field:
    """A letter and how often it stands in a row."""

    letter: str
    count: int


@dataclass(frozen=True, slots=True)
class Format:
    """A format, cut into fields and literal texts."""

    text: str
    pieces: tuple[_Field | str, ...]

    def write(self, moment: datetime) -> str:
        """The moment in this format, in the offset it has."""
        written = ""
        for piece in self.pieces:
            if isinstance(piece, str):
                written += piece
            else:
                part = _write(piece, moment)
                written = written.removesuffix(".") if piece.letter == "F" and not part else written
                written += part
        return written


@dataclass(frozen=True, slots=True)
class ReadingFormat:
    """A format that dates are read in."""

    text: str
    _pattern: re.Pattern[str]

    def read(self, text: str) -> datetime:
        """The date in the text, without a time zone where it names none. Raises `ArgumentProblem`.

        What the format leaves out is the first of January of the year 1, at midnight.
        """
        found = self._pattern.fullmatch(text)
        if found is not None:
            try:
                return _moment({name: value for name, value in found.groupdict().items() if value})
            except (ValueError, OverflowError):
                pass
        raise ArgumentProblem(f"{shown(text)} is no date in the format {shown(self.text)}")


@functools.lru_cache(maxsize=256)
def writing(text: str) -> Format:
    """The format to write dates in. Raises `ArgumentProblem`."""
    if not text:
        raise ArgumentProblem("a format such as yyyy-MM-dd is expected, not an empty text")
    pieces: list[_Field | str] = []
    offset, custom = 0, _STANDARD.get(text, text)
    while offset < len(custom):
        found = _PIECE.match(custom, offset)
        if found is None:
            raise ArgumentProblem(
                f"the format {shown(text)} has a quote that is never closed, or ends too early"
            )
        offset = found.end()
        pieces.append(_piece(found))
    return Format(text, tuple(pieces))


@functools.lru_cache(maxsize=256)
def reading(text: str) -> ReadingFormat:
    """The format to read dates in. Raises `ArgumentProblem`; a field may stand in it once."""
    pieces = writing(text).pieces
    seen: set[str] = set()
    pattern = ""
    for piece in pieces:
        if isinstance(piece, str):
            pattern += r"\s" if piece.isspace() else re.escape(piece)
            continue
        name = _name(piece)
        if name in seen:
            raise ArgumentProblem(f"the format {shown(text)} has {piece.letter * piece.count} a second time")
        seen.add(name)
        pattern += f"(?P<{name}>{_expected(piece)})"
    return ReadingFormat(text, re.compile(pattern, re.IGNORECASE | re.ASCII))


def _piece(found: re.Match[str]) -> _Field | str:
    if found["field"] is None:
        return found["single"] or found["double"] or found["escaped"] or found["literal"] or ""
    letter, count = found["letter"], len(found["field"].removeprefix("%"))
    return _Field(letter, min(count, _LONGEST[letter]))


def _name(piece: _Field) -> str:
    if piece.letter == "d" and piece.count > 2:
        return "weekday"
    return {"F": "f", "K": "z", "Z": "z", "h": "hour12", "H": "hour"}.get(piece.letter, piece.letter)


def _expected(piece: _Field) -> str:
    """What the field looks like in a text, as a regular expression."""
    named = piece.letter in "Md" and piece.count > 2
    if named:
        names = dates.MONTHS if piece.letter == "M" else dates.DAYS
        return "|".join(names if piece.count == 4 else [name[:3] for name in names])
    return _FORMS.get((piece.letter, piece.count)) or (
        r"\d{1,2}" if piece.count == 1 else rf"\d{{{piece.count}}}"
    )


def _moment(fields: dict[str, str]) -> datetime:
    month = fields.get("M", "1")
    hour = (
        int(fields["hour"])
        if "hour" in fields
        else dates.hour_of_day(int(fields.get("hour12", 0)), fields.get("t"))
    )
    moment = datetime(
        dates.full_year(fields.get("y", "0001")),
        int(month)
        if month.isdigit()
        else [name[:3].lower() for name in dates.MONTHS].index(month[:3].lower()) + 1,
        int(fields.get("d", 1)),
        hour,
        int(fields.get("m", 0)),
        int(fields.get("s", 0)),
        int(fields.get("f", "0").ljust(6, "0")[:6]),
        tzinfo=dates.offset(fields.get("z")),
    )
    weekday = fields.get("weekday")
    if weekday is not None and dates.DAYS[moment.weekday()][:3].lower() != weekday[:3].lower():
        raise ValueError(weekday)
    return moment


def _write(piece: _Field, moment: datetime) -> str:
    return _WRITERS[piece.letter](moment, piece.count)


def _year(moment: datetime, count: int) -> str:
    return str(moment.year % 100).zfill(count) if count < 3 else str(moment.year).zfill(count)


def _named(names: tuple[str, ...], place: int, count: int) -> str:
    return names[place][:3] if count == 3 else names[place]


def _month(moment: datetime, count: int) -> str:
    return str(moment.month).zfill(count) if count < 3 else _named(dates.MONTHS, moment.month - 1, count)


def _day(moment: datetime, count: int) -> str:
    return str(moment.day).zfill(count) if count < 3 else _named(dates.DAYS, moment.weekday(), count)


def _fraction(moment: datetime, count: int) -> str:
    return f"{moment.microsecond:06}0"[:count]


def _half(moment: datetime, count: int) -> str:
    return ("AM" if moment.hour < 12 else "PM")[:count]


def _offset(moment: datetime, count: int) -> str:
    span = moment.utcoffset()
    minutes = 0 if span is None else round(span.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{hours:02}:{rest:02}" if count == 3 else f"{sign}{str(hours).zfill(count)}"


def _kind(moment: datetime, _: int) -> str:
    if moment.tzinfo is None:
        return ""
    return "Z" if moment.tzinfo is UTC else _offset(moment, 3)


_WRITERS: dict[str, Callable[[datetime, int], str]] = {
    "y": _year,
    "M": _month,
    "d": _day,
    "h": lambda moment, count: str(moment.hour % 12 or 12).zfill(count),
    "H": lambda moment, count: str(moment.hour).zfill(count),
    "m": lambda moment, count: str(moment.minute).zfill(count),
    "s": lambda moment, count: str(moment.second).zfill(count),
    "f": _fraction,
    "F": lambda moment, count: _fraction(moment, count).rstrip("0"),
    "t": _half,
    "z": _offset,
    "K": _kind,
    "Z": lambda _, __: "Z",
}
