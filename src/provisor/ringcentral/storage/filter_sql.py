"""SCIM filters as SQL conditions on the rows of `attribute_values` (RFC 7644 section 3.4.2.2).

The meaning is that of scim2-models' own evaluator, which the storage contract compares with: `ne` is `not eq`, an
attribute without a value equals `null`, a multi-valued attribute matches when any of its values does. Beyond it, an
absent `primary` is false, what is computed is found, and a profile may decide otherwise about `ne`.
"""

from __future__ import annotations

import operator as operators
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy
from scim2_models import (
    AttributeBinding,
    BaseModel,
    InvalidFilterException,
    Mutability,
    Resource,
    ScimFilter,
)
from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterNode,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
    coerce_value,
)
from sqlalchemy import FromClause, and_, exists, false, func, not_, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from provisor.ringcentral import texts
from provisor.ringcentral.choices import AbsentValues
from provisor.ringcentral.storage import attribute_index, tables

Condition = sqlalchemy.ColumnElement[bool]

MAX_TERMS = 100
"""Comparisons a filter may have. SQLite refuses an expression nested deeper than 1000."""

_SQL_OPERATORS: dict[CompareOperator, Callable[[Any, Any], Any]] = {
    CompareOperator.eq: operators.eq,
    CompareOperator.ne: operators.ne,
    CompareOperator.gt: operators.gt,
    CompareOperator.ge: operators.ge,
    CompareOperator.lt: operators.lt,
    CompareOperator.le: operators.le,
}


class _Position(FunctionElement[int]):
    """Where a text starts in another, from 1; 0 when it is not there."""

    type = sqlalchemy.Integer()
    inherit_cache = True


@compiles(_Position, "sqlite")
def _instr(element: _Position, compiler: Any, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


@compiles(_Position, "postgresql")
def _strpos(element: _Position, compiler: Any, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"


Computed = Callable[[str, str], FromClause | None]
"""The rows of an attribute that is not stored, by resource type and path: `resource`, `type`, `path`, `element`, `key`,
`text` and `number`, as in `attribute_values`. None for an attribute that is."""


def nothing_computed(type_name: str, path: str) -> FromClause | None:  # noqa: ARG001 - one of many
    """For a storage all of whose attributes are stored."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a profile decides about filters.

    :param absent_values: whether `ne` matches where there is no value.
    """

    computed: Computed = nothing_computed
    absent_values: AbsentValues = AbsentValues.DIFFER


def condition(
    scim_filter: ScimFilter[Any],
    type_name: str,
    model: type[Resource[Any]],
    meaning: Meaning | None = None,
) -> Condition:
    """The condition on `resources.sequence` under which a resource of a type satisfies a filter.

    :raises InvalidFilterException: when the filter compares a complex attribute as a whole or one that cannot be read,
        has more than `MAX_TERMS` comparisons, or holds a text no database can store.
    """
    bound: ScimFilter[Any] = ScimFilter[model](str(scim_filter))  # type: ignore[valid-type]
    return _ResourceCompiler(bound, type_name, meaning or Meaning()).visit(bound.ast)


class _Compiler(FilterVisitor[Condition]):
    """What both scopes of a filter share: the logic, and comparing one row."""

    def __init__(self, scim_filter: ScimFilter[Any], type_name: str, meaning: Meaning) -> None:
        self._filter = scim_filter
        self._type = type_name
        self._meaning = meaning
        self._terms = 0

    def visit_not(self, node: Not) -> Condition:
        return not_(self.visit(node.expr))

    def visit_logical_expr(self, node: LogicalExpr) -> Condition:
        terms = [self.visit(term) for term in node.terms]
        return and_(*terms) if node.op == LogicalOperator.and_ else or_(*terms)

    def visit_value_path(self, node: ValuePath) -> Condition:
        raise InvalidFilterException(detail=f"'{node}' selects values inside a value selection")

    def _count_term(self) -> None:
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise InvalidFilterException(detail=f"a filter may hold at most {MAX_TERMS} comparisons")

    def _row(self, path: str) -> FromClause:
        """The rows of an attribute: all that are stored, or those that are computed."""
        computed = self._meaning.computed(self._type, path)
        return computed if computed is not None else tables.attribute_values.alias()

    @staticmethod
    def _present(row: FromClause) -> Condition:
        return or_(row.c.key != "", row.c.number.is_not(None))

    def _matches(self, row: FromClause, binding: AttributeBinding, node: Comparison) -> Condition:
        """Whether a row of the compared attribute satisfies a comparison with a value that is not null."""
        expected = coerce_value(binding, node.value, node.op)
        if isinstance(expected, str):
            _check_storable(expected)
        form = attribute_index.comparable(binding, expected)
        if form is None:
            return false()
        if form.number is not None:
            return _compare(row.c.number, node.op, form.number)
        if not _is_text(binding):
            return false()
        if node.op == CompareOperator.eq:
            return row.c.key == form.key
        return _compare(func.coalesce(row.c.text, row.c.key), node.op, form.full_text)


class _ResourceCompiler(_Compiler):
    """A filter on whole resources. Subqueries do not refer to the outer query, so each can start from its index."""

    def visit_comparison(self, node: Comparison) -> Condition:
        self._count_term()
        binding = self._filter.resolve_comparison(node.attr_path, strict=False)
        if binding is None:
            return false()
        if _is_complex(binding):
            raise InvalidFilterException(
                detail=f"'{node.attr_path}' is complex: compare one of its sub-attributes"
            )
        if node.op == CompareOperator.ne:
            equal = Comparison(node.attr_path, CompareOperator.eq, node.value)
            self._terms -= 1
            return self._different(binding, not_(self.visit_comparison(equal)))
        _check_readable(binding)
        if node.value is None:
            return self._is_unassigned(binding) if node.op == CompareOperator.eq else false()
        path = attribute_index.path_of(binding)
        row = self._row(path)
        matches = _in(self._rows(row, path).where(self._matches(row, binding, node)))
        return or_(matches, self._lacks(binding)) if _is_absent_primary(binding, node) else matches

    def visit_present(self, node: Present) -> Condition:
        self._count_term()
        binding = self._filter.resolve(node.attr_path, strict=False)
        if binding is None:
            return false()
        _check_readable(binding)
        path = attribute_index.path_of(binding)
        row = self._row(path)
        return _in(self._rows(row, path).where(self._present(row)))

    def visit_value_path(self, node: ValuePath) -> Condition:
        binding = self._filter.resolve(node.attr_path, strict=False)
        if binding is None:
            return false()
        row = self._row(attribute_index.path_of(binding))
        compiler = _ElementCompiler(
            self._filter, self._type, self._meaning, head_path=node.attr_path, head=binding, row=row
        )
        matches = compiler.visit(node.val_filter)
        self._terms += compiler.count
        return _in(
            select(row.c.resource).where(
                row.c.type == self._type, compiler.starting_at(node.val_filter), matches
            )
        )

    def _different(self, binding: AttributeBinding, is_not_equal: Condition) -> Condition:
        if self._meaning.absent_values is AbsentValues.DIFFER:
            return is_not_equal
        path = attribute_index.path_of(binding)
        return and_(is_not_equal, _in(self._rows(self._row(path), path)))

    def _is_unassigned(self, binding: AttributeBinding) -> Condition:
        """Whether `eq null` holds: no value at all, or, in a list of complex values, one that lacks this one."""
        path = attribute_index.path_of(binding)
        head = attribute_index.head_of(path)
        if not (binding.is_multivalued and binding.sub_field_name):
            return not_(_in(self._rows(self._row(path), path)))
        return or_(not_(_in(self._rows(self._row(head), head))), self._lacks(binding))

    def _lacks(self, binding: AttributeBinding) -> Condition:
        """Whether one of several values lacks a sub-attribute."""
        path = attribute_index.path_of(binding)
        head = attribute_index.head_of(path)
        row, sub = self._row(head), self._row(path)
        lacks = ~exists().where(
            sub.c.resource == row.c.resource, sub.c.element == row.c.element, sub.c.path == path
        )
        return _in(self._rows(row, head).where(lacks))

    def _rows(self, row: FromClause, path: str) -> sqlalchemy.Select[tuple[int]]:
        return select(row.c.resource).where(row.c.type == self._type, row.c.path == path)


class _ElementCompiler(_Compiler):
    """The filter of a value selection, on one value of a multi-valued attribute: `emails[type eq "work"]`.

    `row` is any row of that value: its conditions are on the other rows with the same resource and element.
    """

    def __init__(
        self,
        scim_filter: ScimFilter[Any],
        type_name: str,
        meaning: Meaning,
        *,
        head_path: AttrPath,
        head: AttributeBinding,
        row: FromClause,
    ) -> None:
        super().__init__(scim_filter, type_name, meaning)
        self._head_path = head_path
        self._head = head
        self._value_row = row

    @property
    def count(self) -> int:
        """The comparisons seen so far."""
        return self._terms

    def starting_at(self, node: FilterNode) -> Condition:
        """Which row of a value the search starts from: one that an equality fixes, so that the index leads to it."""
        terms = node.terms if isinstance(node, LogicalExpr) and node.op == LogicalOperator.and_ else (node,)
        equalities = [
            (term, binding)
            for term in terms
            if isinstance(term, Comparison)
            and term.op == CompareOperator.eq
            and isinstance(term.value, str)
            and (binding := self._resolve(term.attr_path)) is not None
        ]
        # `value` tells values apart; `type` is the same for most of them.
        equalities.sort(key=lambda found: found[0].attr_path.attr.lower() != "value")
        head = attribute_index.path_of(self._head)
        if not equalities or self._meaning.computed(self._type, head) is not None:
            return self._value_row.c.path == attribute_index.path_of(self._head)
        term, binding = equalities[0]
        return and_(
            self._value_row.c.path == attribute_index.path_of(binding),
            self._matches(self._value_row, binding, term),
        )

    def visit_comparison(self, node: Comparison) -> Condition:
        self._count_term()
        binding = self._resolve(node.attr_path)
        if binding is None:
            return false()
        if node.op == CompareOperator.ne:
            self._terms -= 1
            return not_(self.visit_comparison(Comparison(node.attr_path, CompareOperator.eq, node.value)))
        row = self._row(attribute_index.path_of(binding))
        if node.value is None:
            return not_(self._beside(row, binding)) if node.op == CompareOperator.eq else false()
        matches = self._beside(row, binding, self._matches(row, binding, node))
        if _is_absent_primary(binding, node):
            return or_(matches, not_(self._beside(self._row(attribute_index.path_of(binding)), binding)))
        return matches

    def visit_present(self, node: Present) -> Condition:
        self._count_term()
        binding = self._resolve(node.attr_path)
        if binding is None:
            return false()
        row = self._row(attribute_index.path_of(binding))
        return self._beside(row, binding, self._present(row))

    def _resolve(self, path: AttrPath) -> AttributeBinding | None:
        if path.uri is not None or path.sub_attr is not None:
            return None
        if not _is_complex(self._head):
            # `schemas[value eq "urn:…"]`: a plain value goes by the name `value`.
            return self._head if path.attr.lower() == "value" else None
        return self._filter.resolve(
            AttrPath(self._head_path.attr, path.attr, self._head_path.uri), strict=False
        )

    def _beside(self, row: FromClause, binding: AttributeBinding, *conditions: Condition) -> Condition:
        return exists().where(
            row.c.resource == self._value_row.c.resource,
            row.c.path == attribute_index.path_of(binding),
            row.c.element == self._value_row.c.element,
            *conditions,
        )


def _in(rows: sqlalchemy.Select[tuple[int]]) -> Condition:
    return tables.resources.c.sequence.in_(rows)


def _compare(
    column: sqlalchemy.ColumnElement[Any], operator: CompareOperator, value: float | str
) -> Condition:
    if operator in _SQL_OPERATORS:
        compared: Condition = _SQL_OPERATORS[operator](column, value)
        return compared
    if isinstance(value, float):
        return false()
    return _contains(column, operator, value)


def _contains(column: sqlalchemy.ColumnElement[Any], operator: CompareOperator, value: str) -> Condition:
    if value == "":
        return column.is_not(None)
    if operator == CompareOperator.co:
        return _Position(column, sqlalchemy.literal(value)) > 0
    if operator == CompareOperator.sw:
        return func.substr(column, 1, len(value)) == value
    start = func.length(column) - len(value) + 1
    return and_(func.length(column) >= len(value), func.substr(column, start) == value)


def _is_complex(binding: AttributeBinding) -> bool:
    target = binding.target_type
    return isinstance(target, type) and issubclass(target, BaseModel)


def _is_absent_primary(binding: AttributeBinding, node: Comparison) -> bool:
    """Whether a comparison holds for a value that says nothing of `primary`: it is false (RFC 7643 section 2.4)."""
    return (
        binding.sub_field_name == "primary"
        and binding.is_multivalued
        and node.op == CompareOperator.eq
        and node.value is False
    )


def _check_readable(binding: AttributeBinding) -> None:
    """Refuse to compare what is only written, such as `password`: the answer would tell about it."""
    if binding.get_annotation(Mutability) == Mutability.write_only:
        raise InvalidFilterException(detail=f"'{binding.urn}' can only be written, not searched for")


def _is_text(binding: AttributeBinding) -> bool:
    target = binding.target_type
    return isinstance(target, type) and issubclass(target, str | bytes)


def _check_storable(text: str) -> None:
    """Refuse what no stored value can equal and PostgreSQL cannot be asked about: NUL and lone surrogates."""
    if not texts.is_storable(text):
        raise InvalidFilterException(
            detail="the filter compares with a text that holds a character no value can hold"
        )
