"""Where the pages of the directory are, and what it calls the states of its objects."""

from __future__ import annotations

from enum import StrEnum

from starlette.exceptions import HTTPException

from provisor.core.identifiers import ObjectId
from provisor.core.objects import DirectoryObject, Lifecycle, ObjectType
from provisor.engine import built_in_rules
from provisor.look.catalogues import mark as _
from provisor.look.visit import Visit
from provisor.ports.store import UnitOfWork
from provisor.ports.store.directory_search import Place

ROOT = "/directory"
FOLDERS: dict[ObjectType, str] = {
    ObjectType.USER: f"{ROOT}/users",
    ObjectType.GROUP: f"{ROOT}/groups",
}


class State(StrEnum):
    """What an administrator wants to know of an object at first sight."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    DELETED = "deleted"


STATES: dict[State, tuple[str, str]] = {
    State.ACTIVE: ("success", _("Active")),
    State.BLOCKED: ("warning", _("Sign-in blocked")),
    State.DELETED: ("danger", _("Deleted")),
}
"""Tone and words of a state."""


def state(item: DirectoryObject) -> State:
    """The state of an object; what was deleted is deleted, whether or not its sign-in was blocked before."""
    if item.lifecycle is not Lifecycle.ACTIVE:
        return State.DELETED
    return State.ACTIVE if item.account_enabled else State.BLOCKED


def is_built_in(item: DirectoryObject) -> bool:
    """Whether an object is kept in the directory itself, and so is changed here."""
    return item.source == built_in_rules.SOURCE


def is_editable(item: DirectoryObject) -> bool:
    """Whether an object can be changed as it is: kept here, and not deleted."""
    return is_built_in(item) and item.lifecycle is Lifecycle.ACTIVE


def address(item: DirectoryObject, act: str = "") -> str:
    """Where the page of an object is, below the portal's prefix, or one that does something with it."""
    root = f"{FOLDERS[item.object_type]}/{item.id}"
    return f"{root}/{act}" if act else root


def found(unit: UnitOfWork, visit: Visit, object_type: ObjectType) -> DirectoryObject:
    """The object an address names; the page is not found where there is none of this type, or only a tombstone."""
    item = unit.directory.get(ObjectId(visit.params["object"].lower()))
    if item is None or item.object_type is not object_type or item.lifecycle is Lifecycle.HARD_DELETED:
        raise HTTPException(404)
    return item


def told(place: Place) -> str:
    """Where a page of a list ended, as a word for an address."""
    key, object_id = place
    return f"{object_id}.{key}"


def parsed(word: str) -> Place | None:
    """The place such a word tells; None for an empty one. The page is not found where it tells none."""
    object_id, point, key = word.partition(".")
    if not word:
        return None
    if not point:
        raise HTTPException(404)
    return key, object_id
