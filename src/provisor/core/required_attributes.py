"""Which attributes a mapping may not leave out: without them no account could ever be made.

Source: Graph, `attributeDefinition.required`; Entra, *Customize user provisioning attribute-mappings*, where mappings of
required attributes cannot be deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provisor.core import attribute_mapping
from provisor.core.attribute_mapping import AttributeDefinition, Mutability
from provisor.core.errors import InvalidInputError
from provisor.core.schema import TargetAction
from provisor.scim import paths


def check(document: Mapping[str, Any]) -> None:
    """Passes if every object mapping that creates objects writes what its target object requires.

    The document has been parsed before. Raises `InvalidInputError` with the mapping and the attribute.
    """
    for rule_index, rule in enumerate(document.get("synchronizationRules") or ()):
        for index, mapping in enumerate(rule.get("objectMappings") or ()):
            if _creates(mapping):
                _check_mapping(
                    mapping,
                    _required(document, rule, mapping),
                    f"synchronizationRules[{rule_index}].objectMappings[{index}]",
                )


def _creates(mapping: Mapping[str, Any]) -> bool:
    actions = str(mapping.get("flowTypes", TargetAction.CREATE)).split(",")
    return bool(mapping.get("enabled", True)) and TargetAction.CREATE in (
        action.strip() for action in actions
    )


def _required(
    document: Mapping[str, Any], rule: Mapping[str, Any], mapping: Mapping[str, Any]
) -> Iterator[AttributeDefinition]:
    """The attributes of the target object that have to be written; the target makes its own key itself."""
    target = mapping.get("targetObjectName") or mapping.get("sourceObjectName")
    for directory in document.get("directories") or ():
        if directory.get("name") == rule.get("sourceDirectoryName"):
            continue
        for item in directory.get("objects") or ():
            for attribute in item.get("attributes") or () if item.get("name") == target else ():
                found = attribute_mapping.definition(attribute, f"directories.objects.{target}")
                if found.required and not found.anchor and found.mutability is not Mutability.READ_ONLY:
                    yield found


def _check_mapping(mapping: Mapping[str, Any], required: Iterator[AttributeDefinition], where: str) -> None:
    written = {paths.parse(entry["targetAttributeName"]) for entry in mapping.get("attributeMappings") or ()}
    for attribute in required:
        if paths.parse(attribute.name) not in written:
            raise InvalidInputError(
                f"{where}.attributeMappings: {attribute.name} is required by the application, and no mapping writes it, so "
                "no account could be made; map it, if need be from a constant, or switch Create (flowTypes: Add) off."
            )
