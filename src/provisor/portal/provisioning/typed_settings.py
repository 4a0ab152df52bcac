"""Settings as a form shows them and as somebody types them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from provisor.core.application import ApplicationSettings
from provisor.core.errors import InvalidInputError
from provisor.engine import (
    application_settings,
    guard_settings,
    leaving_settings,
    notification_settings,
    reliability_settings,
)
from provisor.look.forms import Form
from provisor.look.visit import Visit
from provisor.portal.provisioning import fields, words

SHOWN = "shown"
"""The hidden field with what the form showed: what nobody changed in it stays as it is by now, whoever changed it."""

SCOPE = "scope"
NOTIFICATION = ("notificationEmail", "notifyOnFailure", "notificationLanguage", "notifyAfterFailures")

_WHEN_EMPTY = {
    **{key: item.when_empty for key, item in fields.FIELDS.items() if item.when_empty is not None},
    "notificationEmail": "none",
}


def shown(settings: ApplicationSettings) -> dict[str, str]:
    """Every setting as its field shows it."""
    target, reconciliation = settings.target, settings.reconciliation
    found = {
        SCOPE: settings.scope.value,
        "roleReach": settings.role_reach.value,
        "outOfScopeDeletions": settings.out_of_scope_deletions.value,
        "drift": reconciliation.drift.value,
        "unowned": reconciliation.unowned.value,
        "reconcileHours": reconciliation.interval_hours,
        **guard_settings.document(settings),
        "readsPerMinute": target.rate_budget.reads_per_minute,
        "writesPerMinute": target.rate_budget.writes_per_minute,
        "concurrency": target.rate_budget.concurrency,
        "defaultDomain": settings.default_domain,
        "dialect": target.dialect or "auto",
        "pageSize": target.page_size,
        "maxMembersPerRequest": target.max_members_per_request,
        **leaving_settings.document(settings),
        **notification_settings.document(settings),
        **reliability_settings.document(settings),
        "intervalSeconds": _length(settings.interval_seconds),
        "notificationEmail": settings.notification.email,
    }
    return {key: _text(value) for key, value in found.items()}


def read(
    visit: Visit, settings: ApplicationSettings, keys: Iterable[str]
) -> tuple[ApplicationSettings, Mapping[str, str]]:
    """The settings with what was typed over them, and what is wrong with what was typed, by field."""
    showed, problems = before(visit.form), {}
    for key in keys:
        typed = visit.form.text(key)
        if not visit.form.has(key) or typed == showed.get(key):
            continue
        try:
            value = typed or _WHEN_EMPTY.get(key, "")
            settings = application_settings.with_setting(settings, key, value)
        except InvalidInputError as error:
            problems[key] = words.of_problem(visit, error)
    return settings, problems


def before(form: Form) -> Mapping[str, object]:
    """What the form showed when it was sent out."""
    try:
        found = json.loads(form.exact(SHOWN))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:g}"
        case _:
            return str(value)


def _length(seconds: int) -> str:
    """A length of time as it is typed, in its largest whole unit."""
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
