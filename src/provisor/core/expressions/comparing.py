"""Comparisons: two numbers are compared as numbers, anything else by ordinal, case-sensitive text; null is empty text.

So null is equal to null and to the empty text, and `007` is equal to `7`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeAlias

from provisor.core.expressions.signatures import Operand, Predicate, Scope
from provisor.core.expressions.tree import Operator
from provisor.core.expressions.values import number, single

_Ordering: TypeAlias = Callable[[Any, Any], bool]

_ORDERINGS: dict[Operator, _Ordering] = {
    Operator.EQUAL: operator.eq,
    Operator.NOT_EQUAL: operator.ne,
    Operator.GREATER: operator.gt,
    Operator.GREATER_OR_EQUAL: operator.ge,
    Operator.LESS: operator.lt,
    Operator.LESS_OR_EQUAL: operator.le,
}


def comparison(left: Operand, asked: Operator, right: Operand) -> Predicate:
    """The truth of the comparison for one object. It may raise `ArgumentProblem` for a multi-valued operand."""
    ordering = _ORDERINGS[asked]
    if right.constant:
        return _against(left, ordering, single(right.run({})) or "")
    evaluate_left, evaluate_right = left.run, right.run

    def holds(scope: Scope) -> bool:
        return _compare(single(evaluate_left(scope)) or "", ordering, single(evaluate_right(scope)) or "")

    return holds


def _against(left: Operand, ordering: _Ordering, constant: str) -> Predicate:
    """The everyday case, with the constant's number read once."""
    evaluate, constant_number = left.run, number(constant)

    def text_holds(scope: Scope) -> bool:
        return ordering(single(evaluate(scope)) or "", constant)

    def number_holds(scope: Scope) -> bool:
        text = single(evaluate(scope)) or ""
        value = number(text)
        return ordering(text, constant) if value is None else ordering(value, constant_number)

    return text_holds if constant_number is None else number_holds


def _compare(left: str, ordering: _Ordering, right: str) -> bool:
    first: Decimal | None = number(left)
    second = None if first is None else number(right)
    return ordering(left, right) if second is None else ordering(first, second)
