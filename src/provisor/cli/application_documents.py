"""Applications, their settings, roles and mappings as documents and tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from provisor.cli import output
from provisor.cli.output import columns
from provisor.core import job, schema, schema_document
from provisor.core.application import Application, ApplicationSettings
from provisor.core.assignments import AppRole
from provisor.engine import (
    guard_settings,
    leaving_settings,
    notification_settings,
    reliability_settings,
)
from provisor.ports.store import UnitOfWork


def of_application(unit: UnitOfWork, application: Application) -> dict[str, Any]:
    """An application in a listing: what it is, how its job fares, how many objects are linked."""
    state = unit.jobs.get(application.id, application.settings.interval_seconds)
    linked = unit.links(application.id).count_by_type()
    return {
        "id": application.id,
        "name": application.name,
        "templateId": application.template_id,
        "tenantUrl": application.tenant_url,
        "hasSecretToken": application.has_secret_token,
        "scope": application.settings.scope.value,
        "status": job.status_code(state, configured=application.is_configured).value,
        "scheduleState": state.schedule_state.value,
        "linked": {kind.value: count for kind, count in sorted(linked.items())},
    }


def in_full(unit: UnitOfWork, application: Application) -> dict[str, Any]:
    """An application with settings, roles, mappings and the number of its assignments."""
    return {
        **of_application(unit, application),
        "schemaVersion": application.schema_version,
        "assignments": len(unit.applications.assignments(application.id)),
        "roles": of_roles(application.roles),
        "settings": of_settings(application.settings),
        "mappings": of_mappings(unit.applications.schema(application.id)),
    }


def of_settings(settings: ApplicationSettings) -> dict[str, Any]:
    """Settings by the names that `app set` takes; null is without limit, or chosen automatically."""
    return {
        "scope": settings.scope.value,
        "roleReach": settings.role_reach.value,
        "outOfScopeDeletions": settings.out_of_scope_deletions.value,
        **guard_settings.document(settings),
        "readsPerMinute": settings.target.rate_budget.reads_per_minute,
        "writesPerMinute": settings.target.rate_budget.writes_per_minute,
        "concurrency": settings.target.rate_budget.concurrency,
        "defaultDomain": settings.default_domain,
        "dialect": settings.target.dialect,
        "pageSize": settings.target.page_size,
        "maxMembersPerRequest": settings.target.max_members_per_request,
        **leaving_settings.document(settings),
        **notification_settings.document(settings),
        **reliability_settings.document(settings),
    }


def of_roles(roles: Iterable[AppRole]) -> list[dict[str, Any]]:
    """App roles in Graph's shape."""
    return [
        {
            "id": role.id,
            "value": role.value,
            "displayName": role.display_name,
            "isEnabled": role.enabled,
            "allowedMemberTypes": [kind.value for kind in role.allowed_member_types],
        }
        for role in roles
    ]


def of_mappings(document: schema_document.Document) -> list[dict[str, Any]]:
    """Every attribute mapping of a schema, one item for each."""
    parsed = schema.parse(document)
    return [
        {
            "objectType": object_type.value,
            "target": item.target.name,
            "source": item.expression.text if item.expression else None,
            "defaultValue": item.default_value,
            "apply": item.flow_type.value,
            "matchingPriority": item.matching_priority or None,
        }
        for object_type, mapping in parsed.object_mappings.items()
        for item in mapping.attribute_mappings
    ]


def print_settings(settings: Mapping[str, Any]) -> None:
    """Settings for a person."""
    unset = {"dialect": "auto"}
    output.write_facts(
        (name, unset.get(name, "unlimited") if value is None else value) for name, value in settings.items()
    )


def print_mappings(mappings: Sequence[Mapping[str, Any]]) -> None:
    """The mapping table for a person."""
    output.write_table(
        columns(
            ("objectType", "Object"),
            ("target", "Attribute of the account"),
            ("source", "Made from"),
            ("defaultValue", "Default"),
            ("apply", "Apply"),
            ("matchingPriority", "Matching"),
        ),
        mappings,
    )
