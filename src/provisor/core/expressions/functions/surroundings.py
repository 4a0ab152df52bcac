"""Functions whose result comes from outside the object: the time, chance, and facts about the tenant."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator, Sequence

from provisor.core.expressions import circumstances, dates, signatures
from provisor.core.expressions.errors import ArgumentProblem
from provisor.core.expressions.signatures import (
    Eager,
    Function,
    Lazy,
    Operand,
    Origin,
    Parameter,
    Presence,
    Scope,
    Stability,
    Takes,
    Yields,
)
from provisor.core.expressions.values import single, whole_number

_LONGEST_RANDOM_STRING = 256
_DIGITS = "0123456789"
_SPECIAL = "~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/"
"""The special characters of Windows' rules for passwords."""
_CAPITAL = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SMALL = _CAPITAL.lower()

_calls = itertools.count(1)
"""Gives each call a number, so that two calls of one object have different luck."""


def _now(_: Sequence[Operand]) -> Operand:
    return signatures.varying(lambda scope: dates.canonical(circumstances.now(scope)), Yields.TEXT)


def _default_domain(_: Sequence[Operand]) -> Operand:
    return signatures.varying(circumstances.default_domain, Yields.TEXT)


def _by_chance(draw: Callable[[Iterator[int], Sequence[str | None]], str]) -> Lazy:
    """A function that draws its result, its arguments being single texts."""

    def build(operands: Sequence[Operand]) -> Operand:
        salt = str(next(_calls))

        def drawn(scope: Scope) -> str:
            arguments = [single(operand.run(scope)) for operand in operands]
            return draw(circumstances.chance(scope, salt), arguments)

        return signatures.varying(drawn, Yields.TEXT)

    return Lazy(build=build)


def _guid(chance: Iterator[int], _: Sequence[str | None]) -> str:
    return str(uuid.UUID(int=next(chance) << 64 | next(chance), version=4))


def _random_num(chance: Iterator[int], arguments: Sequence[str | None]) -> str:
    start, end = (_required(each) for each in arguments)
    if start > end:
        raise ArgumentProblem(f"the interval from {start} to {end} is empty")
    return str(start + next(chance) % (end - start + 1))


def _random_string(chance: Iterator[int], arguments: Sequence[str | None]) -> str:
    *numbers, avoided = arguments
    length, *least = (_required(each) for each in numbers)
    classes = _classes(length, least, avoided or "")
    drawn = [
        _one_of(letters, chance) for letters, count in zip(classes, least, strict=True) for _ in range(count)
    ]
    everything = "".join(classes)
    drawn += [_one_of(everything, chance) for _ in range(length - len(drawn))]
    for place in range(len(drawn) - 1, 0, -1):
        other = next(chance) % (place + 1)
        drawn[place], drawn[other] = drawn[other], drawn[place]
    return "".join(drawn)


def _classes(length: int, least: Sequence[int], avoided: str) -> list[str]:
    """The digits, special, capital and small letters that may be used. Raises `ArgumentProblem`."""
    if not 0 <= length <= _LONGEST_RANDOM_STRING:
        raise ArgumentProblem(f"Length must be between 0 and {_LONGEST_RANDOM_STRING}, and is {length}")
    if min(least) < 0 or sum(least) > length:
        raise ArgumentProblem(f"the minimums come to {sum(least)} characters, and Length is {length}")
    classes = [
        "".join(letter for letter in letters if letter not in avoided)
        for letters in (_DIGITS, _SPECIAL, _CAPITAL, _SMALL)
    ]
    if any(count and not letters for count, letters in zip(least, classes, strict=True)) or not any(classes):
        raise ArgumentProblem("CharactersToAvoid leaves none of the characters that are required")
    return classes


def _one_of(letters: str, chance: Iterator[int]) -> str:
    return letters[next(chance) % len(letters)]


def _required(text: str | None) -> int:
    if text is None:
        raise ArgumentProblem("a whole number is expected, not null")
    return whole_number(text)


def _number(name: str) -> Parameter:
    return Parameter(name=name, takes=Takes.WHOLE_NUMBER)


def _error(text: str | None) -> str:
    raise ArgumentProblem(text or "the expression asks for this object to fail")


FUNCTIONS = (
    Function(
        name="DefaultDomain",
        meaning="The default domain, as the application's setting defaultDomain says.",
        implementation=Lazy(build=_default_domain),
    ),
    Function(
        name="Guid",
        meaning="A new random GUID; for mappings that apply only when an account is created.",
        stability=Stability.VOLATILE,
        implementation=_by_chance(_guid),
    ),
    Function(
        name="Now",
        meaning="The date and time in UTC, the same for all attributes of an object.",
        stability=Stability.VOLATILE,
        implementation=Lazy(build=_now),
    ),
    Function(
        name="RandomString",
        meaning="A random text with at least so many digits, special, capital and small characters.",
        stability=Stability.VOLATILE,
        parameters=(
            _number("Length"),
            _number("MinimumNumbers"),
            _number("MinimumSpecialCharacters"),
            _number("MinimumCapital"),
            _number("MinimumLowerCase"),
            Parameter(name="CharactersToAvoid", presence=Presence.OPTIONAL),
        ),
        implementation=_by_chance(_random_string),
    ),
    Function(
        name="Error",
        meaning="Fails the object with this message.",
        origin=Origin.HERITAGE,
        parameters=(Parameter(name="message"),),
        implementation=Eager(apply=_error),
    ),
    Function(
        name="RandomNum",
        meaning="A random whole number from start to end, both included.",
        origin=Origin.HERITAGE,
        stability=Stability.VOLATILE,
        parameters=(_number("start"), _number("end")),
        implementation=_by_chance(_random_num),
    ),
)
