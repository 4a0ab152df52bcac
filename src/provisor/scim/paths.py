"""Attribute paths in mapping spelling (Entra: SCIM target names; RFC 7644 section 3.5.2, `PATH`).

    userName                                     a simple attribute
    name.givenName                               a sub-attribute
    emails[type eq "work"].value                 one element of a multi-valued attribute
    urn:ietf:…:extension:enterprise:2.0:User:department    an attribute of an extension

A filter holds `eq` terms joined by `and`, with string or boolean literals: exactly what an element can be made from.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass, field
from typing import Final

from provisor.scim import urns

_NAME: Final = re.compile(r"\$ref|[A-Za-z][A-Za-z0-9_-]*")
_TERM_OPERATOR: Final = re.compile(r"\s+eq\s+", re.IGNORECASE)
_CONJUNCTION: Final = re.compile(r"\s+and\s+", re.IGNORECASE)
_BOOLEAN: Final = re.compile(r"true|false", re.IGNORECASE)
_BLANK: Final = re.compile(r"\s*")
_URN_PREFIX: Final = "urn:"
_CORE_PREFIX: Final = urns.CORE_PREFIX.lower()


class InvalidPath(ValueError):  # noqa: N818 - the name is part of the agreed vocabulary
    """A text that is no attribute path; `position` is where reading stopped, from 0."""

    def __init__(self, text: str, position: int, expected: str) -> None:
        super().__init__(f"“{text}” is not an attribute path: expected {expected} at position {position}.")
        self.text = text
        self.position = position
        self.expected = expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One `attribute eq value` of a filter."""

    attribute: str
    value: str | bool

    def __str__(self) -> str:
        return f"{self.attribute} eq {json.dumps(self.value, ensure_ascii=False)}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AttributePath:
    """Where a value lives in a resource.

    Two paths are equal where SCIM takes them for the same: attribute names, URNs and filter literals in any case, and
    `"True"` for `true`. `str` gives back the spelling it was made from.
    """

    attribute: str
    schema: str | None = None
    terms: tuple[Term, ...] = ()
    sub_attribute: str | None = None
    extension: str | None = field(init=False, repr=False)
    """The URN of the extension that the attribute belongs to; `None` for the core schema, however spelt."""
    lowered: str = field(init=False, repr=False)
    """The attribute's name in lower case."""
    leaf: str = field(init=False, repr=False)
    """The last name of the path, in lower case."""
    container: tuple[object, ...] = field(init=False, repr=False)
    """What tells the element or complex attribute that holds the value from others; equal for siblings."""
    key: tuple[object, ...] = field(init=False, repr=False)
    """What makes two paths the same."""

    def __post_init__(self) -> None:
        schema = None if self.schema is None else self.schema.lower()
        if schema is not None and schema.startswith(_CORE_PREFIX):
            schema = None
        lowered = self.attribute.lower()
        terms = tuple(sorted((term.attribute.lower(), str(term.value).casefold()) for term in self.terms))
        container = (schema, lowered, terms)
        sub_attribute = None if self.sub_attribute is None else self.sub_attribute.lower()
        computed = {
            "extension": None if schema is None else self.schema,
            "lowered": lowered,
            "leaf": sub_attribute or lowered,
            "container": container,
            "key": (*container, sub_attribute),
        }
        for name, value in computed.items():
            object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        return self.key == other.key if isinstance(other, AttributePath) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.key)

    def __str__(self) -> str:
        text = self.attribute if self.schema is None else f"{self.schema}:{self.attribute}"
        if self.terms:
            text += "[" + " and ".join(map(str, self.terms)) + "]"
        return text if self.sub_attribute is None else f"{text}.{self.sub_attribute}"

    def with_json_terms(self) -> AttributePath:
        """The same path with the text `"True"` of a filter on `primary` as the boolean that it is (RFC 7643, 2.4)."""
        terms = tuple(
            Term(attribute=term.attribute, value=str(term.value).lower() == "true")
            if term.attribute.lower() == "primary" and str(term.value).lower() in ("true", "false")
            else term
            for term in self.terms
        )
        return AttributePath(
            schema=self.schema, attribute=self.attribute, terms=terms, sub_attribute=self.sub_attribute
        )


@functools.lru_cache(maxsize=4096)
def parse(text: str) -> AttributePath:
    """The path that a mapping spells; raises `InvalidPath` with the position of the fault."""
    schema, position = _schema(text)
    attribute, position = _name(text, position, "an attribute name")
    terms: tuple[Term, ...] = ()
    if text.startswith("[", position):
        terms, position = _filter(text, position + 1)
    sub_attribute = None
    if text.startswith(".", position):
        sub_attribute, position = _name(text, position + 1, "a sub-attribute name")
    if position != len(text):
        raise InvalidPath(
            text, position, "“.”, “[” or the end" if not (terms or sub_attribute) else "the end"
        )
    return AttributePath(schema=schema, attribute=attribute, terms=terms, sub_attribute=sub_attribute)


def of(path: AttributePath | str) -> AttributePath:
    """The path itself, parsed where it is given by its spelling."""
    return parse(path) if isinstance(path, str) else path


def _schema(text: str) -> tuple[str | None, int]:
    """The URN before the attribute's name, which ends at the last colon outside the filter; and where it ended."""
    if text[: len(_URN_PREFIX)].lower() != _URN_PREFIX:
        return None, 0
    bracket = text.find("[")
    colon = text.rfind(":", 0, len(text) if bracket < 0 else bracket)
    if colon < len(_URN_PREFIX):
        raise InvalidPath(
            text, len(text) if bracket < 0 else bracket, "“:” and an attribute name after the URN"
        )
    return text[:colon], colon + 1


def _name(text: str, position: int, expected: str) -> tuple[str, int]:
    match = _NAME.match(text, position)
    if match is None:
        raise InvalidPath(text, position, expected)
    return match.group(), match.end()


def _filter(text: str, position: int) -> tuple[tuple[Term, ...], int]:
    """The terms from behind the opening bracket, and the position behind the closing one."""
    terms = []
    position = _end_of_blank(text, position)
    while True:
        term, position = _term(text, position)
        terms.append(term)
        conjunction = _CONJUNCTION.match(text, position)
        if conjunction is None:
            break
        position = conjunction.end()
    position = _end_of_blank(text, position)
    if not text.startswith("]", position):
        raise InvalidPath(text, position, "“and” or “]”")
    return tuple(terms), position + 1


def _term(text: str, position: int) -> tuple[Term, int]:
    attribute, position = _name(text, position, "an attribute name to filter on")
    operator = _TERM_OPERATOR.match(text, position)
    if operator is None:
        raise InvalidPath(text, position, "“eq”, the only operator a mapping can make an element from")
    value, position = _literal(text, operator.end())
    return Term(attribute=attribute, value=value), position


def _literal(text: str, position: int) -> tuple[str | bool, int]:
    boolean = _BOOLEAN.match(text, position)
    if boolean is not None:
        return boolean.group().lower() == "true", boolean.end()
    if text.startswith('"', position):
        try:
            value, end = json.JSONDecoder().raw_decode(text, position)
        except json.JSONDecodeError as error:
            raise InvalidPath(text, error.pos, "a closed string in double quotes") from None
        return str(value), end
    raise InvalidPath(text, position, "a string in double quotes, true or false")


def _end_of_blank(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    return position if match is None else match.end()
