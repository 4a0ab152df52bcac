"""Functions that decide whether the attribute flows at all."""

from __future__ import annotations

from collections.abc import Sequence

from provisor.core.expressions import signatures
from provisor.core.expressions.errors import DropSignal
from provisor.core.expressions.signatures import Function, Lazy, Operand, Parameter, Scope, Takes
from provisor.core.expressions.values import Computed, is_empty


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


FUNCTIONS = (
    Function(
        name="IgnoreFlowIfNullOrEmpty",
        parameters=(Parameter(name="expression", takes=Takes.VALUE),),
        implementation=Lazy(build=_ignore_flow_if_null_or_empty),
    ),
)
