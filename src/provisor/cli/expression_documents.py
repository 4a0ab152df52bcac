"""Expressions and functions as JSON: the functions in the shape of Graph's `attributeMappingFunctionSchema`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provisor.core import expressions
from provisor.core.errors import NotFoundError
from provisor.core.expressions.functions import FAMILIES, FUNCTIONS
from provisor.core.expressions.signatures import Function, Origin, Parameter, Presence, Takes
from provisor.core.expressions.spelling import did_you_mean

_TYPES = {Takes.WHOLE_NUMBER: "Integer", Takes.CONDITION: "Boolean", Takes.APP_ROLE_ASSIGNMENTS: "Reference"}
"""Graph's `attributeType` of parameters that take anything else than text."""


def all_functions() -> Iterator[dict[str, Any]]:
    """Every function, those of one kind together, by name."""
    for family in FAMILIES.values():
        yield from (of_function(each) for each in sorted(family, key=lambda function: function.name))


def function_named(name: str) -> Function:
    """The function. Raises `NotFoundError` with the nearest name."""
    try:
        return FUNCTIONS[name]
    except KeyError:
        hint = did_you_mean(name, FUNCTIONS) or "provisor expression functions lists all of them."
        raise NotFoundError(f"There is no function {name!r}. {hint}") from None


def of_function(function: Function) -> dict[str, Any]:
    """A function with its parameters; `meaning`, `usage` and what follows are ours."""
    group = next(name for name, family in FAMILIES.items() if function in family)
    return {
        "name": function.name,
        "parameters": [
            *(_parameter(each, multiple=False) for each in function.parameters),
            *(_parameter(each, multiple=True) for each in function.repeating),
        ],
        "meaning": function.meaning,
        "usage": function.usage,
        "group": group,
        "origin": function.origin.value,
        "extra": function.origin is Origin.HERITAGE,
    }


def of_result(compiled: expressions.CompiledExpression, step: expressions.Step) -> dict[str, Any]:
    """What an expression gave: `value` is a text, a list or null; `outcome` tells null from what does not flow."""
    return {**_of_step(step), "redacted": compiled.redacted, "attributes": sorted(compiled.attributes)}


def told(document: Mapping[str, Any]) -> str:
    """A result in words."""
    match document["outcome"]:
        case expressions.Outcome.VALUE:
            return _quoted(document["value"])
        case expressions.Outcome.DROPPED:
            return "dropped: the attribute does not flow"
        case expressions.Outcome.SKIPPED:
            return "skipped: nothing of the object flows"
        case expressions.Outcome.FAILED:
            return f"failed: {document['error']}"
        case _:
            return "not reached"


def _of_step(step: expressions.Step) -> dict[str, Any]:
    return {
        "expression": step.expression,
        "value": list(step.value) if isinstance(step.value, tuple) else step.value,
        "outcome": step.outcome.value,
        "error": step.error or None,
        "steps": [_of_step(each) for each in step.steps],
    }


def _quoted(value: object) -> str:
    match value:
        case None:
            return "null"
        case list():
            return "[" + ", ".join(map(_quoted, value)) + "]"
        case _:
            return f'"{value}"'


def _parameter(parameter: Parameter, *, multiple: bool) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "required": parameter.presence is Presence.REQUIRED,
        "allowMultipleOccurrences": multiple,
        "type": _TYPES.get(parameter.takes, "String"),
        "takes": parameter.takes.value,
    }
