"""App roles, and who holds them.

Source: Entra, *Manage users and groups assignment*; Graph resources `appRole` and `appRoleAssignment`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from provisor.core.identifiers import ApplicationId, ObjectId, RoleId
from provisor.core.objects import ObjectType

DEFAULT_ACCESS = RoleId("00000000-0000-0000-0000-000000000000")
"""The pseudo-role of an assignment without a role (Graph: the all-zero `appRoleId`)."""


class RoleReach(enum.StrEnum):
    """Whom the role of an assigned group reaches."""

    DIRECT = "direct"
    """The group's direct members, as in Entra."""
    EFFECTIVE = "effective"
    """Members through nested groups too; a cycle of groups is walked once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppRole:
    """A role that an application declares (Graph: `appRole`)."""

    id: RoleId
    value: str
    display_name: str
    enabled: bool = True
    allowed_member_types: tuple[ObjectType, ...] = (ObjectType.USER, ObjectType.GROUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A principal's role in an application (Graph: `appRoleAssignment`)."""

    id: str
    application_id: ApplicationId
    principal_id: ObjectId
    principal_type: ObjectType
    principal_display_name: str
    role_id: RoleId


@dataclass(frozen=True, slots=True)
class Grant:
    """One way in which an object holds a role: directly (`via` is None) or through an assigned group."""

    role_id: RoleId
    via: ObjectId | None = None


@dataclass(frozen=True, slots=True)
class Entitled:
    """Assigned, with at least one role that provisions; `roles` are their values, sorted, without repetition."""

    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotAssigned:
    """No assignment reaches the object."""


@dataclass(frozen=True, slots=True)
class NotEffectivelyEntitled:
    """Assigned, but only with Default Access although the application declares roles, or with a disabled role."""


Entitlement = Entitled | NotAssigned | NotEffectivelyEntitled


def entitlement(grants: Iterable[Grant], roles: Sequence[AppRole]) -> Entitlement:
    """What the grants of one object amount to in an application that declares these roles.

    Where the application declares no role, Default Access entitles; where it declares some, only they do.
    """
    held = tuple(grants)
    if not held:
        return NotAssigned()
    if not roles:
        return Entitled(())
    enabled = {role.id: role.value for role in roles if role.enabled}
    values = sorted({enabled[grant.role_id] for grant in held if grant.role_id in enabled})
    return Entitled(tuple(values)) if values else NotEffectivelyEntitled()
