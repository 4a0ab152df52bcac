"""The settings of the guard, by their names on the command line."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from provisor.core.application import ApplicationSettings
from provisor.core.guard import GuardMode
from provisor.engine.setting_values import choice, count, percent


def document(settings: ApplicationSettings) -> dict[str, Any]:
    """These settings by name, as `app show` prints them."""
    limits = settings.guard
    return {
        "guard": limits.mode.value,
        "guardPercent": limits.percent,
        "guardFloor": limits.floor,
        "guardDailyPercent": limits.daily_percent,
        "guardDailyFloor": limits.daily_floor,
        "guardUpdatePercent": limits.update_percent,
        "guardUpdateFloor": limits.update_floor,
        "guardMembersPercent": limits.members_percent,
        "guardMembersFloor": limits.members_floor,
    }


def _guard(settings: ApplicationSettings, **change: Any) -> ApplicationSettings:
    return dataclasses.replace(settings, guard=dataclasses.replace(settings.guard, **change))


SETTINGS: Mapping[str, Callable[[ApplicationSettings, str], ApplicationSettings]] = {
    "guard": lambda s, v: _guard(s, mode=choice(GuardMode, v)),
    "guardPercent": lambda s, v: _guard(s, percent=percent(v)),
    "guardFloor": lambda s, v: _guard(s, floor=count(v)),
    "guardDailyPercent": lambda s, v: _guard(s, daily_percent=percent(v)),
    "guardDailyFloor": lambda s, v: _guard(s, daily_floor=count(v)),
    "guardUpdatePercent": lambda s, v: _guard(s, update_percent=percent(v)),
    "guardUpdateFloor": lambda s, v: _guard(s, update_floor=count(v)),
    "guardMembersPercent": lambda s, v: _guard(s, members_percent=percent(v)),
    "guardMembersFloor": lambda s, v: _guard(s, members_floor=count(v)),
}
