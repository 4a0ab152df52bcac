"""An application's settings by their names on the command line, each read and checked."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from provisor.core import application as model
from provisor.core import assignments
from provisor.core.errors import InvalidInputError
from provisor.scim import dialects

Choice = TypeVar("Choice", bound=enum.StrEnum)


def with_setting(settings: model.ApplicationSettings, key: str, value: str) -> model.ApplicationSettings:
    """The settings with one of them changed, by its name on the command line.

    Raises `InvalidInputError` naming the settings there are, or what the value may be.
    """
    change = _SETTINGS.get(key)
    if change is None:
        raise InvalidInputError(f"There is no setting {key!r}. Settings: {', '.join(sorted(_SETTINGS))}.")
    try:
        return change(settings, value)
    except ValueError as error:
        raise InvalidInputError(f"{value!r} is no value for {key}: {error}.") from error


def _whole_number(least: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not value.isascii() or not value.isdigit() or int(value) < least:
            raise ValueError(f"it must be a whole number, {least} or more")
        return int(value)

    return read


_count, _positive = _whole_number(0), _whole_number(1)


def _percent(value: str) -> float:
    number = float(value) if value.replace(".", "", 1).isdigit() else -1.0
    if not 0 <= number <= 100:
        raise ValueError("it must be a number from 0 to 100")
    return number


def _budget(value: str) -> int | None:
    return None if value == "unlimited" else _positive(value)


def _choice(kind: type[Choice], value: str) -> Choice:
    try:
        return kind(value)
    except ValueError:
        raise ValueError(f"it must be one of: {', '.join(kind)}") from None


def _dialect(value: str) -> str | None:
    if value != "auto" and value not in dialects.DIALECTS:
        raise ValueError(f"it must be one of: auto, {', '.join(dialects.DIALECTS)}")
    return None if value == "auto" else value


def _target(settings: model.ApplicationSettings, **change: Any) -> model.ApplicationSettings:
    return dataclasses.replace(settings, target=dataclasses.replace(settings.target, **change))


def _rate(settings: model.ApplicationSettings, **change: Any) -> model.ApplicationSettings:
    return _target(settings, rate_budget=dataclasses.replace(settings.target.rate_budget, **change))


def _guard(settings: model.ApplicationSettings, **change: Any) -> model.ApplicationSettings:
    return dataclasses.replace(settings, guard=dataclasses.replace(settings.guard, **change))


_SETTINGS: Mapping[str, Callable[[model.ApplicationSettings, str], model.ApplicationSettings]] = {
    "scope": lambda s, v: dataclasses.replace(s, scope=_choice(model.ProvisioningScope, v)),
    "roleReach": lambda s, v: dataclasses.replace(s, role_reach=_choice(assignments.RoleReach, v)),
    "outOfScopeDeletions": lambda s, v: dataclasses.replace(
        s, out_of_scope_deletions=_choice(model.OutOfScopeDeletions, v)
    ),
    "intervalSeconds": lambda s, v: dataclasses.replace(s, interval_seconds=_positive(v)),
    "guardPercent": lambda s, v: _guard(s, percent=_percent(v)),
    "guardFloor": lambda s, v: _guard(s, floor=_count(v)),
    "readsPerMinute": lambda s, v: _rate(s, reads_per_minute=_budget(v)),
    "writesPerMinute": lambda s, v: _rate(s, writes_per_minute=_budget(v)),
    "concurrency": lambda s, v: _rate(s, concurrency=_positive(v)),
    "dialect": lambda s, v: _target(s, dialect=_dialect(v)),
    "pageSize": lambda s, v: _target(s, page_size=_positive(v)),
    "maxMembersPerRequest": lambda s, v: _target(s, max_members_per_request=_positive(v)),
}
