"""Users, groups and memberships from the records of CSV files, and what makes two records contradict each other."""

from __future__ import annotations

from dataclasses import dataclass, field

from provisor.core.errors import InvalidInputError
from provisor.core.objects import ImportedMembership, ImportedObject, ObjectType, Value
from provisor.sources.csv_rows import refusal
from provisor.sources.csv_table import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """Whom the files name, each with the line that does: all that is remembered of a file while it is validated."""

    users: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    user_principal_names: dict[str, int] = field(default_factory=dict)

    def add_user(self, record: Record) -> None:
        """Remember a user; raises `InvalidInputError` where another row has the anchor or the userPrincipalName."""
        name = record.text("userPrincipalName")
        first = self.user_principal_names.setdefault(name.casefold(), record.line)
        _note(self.users, user(record).anchor, record)
        if first != record.line:
            raise _refusal(
                record,
                f"userPrincipalName {name!r} is already in line {first} (upper and lower case are the same)",
                "Remove one of the two rows, or give one of them another userPrincipalName.",
            )

    def add_group(self, record: Record) -> None:
        """Remember a group; raises `InvalidInputError` where another row has the anchor."""
        _note(self.groups, group(record).anchor, record)

    def membership(self, record: Record) -> ImportedMembership:
        """The membership that a record states.

        Raises `InvalidInputError` where the group or the member is in none of the files, where the member could be a
        user as well as a group, and where a group would be a member of itself.
        """
        name, member = record.text("group"), record.text("member")
        if name not in self.groups:
            raise _refusal(record, f"there is no group {name!r} in groups.csv", _NAME_BY_ANCHOR)
        is_user, is_group = member in self.users, member in self.groups
        if is_user and is_group:
            raise _refusal(
                record,
                f"member {member!r} is both the user of line {self.users[member]} in users.csv "
                f"and the group of line {self.groups[member]} in groups.csv",
                "Give one of the two another id.",
            )
        if is_user:
            return ImportedMembership(group=name, member=member, member_type=ObjectType.USER)
        if not is_group:
            raise _refusal(
                record, f"member {member!r} is neither in users.csv nor in groups.csv", _NAME_BY_ANCHOR
            )
        if member == name:
            raise _refusal(record, f"group {name!r} would be a member of itself", "Remove the row.")
        return ImportedMembership(group=name, member=member, member_type=ObjectType.GROUP)


_NAME_BY_ANCHOR = (
    "Users are named by id, or by userPrincipalName where the row has no id; groups by id, else by displayName, "
    "in the same upper and lower case. Add the missing row or remove this one."
)


def user(record: Record) -> ImportedObject:
    """The user that a record describes."""
    attributes = dict(record.values)
    enabled = attributes.pop("accountEnabled", True) is not False
    named = attributes.pop("manager", None)
    return ImportedObject(
        object_type=ObjectType.USER,
        anchor=_anchor(attributes, otherwise="userPrincipalName"),
        attributes=attributes,
        account_enabled=enabled,
        manager=None if named is None else str(named),
    )


def group(record: Record) -> ImportedObject:
    """The group that a record describes."""
    attributes = dict(record.values)
    anchor = _anchor(attributes, otherwise="displayName")
    return ImportedObject(object_type=ObjectType.GROUP, anchor=anchor, attributes=attributes)


def _anchor(attributes: dict[str, Value], *, otherwise: str) -> str:
    """The object's anchor; an `id` among the attributes becomes `objectId`."""
    identifier = attributes.pop("id", None)
    if identifier is None:
        return str(attributes[otherwise])
    attributes["objectId"] = identifier
    return str(identifier)


def _note(anchors: dict[str, int], anchor: str, record: Record) -> None:
    first = anchors.setdefault(anchor, record.line)
    if first != record.line:
        raise _refusal(
            record,
            f"anchor {anchor!r} is already that of line {first}",
            "Each row needs an id (or name, where there is no id) of its own: remove or correct one of the two rows.",
        )


def _refusal(record: Record, problem: str, remedy: str) -> InvalidInputError:
    return refusal(record.file, problem, remedy, line=record.line)
