"""Turns a checked tree into one callable, so that evaluating it for an object touches the tree no more."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, TypeAlias, assert_never

from provisor.core.expressions import casing, checking, comparing, signatures
from provisor.core.expressions.errors import ArgumentProblem, DropSignal, ExpressionError, SkipSignal
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
from provisor.core.expressions.tree import Attribute, Call, Comparison, Constant, Keyword, Node, Omitted, Word
from provisor.core.expressions.values import (
    Computed,
    boolean,
    compare_method,
    computed,
    is_true,
    single,
    whole_number,
)

_NOTHING: Scope = {}
_SINGLE = (Yields.NULL, Yields.BOOLEAN, Yields.TEXT)


Observer: TypeAlias = Callable[[Node, Operand], Operand]
"""Sees every part of an expression as it is compiled, and may put another in its place."""


def _unobserved(_: Node, built: Operand) -> Operand:
    return built


def operand(node: Node, observe: Observer = _unobserved) -> Operand:
    """The compiled form of the node. Its evaluator raises `ExpressionError`, `DropSignal` and `SkipSignal`, nothing else."""
    return observe(node, _built(node, observe))


def _built(node: Node, observe: Observer) -> Operand:  # noqa: PLR0911 - one return a kind of node
    match node:
        case Constant(value=value):
            return _constant(value)
        case Omitted():
            return _constant(None)
        case Attribute(name=name):
            return dataclasses.replace(
                signatures.varying(_read(name), Yields.ANY), run_single=_read_single(name)
            )
        case Keyword(word=Word.IGNORE_ATTRIBUTE_FLOW):
            return signatures.varying(_drop, Yields.NULL)
        case Keyword(word=Word.IGNORE_OBJECT_FLOW):
            return signatures.varying(_skip, Yields.NULL)
        case Keyword(word=word):
            return _constant(word.value)
        case Comparison(left=left, operator=asked, right=right):
            first, second = operand(left, observe), operand(right, observe)
            test = comparing.comparison(first, asked, second)
            return Operand(
                run=lambda scope: boolean(test(scope)),
                test=test,
                constant=first.constant and second.constant,
                yields=Yields.BOOLEAN,
            )
        case Call():
            return _call(node, observe)
        case _:
            assert_never(node)


def _constant(value: str | None) -> Operand:
    truth = is_true(value)
    return Operand(run=lambda _: value, test=lambda _: truth, constant=True, yields=_yields(value))


def _yields(value: str | None) -> Yields:
    match value:
        case None:
            return Yields.NULL
        case "True" | "False":
            return Yields.BOOLEAN
        case _:
            return Yields.TEXT


def _read(name: str) -> Evaluator:
    def read(scope: Scope) -> Computed:
        value = scope.get(name)
        return value if value.__class__ is str else computed(value)

    return read


def _read_single(name: str) -> Callable[[Scope], str | None]:
    def read_single(scope: Scope) -> str | None:
        value = scope.get(name)
        return value if value.__class__ is str else single(computed(value))

    return read_single


def _drop(_: Scope) -> Computed:
    raise DropSignal


def _skip(_: Scope) -> Computed:
    raise SkipSignal


def _call(call: Call, observe: Observer) -> Operand:
    function = checking.function_of(call)
    operands = [operand(argument, observe) for argument in call.arguments]
    operands += [_constant(None)] * (len(function.parameters) - len(operands))
    match function.implementation:
        case Eager(apply=apply, yields=yields, choose=choose):
            chosen = choose(call.arguments) if choose is not None else apply
            run = _apply(call, function, chosen, operands)
        case Lazy(build=build):
            built = build(operands)
            run, yields = _located(call, function, built.run, operands), built.yields
        case _:
            assert_never(function.implementation)
    guarded = signatures.varying(run, yields)
    return _folded(guarded) if all(each.constant for each in operands) else guarded


def _folded(call: Operand) -> Operand:
    """The text itself where it can be had; what fails or drops is left to fail or drop at its turn."""
    try:
        value = call.run(_NOTHING)
    except (ExpressionError, DropSignal, SkipSignal):
        return call
    return call if isinstance(value, tuple) else _constant(value)


def _apply(
    call: Call, function: Function, apply: Callable[..., Computed], operands: list[Operand]
) -> Evaluator:
    """Evaluates the arguments and applies the function to them; written out for the usual numbers of arguments."""
    arguments = [_convert(function.parameter(index), each) for index, each in enumerate(operands)]
    rest = _constants(arguments[1:], operands[1:])
    if rest is not None:
        (first, *_) = arguments

        def apply_to_first(scope: Scope) -> Computed:
            try:
                return apply(first(scope), *rest)
            except ArgumentProblem as problem:
                raise _failure(call, function, operands, scope, problem) from None

        return apply_to_first
    if len(arguments) == 2:
        first, second = arguments

        def apply_to_two(scope: Scope) -> Computed:
            try:
                return apply(first(scope), second(scope))
            except ArgumentProblem as problem:
                raise _failure(call, function, operands, scope, problem) from None

        return apply_to_two

    def apply_to_all(scope: Scope) -> Computed:
        try:
            return apply(*[evaluate(scope) for evaluate in arguments])
        except ArgumentProblem as problem:
            raise _failure(call, function, operands, scope, problem) from None

    return apply_to_all


def _constants(arguments: list[Callable[[Scope], Any]], operands: list[Operand]) -> list[Any] | None:
    """The arguments themselves where all of them are constant and can be had, else null."""
    if not all(each.constant for each in operands):
        return None
    try:
        return [evaluate(_NOTHING) for evaluate in arguments]
    except ArgumentProblem:
        return None


def _convert(parameter: Parameter, given: Operand) -> Callable[[Scope], Any]:
    """Evaluates the argument into what the parameter takes; raises `ArgumentProblem` where it does not fit."""
    evaluate = given.run
    if parameter.reader is not None:
        return _read_by(parameter.reader, given)
    match parameter.takes:
        case Takes.VALUE | Takes.APP_ROLE_ASSIGNMENTS:
            return evaluate
        case Takes.TEXT | Takes.CONDITION:
            many = given.yields not in _SINGLE
            return given.run_single or (_one_text(evaluate) if many else evaluate)
        case Takes.WHOLE_NUMBER:
            return lambda scope: _as_whole_number(parameter, evaluate(scope))
        case Takes.CULTURE:
            return lambda scope: _as_culture(evaluate(scope))
        case Takes.COMPARE_METHOD:
            return _read_by(compare_method, given)
        case _:
            assert_never(parameter.takes)


def _read_by(reader: Callable[[str], Any], given: Operand) -> Callable[[Scope], Any]:
    """A constant is read once; `checking` has seen that it can be."""
    evaluate = given.run

    def read(scope: Scope) -> Any:
        text = single(evaluate(scope))
        return None if text is None else reader(text)

    if not given.constant:
        return read
    try:
        value = read(_NOTHING)
    except ArgumentProblem:
        return read
    return lambda _: value


def _one_text(evaluate: Evaluator) -> Callable[[Scope], str | None]:
    def one_text(scope: Scope) -> str | None:
        value = evaluate(scope)
        return value if value.__class__ is str else single(value)

    return one_text


def _as_whole_number(parameter: Parameter, value: Computed) -> int | None:
    text = single(value)
    if text is not None:
        return whole_number(text)
    if parameter.presence is Presence.OPTIONAL:
        return None
    raise ArgumentProblem(f"{parameter.name} must be a whole number, and is null")


def _as_culture(value: Computed) -> str | None:
    culture = single(value)
    if culture:
        casing.language_of(culture)
    return culture


def _located(call: Call, function: Function, run: Evaluator, operands: list[Operand]) -> Evaluator:
    """The same evaluator, its argument problems turned into errors that name the function and its inputs."""

    def located(scope: Scope) -> Computed:
        try:
            return run(scope)
        except ArgumentProblem as problem:
            raise _failure(call, function, operands, scope, problem) from None

    return located


def _failure(
    call: Call, function: Function, operands: list[Operand], scope: Scope, problem: ArgumentProblem
) -> ExpressionError:
    return ExpressionError(
        str(problem),
        function=call.name,
        position=call.position,
        inputs=_inputs(function, operands, scope),
    )


def _inputs(function: Function, operands: list[Operand], scope: Scope) -> list[tuple[str, Computed]]:
    """The arguments that the function was given; branches that it may not have taken are left out."""
    inputs: list[tuple[str, Computed]] = []
    for index, each in enumerate(operands):
        parameter = function.parameter(index)
        if parameter.evaluation is Evaluation.EAGER:
            try:
                inputs.append((parameter.name, each.run(scope)))
            except (ArgumentProblem, ExpressionError, DropSignal, SkipSignal):
                continue
    return inputs
