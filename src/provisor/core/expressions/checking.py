"""What can be known to be wrong with a tree before any object is seen."""

from __future__ import annotations

from collections.abc import Collection
from typing import assert_never

from provisor.core.expressions import casing
from provisor.core.expressions.errors import ArgumentProblem, ExpressionSyntaxError
from provisor.core.expressions.functions import FUNCTIONS
from provisor.core.expressions.signatures import Function, Parameter, Presence, Takes
from provisor.core.expressions.spelling import did_you_mean
from provisor.core.expressions.tree import (
    Attribute,
    Call,
    Comparison,
    Constant,
    Keyword,
    Node,
    Omitted,
    Word,
    walk,
)
from provisor.core.expressions.values import compare_method, whole_number

APP_ROLE_ASSIGNMENTS = "appRoleAssignments"
SELECT_UNIQUE_VALUE = "SelectUniqueValue"
_COMPARE_METHODS = (Word.TEXT_COMPARE, Word.BINARY_COMPARE)


def check(node: Node) -> None:
    """Passes if every function exists and is called as it is declared. Raises `ExpressionSyntaxError`."""
    for each in walk(node):
        if isinstance(each, Call):
            _check_call(each)
            if each.name == SELECT_UNIQUE_VALUE and each is not node:
                raise ExpressionSyntaxError(
                    f"{SELECT_UNIQUE_VALUE} must be the outermost call",
                    position=each.position,
                    hint=f"Move what is around it into each of its rules: {SELECT_UNIQUE_VALUE}(ToLower(…), ToLower(…)).",
                )


def require_attributes(node: Node, known: Collection[str], *, free: str) -> None:
    """Passes if every attribute in the tree is known, or begins like those that need not be.

    Raises `ExpressionSyntaxError` with the nearest name as a hint.
    """
    for each in walk(node):
        if isinstance(each, Attribute) and each.name not in known and not each.name.startswith(free):
            raise ExpressionSyntaxError(
                f"Unknown attribute [{each.name}]",
                position=each.position,
                hint=did_you_mean(each.name, known)
                or f"Add it to the attributes of the source object in the schema, or use one of {free}_….",
            )


def function_of(call: Call) -> Function:
    """The function that the call names. Raises `ExpressionSyntaxError`."""
    try:
        return FUNCTIONS[call.name]
    except KeyError:
        raise ExpressionSyntaxError(
            f"Unknown function {call.name}",
            position=call.position,
            hint=did_you_mean(call.name, FUNCTIONS) or f"The functions are {', '.join(sorted(FUNCTIONS))}.",
        ) from None


def _check_call(call: Call) -> None:
    function = function_of(call)
    count = len(call.arguments)
    if not function.accepts(count):
        raise ExpressionSyntaxError(
            f"{call.name} cannot take {count} argument{'' if count == 1 else 's'}",
            position=call.position,
            hint=f"Usage: {function.usage}.",
        )
    for index, argument in enumerate(call.arguments):
        _check_argument(function, function.parameter(index), argument)
    if function.check is not None:
        try:
            function.check(call.arguments)
        except ArgumentProblem as problem:
            raise ExpressionSyntaxError(
                f"{call.name}: {problem}", position=call.position, hint=f"Usage: {function.usage}."
            ) from None


def _check_argument(function: Function, parameter: Parameter, argument: Node) -> None:
    where = f"The argument {parameter.name} of {function.name}"
    match argument:
        case Omitted():
            if parameter.presence is Presence.REQUIRED:
                raise ExpressionSyntaxError(
                    f"{where} is missing",
                    position=argument.position,
                    hint=f'Usage: {function.usage}. An empty text is written "".',
                )
        case Comparison():
            if parameter.takes is not Takes.CONDITION:
                raise ExpressionSyntaxError(
                    f"{where} cannot be a comparison",
                    position=argument.position,
                    hint='Compare inside IIF, for example IIF([country] = "US", "True", "False").',
                )
        case Keyword(word=word) if word in _COMPARE_METHODS and parameter.takes is not Takes.COMPARE_METHOD:
            raise ExpressionSyntaxError(
                f"{where} cannot be {word.value}",
                position=argument.position,
                hint=f"{word.value} is the last argument of InStr and InStrRev.",
            )
        case Constant(value=value):
            try:
                _check_constant(parameter, value)
            except ArgumentProblem as problem:
                raise ExpressionSyntaxError(f"{where}: {problem}", position=argument.position) from None
        case _:
            pass
    if parameter.takes is Takes.APP_ROLE_ASSIGNMENTS and argument != Attribute(name=APP_ROLE_ASSIGNMENTS):
        raise ExpressionSyntaxError(
            f"{where} must be the attribute [{APP_ROLE_ASSIGNMENTS}]",
            position=argument.position,
            hint=f"Write {function.name}([{APP_ROLE_ASSIGNMENTS}]).",
        )


def _check_constant(parameter: Parameter, value: str) -> None:
    """Passes if the parameter can take this text. Raises `ArgumentProblem`."""
    if parameter.reader is not None:
        parameter.reader(value)
    match parameter.takes:
        case Takes.WHOLE_NUMBER:
            whole_number(value)
        case Takes.CULTURE:
            if value:
                casing.language_of(value)
        case Takes.COMPARE_METHOD:
            compare_method(value)
        case Takes.VALUE | Takes.TEXT | Takes.CONDITION | Takes.APP_ROLE_ASSIGNMENTS:
            pass
        case _:
            assert_never(parameter.takes)
