"""How users and groups of the `full` profile refer to each other: members, groups of a user, managers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy
from scim2_models import (
    GroupMember,
    GroupMembership,
    InvalidValueException,
    Path,
    Reference,
    Resource,
    UniquenessException,
)
from sqlalchemy import Double, Text, and_, bindparam, cast, false, literal, null, select, true

from provisor.ringcentral import resources
from provisor.ringcentral.choices import Choices, GroupNames, InactiveUsers
from provisor.ringcentral.resources.full import EnterpriseUser, Group, Manager, User
from provisor.ringcentral.storage import attribute_index, filter_sql, repeats, tables
from provisor.ringcentral.storage.resource_rules import ResourceRules
from provisor.ringcentral.storage.sql_storage import SqlStorage

MANAGER_PATH = f"{resources.ENTERPRISE_SCHEMA}:manager.value"
MEMBER_PATH = "members.value"

_GROUP_NAME = Path[Group]("displayName")
_resources = tables.resources
_values = tables.attribute_values
_GROUPS_OF = (
    select(_values.c.key, _resources.c.id)
    .join(_resources, _resources.c.sequence == _values.c.resource)
    .where(
        _values.c.type == "Group",
        _values.c.path == MEMBER_PATH,
        _values.c.key.in_(bindparam("ids", expanding=True)),
    )
    .order_by(_resources.c.sequence)
)


class ReferenceRules(ResourceRules):
    """Only ids are stored; `$ref`, a member's missing `type` and a user's `groups` are ours to fill in."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices

    def creating(self, connection: sqlalchemy.Connection, resource: Resource[Any]) -> None:
        _settle(connection, resource, known=())
        self._check_name(connection, resource)

    def updating(
        self, connection: sqlalchemy.Connection, resource: Resource[Any], stored: Resource[Any]
    ) -> None:
        _settle(connection, resource, known=(stored.members or ()) if isinstance(stored, Group) else ())
        self._check_name(connection, resource)

    def adding_members(self, connection: sqlalchemy.Connection, members: Sequence[GroupMember]) -> None:
        _settle_types(connection, members, {})

    def deleted(self, connection: sqlalchemy.Connection, storage: SqlStorage, resource_id: str) -> None:
        """Take a resource that is gone out of every group, and out of the users it managed."""
        for sequence in connection.execute(_referring(MEMBER_PATH, [resource_id])).scalars().all():
            storage.take_member_out(connection, sequence, resource_id)
        for sequence in connection.execute(_referring(MANAGER_PATH, [resource_id])).scalars().all():
            storage.rewrite(connection, sequence, _forget_manager)

    def reading(self, connection: sqlalchemy.Connection, resources: Sequence[Resource[Any]]) -> None:
        _fill_groups(connection, [resource for resource in resources if isinstance(resource, User)])

    @property
    def filters(self) -> filter_sql.Meaning:
        return filter_sql.Meaning(computed=_computed, absent_values=self._choices.absent_values)

    def listed(self) -> filter_sql.Condition | None:
        if self._choices.inactive_users is InactiveUsers.LIST:
            return None
        inactive = select(_values.c.resource).where(
            _values.c.type == "User", _values.c.path == "active", _values.c.number == 0
        )
        return _resources.c.sequence.not_in(inactive)

    def _check_name(self, connection: sqlalchemy.Connection, resource: Resource[Any]) -> None:
        """Refuse a group that has another group's name, where names are unique.

        :raises UniquenessException: for a `displayName` that is taken, in whatever case.
        """
        if self._choices.group_names is GroupNames.FREE or not isinstance(resource, Group):
            return
        binding = _GROUP_NAME.resolve()
        form = attribute_index.comparable(binding, resource.display_name or "") if binding else None
        if form is None:
            return
        others = (
            select(_resources.c.id)
            .join(_values, _values.c.resource == _resources.c.sequence)
            .where(_values.c.type == "Group", _values.c.path == "displayName", _values.c.key == form.key)
        )
        if any(other != resource.id for other in connection.execute(others).scalars()):
            raise UniquenessException(detail="another Group has this displayName")


def locate(resource: Resource[Any], locate_reference: Callable[[str], str]) -> None:
    """Fill in every `$ref` of a resource that is about to be sent.

    :param locate_reference: makes a URL of a reference relative to the SCIM root, such as `Users/2819c223`.
    """
    if isinstance(resource, Group):
        for member in resource.members or []:
            member.ref = Reference(locate_reference(f"{member.type}s/{member.value}"))
    if isinstance(resource, User):
        for group in resource.groups or []:
            group.ref = Reference(locate_reference(f"Groups/{group.value}"))
        if (manager := _manager(resource)) is not None:
            manager.ref = Reference(locate_reference(f"Users/{manager.value}"))


def _settle(connection: sqlalchemy.Connection, resource: Resource[Any], known: Sequence[GroupMember]) -> None:
    repeats.leave_out(resource)
    if isinstance(resource, User):
        resource.groups = None
        if (manager := _manager(resource)) is not None:
            manager.ref = None
    if isinstance(resource, Group):
        resource.members = _without_repeats(resource.members)
        _settle_types(connection, resource.members or [], {member.value: member.type for member in known})


def _without_repeats(members: list[GroupMember] | None) -> list[GroupMember] | None:
    return list({member.value: member for member in reversed(members)}.values())[::-1] if members else None


def _settle_types(
    connection: sqlalchemy.Connection, members: Sequence[GroupMember], known: Mapping[str | None, str | None]
) -> None:
    """Give each member the type of the resource it names; only those that are new are looked up.

    They are locked against deletion until the write is done: who deletes them afterwards finds them in the group.

    :raises InvalidValueException: for a member that is neither a user nor a group here.
    """
    types = dict(known)
    for ids in _chunks([member.value for member in members if member.value and member.value not in known]):
        found = (
            select(_resources.c.id, _resources.c.type)
            .where(_resources.c.id.in_(ids))
            .with_for_update(read=True, key_share=True)
        )
        types |= {each.id: each.type for each in connection.execute(found)}
    for member in members:
        if member.value not in types:
            raise InvalidValueException(
                detail=f"members: {member.value!r} is the id of no User and of no Group"
            )
        member.type = types[member.value]
        member.ref = None


def _fill_groups(connection: sqlalchemy.Connection, users: Iterable[User]) -> None:
    by_id = {user.id: user for user in users if user.id is not None}
    for ids in _chunks(list(by_id)):
        for member, group in connection.execute(_GROUPS_OF, {"ids": ids}):
            membership = GroupMembership(value=group, ref=None, type="direct")
            by_id[member].groups = [*(by_id[member].groups or []), membership]


def _computed(type_name: str, path: str) -> sqlalchemy.FromClause | None:
    """A user's groups, which are the groups' members."""
    if type_name != "User" or attribute_index.head_of(path) != "groups":
        return None
    return _groups_rows(path)


def _groups_rows(path: str) -> sqlalchemy.FromClause:
    """The rows `groups`, or one of its sub-attributes, would have if they were stored."""
    user, member, group = _resources.alias(), _values.alias(), _resources.alias()
    texts = {"groups.value": group.c.id, "groups.type": literal("direct")}
    return (
        select(
            user.c.sequence.label("resource"),
            user.c.type,
            literal(path).label("path"),
            group.c.sequence.label("element"),
            texts.get(path, cast(null(), Text)).label("key"),
            cast(null(), Text).label("text"),
            cast(literal(1.0) if path == "groups" else null(), Double).label("number"),
        )
        .join(member, and_(member.c.path == MEMBER_PATH, member.c.type == "Group", member.c.key == user.c.id))
        .join(group, group.c.sequence == member.c.resource)
        .where(user.c.type == "User")
        .where(true() if path == "groups" or path in texts else false())
        .subquery()
    )


def _referring(path: str, ids: list[str]) -> sqlalchemy.Select[Any]:
    owner = "Group" if path == MEMBER_PATH else "User"
    return (
        select(_values.c.resource)
        .where(_values.c.type == owner, _values.c.path == path, _values.c.key.in_(ids))
        .distinct()
    )


def _forget_manager(resource: Resource[Any]) -> None:
    enterprise = getattr(resource, EnterpriseUser.__name__, None)
    if enterprise is not None:
        enterprise.manager = None


def _manager(user: User) -> Manager | None:
    enterprise = getattr(user, EnterpriseUser.__name__, None)
    return enterprise.manager if enterprise is not None else None


def _chunks(ids: list[str], size: int = 1000) -> Iterable[list[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
