"""What users and groups that the directory keeps itself may be, and why something is refused."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass

from provisor.core.errors import InvalidInputError
from provisor.core.identifiers import ObjectId
from provisor.core.objects import DirectoryObject, Lifecycle, ObjectType, Value
from provisor.ports.store import UnitOfWork

SOURCE = "builtin"
"""The name of the source; imports may not use it."""

LONGEST_VALUE = 1024
"""Characters of one attribute."""

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


class Problem(enum.Enum):
    """Why something is refused."""

    PRINCIPAL_NAME_NEEDED = "Enter a user principal name."
    PRINCIPAL_NAME_UNUSABLE = "A user principal name is a name, @ and a domain, without blanks."
    PRINCIPAL_NAME_TAKEN = "Another active user has this user principal name."
    DISPLAY_NAME_NEEDED = "Enter a display name."
    VALUE_TOO_LONG = f"A value has at most {LONGEST_VALUE} characters."
    MANAGER_UNKNOWN = "No active user that is kept here has this user principal name."
    MANAGER_IS_SELF = "Nobody is their own manager."
    NOT_BUILT_IN = "The object comes from another source: change it there and import it again."
    NOT_ACTIVE = "The object is deleted. Restore it first."
    NOT_DELETED = "The object is not deleted."
    GONE = "The object is not in the directory any more."
    CHANGED_MEANWHILE = (
        "Somebody else changed the object meanwhile. Look at what it is now, and change it again."
    )
    NOT_A_GROUP = "Only groups have members."


class RefusedError(InvalidInputError):
    """Something is not done; `attribute` is the one to blame, empty where none is."""

    def __init__(self, problem: Problem, attribute: str = "") -> None:
        super().__init__(f"{attribute}: {problem.value}" if attribute else problem.value)
        self.problem = problem
        self.attribute = attribute


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What an administrator enters.

    :param attributes: by name; an empty text is an absent attribute, one that is not named stays what it is.
    :param manager: the userPrincipalName of a user that is kept here; empty for nobody.
    """

    attributes: Mapping[str, str]
    manager: str = ""


def known(unit: UnitOfWork, object_id: ObjectId) -> DirectoryObject:
    """An object that is kept here and not gone; raises `RefusedError` for any other."""
    item = unit.directory.get(object_id)
    if item is None or item.lifecycle is Lifecycle.HARD_DELETED:
        raise RefusedError(Problem.GONE)
    if item.source != SOURCE:
        raise RefusedError(Problem.NOT_BUILT_IN)
    return item


def active(unit: UnitOfWork, object_id: ObjectId) -> DirectoryObject:
    """The same, which is not deleted."""
    item = known(unit, object_id)
    if item.lifecycle is not Lifecycle.ACTIVE:
        raise RefusedError(Problem.NOT_ACTIVE)
    return item


def deleted(unit: UnitOfWork, object_id: ObjectId) -> DirectoryObject:
    """The same, which is deleted and can be restored."""
    item = known(unit, object_id)
    if item.lifecycle is not Lifecycle.SOFT_DELETED:
        raise RefusedError(Problem.NOT_DELETED)
    return item


def active_group(unit: UnitOfWork, object_id: ObjectId) -> DirectoryObject:
    """The same, which is a group."""
    item = active(unit, object_id)
    if item.object_type is not ObjectType.GROUP:
        raise RefusedError(Problem.NOT_A_GROUP)
    return item


def entered(
    unit: UnitOfWork, object_type: ObjectType, object_id: ObjectId, details: Details
) -> Mapping[str, Value]:
    """The attributes that have a value, checked."""
    values = {name: value.strip() for name, value in details.attributes.items() if value.strip()}
    for name, value in values.items():
        if len(value) > LONGEST_VALUE:
            raise RefusedError(Problem.VALUE_TOO_LONG, name)
    if "displayName" not in values:
        raise RefusedError(Problem.DISPLAY_NAME_NEEDED, "displayName")
    if object_type is ObjectType.USER:
        principal = values.get("userPrincipalName")
        if principal is None:
            raise RefusedError(Problem.PRINCIPAL_NAME_NEEDED, "userPrincipalName")
        if not _ADDRESS.fullmatch(principal):
            raise RefusedError(Problem.PRINCIPAL_NAME_UNUSABLE, "userPrincipalName")
        refuse_taken(unit, object_id, principal)
    return values


def refuse_taken(unit: UnitOfWork, object_id: ObjectId, name: str) -> None:
    """Raise `RefusedError` where another active user has a userPrincipalName."""
    for other in unit.directory.named(ObjectType.USER, name):
        if other.id != object_id and other.lifecycle is Lifecycle.ACTIVE:
            raise RefusedError(Problem.PRINCIPAL_NAME_TAKEN, "userPrincipalName")


def manager(unit: UnitOfWork, object_id: ObjectId, name: str) -> str | None:
    """The anchor of the user with a userPrincipalName: only users of one source refer to each other."""
    if not name.strip():
        return None
    for item in unit.directory.named(ObjectType.USER, name.strip()):
        if item.source == SOURCE and item.lifecycle is Lifecycle.ACTIVE:
            if item.id == object_id:
                raise RefusedError(Problem.MANAGER_IS_SELF, "manager")
            return item.anchor
    raise RefusedError(Problem.MANAGER_UNKNOWN, "manager")
