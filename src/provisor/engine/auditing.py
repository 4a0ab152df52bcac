"""Writing down who changed what, in the transaction that changes it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from provisor.core import application as model
from provisor.core import audit
from provisor.core.application import Application, ApplicationSettings
from provisor.core.assignments import DEFAULT_ACCESS, Assignment
from provisor.core.audit import Activity, Actor
from provisor.core.identifiers import ApplicationId
from provisor.core.objects import DirectoryObject, ObjectType
from provisor.core.plan import Plan, Selection
from provisor.ports.store import UnitOfWork

_ASSIGNED = {ObjectType.USER: Activity.ASSIGN_USER, ObjectType.GROUP: Activity.ASSIGN_GROUP}
_UNASSIGNED = {ObjectType.USER: Activity.UNASSIGN_USER, ObjectType.GROUP: Activity.UNASSIGN_GROUP}


def note(
    unit: UnitOfWork,
    actor: Actor,
    activity: Activity,
    application: Application,
    *,
    subject: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write an act down; its subject is the application unless it is told."""
    unit.audit.add(
        audit.Act(
            actor=actor,
            activity=activity,
            application_id=application.id,
            subject=application.name if subject is None else subject,
            before=before,
            after=after,
        )
    )


def note_directory(
    unit: UnitOfWork,
    actor: Actor,
    activity: Activity,
    item: DirectoryObject,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down what was done to a user or group of the directory."""
    unit.audit.add(
        audit.Act(
            actor=actor,
            activity=activity,
            application_id=None,
            subject=item.display_name,
            before=before,
            after=after,
        )
    )


def note_command(
    unit: UnitOfWork,
    actor: Actor,
    activity: Activity,
    application_id: ApplicationId,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down what a job was told."""
    application = unit.applications.find(application_id)
    if application is not None:
        note(unit, actor, activity, application, before=before, after=after)


def note_settings(
    unit: UnitOfWork, actor: Actor, application: Application, settings: ApplicationSettings
) -> None:
    """Write down which settings change, if any."""
    before, after = audit.differences(_by_name(application.settings), _by_name(settings))
    if after:
        note(unit, actor, Activity.UPDATE_SETTINGS, application, before=before, after=after)


def note_schema(
    unit: UnitOfWork,
    actor: Actor,
    application: Application,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    """Write down what changes in a schema."""
    old, new = audit.differences(dict(before), dict(after))
    note(unit, actor, Activity.UPDATE_SCHEMA, application, before=old, after=new)


def note_credentials(
    unit: UnitOfWork, actor: Actor, application: Application, tenant_url: str, secret_token: str | None
) -> None:
    """Write down that credentials change: the addresses, and of the token only that there is another."""
    before, after = audit.differences({"tenantUrl": application.tenant_url}, {"tenantUrl": tenant_url})
    if secret_token is not None:
        before["secretToken"] = "entered" if application.has_secret_token else None
        after["secretToken"] = "replaced" if application.has_secret_token else "entered"
    note(unit, actor, Activity.UPDATE_SETTINGS, application, before=before, after=after)


def note_assigned(unit: UnitOfWork, actor: Actor, application: Application, item: Assignment) -> None:
    """Write down that somebody was assigned."""
    activity = _ASSIGNED[item.principal_type]
    note(
        unit, actor, activity, application, subject=item.principal_display_name, after=_of(application, item)
    )


def note_unassigned(unit: UnitOfWork, actor: Actor, application: Application, item: Assignment) -> None:
    """Write down that an assignment ended."""
    activity = _UNASSIGNED[item.principal_type]
    note(
        unit, actor, activity, application, subject=item.principal_display_name, before=_of(application, item)
    )


def note_plan(
    unit: UnitOfWork,
    actor: Actor,
    application: Application,
    made: Plan,
    *,
    selection: Selection,
    activity: Activity | None = None,
) -> None:
    """Write down that a person has a plan applied, or decides about what the guard held, all of it or a selection."""
    chosen = {
        name: [str(item) for item in values]
        for name, values in (
            ("objects", selection.objects),
            ("kinds", selection.kinds),
            ("reasons", selection.reasons),
        )
        if values
    }
    note(
        unit,
        actor,
        activity or (Activity.APPLY_PLAN if made.hold is None else Activity.ALLOW_HELD),
        application,
        before={"plan": made.id, "state": made.state.value, "reason": made.hold_reason},
        after={"plan": made.id, **chosen},
    )


def note_protection(
    unit: UnitOfWork,
    actor: Actor,
    application: Application,
    protected: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down that an account is protected, or is not any more."""
    note(unit, actor, Activity.UPDATE_PROTECTION, application, subject=protected, before=before, after=after)


def _of(application: Application, item: Assignment) -> dict[str, Any]:
    names = {role.id: role.value for role in application.roles}
    role = "Default Access" if item.role_id == DEFAULT_ACCESS else names.get(item.role_id, item.role_id)
    return {
        "application": application.name,
        "principalId": item.principal_id,
        "principalDisplayName": item.principal_display_name,
        "role": role,
    }


def _by_name(settings: model.ApplicationSettings) -> dict[str, Any]:
    """Settings as a document with the names that JSON has."""
    return _camel(dataclasses.asdict(settings))


def _camel(values: Mapping[str, Any]) -> dict[str, Any]:
    def name(key: str) -> str:
        first, *others = key.split("_")
        return first + "".join(part.capitalize() for part in others)

    return {name(key): _camel(item) if isinstance(item, dict) else item for key, item in values.items()}
