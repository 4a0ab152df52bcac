"""Which filters a provider answers: by operator, by attribute, by length."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from scim2_models import InvalidFilterException, ScimFilter
from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterNode,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

from provisor.ringcentral.account.knobs import FilterOperators

WORK_EMAIL = re.compile(r'\bemails\[\s*type\s+eq\s+"work"\s*\]\.value\b', re.IGNORECASE)
"""How Microsoft Entra ID spells the work e-mail in a filter, which RFC 7644 has no grammar for."""


class Brackets(Enum):
    """Whether a filter may select values: `emails[type eq "work"]`."""

    ANSWERED = "answered"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterRules:
    """What may stand in a filter.

    :param attributes: the attributes that can be compared, by their name in lower case, with the name they have here;
        None for any.
    :param aliases: other names of attributes, by their name in lower case, where any can be compared.
    :param brackets: whether values of a multi-valued attribute can be selected by `[ ]`.
    :param max_length: characters a filter may have; None for any number.
    """

    operators: FilterOperators = FilterOperators.ALL
    attributes: Mapping[str, str] | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)
    brackets: Brackets = Brackets.ANSWERED
    max_length: int | None = None

    def words(self) -> str:
        """What is supported, for the one who asked for something else."""
        parts = {
            FilterOperators.EQ: "only filters of the form attribute eq value are supported",
            FilterOperators.EQ_AND: "only eq is supported, and several joined by and",
            FilterOperators.ALL: "every operator is supported",
        }
        told = parts[self.operators]
        if self.attributes is not None:
            told += f", on {', '.join(self.attributes)}"
        return told


def read(text: Any, rules: FilterRules) -> str | None:
    """The filter on our attributes that a client's filter means; None for an empty one, which means no filter.

    :raises InvalidFilterException: for a filter the rules do not allow.
    """
    if text is None or (isinstance(text, str) and not text.strip()):
        return None
    if not isinstance(text, str):
        raise InvalidFilterException(detail="the filter must be a text")
    if rules.max_length is not None and len(text) > rules.max_length:
        raise InvalidFilterException(
            detail=f"the filter has {len(text)} characters; at most {rules.max_length} are supported"
        )
    return str(_allowed(ScimFilter[Any](text).ast, rules))


def _allowed(node: FilterNode, rules: FilterRules) -> FilterNode:
    match node:
        case Comparison(attr_path=path, op=op, value=value) if (
            op is CompareOperator.eq or rules.operators is FilterOperators.ALL
        ):
            renamed = _renamed(path, rules)
            if rules.attributes is not None and not _suits(renamed, value):
                raise InvalidFilterException(detail=rules.words())
            return Comparison(renamed, op, value)
        case LogicalExpr(op=op, terms=terms) if rules.operators is FilterOperators.ALL or (
            op is LogicalOperator.and_ and rules.operators is FilterOperators.EQ_AND
        ):
            return LogicalExpr(op=op, terms=tuple(_allowed(term, rules) for term in terms))
        case Not(expr=inner) if rules.operators is FilterOperators.ALL:
            return Not(expr=_allowed(inner, rules))
        case Present(attr_path=path) if rules.operators is FilterOperators.ALL:
            return Present(_renamed(path, rules))
        case ValuePath() if rules.operators is FilterOperators.ALL and rules.brackets is Brackets.ANSWERED:
            if rules.attributes is None:
                return node
    raise InvalidFilterException(detail=rules.words())


def _renamed(path: AttrPath, rules: FilterRules) -> AttrPath:
    names = rules.aliases if rules.attributes is None else rules.attributes
    name = names.get(str(path).casefold())
    if name is None and rules.attributes is None:
        return path
    if name is None:
        raise InvalidFilterException(detail=rules.words())
    attribute, _, sub_attribute = name.partition(".")
    return AttrPath(attribute, sub_attribute or None)


def _suits(path: AttrPath, value: Any) -> bool:
    """Whether a value is of the kind an attribute has: `active` is the only boolean, all others are texts."""
    return isinstance(value, bool if path.attr == "active" else str)
