"""Functions that decide whether and how the attribute flows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from provisor.core.expressions import signatures
from provisor.core.expressions.errors import ArgumentProblem, DropSignal
from provisor.core.expressions.signatures import Evaluation, Function, Lazy, Operand, Parameter, Scope, Takes
from provisor.core.expressions.values import Computed, is_empty

_RULE = Parameter(name="uniqueValueRule", takes=Takes.VALUE, evaluation=Evaluation.LAZY)


def _ignore_flow_if_null_or_empty(operands: Sequence[Operand]) -> Operand:
    """Also drops an empty list."""
    (operand,) = operands
    evaluate = operand.run

    def keep_or_drop(scope: Scope) -> Computed:
        value = evaluate(scope)
        if is_empty(value):
            raise DropSignal
        return value

    return signatures.varying(keep_or_drop, operand.yields)


def _redact(operands: Sequence[Operand]) -> Operand:
    """The value itself; that it is redacted is known from the tree (`CompiledExpression.redacted`)."""
    return operands[0]


def _first_rule_with_a_value(operands: Sequence[Operand]) -> Operand:
    evaluators = [operand.run for operand in operands]

    def first(scope: Scope) -> Computed:
        for run in evaluators:
            value = run(scope)
            if not is_empty(value):
                return value
        raise ArgumentProblem("none of the rules gives a value; fill the attributes that they are made from")

    return signatures.varying(first, reduce(signatures.either, (operand.yields for operand in operands)))


FUNCTIONS = (
    Function(
        name="Redact",
        meaning="The value as it is; logs and reports show [Redact] in its place.",
        parameters=(Parameter(name="value", takes=Takes.VALUE),),
        implementation=Lazy(build=_redact),
    ),
    Function(
        name="SelectUniqueValue",
        meaning="The first of several values that no other account has; only when an account is created.",
        parameters=(_RULE,),
        repeating=(_RULE,),
        implementation=Lazy(build=_first_rule_with_a_value),
    ),
    Function(
        name="IgnoreFlowIfNullOrEmpty",
        meaning="The value; where there is none, the attribute does not flow at all.",
        parameters=(Parameter(name="expression", takes=Takes.VALUE),),
        implementation=Lazy(build=_ignore_flow_if_null_or_empty),
    ),
)
