"""JSON Schemas of SCIM resources, made from the schema documents a profile publishes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from scim2_models import Attribute, Mutability, Required, Returned, Schema

JsonObject = dict[str, Any]

_TYPES: Mapping[Attribute.Type, JsonObject] = {
    Attribute.Type.string: {"type": "string"},
    Attribute.Type.boolean: {"type": "boolean"},
    Attribute.Type.integer: {"type": "integer"},
    Attribute.Type.decimal: {"type": "number"},
    Attribute.Type.date_time: {"type": "string", "format": "date-time"},
    Attribute.Type.reference: {"type": "string"},
    Attribute.Type.binary: {"type": "string", "contentEncoding": "base64"},
}


class Direction(Enum):
    """Who sends a resource: what a client may write differs from what it reads."""

    REQUEST = "request"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """What the answers of a profile have beyond its schema documents.

    :param parts: more sub-attributes, by the attribute they belong to.
    :param always: attributes no answer is without.
    """

    parts: Mapping[str, JsonObject] = field(default_factory=dict)
    always: tuple[str, ...] = ()


def resource(
    core: Schema, extensions: Iterable[Schema], direction: Direction, extra: Extra | None = None
) -> JsonObject:
    """The schema of a resource.

    :param extra: what the answers of a profile have beyond its schema documents.
    """
    attributes = core.attributes or []
    properties = _properties(attributes, direction)
    properties |= {
        str(each.id): _object(_properties(each.attributes or [], direction), direction) for each in extensions
    }
    required = [each.name for each in attributes if _is_required(each, direction)]
    listed = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    if direction is Direction.REQUEST:
        properties = {
            "schemas": {**listed, "contains": {"const": str(core.id)}},
            "externalId": _text(),
            **properties,
        }
        return {**_object(properties, direction), "required": ["schemas", *required]}
    properties = {
        "schemas": listed,
        "id": _text(),
        "externalId": _text(),
        "meta": meta(str(core.name)),
        **properties,
    }
    extra = extra or Extra()
    # A projection leaves out everything but these (RFC 7644 section 3.4.2.5).
    required = ["schemas", "id", *extra.always]
    return {**_object(_merged(properties, extra.parts), direction), "required": required}


def meta(resource_type: str) -> JsonObject:
    """The schema of `meta` in an answer."""
    moment = {"type": "string", "format": "date-time"}
    return {
        "type": "object",
        "properties": {
            "resourceType": {"const": resource_type},
            "created": moment,
            "lastModified": moment,
            "location": _text(),
            "version": _text(),
        },
        "required": ["resourceType", "location"],
        "additionalProperties": False,
    }


def _properties(attributes: Iterable[Attribute], direction: Direction) -> JsonObject:
    return {str(each.name): _attribute(each, direction) for each in attributes if _is_sent(each, direction)}


def _attribute(attribute: Attribute, direction: Direction) -> JsonObject:
    parts = attribute.sub_attributes or []
    if attribute.type is Attribute.Type.complex:
        value = _object(_properties(parts, direction), direction)
        required = [each.name for each in parts if _is_required(each, direction)]
        value |= {"required": required} if required else {}
    else:
        value = dict(_TYPES[attribute.type or Attribute.Type.string])
    if attribute.description:
        value["description"] = attribute.description
    return {"type": "array", "items": value} if attribute.multi_valued else value


def _is_sent(attribute: Attribute, direction: Direction) -> bool:
    if direction is Direction.REQUEST:
        return attribute.mutability != Mutability.read_only
    return attribute.returned != Returned.never


def _is_required(attribute: Attribute, direction: Direction) -> bool:
    return (
        direction is Direction.REQUEST
        and attribute.required == Required.true
        and _is_sent(attribute, direction)
    )


def _object(properties: JsonObject, direction: Direction) -> JsonObject:
    """An object: what a client sends may have more, which is ignored; what it reads has not."""
    closed = {} if direction is Direction.REQUEST else {"additionalProperties": False}
    return {"type": "object", "properties": properties, **closed}


def _text() -> JsonObject:
    return {"type": "string"}


def _merged(properties: JsonObject, more: Mapping[str, JsonObject]) -> JsonObject:
    """Properties with more sub-properties, in the entries of lists."""
    merged = dict(properties)
    for name, parts in more.items():
        entry = merged[name]["items"]
        merged[name] = {**merged[name], "items": {**entry, "properties": {**entry["properties"], **parts}}}
    return merged
