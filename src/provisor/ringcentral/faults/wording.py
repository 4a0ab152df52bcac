"""The pieces of a fault's text: tokens with their columns, what was given by name, and errors that point at it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


class FaultSyntaxError(ValueError):
    """A fault that cannot be understood. `column` counts characters of its text from 1."""

    def __init__(self, message: str, *, text: str, column: int, hint: str = "") -> None:
        self.message = message
        self.text = text
        self.column = column
        self.hint = hint
        """What to write instead, or the empty string."""
        super().__init__(f"The fault {text!r}, column {column}: {message}." + (f" {hint}" if hint else ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A value by its name, and the column where it was written."""

    name: str
    value: str
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word, number, path or comma. `column` is where it begins."""

    text: str
    column: int

    @property
    def folded(self) -> str:
        return self.text.casefold()


_TOKEN = re.compile(r"\s*(?:(?P<token>,|/[^\s,]*|[+-]?\d[\w.]*%?|%|[^\W\d][\w/.+;=*-]*)|(?P<end>$))")
_PAIR = re.compile(r"\s*(?P<name>[^\W\d][\w-]*)\s*=\s*(?P<value>[^,]*?)\s*(?:,|$)")


def is_in_pairs(text: str) -> bool:
    """Whether a text is written as `name=value` pairs rather than in words."""
    return re.match(r"\s*[^\W\d][\w-]*\s*=", text) is not None


def tokens(text: str) -> Iterator[Token]:
    """The words of a text; commas are tokens of their own. Raises `FaultSyntaxError` at a character that begins none."""
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            column = place + len(text[place:]) - len(text[place:].lstrip()) + 1
            raise FaultSyntaxError(
                f"{text[column - 1]!r} begins no word, number or path", text=text, column=column
            )
        if match["token"] is not None:
            yield Token(text=match["token"], column=match.start("token") + 1)
        place = match.end()


def pairs(text: str) -> Iterator[Given]:
    """The `name=value` pairs of a text. Raises `FaultSyntaxError` where something else stands."""
    place = 0
    while place < len(text):
        match = _PAIR.match(text, place)
        if match is None:
            column = place + len(text[place:]) - len(text[place:].lstrip()) + 1
            raise FaultSyntaxError(
                "name=value is expected here",
                text=text,
                column=column,
                hint="Separate them with commas: kind=status,status=503,rate=5%.",
            )
        yield Given(
            name=match["name"].casefold().replace("_", "-"),
            value=match["value"],
            column=match.start("value" if match["value"] else "name") + 1,
        )
        place = match.end()


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """A sentence that proposes the nearest known word, or names those there are where none is near."""
    by_folded = {word.casefold(): word for word in known}
    nearest = difflib.get_close_matches(written.casefold(), by_folded, n=1, cutoff=0.6)
    if nearest:
        return f"Did you mean {by_folded[nearest[0]]}?"
    return f"There are: {', '.join(by_folded.values())}."
