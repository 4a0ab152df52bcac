"""A scoping filter: groups of clauses, of which an object must pass one (Graph: `filter`, `filterGroup`, `filterClause`)."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from provisor.core.scoping_filters.operators import DATED, OF_GROUPS, OPERATORS, Arity, Operator

MANAGER = "manager"
MEMBER_OF = "memberOf"
"""The attribute that `IsMemberOf` asks about; it stands for the groups an object is a direct member of."""

OF_MANAGER = f"{MANAGER}."
"""The beginning of attributes that are the manager's (ours): `manager.department`."""


class MultivaluedComparison(enum.StrEnum):
    """How many values of a multi-valued attribute must pass (Graph: `multivaluedComparisonType`)."""

    ALL = "All"
    ANY = "Any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One comparison. Of several `operands`, one must apply; with a negative operator, none may."""

    attribute: str
    operator: Operator
    operands: tuple[str, ...] = ()
    comparison: MultivaluedComparison = MultivaluedComparison.ALL

    @property
    def label(self) -> str:
        """The clause as Entra's log writes it: `city EQUALS 'Paris'`, `manager IS NULL`."""
        several = " ANY" if self.comparison is MultivaluedComparison.ANY else ""
        if OPERATORS[self.operator].arity is Arity.UNARY:
            return f"{self.attribute}{several} {self.operator}"
        told = ", ".join(f"'{operand}'" for operand in self.operands)
        return f"{self.attribute}{several} {self.operator} {told}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseGroup:
    """Clauses that must all be true; the portal calls it a scoping filter."""

    name: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopingFilter:
    """Whom an object mapping is for: an object must pass one of the `groups`, where there are any.

    An object that passes none of the `input_groups` is dropped early: it is not looked at, and an account that it
    has is left alone.
    """

    groups: tuple[ClauseGroup, ...] = ()
    input_groups: tuple[ClauseGroup, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.groups or self.input_groups)

    @property
    def clauses(self) -> Iterator[Clause]:
        """Every clause of every group."""
        for group in (*self.input_groups, *self.groups):
            yield from group.clauses

    @property
    def reads_manager(self) -> bool:
        """Whether who or what somebody's manager is decides anything."""
        return any(
            clause.attribute == MANAGER or clause.attribute.startswith(OF_MANAGER) for clause in self.clauses
        )

    @property
    def reads_groups(self) -> bool:
        """Whether membership of groups decides anything."""
        return any(clause.operator in OF_GROUPS for clause in self.clauses)

    @property
    def reads_dates(self) -> bool:
        """Whether dates are compared, so that an object may pass today and not tomorrow."""
        return any(clause.operator in DATED for clause in self.clauses)


EVERYBODY = ScopingFilter()
"""No filter: everybody passes."""
