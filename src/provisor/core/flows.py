"""One attribute mapping, ready to be evaluated for one object after the other."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from provisor.core import attribute_mapping, conversion, expressions, role_flows
from provisor.core.assignments import AppRole
from provisor.core.attribute_mapping import AttributeMapping, FlowBehavior, FlowType, Mutability
from provisor.core.changes import Written
from provisor.core.differences import Manner
from provisor.core.errors import ErrorCode, ProvisorError
from provisor.core.objects import Value

IS_SOFT_DELETED = "IsSoftDeleted"
"""Computed source attribute: true when the account shall not be active (Entra: *IsSoftDeleted*)."""

Convert = Callable[[Value], Written]


class MappingError(ProvisorError):
    """One attribute of one object cannot be made; the object fails, the others do not."""

    def __init__(self, message: str, *, code: ErrorCode = ErrorCode.INVALID_EXPRESSION) -> None:
        super().__init__(message)
        self.code = code


class Dropped(enum.Enum):
    """The type of `DROPPED`."""

    DROPPED = "dropped"


DROPPED = Dropped.DROPPED
"""The expression says that the attribute does not flow: no value, no default value, no clearing."""


class Occasion(enum.Enum):
    """On what occasions a mapping applies."""

    ALWAYS = "always"
    CREATION = "creation"
    FILTER = "filter"
    """Before anything else, to hear whether the object is to be ignored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One compiled attribute mapping; `copied` names the attribute where the mapping only copies one to text.

    `empty` is what no value at all means, `clears` has it clear the attribute; what is `redacted` is shown to nobody.
    `candidates` are tried against the target in order while the account is being created.
    """

    path: str
    target: attribute_mapping.AttributeDefinition
    evaluate: Callable[[Mapping[str, Value]], expressions.Result] | None
    text: str
    convert: Convert
    copied: str | None
    default: Written
    empty: Written
    candidates: tuple[Callable[[Mapping[str, Value]], expressions.Result], ...]
    tells_deletion: bool
    occasion: Occasion
    manner: Manner
    matching_priority: int
    clears: bool
    resent: bool
    redacted: bool
    reads: frozenset[str]


def compiled(item: AttributeMapping, roles: Sequence[AppRole]) -> Flow:
    """The flow of a mapping, in an application that declares these roles."""
    convert = role_flows.converter(item, roles) or conversion.converter(item.target)
    expression = item.expression
    return Flow(
        path=item.target.name,
        target=item.target,
        evaluate=expression.evaluate if expression else None,
        text=expression.text if expression else "",
        convert=convert,
        copied=_copied(item) if convert is conversion.as_text else None,
        default=_default(item, convert),
        empty=() if role_flows.shape_of(item) is expressions.RolesShape.ASSERTIVE else None,
        candidates=tuple(rule.evaluate for rule in expression.candidates) if expression else (),
        tells_deletion=expression is not None and IS_SOFT_DELETED in expression.attributes,
        occasion=_occasion(item),
        manner=_manner(item),
        matching_priority=item.matching_priority,
        clears=item.flow_null_values,
        resent=item.flow_behavior is FlowBehavior.ALWAYS,
        redacted=item.redacted,
        reads=expression.attributes if expression else frozenset(),
    )


class ObjectIgnored(Exception):  # noqa: N818 - a decision of the mapping, not an error
    """The mapping says that nothing of this object flows (`IgnoreObjectFlow`)."""


def value_of(flow: Flow, view: Mapping[str, Value]) -> Written | Dropped:
    """What the mapping gives for an object, None where it gives nothing.

    Raises `MappingError` naming the target attribute, the expression and what it was given, and `ObjectIgnored`.
    """
    if flow.copied is not None:
        value = view.get(flow.copied)
        if type(value) is str:
            return value
    if flow.evaluate is None:
        return None
    return _converted(flow, flow.evaluate, view)


def candidates_of(flow: Flow, view: Mapping[str, Value]) -> tuple[str, ...]:
    """The values to be tried in order, each once; null and empty ones are left out. Raises as `value_of` does."""
    found = (_converted(flow, evaluate, view) for evaluate in flow.candidates)
    return tuple(dict.fromkeys(str(value) for value in found if value not in (None, "", (), DROPPED)))


def _converted(
    flow: Flow, evaluate: Callable[[Mapping[str, Value]], expressions.Result], view: Mapping[str, Value]
) -> Written | Dropped:
    try:
        result = evaluate(view)
        if result is None:
            return flow.empty
        if result is expressions.Drop:
            return DROPPED
        if result is expressions.SkipObject:
            raise ObjectIgnored
        return flow.convert(result)
    except expressions.ExpressionError as error:
        raise MappingError(_told(flow, error)) from error
    except conversion.SeveralValuesError as error:
        raise MappingError(_told(flow, error), code=ErrorCode.ONLY_ONE_VALUE) from error
    except ValueError as error:
        raise MappingError(_told(flow, error), code=ErrorCode.ATTRIBUTE_VALIDATION_FAILED) from error


def _told(flow: Flow, error: Exception) -> str:
    """What to say of a mapping that failed; of a redacted one neither the inputs nor the constants in it."""
    if not flow.redacted:
        return f"{flow.path} ← {flow.text}: {error}"
    where = (
        f" {error.function} (line {error.line}, column {error.column}) failed."
        if isinstance(error, expressions.ExpressionError)
        else " The value does not fit the attribute's type."
    )
    return f"{flow.path} ← [Redact]:{where} What it was given is redacted; evaluate the mapping for the object to see it."


def _copied(item: AttributeMapping) -> str | None:
    tree = item.expression.tree if item.expression else None
    return tree.name if isinstance(tree, expressions.Attribute) else None


def _default(item: AttributeMapping, convert: Convert) -> Written:
    """What stands in for a null source; of a required attribute, the target's own default value last."""
    text = item.default_value or (item.target.default_value if item.target.required else None)
    return convert(text) if text else None


def _occasion(item: AttributeMapping) -> Occasion:
    if item.target.name == attribute_mapping.OBJECT_FILTER:
        return Occasion.FILTER
    once = item.target.mutability in (Mutability.IMMUTABLE, Mutability.WRITE_ONLY)
    return Occasion.CREATION if once or item.flow_type is FlowType.ON_CREATE else Occasion.ALWAYS


def _manner(item: AttributeMapping) -> Manner:
    if item.expression is None:
        return Manner.FILL
    match item.flow_type:
        case FlowType.ADD_VALUES:
            return Manner.ADD
        case FlowType.KEEP_VALUES:
            return Manner.ADD if item.target.multivalued else Manner.FILL
        case FlowType.FILL:
            return Manner.FILL
        case FlowType.ALWAYS | FlowType.ON_CREATE:
            adds = role_flows.shape_of(item) is expressions.RolesShape.COMPLEX
            return Manner.ADD if adds else Manner.REPLACE
