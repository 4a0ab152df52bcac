"""Whether an object is in scope of an application, and why.

In scope is: active in the source system, and entitled, and passing the scoping filter (Entra: *How provisioning
works*, scoping; specification of the log's scoping step).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import assert_never

from provisor.core.application import ProvisioningScope
from provisor.core.assignments import (
    Entitled,
    Entitlement,
    NotAssigned,
    NotEffectivelyEntitled,
)
from provisor.core.objects import DirectoryObject, Lifecycle


class OutOfScopeReason(enum.StrEnum):
    """The first condition that keeps an object out."""

    NOT_ASSIGNED = "notAssigned"
    NOT_EFFECTIVELY_ENTITLED = "notEffectivelyEntitled"
    FILTERED_OUT = "filteredOut"
    DISABLED = "accountDisabled"
    SOFT_DELETED = "softDeleted"
    HARD_DELETED = "hardDeleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """The conditions of the scoping step, as the log shows them; `filter_passed` is None without a filter."""

    active: bool
    assigned: bool
    has_required_role: bool
    filter_passed: bool | None = None


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


ScopeVerdict = InScope | OutOfScope

_EVERYONE = Entitled(())


def verdict(subject: DirectoryObject, entitlement: Entitlement, scope: ProvisioningScope) -> ScopeVerdict:
    """Judge one object.

    The reasons are ordered by what they mean for the account: what happened to the person (deleted, disabled) comes
    before what happened to the assignment.
    """
    held = (
        _EVERYONE if scope is ProvisioningScope.ALL and not isinstance(entitlement, Entitled) else entitlement
    )
    conditions = Conditions(
        active=subject.active,
        assigned=not isinstance(held, NotAssigned),
        has_required_role=isinstance(held, Entitled),
    )
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
    match held:
        case Entitled(roles):
            return InScope(roles, conditions)
        case NotAssigned():
            return OutOfScope(OutOfScopeReason.NOT_ASSIGNED, conditions)
        case NotEffectivelyEntitled():
            return OutOfScope(OutOfScopeReason.NOT_EFFECTIVELY_ENTITLED, conditions)
        case _:
            assert_never(held)
