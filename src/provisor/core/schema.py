"""The configuration of a job as one document, in the shape of Microsoft Graph's `synchronizationSchema`.

`parse` reads the document into values the engine works with and refuses what it would not honour; the document itself
is what is stored, exported and imported.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from provisor.core import expressions, scoping_filters
from provisor.core.errors import InvalidInputError
from provisor.core.objects import ObjectType

Member = TypeVar("Member", bound=enum.StrEnum)

Document = Mapping[str, Any]
"""A `synchronizationSchema` as JSON."""


class TargetAction(enum.StrEnum):
    """Target object actions of an object mapping (Graph: `flowTypes`)."""

    CREATE = "Add"
    UPDATE = "Update"
    DELETE = "Delete"


class FlowType(enum.StrEnum):
    """When an attribute mapping applies (Graph: `flowType`)."""

    ALWAYS = "Always"
    ON_CREATE = "ObjectAddOnly"


class AttributeType(enum.StrEnum):
    """Types of target attributes (Graph: `attributeDefinition.type`)."""

    STRING = "String"
    BOOLEAN = "Boolean"
    INTEGER = "Integer"
    DATE_TIME = "DateTime"
    REFERENCE = "Reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeDefinition:
    """What the target says of one attribute."""

    name: str
    type: AttributeType = AttributeType.STRING
    required: bool = False
    multivalued: bool = False
    case_exact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeMapping:
    """One attribute of the target and what it is made from.

    `expression` is None for a mapping of type *None*, which only ever writes its default value. A
    `matching_priority` above 0 makes it a matching attribute; the lowest is tried first.
    """

    target: AttributeDefinition
    expression: expressions.CompiledExpression | None
    default_value: str | None
    flow_type: FlowType
    matching_priority: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectMapping:
    """The rule for one object type, and by `scope` for which objects of that type."""

    name: str
    enabled: bool
    object_type: ObjectType
    actions: frozenset[TargetAction]
    attribute_mappings: tuple[AttributeMapping, ...]
    scope: scoping_filters.ScopingFilter = scoping_filters.EVERYBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class SynchronizationSchema:
    """Every object mapping of a job, by object type."""

    object_mappings: Mapping[ObjectType, ObjectMapping]

    def mapping_of(self, object_type: ObjectType) -> ObjectMapping | None:
        """The enabled mapping of an object type, if the job writes such objects at all."""
        found = self.object_mappings.get(object_type)
        return found if found is not None and found.enabled else None


def parse(document: Document) -> SynchronizationSchema:
    """Read a schema document.

    Raises `InvalidInputError` with the place in the document where something is missing, unknown or not supported.
    """
    mappings: dict[ObjectType, ObjectMapping] = {}
    rules = _sequence(document, "synchronizationRules", "schema")
    definitions = _definitions(document)
    for rule_index, rule in enumerate(rules):
        where = f"synchronizationRules[{rule_index}]"
        for index, item in enumerate(_sequence(rule, "objectMappings", where)):
            place = f"{where}.objectMappings[{index}]"
            listed = source_attributes(document, rule, item)
            mapping = _object_mapping(item, definitions, listed, place)
            if mapping.object_type in mappings:
                raise InvalidInputError(
                    f"{place}: a second mapping for {mapping.object_type} objects; keep one."
                )
            mappings[mapping.object_type] = mapping
    if ObjectType.USER not in mappings:
        raise InvalidInputError(
            "The schema has no object mapping for User objects; a job cannot do without one."
        )
    return SynchronizationSchema(object_mappings=mappings)


def source_attributes(document: Document, rule: Document, item: Document) -> scoping_filters.AttributeTypes:
    """The attributes that the schema lists for the source objects of an object mapping, with their types."""
    return {
        str(attribute["name"]): str(attribute.get("type", "String"))
        for directory in document.get("directories") or ()
        if directory.get("name") == rule.get("sourceDirectoryName")
        for definition in directory.get("objects") or ()
        if definition.get("name") == item.get("sourceObjectName")
        for attribute in definition.get("attributes") or ()
    }


def _object_mapping(
    item: Document,
    definitions: Mapping[tuple[str, str], AttributeDefinition],
    listed: scoping_filters.AttributeTypes,
    where: str,
) -> ObjectMapping:
    object_type = _enum(ObjectType, item.get("sourceObjectName"), f"{where}.sourceObjectName")
    target_object = str(item.get("targetObjectName") or object_type)
    flow_types = str(item.get("flowTypes", "Add, Update, Delete"))
    attribute_mappings = tuple(
        _attribute_mapping(entry, target_object, definitions, f"{where}.attributeMappings[{index}]")
        for index, entry in enumerate(_sequence(item, "attributeMappings", where))
    )
    if not any(mapping.matching_priority > 0 for mapping in attribute_mappings):
        raise InvalidInputError(f"{where}: no matching attribute; give one mapping a matchingPriority of 1.")
    return ObjectMapping(
        name=str(item.get("name") or f"Synchronize {object_type}"),
        enabled=bool(item.get("enabled", True)),
        object_type=object_type,
        actions=frozenset(
            _enum(TargetAction, name.strip(), f"{where}.flowTypes")
            for name in flow_types.split(",")
            if name.strip()
        ),
        attribute_mappings=attribute_mappings,
        scope=scoping_filters.parse(item.get("scope"), listed, f"{where}.scope"),
    )


def _attribute_mapping(
    entry: Document,
    target_object: str,
    definitions: Mapping[tuple[str, str], AttributeDefinition],
    where: str,
) -> AttributeMapping:
    name = entry.get("targetAttributeName")
    if not isinstance(name, str) or not name:
        raise InvalidInputError(f"{where}.targetAttributeName: missing.")
    if name == "id":
        raise InvalidInputError(
            f"{where}: `id` is the target's own key and cannot be written; map externalId."
        )
    source = entry.get("source")
    default = entry.get("defaultValue")
    return AttributeMapping(
        target=definitions.get((target_object, name), AttributeDefinition(name=name)),
        expression=_expression(source, where) if source else None,
        default_value=None if default is None else str(default),
        flow_type=_enum(FlowType, entry.get("flowType", "Always"), f"{where}.flowType"),
        matching_priority=int(entry.get("matchingPriority") or 0),
    )


def _expression(source: Document, where: str) -> expressions.CompiledExpression:
    text = source.get("expression")
    if not isinstance(text, str) or not text.strip():
        raise InvalidInputError(f"{where}.source.expression: missing.")
    try:
        return expressions.compile_expression(text)
    except expressions.ExpressionSyntaxError as error:
        raise InvalidInputError(f"{where}.source.expression: {error}") from error


def _definitions(document: Document) -> Mapping[tuple[str, str], AttributeDefinition]:
    found: dict[tuple[str, str], AttributeDefinition] = {}
    for directory_index, directory in enumerate(document.get("directories") or ()):
        for definition in directory.get("objects") or ():
            where = f"directories[{directory_index}].objects.{definition.get('name')}"
            for attribute in definition.get("attributes") or ():
                found[str(definition.get("name")), str(attribute["name"])] = AttributeDefinition(
                    name=str(attribute["name"]),
                    type=_enum(
                        AttributeType, attribute.get("type", "String"), f"{where}.{attribute['name']}.type"
                    ),
                    required=bool(attribute.get("required", False)),
                    multivalued=bool(attribute.get("multivalued", False)),
                    case_exact=bool(attribute.get("caseExact", False)),
                )
    return found


def _sequence(item: Document, key: str, where: str) -> Sequence[Document]:
    value = item.get(key)
    if not isinstance(value, list | tuple):
        raise InvalidInputError(f"{where}.{key}: a list is expected here.")
    return value


def _enum(kind: type[Member], value: object, where: str) -> Member:
    try:
        return kind(str(value))
    except ValueError:
        known = ", ".join(kind)
        raise InvalidInputError(f"{where}: {value!r} is not known here; one of: {known}.") from None
