"""Filters, and the filters inside PATCH paths, as clients write them, in the grammar of RFC 7644.

A filter that cannot be told what it means is left as it is, so that it is refused: never answered with an empty list.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scim2_models import Attribute, InvalidFilterException

from provisor.ringcentral.protocol.tolerances import Tolerance, Tolerances
from provisor.ringcentral.protocol.vocabulary import Vocabulary

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[()\[\]]|[^\s"()\[\]]+|\s+|"', re.DOTALL)
_OPERATORS = frozenset({"eq", "ne", "co", "sw", "ew", "gt", "lt", "ge", "le"})
_NEVER_A_WORD = _OPERATORS | {"pr", "and", "or", "not", "true", "false", "null"}
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_TEXTUAL = frozenset({Attribute.Type.string, Attribute.Type.reference, Attribute.Type.date_time})


def path(text: str, vocabulary: Vocabulary, tolerances: Tolerances) -> str:
    """A PATCH path whose filter, if it has one, is in the grammar."""
    return understood(text, vocabulary, tolerances) if "[" in text else text


def understood(text: Any, vocabulary: Vocabulary, tolerances: Tolerances) -> Any:
    """A filter with texts in quotation marks and today's URNs; whatever is no text is left to be refused."""
    if not isinstance(text, str):
        return text
    tokens = _TOKEN.findall(text)
    if Tolerance.LEGACY_URN_ALIASES in tolerances:
        tokens = [each if each.startswith('"') else vocabulary.without_legacy(each) for each in tokens]
    if Tolerance.UNQUOTED_FILTER_LITERALS in tolerances:
        tokens = _quoted(tokens, vocabulary)
    return "".join(tokens)


def _quoted(tokens: list[str], vocabulary: Vocabulary) -> list[str]:
    """The tokens with a bare word after an operator made a text, and a number where the attribute is a text."""
    made = list(tokens)
    for comparison in _comparisons(tokens):
        literal = tokens[comparison.literal]
        if not _is_word(literal):
            continue
        declared = vocabulary.find(comparison.attribute)
        is_textual = declared is None or declared.is_complex or declared.type in _TEXTUAL
        if not is_textual or (declared is None and _NUMBER.fullmatch(literal)):
            continue
        made[comparison.literal] = '"' + literal.replace("\\", "\\\\") + '"'
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comparison:
    """An attribute by its full name, and the position of what it is compared with."""

    attribute: str
    literal: int


def _comparisons(tokens: list[str]) -> Iterator[_Comparison]:
    """Every comparison: a name in brackets, or after them, belongs to the attribute before them."""
    selected, is_within, before = "", False, ("", "")
    for index, word in enumerate(tokens):
        if word.isspace():
            continue
        name, operator = before
        if operator.casefold() in _OPERATORS:
            is_part = selected and (is_within or name.startswith("."))
            yield _Comparison(
                attribute=f"{selected}.{name.removeprefix('.')}" if is_part else name, literal=index
            )
        if word == "[":
            selected, is_within = operator, True
        elif word == "]":
            is_within = False
        before = (operator, word)


def _is_word(token: str) -> bool:
    return not set(token) & set("\"'()[]") and token.casefold() not in _NEVER_A_WORD


def check(text: Any, vocabulary: Vocabulary, tolerances: Tolerances) -> None:
    """Refuse a filter that the grammar of RFC 7644 does not have, where that is not tolerated.

    :raises InvalidFilterException: for a sub-attribute after a value path, the bare name of a list of objects, or a
        text where the attribute is a boolean.
    """
    if not isinstance(text, str):
        return
    tokens = [each for each in _TOKEN.findall(text) if not each.isspace()]
    if Tolerance.FILTER_VALUE_PATH_SUB_ATTRIBUTE not in tolerances and any(
        one == "]" and other.startswith(".") for one, other in itertools.pairwise(tokens)
    ):
        raise InvalidFilterException(
            detail="a filter has no sub-attribute after a value path: write it inside"
        )
    check_path(text, vocabulary, tolerances)


def check_path(text: str, vocabulary: Vocabulary, tolerances: Tolerances) -> None:
    """The same for the filter inside a PATCH path, after which a sub-attribute may well stand.

    :raises InvalidFilterException: for the bare name of a list of objects, or a text where the attribute is a boolean.
    """
    tokens = _TOKEN.findall(text)
    for comparison in _comparisons(tokens):
        name = comparison.attribute
        declared = vocabulary.find(name)
        if declared is None:
            continue
        if Tolerance.MULTI_VALUED_BARE_NAME not in tolerances and declared.is_list and declared.is_complex:
            raise InvalidFilterException(detail=f"{name!r} has objects as its values: name a sub-attribute")
        is_text = tokens[comparison.literal].startswith('"')
        is_boolean = declared.type is Attribute.Type.boolean
        if Tolerance.BOOLEAN_STRINGS not in tolerances and is_boolean and is_text:
            raise InvalidFilterException(
                detail=f"{name!r} is compared with true or false, without quotation marks"
            )
