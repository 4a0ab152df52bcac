"""An application's settings by their names on the command line, each read and checked."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from typing import Any

from provisor.core import application as model
from provisor.core import assignments, reconciliation
from provisor.core.errors import InvalidInputError
from provisor.engine import guard_settings, leaving_settings, notification_settings, reliability_settings
from provisor.engine.setting_values import budget, choice, positive
from provisor.scim import dialects

_DOMAIN = re.compile(r"(?=.{1,253}$)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")


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


def _dialect(value: str) -> str | None:
    if value != "auto" and value not in dialects.DIALECTS:
        raise ValueError(f"it must be one of: auto, {', '.join(dialects.DIALECTS)}")
    return None if value == "auto" else value


def _domain(value: str) -> str:
    if value and _DOMAIN.fullmatch(value) is None:
        raise ValueError("it must be a domain such as example.com, or nothing")
    return value


def _target(settings: model.ApplicationSettings, **change: Any) -> model.ApplicationSettings:
    return dataclasses.replace(settings, target=dataclasses.replace(settings.target, **change))


def _rate(settings: model.ApplicationSettings, **change: Any) -> model.ApplicationSettings:
    return _target(settings, rate_budget=dataclasses.replace(settings.target.rate_budget, **change))


def _reconciliation(settings: model.ApplicationSettings, **change: Any) -> model.ApplicationSettings:
    return dataclasses.replace(
        settings, reconciliation=dataclasses.replace(settings.reconciliation, **change)
    )


def _hours(value: str) -> int | None:
    return None if value == "never" else positive(value)


_SETTINGS: Mapping[str, Callable[[model.ApplicationSettings, str], model.ApplicationSettings]] = {
    **guard_settings.SETTINGS,
    **leaving_settings.SETTINGS,
    **notification_settings.SETTINGS,
    **reliability_settings.SETTINGS,
    "scope": lambda s, v: dataclasses.replace(s, scope=choice(model.ProvisioningScope, v)),
    "roleReach": lambda s, v: dataclasses.replace(s, role_reach=choice(assignments.RoleReach, v)),
    "outOfScopeDeletions": lambda s, v: dataclasses.replace(
        s, out_of_scope_deletions=choice(model.OutOfScopeDeletions, v)
    ),
    "drift": lambda s, v: _reconciliation(s, drift=choice(reconciliation.DriftPolicy, v)),
    "unowned": lambda s, v: _reconciliation(s, unowned=choice(reconciliation.UnownedPolicy, v)),
    "reconcileHours": lambda s, v: _reconciliation(s, interval_hours=_hours(v)),
    "readsPerMinute": lambda s, v: _rate(s, reads_per_minute=budget(v)),
    "writesPerMinute": lambda s, v: _rate(s, writes_per_minute=budget(v)),
    "concurrency": lambda s, v: _rate(s, concurrency=positive(v)),
    "defaultDomain": lambda s, v: dataclasses.replace(s, default_domain=_domain(v)),
    "dialect": lambda s, v: _target(s, dialect=_dialect(v)),
    "pageSize": lambda s, v: _target(s, page_size=positive(v)),
    "maxMembersPerRequest": lambda s, v: _target(s, max_members_per_request=positive(v)),
}
