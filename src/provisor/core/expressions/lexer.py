"""Cuts the text of an expression into tokens."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

from provisor.core.expressions.errors import ExpressionSyntaxError, Position

STRAIGHT_QUOTES = 'Text is written between straight double quotes: "text".'
CONCATENATION = (
    'There is no operator for joining texts: write Join("", first, second) or Append(first, second).'
)
NESTED_CONDITIONS = "There is no AND, OR or NOT between conditions: nest IIF in its second argument for AND, in its third for OR."


class TokenKind(enum.Enum):
    """What a token is."""

    NAME = "name"
    ATTRIBUTE = "attribute"
    TEXT = "text"
    NUMBER = "number"
    OPERATOR = "operator"
    OPEN = "open"
    CLOSE = "close"
    COMMA = "comma"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A piece of the text; `text` is as written, quotes and brackets included."""

    kind: TokenKind
    text: str
    position: Position


_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<name>[^\W\d]\w*)
  | (?P<attribute>\[[^\]]+\])
  | (?P<text>"(?:[^"\\]|\\.)*")
  | (?P<number>-?[0-9]+(?![0-9]|\.[0-9])|&[Hh][0-9A-Fa-f]+)
  | (?P<operator><>|>=|<=|=|>|<)
  | (?P<open>\()
  | (?P<close>\))
  | (?P<comma>,)
    """,
    re.VERBOSE | re.DOTALL,
)

_DECIMAL_FRACTION = re.compile(r"-?[0-9]+\.[0-9]+")

_ODD_CHARACTERS = {
    **dict.fromkeys("'`\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb", STRAIGHT_QUOTES),
    **dict.fromkeys("&+", CONCATENATION),
    **dict.fromkeys("!|", NESTED_CONDITIONS),
    ";": "Arguments are separated by commas.",
    "%": 'Parameters such as %name% belong to Entra Connect: write an attribute as [name] and text as "text".',
    "]": "This bracket closes nothing: an attribute is written [name].",
    "$": 'Variables belong to Entra Connect: write an attribute as [name] and text as "text".',
}


def tokens(text: str) -> Iterator[Token]:
    """The tokens of the text, the last one of kind `END`. Raises `ExpressionSyntaxError`."""
    offset, line, line_start = 0, 1, 0
    while offset < len(text):
        position = Position(line=line, column=offset - line_start + 1)
        found = _TOKEN.match(text, offset)
        if found is None or found.lastgroup is None:
            raise _unreadable(text, offset, position)
        if found.lastgroup != "space":
            yield Token(kind=TokenKind(found.lastgroup), text=found.group(), position=position)
        if breaks := found.group().count("\n"):
            line += breaks
            line_start = text.rindex("\n", offset, found.end()) + 1
        offset = found.end()
    yield Token(kind=TokenKind.END, text="", position=Position(line=line, column=offset - line_start + 1))


def text_of(token: Token) -> str:
    r"""What a text token means: `\"` and `\\` are escapes, any other backslash stands for itself."""
    return re.sub(r'\\(["\\])', r"\1", token.text[1:-1])


def _unreadable(text: str, offset: int, position: Position) -> ExpressionSyntaxError:
    character = text[offset]
    if character == '"':
        return ExpressionSyntaxError(
            "This text has no closing quote",
            position=position,
            hint=r"Close it with a double quote; inside the text a quote is written \" and a backslash \\.",
        )
    if character == "[":
        message = (
            "An attribute without a name"
            if text[offset + 1 : offset + 2] == "]"
            else "This attribute has no closing bracket"
        )
        return ExpressionSyntaxError(message, position=position, hint="An attribute is written [name].")
    if fraction := _DECIMAL_FRACTION.match(text, offset):
        return ExpressionSyntaxError(
            f"{fraction.group()} is not a whole number",
            position=position,
            hint=f'Write it between quotes: "{fraction.group()}".',
        )
    return ExpressionSyntaxError(
        f"{character} means nothing here",
        position=position,
        hint=_ODD_CHARACTERS.get(character, ""),
    )
