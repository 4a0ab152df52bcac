"""Settings of what becomes of accounts whose people leave, by their names on the command line."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from provisor.core.application import ApplicationSettings
from provisor.core.deprovisioning import Deprovisioning
from provisor.engine.setting_values import choice, positive

_MOST_DAYS = 3650


def document(settings: ApplicationSettings) -> dict[str, Any]:
    """The settings by the names that `app set` takes."""
    policy = settings.deprovisioning
    return {
        "onUnassigned": policy.unassigned.value,
        "onOutOfScope": policy.out_of_scope.value,
        "onDisabled": policy.disabled.value,
        "onSoftDeleted": policy.soft_deleted.value,
        "onHardDeleted": policy.hard_deleted.value,
        "deleteAfterDays": policy.delete_after_days,
    }


def _days(value: str) -> int:
    days = positive(value)
    if days > _MOST_DAYS:
        raise ValueError(f"it must be a number of days, {_MOST_DAYS} at most")
    return days


def _leaving(settings: ApplicationSettings, **change: Any) -> ApplicationSettings:
    return dataclasses.replace(
        settings, deprovisioning=dataclasses.replace(settings.deprovisioning, **change)
    )


SETTINGS: Mapping[str, Callable[[ApplicationSettings, str], ApplicationSettings]] = {
    "onUnassigned": lambda s, v: _leaving(s, unassigned=choice(Deprovisioning, v)),
    "onOutOfScope": lambda s, v: _leaving(s, out_of_scope=choice(Deprovisioning, v)),
    "onDisabled": lambda s, v: _leaving(s, disabled=choice(Deprovisioning, v)),
    "onSoftDeleted": lambda s, v: _leaving(s, soft_deleted=choice(Deprovisioning, v)),
    "onHardDeleted": lambda s, v: _leaving(s, hard_deleted=choice(Deprovisioning, v)),
    "deleteAfterDays": lambda s, v: _leaving(s, delete_after_days=_days(v)),
}
