"""Moments, durations and numbers as a language writes them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from babel import dates, numbers
from markupsafe import Markup, escape

from provisor.look.languages import Language

_NOW = {Language.ENGLISH: "just now", Language.FRENCH: "à l’instant"}
_UNITS = 2
"""A distance is told in a larger unit from two of it on: 10 days and not 1 week."""


@dataclass(frozen=True, slots=True)
class Formats:
    """How one language writes what is not text. Moments are shown in UTC; the script rewrites them in the reader's zone."""

    language: Language

    def number(self, value: float) -> str:
        """A number with its separators."""
        return str(numbers.format_decimal(value, locale=self.language.value))

    def percent(self, part: float) -> str:
        """A share of one, as a percentage."""
        return str(numbers.format_percent(part, locale=self.language.value))

    def date(self, moment: dt.datetime) -> str:
        """The day of a moment, in UTC."""
        return str(dates.format_date(moment.astimezone(dt.UTC), "medium", locale=self.language.value))

    def moment(self, moment: dt.datetime) -> Markup:
        """A moment to the second, as a `time` element."""
        utc = moment.astimezone(dt.UTC)
        day = dates.format_date(utc, "medium", locale=self.language.value)
        clock = dates.format_time(utc, "HH:mm:ss", locale=self.language.value)
        return _time(utc, f"{day}, {clock} UTC", "moment")

    def clock(self, moment: dt.datetime) -> Markup:
        """The time of day of a moment, as a `time` element."""
        utc = moment.astimezone(dt.UTC)
        return _time(utc, str(dates.format_time(utc, "HH:mm:ss", locale=self.language.value)), "clock")

    def ago(self, moment: dt.datetime, now: dt.datetime) -> Markup:
        """How far away a moment is, before or after now, as a `time` element."""
        distance = moment - now
        if abs(distance) < dt.timedelta(seconds=1):
            told = _NOW[self.language]
        else:
            told = str(
                dates.format_timedelta(
                    distance, add_direction=True, threshold=_UNITS, locale=self.language.value
                )
            )
        return _time(moment.astimezone(dt.UTC), told, "distance")

    def duration(self, length: dt.timedelta) -> str:
        """A length of time in its largest unit."""
        return str(dates.format_timedelta(length, threshold=1.5, locale=self.language.value))


def _time(moment: dt.datetime, told: str, kind: str) -> Markup:
    exact = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Markup('<time datetime="{}" data-kind="{}" title="{}">{}</time>').format(
        exact, kind, moment.strftime("%Y-%m-%d %H:%M:%S UTC"), escape(told)
    )
