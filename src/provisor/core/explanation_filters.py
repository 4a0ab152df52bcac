"""The clauses of a scoping filter, each with what would make it pass and what would make it fail."""

from __future__ import annotations

from collections.abc import Mapping

from provisor.core.explanation_advice import FilterClause, FilterGroup
from provisor.core.schema import ObjectMapping
from provisor.core.scoping import OutOfScope, OutOfScopeReason, ScopeVerdict
from provisor.core.scoping_filters import Clause, Operator


def filter_groups(object_mapping: ObjectMapping | None, verdict: ScopeVerdict) -> tuple[FilterGroup, ...]:
    """The groups of the filter with what came of each clause; a clause that was not decided does not pass.

    Of somebody who was dropped early, those of the input filter.
    """
    if object_mapping is None:
        return ()
    results = dict(verdict.conditions.filter_results)
    scope = object_mapping.scope
    early = isinstance(verdict, OutOfScope) and verdict.reason is OutOfScopeReason.DROPPED_EARLY
    return tuple(
        FilterGroup(
            name=group.name,
            clauses=tuple(
                FilterClause(
                    label=clause.label,
                    passed=results.get(f"{group.name}.{clause.label}", False),
                    remedy=remedy(clause),
                    undoing=f"change {clause.attribute}, so that {clause.label} does not hold any more",
                )
                for clause in group.clauses
            ),
        )
        for group in (scope.input_groups if early else scope.groups)
    )


def remedy(clause: Clause) -> str:
    """What must be done to the object for the clause to pass, in the imperative."""
    operands = " or ".join(f'"{operand}"' for operand in clause.operands)
    return _REMEDIES[clause.operator].format(name=clause.attribute, value=operands)


_REMEDIES: Mapping[Operator, str] = {
    Operator.EQUALS: "set {name} to {value}",
    Operator.EQUALS_IGNORE_CASE: "set {name} to {value}",
    Operator.NOT_EQUALS: "set {name} to something other than {value}",
    Operator.NOT_EQUALS_IGNORE_CASE: "set {name} to something other than {value}",
    Operator.INCLUDES: "set {name} to something that contains {value}",
    Operator.INCLUDES_IGNORE_CASE: "set {name} to something that contains {value}",
    Operator.STARTS_WITH: "set {name} to something that begins with {value}",
    Operator.ENDS_WITH: "set {name} to something that ends with {value}",
    Operator.REGEX_MATCH: "set {name} to something that matches {value}",
    Operator.NOT_REGEX_MATCH: "set {name} to something that does not match {value}",
    Operator.WITHIN: "set {name} to a part of {value}",
    Operator.NOT_WITHIN: "set {name} to something that is no part of {value}",
    Operator.GREATER_THAN: "set {name} to a whole number greater than {value}",
    Operator.GREATER_THAN_OR_EQUALS: "set {name} to {value} or a greater whole number",
    Operator.IS_TRUE: "set {name} to true",
    Operator.IS_FALSE: "set {name} to false",
    Operator.IS_NULL: "clear {name}",
    Operator.IS_NOT_NULL: "fill {name}",
    Operator.IS_BEFORE: "set {name} to a date before {value}",
    Operator.IS_AFTER: "set {name} to a date after {value}",
    Operator.IS_MEMBER_OF: "add to the group {value}",
    Operator.NOT_MEMBER_OF: "take out of the group {value}",
}
