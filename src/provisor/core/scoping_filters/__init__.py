"""Scoping filters: who passes, by what they are.

Clauses inside a group must all be true, of several groups one must pass. Source: Entra, *Scoping users or groups to be
provisioned with scoping filters*; Graph, `filter`.
"""

from provisor.core.scoping_filters.evaluating import Answer, CompiledFilter, FilterResult, View
from provisor.core.scoping_filters.model import (
    EVERYBODY,
    MANAGER,
    MEMBER_OF,
    OF_MANAGER,
    Clause,
    ClauseGroup,
    MultivaluedComparison,
    ScopingFilter,
)
from provisor.core.scoping_filters.operators import OPERATORS, Arity, Operator, OperatorDefinition, Provenance
from provisor.core.scoping_filters.parsing import (
    AttributeTypes,
    checked_clause,
    clause_of,
    operands_of,
    parse,
    to_graph,
)
from provisor.core.scoping_filters.writing import (
    FilterTextError,
    clause_text,
    groups_of,
    is_writable,
    operands_text,
    text_of,
)

__all__ = [
    "EVERYBODY",
    "MANAGER",
    "MEMBER_OF",
    "OF_MANAGER",
    "OPERATORS",
    "Answer",
    "Arity",
    "AttributeTypes",
    "Clause",
    "ClauseGroup",
    "CompiledFilter",
    "FilterResult",
    "FilterTextError",
    "MultivaluedComparison",
    "Operator",
    "OperatorDefinition",
    "Provenance",
    "ScopingFilter",
    "View",
    "checked_clause",
    "clause_of",
    "clause_text",
    "groups_of",
    "is_writable",
    "operands_of",
    "operands_text",
    "parse",
    "text_of",
    "to_graph",
]
