"""The settings of a job's schedule, retries and quarantine, by their names on the command line."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from provisor.core.application import ApplicationSettings
from provisor.engine.setting_values import count, percent, positive, seconds, whole_numbers

_LONGEST_INTERVAL = 7 * 86_400

_interval = seconds(1, _LONGEST_INTERVAL)


def document(settings: ApplicationSettings) -> dict[str, Any]:
    """These settings by name, as `app show` prints them."""
    retries, limits = settings.retries, settings.quarantine
    return {
        "intervalSeconds": settings.interval_seconds,
        "retryHours": _listed(retries.persistent_hours),
        "retryMinutes": _listed(retries.passing_minutes),
        "retryDays": retries.days,
        "quarantineMinimumFailures": limits.minimum_failures,
        "quarantinePercent": limits.percent,
        "quarantineFailures": limits.non_reference,
        "quarantineTotal": limits.total,
        "quarantineSmallCycles": limits.complete_cycles,
        "quarantineSmallFailures": limits.complete_failures,
        "quarantineHours": _listed(limits.hours),
        "quarantineDays": limits.days,
    }


def _listed(numbers: tuple[int, ...]) -> str:
    return ",".join(str(number) for number in numbers)


def _retries(settings: ApplicationSettings, **change: Any) -> ApplicationSettings:
    return dataclasses.replace(settings, retries=dataclasses.replace(settings.retries, **change))


def _quarantine(settings: ApplicationSettings, **change: Any) -> ApplicationSettings:
    return dataclasses.replace(settings, quarantine=dataclasses.replace(settings.quarantine, **change))


SETTINGS: Mapping[str, Callable[[ApplicationSettings, str], ApplicationSettings]] = {
    "intervalSeconds": lambda s, v: dataclasses.replace(s, interval_seconds=_interval(v)),
    "retryHours": lambda s, v: _retries(s, persistent_hours=whole_numbers(v)),
    "retryMinutes": lambda s, v: _retries(s, passing_minutes=whole_numbers(v)),
    "retryDays": lambda s, v: _retries(s, days=positive(v)),
    "quarantineMinimumFailures": lambda s, v: _quarantine(s, minimum_failures=positive(v)),
    "quarantinePercent": lambda s, v: _quarantine(s, percent=percent(v)),
    "quarantineFailures": lambda s, v: _quarantine(s, non_reference=positive(v)),
    "quarantineTotal": lambda s, v: _quarantine(s, total=positive(v)),
    "quarantineSmallCycles": lambda s, v: _quarantine(s, complete_cycles=count(v)),
    "quarantineSmallFailures": lambda s, v: _quarantine(s, complete_failures=positive(v)),
    "quarantineHours": lambda s, v: _quarantine(s, hours=whole_numbers(v)),
    "quarantineDays": lambda s, v: _quarantine(s, days=positive(v)),
}
