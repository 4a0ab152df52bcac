"""What every part of an expression gave for one object: how a person finds out why a value is what it is."""

from __future__ import annotations

import contextlib
import dataclasses
import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from provisor.core.expressions import compiling, signatures
from provisor.core.expressions.errors import ArgumentProblem, DropSignal, ExpressionError, SkipSignal
from provisor.core.expressions.signatures import Operand, Scope
from provisor.core.expressions.tree import Call, Comparison, Constant, Node, Omitted
from provisor.core.expressions.values import Computed, boolean
from provisor.core.objects import Attributes


class Outcome(enum.StrEnum):
    """How the evaluation of one part ended."""

    VALUE = "value"
    DROPPED = "dropped"
    """The attribute does not flow."""
    SKIPPED = "skipped"
    """Nothing of the object flows."""
    FAILED = "failed"
    NOT_REACHED = "notReached"
    """A branch that was not taken, or a part behind one that failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A part of an expression, what it gave, and the parts it is made of; constants are left out of these."""

    expression: str
    outcome: Outcome
    value: Computed = None
    error: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class _Seen:
    outcome: Outcome
    value: Computed = None
    error: str = ""


def trace(node: Node, attributes: Attributes) -> Step:
    """The expression and all its parts, evaluated for an object. Failures are part of the result."""
    seen: dict[int, _Seen] = {}

    def observe(part: Node, built: Operand) -> Operand:
        if built.constant:
            seen[id(part)] = _Seen(Outcome.VALUE, built.run({}))
            return built
        run = _recorded(built.run, seen, id(part), lambda value: value)
        if isinstance(part, Comparison):
            return dataclasses.replace(built, run=run, test=_recorded(built.test, seen, id(part), boolean))
        return signatures.varying(run, built.yields)

    whole = compiling.operand(node, observe)
    with contextlib.suppress(ExpressionError, DropSignal, SkipSignal):
        whole.run(attributes)
    return _step(node, seen)


def _recorded(
    run: Callable[[Scope], Any], seen: dict[int, _Seen], key: int, value_of: Callable[[Any], Computed]
) -> Callable[[Scope], Any]:
    def recorded(scope: Scope) -> Any:
        try:
            result = run(scope)
        except DropSignal:
            seen[key] = _Seen(Outcome.DROPPED)
            raise
        except SkipSignal:
            seen[key] = _Seen(Outcome.SKIPPED)
            raise
        except (ExpressionError, ArgumentProblem) as error:
            seen[key] = _Seen(Outcome.FAILED, error=str(error))
            raise
        seen[key] = _Seen(Outcome.VALUE, value_of(result))
        return result

    return recorded


def _step(node: Node, seen: dict[int, _Seen]) -> Step:
    found = seen.get(id(node), _Seen(Outcome.NOT_REACHED))
    match node:
        case Call(arguments=parts):
            below = parts
        case Comparison(left=left, right=right):
            below = (left, right)
        case _:
            below = ()
    return Step(
        expression=str(node),
        outcome=found.outcome,
        value=found.value,
        error=found.error,
        steps=tuple(_step(part, seen) for part in below if not isinstance(part, Constant | Omitted)),
    )
