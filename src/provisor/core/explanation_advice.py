"""What would bring somebody into an application, or take them out of it: the smallest changes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from provisor.core.application import Application, ProvisioningScope
from provisor.core.objects import ObjectType

_GROUPS_NAMED = 3
_MOST = 4
"""Alternatives that are told: whoever wants more has understood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way in which an object holds a role: `path` are the groups from the assigned one to its own, none if directly."""

    role: str
    provisions: bool
    path: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The role and how it is held."""
        if not self.path:
            return f"the role {self.role} directly"
        return f"the role {self.role} through the group {' → '.join(self.path)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterClause:
    """One clause: whether it passes, what would make it pass, and what would make it fail."""

    label: str
    passed: bool
    remedy: str
    undoing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterGroup:
    """A group of clauses that must all pass; of several groups one must."""

    name: str
    clauses: tuple[FilterClause, ...]

    @property
    def failing(self) -> tuple[FilterClause, ...]:
        """The clauses that do not pass."""
        return tuple(clause for clause in self.clauses if not clause.passed)


def failing(filters: Sequence[FilterGroup]) -> str:
    """The failing clauses of the group that is nearest to passing."""
    nearest = _nearest(filters)
    return "" if nearest is None else ", ".join(clause.label for clause in nearest.failing)


def to_pass(filters: Sequence[FilterGroup]) -> str | None:
    """What makes the group pass that needs the fewest changes; None where one passes already, or there is no filter."""
    nearest = _nearest(filters)
    return None if nearest is None else " and ".join(clause.remedy for clause in nearest.failing)


def to_entitle(
    application: Application,
    name: str,
    ways: Sequence[Way],
    nested: Sequence[Way],
    assigned_groups: Sequence[str],
) -> tuple[str, ...]:
    """What gives a role that provisions: an assignment, membership of an assigned group, or a longer reach."""
    roles = [role.value for role in application.roles if role.enabled]
    role = f" with the role {' or '.join(roles)}" if roles else ""
    if ways:
        direct = next((way for way in ways if not way.path), None)
        place = name if direct else f"the group {ways[0].path[0]}"
        return (f"assign {place} to {application.name}{role} instead of {ways[0].role}",)
    found = [f"assign {name} to {application.name}{role}"]
    if assigned_groups:
        groups = " or ".join(assigned_groups[:_GROUPS_NAMED])
        found.append(f"add {name} to the group {groups}")
    found += [
        f"let roles reach through nested groups (roleReach=effective): {name} would hold {way.told}"
        for way in nested[:1]
        if way.provisions
    ]
    return tuple(found)


def to_take_out(
    name: str,
    kind: ObjectType,
    ways: Sequence[Way],
    filters: Sequence[FilterGroup],
    scope: ProvisioningScope,
) -> tuple[str, ...]:
    """What would end the object's place in scope; every way in which it is entitled must end."""
    found: list[str] = []
    if scope is ProvisioningScope.ASSIGNED:
        ending = [
            f"end the assignment of {name} with the role {way.role}"
            if not way.path
            else f"take {name} out of the group {way.path[-1]}"
            for way in ways
            if way.provisions
        ]
        if ending:
            found.append(" and ".join(dict.fromkeys(ending)))
    passing = [group for group in filters if not group.failing]
    if len(passing) == 1 and passing[0].clauses:
        found.append(passing[0].clauses[0].undoing)
    # a group cannot be disabled
    verb = "disable" if kind is ObjectType.USER else "delete"
    found.append(f"{verb} {name} in the directory")
    return tuple(found)


def combined(steps: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Every combination of one alternative for each step that is needed, the simplest first, not too many."""
    if not steps:
        return ()
    combinations = itertools.product(*steps)
    return tuple(" and ".join(parts) for parts in itertools.islice(combinations, _MOST))


def _nearest(filters: Sequence[FilterGroup]) -> FilterGroup | None:
    if any(not group.failing for group in filters) or not filters:
        return None
    return min(filters, key=lambda group: len(group.failing))
