"""How users and groups of the `full` profile refer to each other: members, groups of a user, managers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy
from scim2_models import GroupMember, GroupMembership, InvalidValueException, Reference, Resource
from sqlalchemy import select

from provisor.ringcentral import resources, tables
from provisor.ringcentral.resources.full import EnterpriseUser, Group, Manager, User
from provisor.ringcentral.storage import ResourceRules, SqlStorage

MANAGER_PATH = f"{resources.ENTERPRISE_SCHEMA}:manager.value"
MEMBER_PATH = "members.value"

_resources = tables.resources
_values = tables.attribute_values


class ReferenceRules(ResourceRules):
    """Only ids are stored; `$ref`, a member's missing `type` and a user's `groups` are ours to fill in."""

    def creating(self, connection: sqlalchemy.Connection, resource: Resource[Any]) -> None:
        _settle(connection, resource)

    def updating(
        self,
        connection: sqlalchemy.Connection,
        resource: Resource[Any],
        stored: Resource[Any],  # noqa: ARG002 - the new state says it all
    ) -> None:
        _settle(connection, resource)

    def deleted(self, connection: sqlalchemy.Connection, storage: SqlStorage, resource_id: str) -> None:
        """Take a resource that is gone out of every group, and out of the users it managed."""
        for path in (MEMBER_PATH, MANAGER_PATH):
            for sequence in connection.execute(_referring(path, [resource_id])).scalars().all():
                storage.rewrite(connection, sequence, lambda resource: _forget(resource, resource_id))

    def reading(self, connection: sqlalchemy.Connection, resources: Sequence[Resource[Any]]) -> None:
        users = [resource for resource in resources if isinstance(resource, User)]
        _fill_groups(connection, users)
        for user in users:
            if (manager := _manager(user)) is not None:
                manager.ref = Reference(f"Users/{manager.value}")
        for group in resources:
            for member in _members(group):
                member.ref = Reference(f"{member.type or 'User'}s/{member.value}")


def _settle(connection: sqlalchemy.Connection, resource: Resource[Any]) -> None:
    if isinstance(resource, User):
        resource.groups = None
        if (manager := _manager(resource)) is not None:
            manager.ref = None
    if isinstance(resource, Group):
        resource.members = _without_repeats(resource.members)
        _settle_types(connection, resource.members or [])


def _without_repeats(members: list[GroupMember] | None) -> list[GroupMember] | None:
    return list({member.value: member for member in reversed(members)}.values())[::-1] if members else None


def _settle_types(connection: sqlalchemy.Connection, members: list[GroupMember]) -> None:
    """Give each member the type of the resource it names.

    :raises InvalidValueException: for a member that is neither a user nor a group here.
    """
    untyped = [member for member in members if member.type not in ("User", "Group") or member.ref is None]
    types: dict[str, str] = {}
    for ids in _chunks([member.value or "" for member in untyped]):
        found = select(_resources.c.id, _resources.c.type).where(_resources.c.id.in_(ids))
        types |= {each.id: each.type for each in connection.execute(found)}
    for member in untyped:
        if member.value not in types:
            raise InvalidValueException(
                detail=f"members: {member.value!r} is the id of no User and of no Group"
            )
        member.type = types[member.value]
    for member in members:
        member.ref = None


def _fill_groups(connection: sqlalchemy.Connection, users: Iterable[User]) -> None:
    by_id = {user.id: user for user in users if user.id is not None}
    for ids in _chunks(list(by_id)):
        found = (
            select(_values.c.key, _resources.c.id)
            .join(_resources, _resources.c.sequence == _values.c.resource)
            .where(_values.c.type == "Group", _values.c.path == MEMBER_PATH, _values.c.key.in_(ids))
            .order_by(_resources.c.sequence)
        )
        for member, group in connection.execute(found):
            membership = GroupMembership(value=group, ref=Reference(f"Groups/{group}"), type="direct")
            by_id[member].groups = [*(by_id[member].groups or []), membership]


def _referring(path: str, ids: list[str]) -> sqlalchemy.Select[Any]:
    owner = "Group" if path == MEMBER_PATH else "User"
    return (
        select(_values.c.resource)
        .where(_values.c.type == owner, _values.c.path == path, _values.c.key.in_(ids))
        .distinct()
    )


def _forget(resource: Resource[Any], resource_id: str) -> None:
    if isinstance(resource, Group):
        resource.members = [
            member for member in resource.members or [] if member.value != resource_id
        ] or None
    enterprise = getattr(resource, EnterpriseUser.__name__, None)
    if enterprise is not None:
        enterprise.manager = None


def _members(resource: Resource[Any]) -> list[GroupMember]:
    return (resource.members or []) if isinstance(resource, Group) else []


def _manager(user: User) -> Manager | None:
    enterprise = getattr(user, EnterpriseUser.__name__, None)
    return enterprise.manager if enterprise is not None else None


def _chunks(ids: list[str], size: int = 1000) -> Iterable[list[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
