"""The configuration of a job as one document, in the shape of Microsoft Graph's `synchronizationSchema`.

`parse` reads the document into values the engine works with and refuses what it would not honour; the document itself
is what is stored, exported and imported.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from provisor.core import attribute_mapping, mapping_checks, scoping_filters
from provisor.core.attribute_mapping import AttributeDefinition, AttributeMapping
from provisor.core.errors import InvalidInputError
from provisor.core.objects import ObjectType
from provisor.core.schema_document import Document, check_shape, member, sequence


class TargetAction(enum.StrEnum):
    """Target object actions of an object mapping (Graph: `flowTypes`)."""

    CREATE = "Add"
    UPDATE = "Update"
    DELETE = "Delete"


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
    check_shape(document)
    mappings: dict[ObjectType, ObjectMapping] = {}
    rules = sequence(document, "synchronizationRules", "schema")
    definitions = _definitions(document)
    for rule_index, rule in enumerate(rules):
        where = f"synchronizationRules[{rule_index}]"
        for index, item in enumerate(sequence(rule, "objectMappings", where)):
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
    object_type = member(ObjectType, item.get("sourceObjectName"), f"{where}.sourceObjectName")
    target_object = str(item.get("targetObjectName") or object_type)
    flow_types = str(item.get("flowTypes", "Add, Update, Delete"))
    attribute_mappings = tuple(
        attribute_mapping.parse(entry, target_object, definitions, f"{where}.attributeMappings[{index}]")
        for index, entry in enumerate(sequence(item, "attributeMappings", where))
    )
    attribute_mapping.check_together(attribute_mappings, where)
    for index, mapped in enumerate(attribute_mappings):
        mapping_checks.check(mapped, f"{where}.attributeMappings[{index}]")
    if not any(mapping.matching_priority > 0 for mapping in attribute_mappings):
        raise InvalidInputError(f"{where}: no matching attribute; give one mapping a matchingPriority of 1.")
    return ObjectMapping(
        name=str(item.get("name") or f"Synchronize {object_type}"),
        enabled=bool(item.get("enabled", True)),
        object_type=object_type,
        actions=frozenset(
            member(TargetAction, name.strip(), f"{where}.flowTypes")
            for name in flow_types.split(",")
            if name.strip()
        ),
        attribute_mappings=attribute_mappings,
        scope=scoping_filters.parse(item.get("scope"), listed, f"{where}.scope"),
    )


def _definitions(document: Document) -> Mapping[tuple[str, str], AttributeDefinition]:
    found: dict[tuple[str, str], AttributeDefinition] = {}
    for index, directory in enumerate(document.get("directories") or ()):
        for item in directory.get("objects") or ():
            name = str(item.get("name"))
            where = f"directories[{index}].objects.{name}"
            for attribute in item.get("attributes") or ():
                definition = attribute_mapping.definition(attribute, where)
                found[name, definition.name] = definition
    return found
