"""Changes of a group's members by their ids, in time that grows with the number of members and not with its square.

The general application of a PATCH compares every value with every other, which takes half a minute for a thousand
members at once, while nobody else is answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from pydantic import ValidationError
from scim2_models import Group, GroupMember, InvalidValueException, PatchOperation
from scim2_models.path import AttrPath, CompareOperator, Comparison, ValuePath

from provisor.ringcentral import resources

_MEMBERS = frozenset({"members", f"{resources.GROUP_SCHEMA}:members".casefold()})

Operation = PatchOperation[Group]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberChange:
    """One operation on members: some added as they were sent, or some removed by their ids."""

    added: Sequence[Mapping[str, Any]] = field(default=())
    removed: frozenset[str] = frozenset()


def change_of(operation: Operation) -> MemberChange | None:
    """What an operation does to members by their ids; None where it is something else."""
    if operation.path is None:
        return None
    if operation.path.casefold() in _MEMBERS:
        return _listed(operation)
    if operation.op == PatchOperation.Op.remove and operation.value is None:
        selected = _selected(operation.path.ast)
        return MemberChange(removed=frozenset({selected})) if selected is not None else None
    return None


def _listed(operation: Operation) -> MemberChange | None:
    value: Any = operation.value
    entries = value if isinstance(value, list) else [value]
    if not entries or not all(isinstance(each, dict) and each.get("value") for each in entries):
        return None
    if operation.op == PatchOperation.Op.add:
        return MemberChange(added=entries)
    if operation.op == PatchOperation.Op.remove and all(len(each) == 1 for each in entries):
        return MemberChange(removed=frozenset(each["value"] for each in entries))
    return None


@dataclass(frozen=True, slots=True)
class MemberChanges:
    """Operations on members that follow each other."""

    changes: Sequence[MemberChange]

    def apply(self, group: Group) -> bool:
        """Change a group in place, and tell whether anything is different.

        Adding a member a group has changes nothing (RFC 7644 section 3.5.2.1), though its `type` was not sent again;
        and so does removing one it does not have.

        :raises InvalidValueException: for a member that is none.
        """
        before = {str(member.value): member for member in group.members or []}
        members = dict(before)
        for change in self.changes:
            for entry in change.added:
                if entry["value"] not in members:
                    members[entry["value"]] = before.get(entry["value"]) or member(entry)
            for removed in change.removed:
                members.pop(removed, None)
        if members.keys() == before.keys():
            return False
        group.members = list(members.values()) or None
        return True


def runs(operations: Sequence[Operation]) -> Iterator[MemberChanges | list[Operation]]:
    """The operations in order, those that follow each other and are of one kind together."""
    found = [(change_of(operation), operation) for operation in operations]
    for is_change, together in groupby(found, key=lambda each: each[0] is not None):
        run = list(together)
        if is_change:
            yield MemberChanges([change for change, _ in run if change is not None])
        else:
            yield [operation for _, operation in run]


def member(entry: Mapping[str, Any]) -> GroupMember:
    """A member as it was sent.

    :raises InvalidValueException: for what is none.
    """
    try:
        return GroupMember.model_validate(entry)
    except ValidationError as error:
        raise InvalidValueException(detail=f"members: {entry!r} is no member") from error


def _selected(path: Any) -> str | None:
    """The id in `members[value eq "…"]`."""
    match path:
        case ValuePath(
            attr_path=AttrPath() as attribute,
            val_filter=Comparison(
                attr_path=AttrPath(attr=name, sub_attr=None, uri=None),
                op=CompareOperator.eq,
                value=str(value),
            ),
            sub_attr=None,
        ) if str(attribute).casefold() in _MEMBERS and name.casefold() == "value":
            return value
    return None
