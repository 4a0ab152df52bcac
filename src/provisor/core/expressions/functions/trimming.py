"""Functions that take from, or add to, the ends of a text."""

from __future__ import annotations

from provisor.core.expressions.errors import ArgumentProblem, shown
from provisor.core.expressions.signatures import Eager, Function, Origin, Parameter, Takes, Yields
from provisor.core.expressions.values import LONGEST_TEXT, Computed


def _right(source: str | None, count: int) -> str:
    """A negative count leaves the source as it is."""
    if source is None or count == 0:
        return ""
    return source if count < 0 else source[-count:]


def _trim(value: Computed) -> Computed:
    if isinstance(value, tuple):
        return tuple(each.strip() for each in value)
    return None if value is None else value.strip()


def _trim_left(value: str | None) -> str | None:
    return None if value is None else value.lstrip()


def _trim_right(value: str | None) -> str | None:
    return None if value is None else value.rstrip()


def _pad_left(source: str | None, length: int, character: str | None) -> str:
    return "" if source is None else _padding(source, length, character) + source


def _pad_right(source: str | None, length: int, character: str | None) -> str:
    return "" if source is None else source + _padding(source, length, character)


def _padding(source: str, length: int, character: str | None) -> str:
    if character is None or len(character) != 1:
        raise ArgumentProblem(f"padCharacter must be one character, and is {shown(character)}")
    if length > LONGEST_TEXT:
        raise ArgumentProblem(f"length must be at most {LONGEST_TEXT:,}, and is {length}")
    return character * (length - len(source))


_VALUE = Parameter(name="value")
_PADDED = (
    Parameter(name="string"),
    Parameter(name="length", takes=Takes.WHOLE_NUMBER),
    Parameter(name="padCharacter"),
)

FUNCTIONS = (
    Function(
        name="Trim",
        meaning="The text without white space at its ends; of a list, each value.",
        origin=Origin.HERITAGE,
        parameters=(Parameter(name="value", takes=Takes.VALUE),),
        implementation=Eager(apply=_trim, yields=Yields.ANY),
    ),
    Function(
        name="LTrim",
        meaning="The text without white space at its beginning.",
        origin=Origin.HERITAGE,
        parameters=(_VALUE,),
        implementation=Eager(apply=_trim_left),
    ),
    Function(
        name="RTrim",
        meaning="The text without white space at its end.",
        origin=Origin.HERITAGE,
        parameters=(_VALUE,),
        implementation=Eager(apply=_trim_right),
    ),
    Function(
        name="PadLeft",
        meaning="The text with a character in front of it until it is long enough.",
        origin=Origin.HERITAGE,
        parameters=_PADDED,
        implementation=Eager(apply=_pad_left),
    ),
    Function(
        name="PadRight",
        meaning="The text with a character behind it until it is long enough.",
        origin=Origin.HERITAGE,
        parameters=_PADDED,
        implementation=Eager(apply=_pad_right),
    ),
    Function(
        name="Right",
        meaning="The last characters of a text.",
        origin=Origin.HERITAGE,
        parameters=(Parameter(name="String"), Parameter(name="NumChars", takes=Takes.WHOLE_NUMBER)),
        implementation=Eager(apply=_right),
    ),
)
