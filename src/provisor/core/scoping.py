"""Whether an object is in scope of an application, and why.

In scope is: active in the source system, and entitled, and passing the scoping filter (Entra: *How provisioning
works*, scoping; specification of the log's scoping step).
"""

from __future__ import annotations

import enum
import functools
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from provisor.core import mapping
from provisor.core.application import ProvisioningScope
from provisor.core.assignments import (
    Entitled,
    Entitlement,
    NotAssigned,
    NotEffectivelyEntitled,
)
from provisor.core.objects import DirectoryObject, Lifecycle, Value
from provisor.core.scoping_filters import MANAGER, MEMBER_OF, OF_MANAGER, Answer, CompiledFilter, FilterResult


class OutOfScopeReason(enum.StrEnum):
    """The first condition that keeps an object out."""

    NOT_ASSIGNED = "notAssigned"
    NOT_EFFECTIVELY_ENTITLED = "notEffectivelyEntitled"
    FILTERED_OUT = "filteredOut"
    DROPPED_EARLY = "droppedEarly"
    """Failed the input filter: the object is not looked at, and its account stays as it is."""
    DISABLED = "accountDisabled"
    SOFT_DELETED = "softDeleted"
    HARD_DELETED = "hardDeleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """The conditions of the scoping step, as the log shows them; `filter_passed` is None without a filter.

    `filter_results` has the clauses that were decided by their labels, `filter_decided_by` the group that let the
    object pass, or the clauses that did not.
    """

    active: bool
    assigned: bool
    has_required_role: bool
    filter_passed: bool | None = None
    filter_results: tuple[tuple[str, bool], ...] = ()
    filter_decided_by: str | None = None


@dataclass(frozen=True, slots=True)
class InScope:
    """The object belongs into the application, with these role values."""

    roles: tuple[str, ...]
    conditions: Conditions


@dataclass(frozen=True, slots=True)
class OutOfScope:
    """The object does not belong into the application, and this is the first reason."""

    reason: OutOfScopeReason
    conditions: Conditions


@dataclass(frozen=True, slots=True)
class Undecided:
    """The scoping filter could not be evaluated for this object; nothing is done to it until it can."""

    message: str
    conditions: Conditions


ScopeVerdict = InScope | OutOfScope | Undecided

_EVERYONE = Entitled(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a filter may ask about an object that the object itself does not hold, and what time it is.

    `groups` are the names and ids of the groups it is a direct member of.
    """

    now: datetime
    manager: DirectoryObject | None = None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Screening:
    """A scoping filter with what it needs to know around one object."""

    scoping_filter: CompiledFilter
    surroundings: Surroundings


def verdict(  # noqa: PLR0911 - one line a reason
    subject: DirectoryObject,
    entitlement: Entitlement,
    scope: ProvisioningScope,
    screening: Screening | None = None,
) -> ScopeVerdict:
    """Judge one object; without a `screening` there is no filter.

    The reasons are ordered by what they mean for the account: what happened to the person (deleted, disabled) comes
    before the input filter, that before what happened to the assignment, and the filter last.
    """
    held = (
        _EVERYONE if scope is ProvisioningScope.ALL and not isinstance(entitlement, Entitled) else entitlement
    )
    result = (
        None
        if screening is None
        else screening.scoping_filter.evaluate(view(subject, held, screening), screening.surroundings.now)
    )
    conditions = _conditions(subject, held, result)
    match subject.lifecycle:
        case Lifecycle.HARD_DELETED:
            return OutOfScope(OutOfScopeReason.HARD_DELETED, conditions)
        case Lifecycle.SOFT_DELETED:
            return OutOfScope(OutOfScopeReason.SOFT_DELETED, conditions)
        case Lifecycle.ACTIVE:
            pass
        case _:
            assert_never(subject.lifecycle)
    if not subject.account_enabled:
        return OutOfScope(OutOfScopeReason.DISABLED, conditions)
    if result is not None and result.early:
        return _filtered(result, OutOfScopeReason.DROPPED_EARLY, conditions)
    match held:
        case Entitled(roles):
            if result is None or result.answer is Answer.PASSED:
                return InScope(roles, conditions)
            return _filtered(result, OutOfScopeReason.FILTERED_OUT, conditions)
        case NotAssigned():
            return OutOfScope(OutOfScopeReason.NOT_ASSIGNED, conditions)
        case NotEffectivelyEntitled():
            return OutOfScope(OutOfScopeReason.NOT_EFFECTIVELY_ENTITLED, conditions)
        case _:
            assert_never(held)


def view(subject: DirectoryObject, held: Entitlement, screening: Screening) -> dict[str, Value]:
    """What a filter sees of an object: what mappings see of it (before the filter had its say), and more."""
    scoping_filter, surroundings = screening.scoping_filter, screening.surroundings
    seen = mapping.source_attributes(
        subject,
        soft_deleted=not (subject.active and isinstance(held, Entitled)),
        roles=held.roles if isinstance(held, Entitled) else (),
    )
    if scoping_filter.filter.reads_manager:
        seen.update(_of_manager(subject, surroundings.manager))
    seen[MEMBER_OF] = surroundings.groups
    return seen


def _of_manager(subject: DirectoryObject, manager: DirectoryObject | None) -> dict[str, Value]:
    """The manager by all their names, and their attributes as `manager.…`."""
    if manager is None:
        return {MANAGER: subject.manager_id}
    theirs = mapping.source_attributes(manager, soft_deleted=not manager.active, roles=())
    names = (manager.id, *(theirs.get(name) for name in ("objectId", "userPrincipalName", "mail")))
    seen = [name for name in (*names, manager.display_name) if isinstance(name, str) and name]
    return {
        MANAGER: tuple(dict.fromkeys(seen)),
        **{OF_MANAGER + name: value for name, value in theirs.items()},
    }


def _conditions(subject: DirectoryObject, held: Entitlement, result: FilterResult | None) -> Conditions:
    assigned, has_required_role = not isinstance(held, NotAssigned), isinstance(held, Entitled)
    if result is None:
        return _unfiltered(subject.active, assigned, has_required_role)
    return Conditions(
        active=subject.active,
        assigned=assigned,
        has_required_role=has_required_role,
        filter_passed=result.answer is Answer.PASSED,
        filter_results=result.results,
        filter_decided_by=result.decided_by,
    )


@functools.cache
def _unfiltered(active: bool, assigned: bool, has_required_role: bool) -> Conditions:  # noqa: FBT001 - the three conditions
    """Without a filter there are eight answers in all; each object is given one of them."""
    return Conditions(
        active=active,
        assigned=assigned,
        has_required_role=has_required_role,
        filter_passed=None,
        filter_results=(),
        filter_decided_by=None,
    )


def _filtered(
    result: FilterResult, reason: OutOfScopeReason, conditions: Conditions
) -> OutOfScope | Undecided:
    if result.answer is Answer.UNDECIDED:
        return Undecided(
            f"the scoping filter could not be evaluated for this object ({result.decided_by}); its account stays as "
            "it is. Mend the clause, or the attribute.",
            conditions,
        )
    return OutOfScope(reason, conditions)
