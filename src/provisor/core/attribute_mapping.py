"""One attribute of the target, what it is made from, and when it is written (Graph: `attributeMapping`).

Parsing refuses what could not be honoured later, so that a schema that was saved can be evaluated for every object.
Source: Entra, *Customize user provisioning attribute-mappings*; Graph, `attributeMapping`, `attributeDefinition`.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from provisor.core import expressions
from provisor.core.errors import InvalidInputError
from provisor.core.schema_document import Document, flag, member, text
from provisor.scim import paths

OBJECT_FILTER = "objectFilter"
"""Target name of a mapping that only decides whether the object is provisioned; it is never sent."""

REFERENCE_SOURCES = ("manager", "members")
"""Source attributes that refer to other objects."""

_NEVER_EMPTY = frozenset({"username"})
"""Attributes that a resource cannot be without, whatever the definitions say (RFC 7643, section 4.1.1)."""


class FlowType(enum.StrEnum):
    """When an attribute mapping applies, and what it may do to values that are there (Graph: `flowType`)."""

    ALWAYS = "Always"
    ON_CREATE = "ObjectAddOnly"
    """Only while the account is being created."""
    ADD_VALUES = "MultiValueAddOnly"
    """Values are added to a multi-valued attribute and never taken away."""
    KEEP_VALUES = "ValueAddOnly"
    """As `MultiValueAddOnly`; an attribute of one value is written while it has none."""
    FILL = "AttributeAddOnly"
    """Written only while the account has no value at all."""


class FlowBehavior(enum.StrEnum):
    """Whether a value that is equal already is sent with others that are not (Graph: `flowBehavior`)."""

    WHEN_CHANGED = "FlowWhenChanged"
    ALWAYS = "FlowAlways"


class AttributeType(enum.StrEnum):
    """Types of target attributes (Graph: `attributeDefinition.type`)."""

    STRING = "String"
    BOOLEAN = "Boolean"
    INTEGER = "Integer"
    DATE_TIME = "DateTime"
    BINARY = "Binary"
    REFERENCE = "Reference"


class Mutability(enum.StrEnum):
    """What may be done to a target attribute (Graph: `attributeDefinition.mutability`)."""

    READ_WRITE = "ReadWrite"
    READ_ONLY = "ReadOnly"
    IMMUTABLE = "Immutable"
    """Set while the account is being created, and not afterwards."""
    WRITE_ONLY = "WriteOnly"
    """Never readable, so a difference cannot be seen: written while the account is being created."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeDefinition:
    """What the target says of one attribute; `default_value` stands in for a required value that is missing."""

    name: str
    type: AttributeType = AttributeType.STRING
    anchor: bool = False
    required: bool = False
    multivalued: bool = False
    case_exact: bool = False
    mutability: Mutability = Mutability.READ_WRITE
    default_value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeMapping:
    """One attribute of the target and what it is made from.

    `expression` is None for a mapping of type *None*, which leaves the attribute alone unless it is empty. A
    `matching_priority` above 0 makes it a matching attribute; the lowest is tried first. `flow_null_values` has a value
    that was cleared in the directory cleared in the target too. `export_missing_references` is kept for Graph's sake:
    a reference is always written as soon as its object has an account.
    """

    target: AttributeDefinition
    expression: expressions.CompiledExpression | None
    default_value: str | None
    flow_type: FlowType
    matching_priority: int
    flow_behavior: FlowBehavior = FlowBehavior.WHEN_CHANGED
    flow_null_values: bool = False
    export_missing_references: bool = False

    @property
    def redacted(self) -> bool:
        """Whether the value flows and is shown to nobody: it passed through Redact, or can only be written."""
        passed = self.expression is not None and self.expression.redacted
        return passed or self.target.mutability is Mutability.WRITE_ONLY

    @property
    def reference_source(self) -> str | None:
        """`manager` or `members` where the mapping refers to other objects."""
        if self.target.type is not AttributeType.REFERENCE or self.expression is None:
            return None
        tree = self.expression.tree
        found = tree.name if isinstance(tree, expressions.Attribute) else None
        return found if found in REFERENCE_SOURCES else None


def parse(
    entry: Document,
    target_object: str,
    definitions: Mapping[tuple[str, str], AttributeDefinition],
    where: str,
) -> AttributeMapping:
    """Read one attribute mapping. Raises `InvalidInputError` with its place where it could not be honoured."""
    name = entry.get("targetAttributeName")
    if not isinstance(name, str) or not name:
        raise InvalidInputError(f"{where}.targetAttributeName: missing.")
    source = entry.get("source")
    found = AttributeMapping(
        target=definitions.get((target_object, name), AttributeDefinition(name=name)),
        expression=_expression(source, where) if source else None,
        default_value=text(entry, "defaultValue", where),
        flow_type=member(FlowType, entry.get("flowType") or "Always", f"{where}.flowType"),
        matching_priority=_priority(entry, where),
        flow_behavior=member(
            FlowBehavior, entry.get("flowBehavior") or "FlowWhenChanged", f"{where}.flowBehavior"
        ),
        flow_null_values=flag(entry, "flowNullValues", where),
        export_missing_references=flag(entry, "exportMissingReferences", where),
    )
    _check_target(found.target, where)
    _check_matching(found, where)
    _check_flow(found, where)
    _check_reference(found, where)
    return found


def definition(attribute: Document, where: str) -> AttributeDefinition:
    """Read one attribute definition of the target."""
    name = attribute.get("name")
    if not isinstance(name, str) or not name:
        raise InvalidInputError(f"{where}.name: missing.")
    place = f"{where}.{name}"
    return AttributeDefinition(
        name=name,
        type=member(AttributeType, attribute.get("type") or "String", f"{place}.type"),
        anchor=flag(attribute, "anchor", place),
        required=flag(attribute, "required", place),
        multivalued=flag(attribute, "multivalued", place),
        case_exact=flag(attribute, "caseExact", place),
        mutability=member(Mutability, attribute.get("mutability") or "ReadWrite", f"{place}.mutability"),
        default_value=text(attribute, "defaultValue", place),
    )


def check_together(mappings: Sequence[AttributeMapping], where: str) -> None:
    """Refuse two mappings that would write the same attribute."""
    seen: dict[paths.AttributePath, int] = {}
    for index, item in enumerate(mappings):
        path = paths.parse(item.target.name)
        if path in seen:
            raise InvalidInputError(
                f"{where}.attributeMappings[{index}]: {item.target.name} is written by attributeMappings[{seen[path]}] "
                "already; keep one of them."
            )
        seen[path] = index


def _expression(source: Document, where: str) -> expressions.CompiledExpression:
    written = source.get("expression")
    if not isinstance(written, str) or not written.strip():
        raise InvalidInputError(f"{where}.source.expression: missing.")
    try:
        return expressions.compile_expression(written)
    except expressions.ExpressionSyntaxError as error:
        raise InvalidInputError(f"{where}.source.expression: {error}") from error


def _priority(entry: Document, where: str) -> int:
    value = entry.get("matchingPriority") or 0
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InvalidInputError(
            f"{where}.matchingPriority: a whole number is expected, 0 for an attribute that accounts are not matched "
            f"by, not {value!r}."
        )
    return value


def _check_target(target: AttributeDefinition, where: str) -> None:
    place = f"{where}.targetAttributeName"
    try:
        path = paths.parse(target.name)
    except paths.InvalidPath as error:
        raise InvalidInputError(f"{place}: {error}") from error
    if target.anchor or (path.extension is None and path.lowered == "id" and path.leaf == "id"):
        raise InvalidInputError(
            f"{place}: `{target.name}` is the target's own key and cannot be written; map externalId."
        )
    if target.mutability is Mutability.READ_ONLY:
        raise InvalidInputError(
            f"{place}: {target.name} is ReadOnly in the target, so nothing can be written there; remove the mapping."
        )


def _check_matching(item: AttributeMapping, where: str) -> None:
    if item.matching_priority == 0:
        return
    if item.expression is None:
        raise InvalidInputError(
            f"{where}.matchingPriority: {item.target.name} has no source, so no account could be found by it."
        )
    if item.target.mutability is Mutability.WRITE_ONLY:
        raise InvalidInputError(
            f"{where}.matchingPriority: {item.target.name} is WriteOnly in the target, so no account could be found by it."
        )


def _check_flow(item: AttributeMapping, where: str) -> None:
    target = item.target
    if item.flow_type is FlowType.ADD_VALUES and not target.multivalued:
        raise InvalidInputError(
            f"{where}.flowType: MultiValueAddOnly adds values to a multi-valued attribute, and {target.name} holds one; "
            "use AttributeAddOnly, or say `multivalued` in its definition."
        )
    if not item.flow_null_values:
        return
    place = f"{where}.flowNullValues"
    if target.required or paths.parse(target.name).lowered in _NEVER_EMPTY:
        raise InvalidInputError(
            f"{place}: {target.name} is required by the application and cannot be cleared."
        )
    if item.flow_type is not FlowType.ALWAYS:
        raise InvalidInputError(
            f"{place}: a mapping that applies {item.flow_type} never takes a value away; use the flowType Always."
        )
    if item.expression is None:
        raise InvalidInputError(f"{place}: {target.name} has no source whose value could be cleared.")


def _check_reference(item: AttributeMapping, where: str) -> None:
    if item.expression is None or item.reference_source is not None:
        return
    read = sorted(item.expression.attributes.intersection(REFERENCE_SOURCES))
    if read:
        raise InvalidInputError(
            f"{where}.source.expression: [{read[0]}] refers to another object and has to stand alone, with a target "
            "attribute of type Reference; no function (Switch, IIF …) can be made from it."
        )
