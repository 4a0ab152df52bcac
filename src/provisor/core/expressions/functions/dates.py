"""Functions over dates and times. A date is a text; what they give is in UTC, as `M/d/yyyy h:mm:ss tt`."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from provisor.core.expressions import date_formats, dates
from provisor.core.expressions.date_formats import Format, ReadingFormat
from provisor.core.expressions.errors import ArgumentProblem, shown
from provisor.core.expressions.signatures import Eager, Function, Parameter, Presence, Takes
from provisor.core.expressions.values import integer_64

_SPANS = {
    "d": timedelta(days=1),
    "ww": timedelta(weeks=1),
    "h": timedelta(hours=1),
    "n": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
_MONTHS_IN = {"yyyy": 12, "m": 1}
_TICKS = 10_000_000
_TICKS_TO_10000 = (date.max.toordinal() + 1 - dates.FILETIME_EPOCH.toordinal()) * 86_400 * _TICKS
_NEVER = (0, 9_223_372_036_854_775_807)
"""What Active Directory writes for a moment that never comes."""

_STYLES = (
    "None",
    "AllowLeadingWhite",
    "AllowTrailingWhite",
    "AllowInnerWhite",
    "AllowWhiteSpaces",
    "NoCurrentDateDefault",
    "AdjustToUniversal",
    "AssumeLocal",
    "AssumeUniversal",
    "RoundtripKind",
)
_USUAL_STYLES = frozenset({"AllowLeadingWhite", "AllowTrailingWhite", "RoundtripKind"})


def interval(text: str) -> str:
    """The text, if it is an interval. Raises `ArgumentProblem`."""
    if text in _SPANS or text in _MONTHS_IN:
        return text
    raise ArgumentProblem(f"an interval is expected (yyyy, m, ww, d, h, n or s), not {shown(text)}")


def styles(text: str) -> frozenset[str]:
    """The names in a list of .NET's DateTimeStyles. Raises `ArgumentProblem`."""
    names = frozenset(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        if name not in _STYLES:
            raise ArgumentProblem(
                f"{shown(name)} is no style for dates; one of {', '.join(_STYLES)} is expected"
            )
    return names or _USUAL_STYLES


def _c_date(expression: str | None) -> str | None:
    return dates.canonical(dates.instant(expression)) if expression else None


def _date_add(unit: str | None, value: int, date: str | None) -> str | None:
    if not date:
        return None
    unit = interval(unit or "")
    moment = dates.instant(date)
    try:
        added = (
            _add_months(moment, _MONTHS_IN[unit] * value)
            if unit in _MONTHS_IN
            else moment + _SPANS[unit] * value
        )
    except (OverflowError, ValueError):
        raise ArgumentProblem("the result lies outside the years 1 to 9999") from None
    return dates.canonical(added)


def _add_months(moment: datetime, months: int) -> datetime:
    """The same day of another month, or its last day where it is shorter."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(year)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def _date_diff(unit: str | None, first: str | None, second: str | None) -> str | None:
    """As VB.NET counts: whole units of the span, but months and years by the calendar and weeks from their Sundays."""
    if not first or not second:
        return None
    unit = interval(unit or "")
    start, end = dates.instant(first), dates.instant(second)
    match unit:
        case "yyyy":
            return str(end.year - start.year)
        case "m":
            return str((end.year - start.year) * 12 + end.month - start.month)
        case "ww":
            return str(_whole(_sunday(end) - _sunday(start), timedelta(weeks=1)))
        case _:
            return str(_whole(end - start, _SPANS[unit]))


def _sunday(moment: datetime) -> timedelta:
    """The Sunday at or before the moment, as a span since the first Sunday there could be."""
    return timedelta(days=moment.toordinal() - moment.isoweekday() % 7)


def _whole(span: timedelta, unit: timedelta) -> int:
    """Whole units in the span, cut off towards zero."""
    return span // unit if span >= timedelta(0) else -(-span // unit)


def ticks(text: str) -> int | None:
    """The time stamp that the text spells; null for the empty text. Raises `ArgumentProblem`."""
    return integer_64(text) if text else None


def _date_from_num(value: int | None) -> str | None:
    if value is None or value in _NEVER:
        return None
    if not 0 <= value < _TICKS_TO_10000:
        raise ArgumentProblem("the value lies outside the years 1601 to 9999")
    return dates.canonical(dates.FILETIME_EPOCH + timedelta(microseconds=value // 10))


def _num_from_date(value: str | None) -> str | None:
    if not value:
        return None
    span = dates.instant(value) - dates.FILETIME_EPOCH
    if span < timedelta(0):
        raise ArgumentProblem(f"{shown(value)} is before the year 1601")
    return str((span.days * 86_400 + span.seconds) * _TICKS + span.microseconds * 10)


def _format_date_time(
    source: str | None, style: frozenset[str] | None, given: ReadingFormat | None, wanted: Format | None
) -> str | None:
    if not source:
        return None
    if given is None or wanted is None:
        raise ArgumentProblem("inputFormat and outputFormat must be given, and one of them is null")
    style = _USUAL_STYLES if style is None else style
    moment = given.read(_trimmed(source, style))
    if moment.tzinfo is None and "AssumeUniversal" in style:
        moment = moment.replace(tzinfo=UTC)
    if "AdjustToUniversal" in style and moment.tzinfo is not None:
        try:
            moment = moment.astimezone(UTC)
        except OverflowError:
            raise ArgumentProblem("the date lies outside the years 1 to 9999") from None
    return wanted.write(moment)


def _trimmed(text: str, style: frozenset[str]) -> str:
    if style & {"AllowLeadingWhite", "AllowWhiteSpaces"}:
        text = text.lstrip()
    return text.rstrip() if style & {"AllowTrailingWhite", "AllowWhiteSpaces"} else text


def _date(name: str) -> Parameter:
    return Parameter(name=name)


def _read(name: str, reader: Callable[[str], object], presence: Presence = Presence.REQUIRED) -> Parameter:
    return Parameter(name=name, reader=reader, presence=presence)


FUNCTIONS = (
    Function(
        name="CDate",
        meaning="A date written in any usual way, as a date and time in UTC.",
        parameters=(_date("expression"),),
        implementation=Eager(apply=_c_date),
    ),
    Function(
        name="DateAdd",
        meaning="A date so many years (yyyy), months (m), weeks (ww), days (d), hours, minutes (n) or seconds later.",
        parameters=(
            _read("interval", interval),
            Parameter(name="value", takes=Takes.WHOLE_NUMBER),
            _date("dateTime"),
        ),
        implementation=Eager(apply=_date_add),
    ),
    Function(
        name="DateDiff",
        meaning="How many years, months, weeks, days, hours, minutes or seconds lie between two dates.",
        parameters=(_read("interval", interval), _date("date1"), _date("date2")),
        implementation=Eager(apply=_date_diff),
    ),
    Function(
        name="DateFromNum",
        meaning="The date behind a time stamp of Active Directory.",
        parameters=(_read("value", ticks),),
        implementation=Eager(apply=_date_from_num),
    ),
    Function(
        name="FormatDateTime",
        meaning="A date in one format, written in another.",
        parameters=(
            _date("source"),
            _read("dateTimeStyles", styles, Presence.OPTIONAL),
            _read("inputFormat", date_formats.reading),
            _read("outputFormat", date_formats.writing),
        ),
        unless_short=1,
        implementation=Eager(apply=_format_date_time),
    ),
    Function(
        name="NumFromDate",
        meaning="A date as a time stamp of Active Directory.",
        parameters=(_date("value"),),
        implementation=Eager(apply=_num_from_date),
    ),
)
