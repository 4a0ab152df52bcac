"""The value model: what goes into an expression, what is computed with, and what comes out.

Everything inside the language is text, a list of texts, or null. A boolean of the directory is the text `True` or
`False`, a number is its decimal text, and an attribute with an empty list is unassigned, thus null (RFC 7643, 2.5).
A list of one value stands for that value wherever one text is wanted; a longer one is an error there.
"""

from __future__ import annotations

import enum
import re
from decimal import Decimal
from typing import Final, TypeAlias

from provisor.core.expressions.errors import ArgumentProblem, shown
from provisor.core.objects import Value

Computed: TypeAlias = str | tuple[str, ...] | None
"""A value inside an expression."""


class Dropped(enum.Enum):
    """The type of `Drop`."""

    DROP = "drop"


Drop: Final = Dropped.DROP
"""Do not flow this attribute: no value, no default value, no clearing. Compare with `is`."""


class ObjectSkipped(enum.Enum):
    """The type of `SkipObject`."""

    SKIP = "skip"


SkipObject: Final = ObjectSkipped.SKIP
"""Leave the whole object alone: nothing of it flows in this cycle (`IgnoreObjectFlow`). Compare with `is`."""

Result: TypeAlias = Computed | Dropped | ObjectSkipped

TRUE: Final = "True"
FALSE: Final = "False"

_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_HEXADECIMAL = re.compile(r"&[Hh]([0-9A-Fa-f]{1,15})")


def computed(value: Value) -> Computed:
    """The directory's value in the language's own terms."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, int):
        return str(value)
    return value or None


def single(value: Computed) -> str | None:
    """The one text that the value stands for. Raises `ArgumentProblem` for a list of several."""
    if value is None or isinstance(value, str):
        return value
    if len(value) > 1:
        raise ArgumentProblem(
            f"one value is expected where {shown(value)} arrived; make one of them first, for example with Join",
        )
    return value[0] if value else None


def texts(value: Computed) -> tuple[str, ...]:
    """The value as a list, empty for null."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


def is_empty(value: Computed) -> bool:
    """Whether the value is null, the empty text, or a list of nothing else than one of these."""
    return not value or value == ("",)


def boolean(truth: bool) -> str:  # noqa: FBT001 - this is the conversion of a boolean
    """The language's spelling of a truth value."""
    return TRUE if truth else FALSE


def is_true(value: Computed) -> bool:
    """Whether the value holds as a condition: `True` in any case, or a number other than zero."""
    text = single(value)
    if not text:
        return False
    if text in (TRUE, FALSE):
        return text == TRUE
    if text.casefold() == "true":
        return True
    return bool(number(text))


def number(text: str) -> Decimal | None:
    """The number that the text spells (`-12`, `1.5`, `&H1F`), or null if it spells none.

    A leading `+` is no number, so that telephone numbers are compared as the texts they are.
    """
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    if found := _HEXADECIMAL.fullmatch(text):
        return Decimal(int(found.group(1), 16))
    return None


def whole_number(text: str) -> int:
    """The whole number that the text spells. Raises `ArgumentProblem`."""
    if _WHOLE.fullmatch(text):
        return int(text)
    if found := _HEXADECIMAL.fullmatch(text):
        return int(found.group(1), 16)
    raise ArgumentProblem(f"a whole number is expected, not {shown(text)}")


def compare_method(text: str) -> bool:
    """Whether the method of comparing ignores case. Raises `ArgumentProblem`.

    Visual Basic's numbers for the two are accepted too.
    """
    if text in ("vbTextCompare", "1"):
        return True
    if text in ("vbBinaryCompare", "0"):
        return False
    raise ArgumentProblem(f"vbTextCompare or vbBinaryCompare is expected, not {shown(text)}")


LONGEST_TEXT = 1_000_000
"""Characters that a function may make; nested calls could otherwise fill the memory."""


def integer_64(text: str) -> int:
    """The signed whole number of 64 bits that the text spells, `&H` included. Raises `ArgumentProblem`."""
    if re.fullmatch(r"-?[0-9]{1,19}", text):
        value = int(text)
    elif found := re.fullmatch(r"&[Hh]([0-9A-Fa-f]{1,16})", text):
        value = int(found.group(1), 16)
        value -= 1 << 64 if value >= 1 << 63 else 0
    else:
        raise ArgumentProblem(f"a whole number is expected, not {shown(text)}")
    if -(1 << 63) <= value < 1 << 63:
        return value
    raise ArgumentProblem(f"{shown(text)} does not fit into 64 bits")


def limited(text: str) -> str:
    """The text, unless it is longer than `LONGEST_TEXT`. Raises `ArgumentProblem`."""
    if len(text) > LONGEST_TEXT:
        raise ArgumentProblem(f"the result has more than {LONGEST_TEXT:,} characters")
    return text
