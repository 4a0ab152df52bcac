"""Scoping filters from and to their places: the `scope` of an object mapping, and clauses as a person types them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from provisor.core.errors import InvalidInputError
from provisor.core.expressions import spelling
from provisor.core.scoping_filters import comparing, operators
from provisor.core.scoping_filters.model import (
    MANAGER,
    MEMBER_OF,
    OF_MANAGER,
    Clause,
    ClauseGroup,
    MultivaluedComparison,
    ScopingFilter,
)
from provisor.core.scoping_filters.operators import OF_GROUPS, OPERATORS, Arity, Operator

Document = Mapping[str, Any]

AttributeTypes = Mapping[str, str]
"""The source attributes that a schema lists, with their types; empty where it lists none."""

_UNLISTED = ("extension_", "extensionAttribute")
_MORE_KNOWN = (
    *("ageGroup", "companyName", "consentProvidedForMinor", "creationType", "employeeHireDate", "employeeId"),
    *("employeeLeaveDateTime", "employeeType", "externalUserState", "imAddresses", "netId"),
    *("onPremisesDistinguishedName", "onPremisesDomainName", "onPremisesImmutableId"),
    *("onPremisesSamAccountName", "onPremisesSecurityIdentifier", "onPremisesUserPrincipalName"),
    *("originalUserPrincipalName", "otherMails", "preferredDataLocation", "preferredName", "proxyAddresses"),
    *("usageLocation", "userType", "accountEnabled", "IsSoftDeleted", "appRoleAssignments", "objectId"),
    *("classification", "description", "groupTypes", "mailEnabled", "visibility"),
)
"""Attributes that directories deliver and that schemas need not list, because no mapping reads them."""

_MEMBERS = "members"
_QUOTED = re.compile(r"'((?:[^']|'')*)'(?:\s*,\s*|$)")
_LONGEST_OPERATOR = 4
"""Words in the longest name of an operator."""


def parse(scope: Document | None, attributes: AttributeTypes, where: str) -> ScopingFilter:
    """The filter in the `scope` of an object mapping; one without groups lets everybody pass.

    Raises `InvalidInputError` with the place of what is missing, unknown or unusable, and what to write instead.
    """
    if scope is None:
        return ScopingFilter()
    if not isinstance(scope, Mapping):
        raise InvalidInputError(f"{where}: a filter with groups of clauses is expected here, or null.")
    if scope.get("categoryFilterGroups"):
        raise InvalidInputError(
            f"{where}.categoryFilterGroups: these are not evaluated here; move the clauses into groups, or into "
            "inputFilterGroups where accounts of those who fail shall be left alone."
        )
    return ScopingFilter(
        groups=_groups(scope, "groups", attributes, where),
        input_groups=_groups(scope, "inputFilterGroups", attributes, where),
    )


def clause_of(text: str, attributes: AttributeTypes) -> Clause:
    """A clause as a person types it: `city EQUALS Paris`, `manager IS NULL`, `city EQUALS 'Paris', 'Lyon'`.

    `ANY` before the operator lets one value of a multi-valued attribute be enough: `otherMails ANY ENDS_WITH .fr`.
    Raises `InvalidInputError` saying what is wrong with it.
    """
    name, _, rest = text.strip().partition(" ")
    comparison, rest = _comparison(rest.strip())
    words = rest.split()
    for count in range(min(_LONGEST_OPERATOR, len(words)), 0, -1):
        operator = operators.find(" ".join(words[:count]))
        if operator is not None:
            written = rest.strip().split(None, count)[count:]
            operands = operands_of(written[0]) if written else ()
            return _checked(
                Clause(attribute=_bare(name), operator=operator, operands=operands, comparison=comparison),
                attributes,
                f"the clause {text!r}",
            )
    raise InvalidInputError(
        f"The clause {text!r} is not understood: write ATTRIBUTE OPERATOR VALUE, such as city EQUALS Paris. "
        f"{_meant(words)}`provisor app filter operators` lists the operators."
    )


def checked_clause(clause: Clause, attributes: AttributeTypes) -> Clause:
    """The clause, if it can be used. Raises `InvalidInputError` saying why it cannot."""
    return _checked(clause, attributes, "the clause")


def to_graph(clause: Clause) -> dict[str, Any]:
    """A clause as a `filterClause`."""
    document: dict[str, Any] = {
        "operatorName": clause.operator.value,
        "sourceOperandName": clause.attribute,
        "targetOperand": {"values": list(clause.operands)},
    }
    if clause.comparison is not MultivaluedComparison.ALL:
        document["multivaluedComparisonType"] = clause.comparison.value
    return document


def _groups(scope: Document, key: str, attributes: AttributeTypes, where: str) -> tuple[ClauseGroup, ...]:
    return tuple(
        _group(item, index, attributes, f"{where}.{key}[{index}]")
        for index, item in enumerate(_list(scope.get(key), f"{where}.{key}"))
    )


def _group(item: object, index: int, attributes: AttributeTypes, where: str) -> ClauseGroup:
    document = _object(item, where)
    clauses = tuple(
        _clause(_object(each, f"{where}.clauses[{number}]"), attributes, f"{where}.clauses[{number}]")
        for number, each in enumerate(_list(document.get("clauses"), f"{where}.clauses"))
    )
    if not clauses:
        raise InvalidInputError(
            f"{where}.clauses: a group without clauses would let everybody pass; give it a clause, or remove it."
        )
    return ClauseGroup(name=str(document.get("name") or f"Filter {index + 1}"), clauses=clauses)


def _clause(item: Document, attributes: AttributeTypes, where: str) -> Clause:
    name, attribute = item.get("operatorName"), item.get("sourceOperandName")
    if not isinstance(attribute, str) or not attribute.strip():
        raise InvalidInputError(f"{where}.sourceOperandName: missing; name the attribute to compare.")
    operator = operators.find(name) if isinstance(name, str) else None
    if operator is None:
        known = ", ".join(Operator)
        raise InvalidInputError(
            f"{where}.operatorName: there is no operator {name!r}. {operators.nearest(str(name))} "
            f"Operators: {known}."
        )
    operand = item.get("targetOperand")
    values = _list(
        _object(operand or {}, f"{where}.targetOperand").get("values"), f"{where}.targetOperand.values"
    )
    comparison = item.get("multivaluedComparisonType") or MultivaluedComparison.ALL
    if comparison not in tuple(MultivaluedComparison):
        raise InvalidInputError(f"{where}.multivaluedComparisonType: {comparison!r} is neither All nor Any.")
    clause = Clause(
        attribute=_bare(attribute.strip()),
        operator=operator,
        operands=tuple(str(value) for value in values),
        comparison=MultivaluedComparison(comparison),
    )
    return _checked(clause, attributes, where)


def _checked(clause: Clause, attributes: AttributeTypes, where: str) -> Clause:
    definition = OPERATORS[clause.operator]
    _check_operands(clause, definition, where)
    for operand in clause.operands:
        try:
            comparing.question(clause.operator, operand)
        except ValueError as error:
            raise InvalidInputError(
                f"{where}: {clause.label}: {operand!r} cannot be used; {error}."
            ) from error
    _check_attribute(clause, definition, attributes, where)
    return clause


def _check_operands(clause: Clause, definition: operators.OperatorDefinition, where: str) -> None:
    if definition.arity is Arity.UNARY:
        if any(clause.operands):
            raise InvalidInputError(
                f"{where}: {clause.operator} compares with nothing, so it takes no value; remove "
                f"{', '.join(map(repr, clause.operands))}."
            )
    elif not clause.operands or "" in clause.operands:
        raise InvalidInputError(
            f"{where}: {clause.attribute} {clause.operator} needs a value to compare with. To ask whether the "
            "attribute is empty, use IS NULL or IS NOT NULL."
        )


def _check_attribute(
    clause: Clause, definition: operators.OperatorDefinition, attributes: AttributeTypes, where: str
) -> None:
    name = clause.attribute
    if (clause.operator in OF_GROUPS) is not (name == MEMBER_OF):
        raise InvalidInputError(
            f"{where}: {MEMBER_OF} and the operators IsMemberOf and NOT IsMemberOf go together: {MEMBER_OF} IsMemberOf "
            "'Sales'."
        )
    if name == MEMBER_OF:
        return
    if name == _MEMBERS:
        raise InvalidInputError(
            f"{where}: the members of a group cannot be compared; ask about the person instead, with {MEMBER_OF} "
            "IsMemberOf."
        )
    owned = name.removeprefix(OF_MANAGER)
    known = attributes.get(owned)
    if known is None and attributes and not _is_known(owned):
        hint = spelling.did_you_mean(owned, [*attributes, *_MORE_KNOWN])
        raise InvalidInputError(
            f"{where}: there is no attribute {owned!r}. {hint} One that the directory does deliver can be added to "
            "the schema's list of source attributes (directories)."
        )
    if known is not None and known not in definition.types:
        fitting = ", ".join(item.operator for item in OPERATORS.values() if known in item.types)
        raise InvalidInputError(
            f"{where}: {name} is of type {known}, which {clause.operator} cannot compare. Operators for it: "
            f"{fitting}."
        )


def _is_known(name: str) -> bool:
    return name in (*_MORE_KNOWN, MANAGER) or name.startswith(_UNLISTED)


def _meant(words: Sequence[str]) -> str:
    """What the beginning of a clause's second part was probably meant to be, with a blank after it."""
    guesses = (operators.nearest(" ".join(words[:count])) for count in range(1, _LONGEST_OPERATOR + 1))
    found = next((guess for guess in guesses if guess), "")
    return found and f"{found} "


def _bare(name: str) -> str:
    """The name of an attribute that was written as in an expression, `[city]`."""
    return name[1:-1] if name.startswith("[") and name.endswith("]") else name


def _comparison(written: str) -> tuple[MultivaluedComparison, str]:
    """How many values must pass, and the rest of the clause."""
    first, _, rest = written.partition(" ")
    for comparison in MultivaluedComparison:
        if first.upper() == comparison.upper():
            return comparison, rest.strip()
    return MultivaluedComparison.ALL, written


def operands_of(text: str) -> tuple[str, ...]:
    """Values after an operator: one as it stands, or several in single quotes with commas between them."""
    written = text.strip()
    found, position = [], 0
    while position < len(written):
        quoted = _QUOTED.match(written, position)
        if quoted is None:
            return (written,)
        found.append(quoted[1].replace("''", "'"))
        position = quoted.end()
    return tuple(found)


def _object(item: object, where: str) -> Document:
    if not isinstance(item, Mapping):
        raise InvalidInputError(f"{where}: an object is expected here.")
    return item


def _list(value: object, where: str) -> Sequence[object]:
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise InvalidInputError(f"{where}: a list is expected here.")
    return value
