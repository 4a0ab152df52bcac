"""JSON Schemas of the messages of RFC 7644 and of the discovery documents."""

from __future__ import annotations

from typing import Any

JsonObject = dict[str, Any]

_MESSAGES = "urn:ietf:params:scim:api:messages:2.0"
_SCIM_TYPES = (
    "uniqueness",
    "tooMany",
    "mutability",
    "sensitive",
    "invalidSyntax",
    "invalidFilter",
    "invalidPath",
    "invalidValue",
    "invalidVers",
    "noTarget",
    "invalidCursor",
    "expiredCursor",
    "invalidCount",
)
_TEXT: JsonObject = {"type": "string"}
_NUMBER: JsonObject = {"type": "integer"}
_SUPPORTED: JsonObject = {
    "type": "object",
    "properties": {"supported": {"type": "boolean"}},
    "required": ["supported"],
}


def reference(name: str) -> JsonObject:
    """A reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def _message(name: str, properties: JsonObject, *required: str) -> JsonObject:
    schemas = {"type": "array", "items": {"const": f"{_MESSAGES}:{name}"}, "minItems": 1, "maxItems": 1}
    return {
        "type": "object",
        "properties": {"schemas": schemas, **properties},
        "required": ["schemas", *required],
    }


def list_of(*components: str) -> JsonObject:
    """A list of resources of some components."""
    items = reference(components[0]) if len(components) == 1 else {"oneOf": [*map(reference, components)]}
    return _message(
        "ListResponse",
        {
            "totalResults": _NUMBER,
            "startIndex": _NUMBER,
            "itemsPerPage": _NUMBER,
            "nextCursor": _TEXT,
            "previousCursor": _TEXT,
            "Resources": {"type": "array", "items": items},
        },
        "totalResults",
        "Resources",
    )


ERROR = _message(
    "Error",
    {
        "status": {"type": "string", "pattern": "^[1-5][0-9]{2}$"},
        "scimType": {"enum": list(_SCIM_TYPES)},
        "detail": _TEXT,
    },
    "status",
)
"""RFC 7644 section 3.12; its `status` is a text."""

PLATFORM_ERROR: JsonObject = {
    "type": "object",
    "properties": {
        "errorCode": _TEXT,
        "message": _TEXT,
        "errors": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["errorCode", "message"],
}
"""The error of RingCentral's gateway, which it may send instead for 401, 403 and 429."""

PATCH = _message(
    "PatchOp",
    {
        "Operations": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "properties": {"op": {"enum": ["add", "remove", "replace"]}, "path": _TEXT, "value": {}},
                "required": ["op"],
            },
        }
    },
    "Operations",
)

SEARCH = _message(
    "SearchRequest",
    {
        "filter": _TEXT,
        "startIndex": _NUMBER,
        "count": _NUMBER,
        "attributes": {"type": "array", "items": _TEXT},
        "excludedAttributes": {"type": "array", "items": _TEXT},
        "sortBy": _TEXT,
        "sortOrder": {"enum": ["ascending", "descending"]},
        "cursor": _TEXT,
    },
)

SHORT_SEARCH = _message("SearchRequest", {"filter": _TEXT, "startIndex": _NUMBER, "count": _NUMBER})
"""The search RingCentral knows."""

_BULK_OPERATION: JsonObject = {
    "type": "object",
    "properties": {
        "method": {"enum": ["POST", "PUT", "PATCH", "DELETE"]},
        "path": _TEXT,
        "bulkId": _TEXT,
        "version": _TEXT,
        "data": {"type": "object"},
    },
    "required": ["method", "path"],
}
BULK_REQUEST = _message(
    "BulkRequest",
    {
        "failOnErrors": {"type": "integer", "minimum": 1},
        "Operations": {"type": "array", "minItems": 1, "items": _BULK_OPERATION},
    },
    "Operations",
)
BULK_RESPONSE = _message(
    "BulkResponse",
    {
        "Operations": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "method": _TEXT,
                    "bulkId": _TEXT,
                    "version": _TEXT,
                    "location": _TEXT,
                    "status": _TEXT,
                    "response": {"type": "object"},
                },
                "required": ["status"],
            },
        }
    },
    "Operations",
)

SERVICE_PROVIDER_CONFIG: JsonObject = {
    "type": "object",
    "properties": {
        "schemas": {"type": "array", "items": _TEXT},
        "patch": _SUPPORTED,
        "bulk": _SUPPORTED,
        "filter": _SUPPORTED,
        "changePassword": _SUPPORTED,
        "sort": _SUPPORTED,
        "etag": _SUPPORTED,
        "authenticationSchemes": {"type": "array", "items": {"type": "object"}},
    },
    "required": [
        "schemas",
        "patch",
        "bulk",
        "filter",
        "changePassword",
        "sort",
        "etag",
        "authenticationSchemes",
    ],
}

RESOURCE_TYPE: JsonObject = {
    "type": "object",
    "properties": {
        "schemas": {"type": "array", "items": _TEXT},
        "id": _TEXT,
        "name": _TEXT,
        "description": _TEXT,
        "endpoint": _TEXT,
        "schema": _TEXT,
        "schemaExtensions": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"schema": _TEXT, "required": {"type": "boolean"}},
                "required": ["schema", "required"],
            },
        },
        "meta": {"type": "object"},
    },
    "required": ["schemas", "name", "endpoint", "schema"],
}

SCHEMA_ATTRIBUTE: JsonObject = {
    "type": "object",
    "properties": {
        "name": _TEXT,
        "type": {
            "enum": [
                "string",
                "boolean",
                "decimal",
                "integer",
                "dateTime",
                "reference",
                "complex",
                "binary",
            ]
        },
        "multiValued": {"type": "boolean"},
        "required": {"type": "boolean"},
        "mutability": {"enum": ["readOnly", "readWrite", "immutable", "writeOnly"]},
        "returned": {"enum": ["always", "never", "default", "request"]},
        "uniqueness": {"enum": ["none", "server", "global"]},
        "caseExact": {"type": "boolean"},
        "canonicalValues": {"type": "array", "items": _TEXT},
        "referenceTypes": {"type": "array", "items": _TEXT},
        "description": _TEXT,
        "subAttributes": {"type": "array", "items": reference("SchemaAttribute")},
    },
    "required": ["name", "type", "multiValued"],
}

SCHEMA: JsonObject = {
    "type": "object",
    "properties": {
        "schemas": {"type": "array", "items": _TEXT},
        "id": _TEXT,
        "name": _TEXT,
        "description": _TEXT,
        "attributes": {"type": "array", "items": reference("SchemaAttribute")},
        "meta": {"type": "object"},
    },
    "required": ["schemas", "id"],
}
