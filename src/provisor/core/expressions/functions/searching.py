"""Functions that measure a text or find something in it. Lengths count code points; the first position is 1."""

from __future__ import annotations

import re

from provisor.core.expressions import casing
from provisor.core.expressions.errors import ArgumentProblem
from provisor.core.expressions.signatures import Eager, Function, Origin, Parameter, Presence, Takes


def _len(value: str | None) -> str:
    return str(len(value or ""))


def _in_str(text: str | None, wanted: str | None, start: int | None, ignoring_case: bool | None) -> str:  # noqa: FBT001
    """0 where it is not found; an empty text is found where the search starts."""
    start = 1 if start is None else start
    if start < 1:
        raise ArgumentProblem(f"start must be 1 or more, and is {start}")
    if not text or start > len(text):
        return "0"
    text, wanted = _comparable(text, ignoring_case), _comparable(wanted or "", ignoring_case)
    return str(text.find(wanted, start - 1) + 1)


def _in_str_rev(text: str | None, wanted: str | None, start: int | None, ignoring_case: bool | None) -> str:  # noqa: FBT001
    """The last place that ends at `start` or before it; -1 or nothing means the end of the text."""
    if start is not None and (start == 0 or start < -1):
        raise ArgumentProblem(f"start must be 1 or more, or -1 for the end, and is {start}")
    if not text or (start is not None and start > len(text)):
        return "0"
    end = len(text) if start in (None, -1) else start
    text, wanted = _comparable(text, ignoring_case), _comparable(wanted or "", ignoring_case)
    return str(end if not wanted else text.rfind(wanted, 0, end) + 1)


def _comparable(text: str, ignoring_case: bool | None) -> str:  # noqa: FBT001
    return casing.lower(text, None) if ignoring_case else text


def _word(text: str | None, number: int, delimiters: str | None) -> str:
    """Delimiters in a row count as one; a text without any of them has no words."""
    if not text or number < 1 or not delimiters:
        return ""
    if not any(delimiter in text for delimiter in delimiters):
        return ""
    words = [word for word in re.split(f"[{re.escape(delimiters)}]", text) if word]
    return words[number - 1] if number <= len(words) else ""


_START = Parameter(name="start", takes=Takes.WHOLE_NUMBER, presence=Presence.OPTIONAL)
_COMPARE = Parameter(name="compareType", takes=Takes.COMPARE_METHOD, presence=Presence.OPTIONAL)

FUNCTIONS = (
    Function(
        name="InStr",
        meaning="The position of the first occurrence of a text in another, 0 if there is none.",
        parameters=(Parameter(name="value1"), Parameter(name="value2"), _START, _COMPARE),
        implementation=Eager(apply=_in_str),
    ),
    Function(
        name="Len",
        meaning="The number of characters.",
        parameters=(Parameter(name="value"),),
        implementation=Eager(apply=_len),
    ),
    Function(
        name="Word",
        meaning="One word of a text, the words being separated by any of the delimiters.",
        parameters=(
            Parameter(name="String"),
            Parameter(name="WordNumber", takes=Takes.WHOLE_NUMBER),
            Parameter(name="Delimiters"),
        ),
        implementation=Eager(apply=_word),
    ),
    Function(
        name="InStrRev",
        meaning="The position of the last occurrence of a text in another, 0 if there is none.",
        origin=Origin.HERITAGE,
        parameters=(Parameter(name="value1"), Parameter(name="value2"), _START, _COMPARE),
        implementation=Eager(apply=_in_str_rev),
    ),
)
