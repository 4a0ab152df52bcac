"""Adding applications from the gallery, assigning people, entering credentials, choosing settings."""

from __future__ import annotations

import dataclasses
import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from provisor.core import application as model
from provisor.core import assignments, objects, required_attributes, role_advice, schema, source_attributes
from provisor.core.audit import SYSTEM, Activity, Actor
from provisor.core.errors import InvalidInputError, NotFoundError
from provisor.core.identifiers import ApplicationId, ObjectId
from provisor.core.template import Template
from provisor.engine import auditing, schema_history
from provisor.ports.clock import Clock
from provisor.ports.store import Store, UnitOfWork


def add(
    store: Store,
    template: Template,
    name: str,
    *,
    clock: Clock,
    new_id: Callable[[], str],
    by: Actor = SYSTEM,
) -> model.Application:
    """A new application made from a template, with a job that was not started. Raises `AlreadyExistsError`."""
    if not name.strip():
        raise InvalidInputError("An application needs a name; give one with --name.")
    check_schema(template.schema)
    item = model.Application(
        id=ApplicationId(new_id()),
        name=name.strip(),
        template_id=template.id,
        roles=template.roles,
        settings=template.settings,
        schema_version=1,
        tenant_url=None,
        has_secret_token=False,
    )
    with store.write() as unit:
        job_id = f"{template.id}.{new_id().replace('-', '')}.{new_id()}"
        unit.applications.add(item, template.schema, job_id, clock.now())
        schema_history.begin(unit, item, template.schema, by=by)
        auditing.note(
            unit,
            by,
            Activity.ADD_APPLICATION,
            item,
            after={"name": item.name, "template": template.id, "jobId": job_id},
        )
    return item


def remove(store: Store, application: model.Application, *, by: Actor = SYSTEM) -> None:
    """Forget an application with its job, links and log; accounts in the target stay as they are."""
    with store.write() as unit:
        unit.applications.remove(application.id)
        auditing.note(
            unit,
            by,
            Activity.REMOVE_APPLICATION,
            application,
            before={"name": application.name, "template": application.template_id},
        )


def find(unit: UnitOfWork, name_or_id: str) -> model.Application:
    """The application with this name or id. Raises `NotFoundError` naming those there are."""
    found = unit.applications.find(name_or_id)
    if found is None:
        names = ", ".join(repr(item.name) for item in unit.applications.all()) or "none yet"
        raise NotFoundError(f"There is no application {name_or_id!r}. Applications: {names}.")
    return found


def principal(unit: UnitOfWork, object_type: objects.ObjectType, name_or_id: str) -> objects.DirectoryObject:
    """The user (by userPrincipalName) or group (by display name), or either by id.

    Raises `NotFoundError`, or `InvalidInputError` with the ids where several groups have the name.
    """
    found = list(unit.directory.named(object_type, name_or_id))
    alive = [item for item in found if item.lifecycle is objects.Lifecycle.ACTIVE] or found
    if not alive:
        by_id = unit.directory.get(ObjectId(name_or_id.lower()))
        alive = [by_id] if by_id is not None and by_id.object_type is object_type else []
    if not alive:
        kind = "user with userPrincipalName" if object_type is objects.ObjectType.USER else "group named"
        raise NotFoundError(f"The directory has no {kind} {name_or_id!r}.")
    if len(alive) > 1:
        ids = ", ".join(item.id for item in alive)
        raise InvalidInputError(f"Several objects are named {name_or_id!r}; give one of their ids: {ids}.")
    return alive[0]


def assign(
    store: Store,
    application: model.Application,
    subject: objects.DirectoryObject,
    role: str | None,
    *,
    clock: Clock,
    new_id: Callable[[], str],
    by: Actor = SYSTEM,
) -> assignments.Assignment:
    """Assign a user or group with a role, by value or display name; without one, with Default Access.

    Raises `AlreadyExistsError`, or `InvalidInputError` naming the roles there are.
    """
    item = assignments.Assignment(
        id=new_id(),
        application_id=application.id,
        principal_id=subject.id,
        principal_type=subject.object_type,
        principal_display_name=subject.display_name,
        role_id=role_named(application, subject, role).id if role else assignments.DEFAULT_ACCESS,
    )
    with store.write() as unit:
        unit.applications.assign(item, clock.now())
        unit.directory.date_changes(clock.now())
        auditing.note_assigned(unit, by, application, item)
    return item


def unassign(
    store: Store,
    application: model.Application,
    subject: objects.DirectoryObject,
    role: str | None,
    *,
    clock: Clock,
    by: Actor = SYSTEM,
) -> int:
    """End the assignments of a principal, or only that of one role; returns how many there were."""
    with store.write() as unit:
        held = unit.applications.assignments(application.id, subject.id)
        wanted = None if role is None else role_named(application, subject, role).id
        ended = [item for item in held if wanted is None or item.role_id == wanted]
        if not ended:
            raise NotFoundError(
                f"{subject.display_name!r} is not assigned to {application.name!r} like that."
            )
        for item in ended:
            unit.applications.unassign(item)
            auditing.note_unassigned(unit, by, application, item)
        unit.directory.date_changes(clock.now())
    return len(ended)


def end_assignment(
    store: Store,
    application: model.Application,
    item: assignments.Assignment,
    *,
    clock: Clock,
    by: Actor = SYSTEM,
) -> None:
    """End one assignment, whether or not its principal is still in the directory; nothing where it ended already."""
    with store.write() as unit:
        if item not in unit.applications.assignments(application.id, item.principal_id):
            return
        unit.applications.unassign(item)
        auditing.note_unassigned(unit, by, application, item)
        unit.directory.date_changes(clock.now())


def enter_credentials(
    store: Store,
    application: model.Application,
    tenant_url: str,
    secret_token: str | None,
    *,
    by: Actor = SYSTEM,
) -> None:
    """Keep tenant URL and secret token, encrypted. Raises `InvalidInputError` where the URL cannot be one."""
    check_credentials(tenant_url, secret_token)
    with store.write() as unit:
        auditing.note_credentials(unit, by, application, tenant_url.strip(), secret_token)
        unit.applications.save_credentials(
            application.id, tenant_url.strip(), None if secret_token is None else secret_token.strip()
        )


def check_credentials(tenant_url: str, secret_token: str | None) -> None:
    """Refuse a tenant URL or secret token that cannot be one. Raises `InvalidInputError`."""
    parts = urllib.parse.urlsplit(tenant_url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidInputError(
            f"{tenant_url!r} is no tenant URL; it looks like https://platform.example.com/scim/v2."
        )
    if parts.username or parts.password:
        raise InvalidInputError(
            "The tenant URL must not hold a user name or password; enter the secret token instead."
        )
    if secret_token is not None and (not secret_token.strip() or "\n" in secret_token.strip()):
        raise InvalidInputError(
            "The secret token is empty or has several lines; enter it as the application gave it."
        )


def change_settings(
    store: Store,
    application: model.Application,
    settings: model.ApplicationSettings,
    *,
    by: Actor = SYSTEM,
) -> None:
    """Keep new settings; where they change who is in scope, or what becomes of others, everybody is looked at."""
    shifts = looks_at_everybody(application, with_settings(application, settings))
    with store.write() as unit:
        version = application.schema_version + 1 if shifts else application.schema_version
        auditing.note_settings(unit, by, application, settings)
        unit.applications.save_settings(application.id, settings, schema_version=version)
        if settings.target.dialect != application.settings.target.dialect:
            unit.kept_values(application.id).forget()  # what could not be written may be writable now
        if shifts:
            unit.plans.give_up(application.id)
            unit.jobs.restart(application.id)


def with_settings(application: model.Application, settings: model.ApplicationSettings) -> model.Application:
    """The application with other settings; nothing is kept."""
    return dataclasses.replace(application, settings=settings)


def looks_at_everybody(before: model.Application, after: model.Application) -> bool:
    """Whether the next cycle has to look at everybody because the settings became others."""
    return _reaching(before.settings) != _reaching(after.settings)


def _reaching(settings: model.ApplicationSettings) -> tuple[object, ...]:
    """The settings whose change concerns people who did not change themselves."""
    return (settings.scope, settings.role_reach, settings.out_of_scope_deletions, settings.deprovisioning)


def check_schema(document: Mapping[str, Any]) -> None:
    """Passes if the schema could be saved. Raises `InvalidInputError` with the place of what is wrong."""
    schema.parse(document)
    source_attributes.check(document)
    required_attributes.check(document)


def save_schema(
    store: Store, application: model.Application, document: Mapping[str, Any], *, by: Actor = SYSTEM
) -> None:
    """Keep a new schema; the next cycle looks at everybody. Raises `InvalidInputError` where it is not usable."""
    check_schema(document)
    with store.write() as unit:
        schema_history.replace(unit, application, document, by=by)


def advice(store: Store, application_id: ApplicationId) -> Sequence[str]:
    """What an administrator should know of how the application's schema and settings go together."""
    with store.read() as unit:
        application = find(unit, application_id)
        document = unit.applications.schema(application_id)
    return tuple(role_advice.advice(schema.parse(document), application.settings.scope))


def role_named(
    application: model.Application, subject: objects.DirectoryObject, role: str
) -> assignments.AppRole:
    """The role with this value, display name or id. Raises `InvalidInputError` naming the roles there are."""
    wanted = role.casefold()
    for item in application.roles:
        if wanted in (item.value.casefold(), item.display_name.casefold(), item.id):
            if not item.enabled or subject.object_type not in item.allowed_member_types:
                raise InvalidInputError(
                    f"The role {role!r} cannot be given to a {subject.object_type.value}."
                )
            return item
    known: Sequence[str] = [repr(item.value) for item in application.roles]
    raise InvalidInputError(
        f"{application.name!r} has no role {role!r}. "
        + (f"Roles: {', '.join(known)}." if known else "It declares no roles; assign without one.")
    )
