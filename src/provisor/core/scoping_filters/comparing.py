"""One value of an attribute against one operand: what each operator asks.

Values are never empty here: the null rule is applied before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from provisor.core.expressions import regular_expressions
from provisor.core.scoping_filters import dates
from provisor.core.scoping_filters.operators import Operator

Single = str | bool | int
"""One value of an attribute."""

Question = Callable[[Single, datetime], bool]
"""Whether a value, now, is what an operator with its operand asks for."""


def question(operator: Operator, operand: str) -> Question:
    """The question that an operator asks with an operand; a negative operator asks as its positive one does.

    Asking raises `PatternTooCostlyError` where a regular expression takes too long. Raises `ValueError` saying what the
    operand must be.
    """
    return _QUESTIONS[operator](operand)


def text(value: Single) -> str:
    """A value as text; booleans are spelt as mappings spell them."""
    if isinstance(value, bool):
        return "True" if value else "False"
    return str(value)


def is_true(value: Single) -> bool:
    """Whether a value is true, or the text of it."""
    return value is True or (isinstance(value, str) and value.casefold() == "true")


def is_false(value: Single) -> bool:
    """Whether a value is false, or the text of it."""
    return value is False or (isinstance(value, str) and value.casefold() == "false")


def _equals(operand: str) -> Question:
    def ask(value: Single, _now: datetime) -> bool:
        if isinstance(value, bool):
            return operand.casefold() == text(value).casefold()
        return text(value) == operand

    return ask


def _textual(asks: Callable[[str, str], bool]) -> Callable[[str], Question]:
    return lambda operand: lambda value, _now: asks(text(value), operand)


def _folded(asks: Callable[[str, str], bool]) -> Callable[[str], Question]:
    return lambda operand: lambda value, _now: asks(text(value).casefold(), operand.casefold())


def _numeric(asks: Callable[[int, int], bool]) -> Callable[[str], Question]:
    def made(operand: str) -> Question:
        limit = _whole(operand)
        if limit is None:
            raise ValueError("it must be a whole number, 0 or more")

        def ask(value: Single, _now: datetime) -> bool:
            number = None if isinstance(value, bool) else _whole(text(value))
            return number is not None and asks(number, limit)

        return ask

    return made


def _whole(written: str) -> int | None:
    stripped = written.strip()
    return int(stripped) if stripped.isascii() and stripped.isdigit() and len(stripped) <= 30 else None


def _regular(operand: str) -> Question:
    try:
        pattern = regular_expressions.compile_pattern(operand)
    except regular_expressions.PatternSyntaxError as error:
        raise ValueError(f"it is no regular expression: {error.reason}") from error
    return lambda value, _now: pattern.search(text(value)) is not None


def _dated(asks: Callable[[datetime, datetime], bool]) -> Callable[[str], Question]:
    def made(operand: str) -> Question:
        limit = dates.operand(operand)

        def ask(value: Single, now: datetime) -> bool:
            found = dates.moment(text(value))
            return found is not None and asks(found, limit.when(now))

        return ask

    return made


_EQUALS_FOLDED = _folded(lambda value, operand: value == operand)
_WITHIN = _textual(lambda value, operand: value in operand)
_QUESTIONS: Mapping[Operator, Callable[[str], Question]] = MappingProxyType(
    {
        Operator.EQUALS: _equals,
        Operator.NOT_EQUALS: _equals,
        Operator.INCLUDES: _textual(lambda value, operand: operand in value),
        Operator.ENDS_WITH: _textual(str.endswith),
        Operator.STARTS_WITH: _textual(str.startswith),
        Operator.REGEX_MATCH: _regular,
        Operator.NOT_REGEX_MATCH: _regular,
        Operator.GREATER_THAN: _numeric(lambda value, limit: value > limit),
        Operator.GREATER_THAN_OR_EQUALS: _numeric(lambda value, limit: value >= limit),
        Operator.WITHIN: _WITHIN,
        Operator.NOT_WITHIN: _WITHIN,
        Operator.EQUALS_IGNORE_CASE: _EQUALS_FOLDED,
        Operator.NOT_EQUALS_IGNORE_CASE: _EQUALS_FOLDED,
        Operator.INCLUDES_IGNORE_CASE: _folded(lambda value, operand: operand in value),
        Operator.IS_BEFORE: _dated(lambda value, limit: value < limit),
        Operator.IS_AFTER: _dated(lambda value, limit: value > limit),
        Operator.IS_MEMBER_OF: _EQUALS_FOLDED,
        Operator.NOT_MEMBER_OF: _EQUALS_FOLDED,
    }
)
