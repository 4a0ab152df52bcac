"""Graph's form of an expression: the `attributeMappingSource` of a synchronization schema.

`{type, name, expression, parameters: [{key, value}]}`; `expression` is the canonical text, and omitted arguments do
not appear in `parameters`. Two forms are ours, because Microsoft documents none: a comparison is a function named by
its operator, with parameters `left` and `right`; a keyword is a constant whose `expression` is not quoted.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from typing import TypedDict, assert_never

from provisor.core.expressions import checking, compiled, parser
from provisor.core.expressions.errors import MappingSourceError
from provisor.core.expressions.functions import FUNCTIONS
from provisor.core.expressions.tree import (
    Attribute,
    Call,
    Comparison,
    Constant,
    Keyword,
    Node,
    Omitted,
    Operator,
)

_LEFT = "left"
_RIGHT = "right"


class SourceType(enum.StrEnum):
    """`attributeMappingSource.type`."""

    ATTRIBUTE = "Attribute"
    CONSTANT = "Constant"
    FUNCTION = "Function"


class SourceParameter(TypedDict):
    """`stringKeyAttributeMappingSourceValuePair`."""

    key: str
    value: MappingSource


class MappingSource(TypedDict):
    """`attributeMappingSource`."""

    type: str
    name: str
    expression: str
    parameters: list[SourceParameter]


def to_graph(node: Node) -> MappingSource:
    """Graph's form of a checked tree. An omitted argument has none, and raises `ValueError`."""
    source_type, name, keyed = _outline(node)
    return {
        "type": source_type.value,
        "name": name,
        "expression": str(node),
        "parameters": [
            {"key": key, "value": to_graph(each)} for key, each in keyed if not isinstance(each, Omitted)
        ],
    }


def from_graph(source: Mapping[str, object]) -> Node:
    """The tree of an `attributeMappingSource`.

    `expression` counts where it is given; where it is not, the tree is put together from `type`, `name` and
    `parameters`, the arguments placed by their keys. Raises `MappingSourceError` for a form that is incomplete or says
    two different things, `ExpressionSyntaxError` for an expression that cannot be saved.
    """
    node = _node(source, path="source", depth=0)
    checking.check(node)
    return compiled.parse(str(node))


def _outline(node: Node) -> tuple[SourceType, str, Sequence[tuple[str, Node]]]:
    match node:
        case Attribute(name=name):
            return SourceType.ATTRIBUTE, name, ()
        case Constant(value=value):
            return SourceType.CONSTANT, value, ()
        case Keyword(word=word):
            return SourceType.CONSTANT, word.value, ()
        case Comparison(left=left, operator=operator, right=right):
            return SourceType.FUNCTION, operator.value, ((_LEFT, left), (_RIGHT, right))
        case Call(name=name, arguments=arguments):
            function = FUNCTIONS[name]
            return (
                SourceType.FUNCTION,
                name,
                [(function.parameter(index).name, each) for index, each in enumerate(arguments)],
            )
        case Omitted():
            raise ValueError("An omitted argument has no attributeMappingSource.")
        case _:
            assert_never(node)


def _node(source: Mapping[str, object], *, path: str, depth: int) -> Node:
    if depth > parser.DEEPEST_NESTING:
        raise MappingSourceError(f"more than {parser.DEEPEST_NESTING} levels of parameters", path=path)
    expression = _text(source, "expression", path)
    if not expression.strip():
        return _put_together(source, path=path, depth=depth)
    node = parser.argument(expression)
    _require_agreement(source, node, path)
    return node


def _require_agreement(source: Mapping[str, object], node: Node, path: str) -> None:
    """Entra leaves open how a constant's name is escaped, so a constant's name is not compared."""
    source_type, name, _ = _outline(node)
    if source.get("type") not in (None, source_type.value):
        raise MappingSourceError(
            f"type is {source['type']}, but the expression {node} is of type {source_type.value}", path=path
        )
    if source_type is not SourceType.CONSTANT and source.get("name") not in (None, "", name):
        raise MappingSourceError(f"name is {source['name']}, but the expression is {node}", path=path)


def _put_together(source: Mapping[str, object], *, path: str, depth: int) -> Node:
    name = _text(source, "name", path)
    match source.get("type"):
        case SourceType.CONSTANT:
            return Constant(value=name)
        case SourceType.ATTRIBUTE if name and "]" not in name:
            return Attribute(name=name)
        case SourceType.ATTRIBUTE:
            raise MappingSourceError(f'"{name}" is no name of an attribute', path=f"{path}.name")
        case SourceType.FUNCTION:
            return _call(name, _parameters(source, path=path, depth=depth), path)
        case _:
            known = ", ".join(each.value for each in SourceType)
            raise MappingSourceError(
                f"without an expression, the type must be one of {known}", path=f"{path}.type"
            )


def _call(name: str, keyed: list[tuple[str, Node]], path: str) -> Node:
    if name in (operator.value for operator in Operator):
        operands = dict(keyed)
        if operands.keys() != {_LEFT, _RIGHT}:
            raise MappingSourceError(
                f"a comparison has the parameters {_LEFT} and {_RIGHT}", path=f"{path}.parameters"
            )
        return Comparison(left=operands[_LEFT], operator=Operator(name), right=operands[_RIGHT])
    function = checking.function_of(Call(name=name, arguments=()))
    fixed: list[Node] = [Omitted() for _ in function.parameters]
    positions = {parameter.name: index for index, parameter in enumerate(function.parameters)}
    repeated: list[Node] = []
    last = -1
    for key, value in keyed:
        if (index := positions.get(key)) is not None:
            fixed[index] = value
            last = max(last, index)
        elif key in (parameter.name for parameter in function.repeating):
            repeated.append(value)
        else:
            raise MappingSourceError(
                f"{name} has no parameter {key}; it is {function.usage}", path=f"{path}.parameters"
            )
    return Call(name=name, arguments=tuple(fixed + repeated if repeated else fixed[: last + 1]))


def _parameters(source: Mapping[str, object], *, path: str, depth: int) -> list[tuple[str, Node]]:
    parameters = source.get("parameters") or []
    if not isinstance(parameters, Sequence) or isinstance(parameters, str):
        raise MappingSourceError("a list is expected", path=f"{path}.parameters")
    keyed: list[tuple[str, Node]] = []
    for index, parameter in enumerate(parameters):
        below = f"{path}.parameters[{index}]"
        if not isinstance(parameter, Mapping) or not isinstance(value := parameter.get("value"), Mapping):
            raise MappingSourceError(
                "a key and a value that is an attributeMappingSource are expected", path=below
            )
        keyed.append((_text(parameter, "key", below), _node(value, path=f"{below}.value", depth=depth + 1)))
    return keyed


def _text(source: Mapping[str, object], key: str, path: str) -> str:
    """The text under the key, empty where there is none."""
    text = source.get(key)
    if text is None:
        return ""
    if not isinstance(text, str):
        raise MappingSourceError("a text is expected", path=f"{path}.{key}")
    return text
