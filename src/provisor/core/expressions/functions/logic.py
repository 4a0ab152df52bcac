"""Functions that test and choose. A truth value is the text `True` or `False`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from provisor.core.expressions import signatures
from provisor.core.expressions.signatures import (
    Eager,
    Evaluation,
    Evaluator,
    Function,
    Lazy,
    Operand,
    Parameter,
    Presence,
    Scope,
    Takes,
    Yields,
)
from provisor.core.expressions.values import Computed, boolean, is_empty, single

_NOTHING: Scope = {}


def _not(source: str | None) -> str:
    """Only True, in any case, becomes False; everything else becomes True."""
    return boolean(source is None or source.casefold() != "true")


def _is_null(value: Computed) -> str:
    return boolean(value is None or value == ())


def _is_null_or_empty(value: Computed) -> str:
    return boolean(is_empty(value))


def _is_present(value: Computed) -> str:
    return boolean(not is_empty(value))


def _iif(operands: Sequence[Operand]) -> Operand:
    condition, when_true, when_false = operands
    if condition.constant:
        return when_true if condition.test(_NOTHING) else when_false
    test, if_true, if_false = condition.test, when_true.run, when_false.run

    def choose(scope: Scope) -> Computed:
        return if_true(scope) if test(scope) else if_false(scope)

    return _choice(choose, of=(when_true, when_false))


def _coalesce(operands: Sequence[Operand]) -> Operand:
    evaluators = [operand.run for operand in operands]

    def first_present(scope: Scope) -> Computed:
        for run in evaluators:
            value = run(scope)
            if value is not None and value != ():
                return value
        return None

    return _choice(first_present, of=operands)


def _switch(operands: Sequence[Operand]) -> Operand:
    """The first key equal to the source decides; null is equal to the empty text."""
    source, default, *pairs = operands
    keys, values = pairs[::2], pairs[1::2]
    if all(key.constant for key in keys):
        choose = _look_up(source.run, default.run, keys, values)
    else:
        choose = _search(source.run, default.run, keys, values)
    return _choice(choose, of=(default, *values))


def _look_up(source: Evaluator, default: Evaluator, keys: list[Operand], values: list[Operand]) -> Evaluator:
    table: dict[str, Evaluator] = {}
    for key, value in zip(keys, values, strict=True):
        table.setdefault(single(key.run(_NOTHING)) or "", value.run)

    def choose(scope: Scope) -> Computed:
        return table.get(single(source(scope)) or "", default)(scope)

    return choose


def _search(source: Evaluator, default: Evaluator, keys: list[Operand], values: list[Operand]) -> Evaluator:
    branches = [(key.run, value.run) for key, value in zip(keys, values, strict=True)]

    def choose(scope: Scope) -> Computed:
        wanted = single(source(scope)) or ""
        for key, value in branches:
            if (single(key(scope)) or "") == wanted:
                return value(scope)
        return default(scope)

    return choose


def _choice(run: Evaluator, *, of: Sequence[Operand]) -> Operand:
    return signatures.varying(run, reduce(signatures.either, (operand.yields for operand in of), Yields.NULL))


def _branch(name: str) -> Parameter:
    return Parameter(name=name, takes=Takes.VALUE, presence=Presence.OPTIONAL, evaluation=Evaluation.LAZY)


_TESTED = Parameter(name="expression", takes=Takes.VALUE)

FUNCTIONS = (
    Function(
        name="Coalesce",
        meaning="The first source that is not null.",
        repeating=(_branch("source"),),
        implementation=Lazy(build=_coalesce),
    ),
    Function(
        name="IIF",
        meaning="One of two values, as a condition says.",
        parameters=(
            Parameter(name="condition", takes=Takes.CONDITION),
            _branch("valueIfTrue"),
            _branch("valueIfFalse"),
        ),
        implementation=Lazy(build=_iif),
    ),
    Function(
        name="IsNull",
        meaning="Whether there is no value.",
        parameters=(_TESTED,),
        implementation=Eager(apply=_is_null, yields=Yields.BOOLEAN),
    ),
    Function(
        name="IsNullOrEmpty",
        meaning="Whether there is no value or only an empty text.",
        parameters=(_TESTED,),
        implementation=Eager(apply=_is_null_or_empty, yields=Yields.BOOLEAN),
    ),
    Function(
        name="IsPresent",
        meaning="Whether there is a value that is not empty.",
        parameters=(_TESTED,),
        implementation=Eager(apply=_is_present, yields=Yields.BOOLEAN),
    ),
    Function(
        name="Not",
        meaning="True becomes False, anything else becomes True.",
        parameters=(Parameter(name="source", takes=Takes.CONDITION),),
        implementation=Eager(apply=_not, yields=Yields.BOOLEAN),
    ),
    Function(
        name="Switch",
        meaning="The value behind the first key that equals the source, else the default value.",
        parameters=(Parameter(name="source"), _branch("defaultValue")),
        repeating=(
            Parameter(name="switchValue", evaluation=Evaluation.LAZY),
            _branch("switchValue"),
        ),
        implementation=Lazy(build=_switch),
    ),
)
