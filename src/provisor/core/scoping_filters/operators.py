"""The operators of scoping filters, as data (Graph: `filterOperatorSchema`).

Source: Entra, *Scoping users or groups to be provisioned with scoping filters*. Operators of ours are marked as such.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from provisor.core.expressions import spelling


class Operator(enum.StrEnum):
    """Operators by their names in a schema document (`filterClause.operatorName`)."""

    EQUALS = "EQUALS"
    NOT_EQUALS = "NOT EQUALS"
    INCLUDES = "Includes"
    ENDS_WITH = "ENDS_WITH"
    REGEX_MATCH = "REGEX MATCH"
    NOT_REGEX_MATCH = "NOT REGEX MATCH"
    GREATER_THAN = "Greater_Than"
    GREATER_THAN_OR_EQUALS = "Greater_Than_OR_EQUALS"
    IS_TRUE = "IS TRUE"
    IS_FALSE = "IS FALSE"
    IS_NULL = "IS NULL"
    IS_NOT_NULL = "IS NOT NULL"
    WITHIN = "&"
    NOT_WITHIN = "!&"
    EQUALS_IGNORE_CASE = "EQUALS IGNORE CASE"
    NOT_EQUALS_IGNORE_CASE = "NOT EQUALS IGNORE CASE"
    INCLUDES_IGNORE_CASE = "Includes IGNORE CASE"
    STARTS_WITH = "STARTS_WITH"
    IS_BEFORE = "IS BEFORE"
    IS_AFTER = "IS AFTER"
    IS_MEMBER_OF = "IsMemberOf"
    NOT_MEMBER_OF = "NOT IsMemberOf"


class Arity(enum.StrEnum):
    """How many sides a comparison has (Graph: `scopeOperatorType`)."""

    UNARY = "Unary"
    BINARY = "Binary"


class Provenance(enum.StrEnum):
    """Where an operator comes from."""

    ENTRA = "entra"
    PROVISOR = "provisor"


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorDefinition:
    """One operator: what it takes, and when it is true of an attribute that has a value.

    `negative` operators hold where none of several operands applies, the others where one of them does.
    """

    operator: Operator
    arity: Arity
    types: tuple[str, ...]
    meaning: str
    negative: bool = False
    provenance: Provenance = Provenance.ENTRA


_STRING = ("String",)
_COMPARABLE = ("String", "Integer", "Boolean", "DateTime", "Reference")
_TEXTUAL = ("String", "Reference")
_ANY = ("String", "Integer", "Boolean", "DateTime", "Reference", "Binary")
_DATE = ("String", "DateTime")
_NUMBER = ("String", "Integer")


def _entra(
    operator: Operator, types: tuple[str, ...], meaning: str, *, arity: Arity = Arity.BINARY
) -> OperatorDefinition:
    negative = operator.startswith(("NOT ", "!"))
    return OperatorDefinition(operator=operator, arity=arity, types=types, meaning=meaning, negative=negative)


def _ours(operator: Operator, types: tuple[str, ...], meaning: str) -> OperatorDefinition:
    return OperatorDefinition(
        operator=operator,
        arity=Arity.BINARY,
        types=types,
        meaning=meaning,
        negative=operator.startswith("NOT "),
        provenance=Provenance.PROVISOR,
    )


_UNARY = Arity.UNARY

OPERATORS: Mapping[Operator, OperatorDefinition] = MappingProxyType(
    {
        item.operator: item
        for item in (
            _entra(Operator.EQUALS, _COMPARABLE, "the value is exactly the operand"),
            _entra(Operator.NOT_EQUALS, _COMPARABLE, "the value is not the operand"),
            _entra(Operator.INCLUDES, _TEXTUAL, "the value contains the operand"),
            _entra(Operator.ENDS_WITH, _TEXTUAL, "the value ends with the operand"),
            _entra(Operator.REGEX_MATCH, _TEXTUAL, "the regular expression matches somewhere in the value"),
            _entra(Operator.NOT_REGEX_MATCH, _TEXTUAL, "the regular expression matches nowhere in the value"),
            _entra(Operator.GREATER_THAN, _NUMBER, "the value is a greater whole number than the operand"),
            _entra(
                Operator.GREATER_THAN_OR_EQUALS,
                _NUMBER,
                "the value is a whole number, the operand or greater",
            ),
            _entra(Operator.IS_TRUE, ("Boolean", "String"), "the value is true", arity=_UNARY),
            _entra(Operator.IS_FALSE, ("Boolean", "String"), "the value is false", arity=_UNARY),
            _entra(Operator.IS_NULL, _ANY, "the attribute has no value, or an empty one", arity=_UNARY),
            _entra(Operator.IS_NOT_NULL, _ANY, "the attribute has a value", arity=_UNARY),
            _entra(Operator.WITHIN, _STRING, "the value occurs inside the operand"),
            _entra(Operator.NOT_WITHIN, _STRING, "the value does not occur inside the operand"),
            _ours(Operator.EQUALS_IGNORE_CASE, _TEXTUAL, "the value is the operand, whatever the case"),
            _ours(
                Operator.NOT_EQUALS_IGNORE_CASE, _TEXTUAL, "the value is not the operand, whatever the case"
            ),
            _ours(
                Operator.INCLUDES_IGNORE_CASE, _TEXTUAL, "the value contains the operand, whatever the case"
            ),
            _ours(Operator.STARTS_WITH, _TEXTUAL, "the value begins with the operand"),
            _ours(
                Operator.IS_BEFORE, _DATE, "the value is a date before the operand (a date, or now±N d, h, w)"
            ),
            _ours(
                Operator.IS_AFTER, _DATE, "the value is a date after the operand (a date, or now±N d, h, w)"
            ),
            _ours(Operator.IS_MEMBER_OF, ("Reference",), "is a direct member of the group, by name or id"),
            _ours(Operator.NOT_MEMBER_OF, ("Reference",), "is no direct member of the group, by name or id"),
        )
    }
)
"""Every operator by its name."""

NUMERIC = frozenset({Operator.GREATER_THAN, Operator.GREATER_THAN_OR_EQUALS})
REGULAR = frozenset({Operator.REGEX_MATCH, Operator.NOT_REGEX_MATCH})
DATED = frozenset({Operator.IS_BEFORE, Operator.IS_AFTER})
OF_GROUPS = frozenset({Operator.IS_MEMBER_OF, Operator.NOT_MEMBER_OF})


def find(name: str) -> Operator | None:
    """The operator of that name, whatever its case and with or without the blanks and underscores in it."""
    return _BY_SPELLING.get(_spelling(name))


def nearest(name: str) -> str:
    """A sentence that proposes the operator that was probably meant, empty where none is near."""
    return spelling.did_you_mean(name, [item.value for item in Operator])


def _spelling(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter not in " _-")


_BY_SPELLING = {_spelling(item.value): item for item in Operator}
