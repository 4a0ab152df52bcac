"""The whole OpenAPI 3.1 document of a profile."""

from __future__ import annotations

import re
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from scim2_models import ResourceType

import provisor
from provisor.ringcentral.profile_names import ProfileName
from provisor.ringcentral.profiles import Profile
from provisor.ringcentral.protocol.description import json_schemas, messages, operations
from provisor.ringcentral.protocol.description.json_schemas import Direction, Extra
from provisor.ringcentral.protocol.description.operations import Operation

JsonObject = dict[str, Any]

PATH = "/openapi.json"
"""Where it is served, below the SCIM base path."""

_MEDIA_TYPES = ("application/scim+json", "application/json")
_PARAMETERS: JsonObject = {
    "startIndex": {"type": "integer", "default": 1},
    "count": {"type": "integer"},
    "sortOrder": {"enum": ["ascending", "descending"]},
}
_PRIMARY = {"primary": {"const": False}}
# RingCentral's answers say that no e-mail and no address is the primary one, which it takes from nobody.
_RINGCENTRAL = Extra(
    parts={"emails": _PRIMARY, "addresses": _PRIMARY},
    always=("userName", "name", "active", "emails", "meta"),
)
_RATE_HEADERS = ("X-Rate-Limit-Group", "X-Rate-Limit-Limit", "X-Rate-Limit-Remaining", "X-Rate-Limit-Window")


def of(profile: Profile, base_url: str = "/scim/v2") -> JsonObject:
    """The description of what a profile serves.

    :param base_url: the SCIM base URL, or its path.
    """
    paths: dict[str, JsonObject] = {}
    for each in _operations(profile):
        path = paths.setdefault(each.path, _path_parameters(each.path))
        path[each.method] = _operation(each, profile)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"SCIM 2.0, {profile.name.value} profile",
            "version": provisor.__version__,
            "description": _about(profile),
        },
        "servers": [{"url": base_url}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": _components(profile),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _about(profile: Profile) -> str:
    if profile.name is ProfileName.FULL:
        return "Users and groups as RFC 7643, RFC 7644 and RFC 9865 describe them."
    if _is_limited(profile):
        return f"What the full profile has, within limits: {'; '.join(profile.limits)}."
    return (
        "RingCentral's SCIM operations. An answer marked x-undeclared is one RingCentral does not declare, "
        "though every service has it."
    )


def _is_limited(profile: Profile) -> bool:
    return profile.name not in (ProfileName.RINGCENTRAL, ProfileName.FULL)


def _operations(profile: Profile) -> list[Operation]:
    if profile.name is ProfileName.RINGCENTRAL:
        return list(operations.RINGCENTRAL)
    types = profile.provider.resource_types
    config = profile.provider.config
    has_bulk = config is not None and config.bulk is not None and config.bulk.supported
    return [
        *(each for one in types for each in operations.of_resource(str(one.name), str(one.endpoint))),
        *(each for each in operations.of_service() if has_bulk or each.id != "bulk"),
    ]


def _components(profile: Profile) -> JsonObject:
    components = {
        "Error": messages.ERROR,
        "PatchOp": messages.PATCH,
        "ServiceProviderConfig": messages.SERVICE_PROVIDER_CONFIG,
        "ResourceType": messages.RESOURCE_TYPE,
        "ResourceTypeList": messages.list_of("ResourceType"),
        "Schema": messages.SCHEMA,
        "SchemaAttribute": messages.SCHEMA_ATTRIBUTE,
        "SchemaList": messages.list_of("Schema"),
    }
    for each in profile.provider.resource_types:
        components |= _resource_components(profile, each)
    if profile.name is ProfileName.RINGCENTRAL:
        return components | {
            "SearchRequest": messages.SHORT_SEARCH,
            "PlatformError": messages.PLATFORM_ERROR,
        }
    names = [str(each.name) for each in profile.provider.resource_types]
    return components | {
        "SearchRequest": messages.SEARCH,
        "AnyList": messages.list_of(*names),
        "BulkRequest": messages.BULK_REQUEST,
        "BulkResponse": messages.BULK_RESPONSE,
    }


def _resource_components(profile: Profile, resource_type: ResourceType) -> JsonObject:
    schemas = {str(each.id): each for each in profile.provider.schemas}
    core = schemas[str(resource_type.schema_)]
    extensions = [schemas[str(each.schema_)] for each in resource_type.schema_extensions or []]
    extra = _RINGCENTRAL if profile.name is ProfileName.RINGCENTRAL else None
    name = str(resource_type.name)
    return {
        name: json_schemas.resource(core, extensions, Direction.ANSWER, extra),
        f"{name}Request": json_schemas.resource(core, extensions, Direction.REQUEST),
        f"{name}List": messages.list_of(name),
    }


def _path_parameters(path: str) -> JsonObject:
    names = re.findall(r"\{(\w+)\}", path)
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in names
    ]
    return {"parameters": parameters} if parameters else {}


def _operation(operation: Operation, profile: Profile) -> JsonObject:
    described: JsonObject = {
        "operationId": operation.id,
        "summary": operation.summary,
        "responses": _responses(operation, profile),
    }
    parameters = [_query(name) for name in operation.parameters]
    parameters += [{"name": name, "in": "header", "schema": {"type": "string"}} for name in operation.headers]
    if parameters:
        described["parameters"] = parameters
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": _content(messages.reference(operation.body))}
    if operation.scope is not None:
        described["x-app-permission"] = operation.scope
        described["x-throttling-group"] = "heavy" if operation.is_write else "light"
    return described


def _query(name: str) -> JsonObject:
    return {"name": name, "in": "query", "schema": _PARAMETERS.get(name, {"type": "string"})}


def _responses(operation: Operation, profile: Profile) -> JsonObject:
    responses = {str(operation.status): _success(operation, profile)}
    if "If-None-Match" in operation.headers:
        responses["304"] = {"description": "The resource is the one the client has."}
    if operation.method == "patch" and profile.name is not ProfileName.RINGCENTRAL:
        responses["204"] = {"description": "Changed; a group is not sent back."}
    if _is_limited(profile):
        # Another target lacks operations, and words its successes in its own way.
        responses.setdefault("204", {"description": "Done."})
        operation = replace(operation, declared=operation.declared | {404, 501})
    for status in sorted(operation.declared | operation.added):
        responses[str(status)] = _refusal(status, profile)
        if status in operation.added:
            responses[str(status)]["x-undeclared"] = True
    return responses


def _success(operation: Operation, profile: Profile) -> JsonObject:
    described: JsonObject = {"description": HTTPStatus(operation.status).phrase}
    if operation.answer is not None:
        described["content"] = _content(messages.reference(operation.answer))
    headers = [*_RATE_HEADERS] if profile.name is ProfileName.RINGCENTRAL else []
    if operation.status == HTTPStatus.CREATED:
        headers.append("Location")
    if headers:
        described["headers"] = {name: {"schema": {"type": "string"}} for name in headers}
    return described


def _refusal(status: int, profile: Profile) -> JsonObject:
    is_gateway = profile.name is ProfileName.RINGCENTRAL and status in {401, 403, 429}
    schema = messages.reference("Error")
    if is_gateway:
        schema = {"anyOf": [schema, messages.reference("PlatformError")]}
    return {"description": HTTPStatus(status).phrase, "content": _content(schema)}


def _content(schema: JsonObject) -> JsonObject:
    return {media_type: {"schema": schema} for media_type in _MEDIA_TYPES}
