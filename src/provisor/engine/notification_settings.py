"""Settings of whom to tell when something goes wrong, by their names on the command line."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from provisor.core.application import ApplicationSettings
from provisor.core.notification import Language
from provisor.engine.setting_values import choice, positive


def document(settings: ApplicationSettings) -> dict[str, Any]:
    """The settings by the names that `app set` takes."""
    found = settings.notification
    return {
        "notificationEmail": found.email or "none",
        "notifyOnFailure": found.on_failure,
        "notificationLanguage": found.language.value,
        "notifyAfterFailures": found.after_failures,
    }


def _address(value: str) -> str | None:
    """One mail address, or `none`."""
    if value.casefold() == "none":
        return None
    local, _, domain = value.rpartition("@")
    usable = local and domain and value.isprintable() and not set(value) & set(' ,;:<>"()[]\\')
    if not usable:
        raise ValueError("it must be one mail address, such as it-duty@example.com, or none")
    return value


def _switch(value: str) -> bool:
    if value not in ("true", "false"):
        raise ValueError("it must be true or false")
    return value == "true"


def _changed(settings: ApplicationSettings, **change: Any) -> ApplicationSettings:
    return dataclasses.replace(settings, notification=dataclasses.replace(settings.notification, **change))


SETTINGS: Mapping[str, Callable[[ApplicationSettings, str], ApplicationSettings]] = {
    "notificationEmail": lambda s, v: _changed(s, email=_address(v)),
    "notifyOnFailure": lambda s, v: _changed(s, on_failure=_switch(v)),
    "notificationLanguage": lambda s, v: _changed(s, language=choice(Language, v)),
    "notifyAfterFailures": lambda s, v: _changed(s, after_failures=positive(v)),
}
