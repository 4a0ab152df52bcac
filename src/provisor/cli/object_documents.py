"""Users and groups of the directory as documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import typer

from provisor.core import log_entry, objects
from provisor.core.application import Application
from provisor.core.assignments import DEFAULT_ACCESS
from provisor.core.errors import InvalidInputError, NotFoundError
from provisor.core.identifiers import ObjectId
from provisor.core.links import LinkQuery
from provisor.ports.store import Store, UnitOfWork

MEMBERS_SHOWN = 100
_PAGE = 500


def of_object(item: objects.DirectoryObject) -> dict[str, Any]:
    """A user or group with everything the directory holds of it."""
    return {
        "id": item.id,
        "objectType": item.object_type.value,
        "userPrincipalName": item.attributes.get("userPrincipalName"),
        "displayName": item.display_name,
        "mail": item.attributes.get("mail"),
        "department": item.attributes.get("department"),
        "accountEnabled": item.account_enabled,
        "lifecycle": item.lifecycle.value,
        "source": item.source,
        "anchor": item.anchor,
        "managerId": item.manager_id,
        "sequence": item.sequence,
        "attributes": dict(sorted(item.attributes.items())),
    }


def listing(store: Store, object_type: objects.ObjectType) -> Iterator[dict[str, Any]]:
    """Every object of a type by name, soft-deleted ones included, a page at a time."""
    last = ("", "")
    while True:
        with store.read() as unit:
            page = unit.directory.listing(object_type, last, _PAGE)
        yield from map(of_object, page)
        if not page:
            return
        last = _place(page[-1])


def find(unit: UnitOfWork, name_or_id: str) -> objects.DirectoryObject:
    """The object with this id, userPrincipalName or group name.

    Raises `NotFoundError`, or `InvalidInputError` with the ids where several objects have the name.
    """
    by_id = unit.directory.get(ObjectId(name_or_id.lower()))
    if by_id is not None:
        return by_id
    found = [item for kind in objects.ObjectType for item in unit.directory.named(kind, name_or_id)]
    alive = [item for item in found if item.lifecycle is objects.Lifecycle.ACTIVE] or found
    if not alive:
        raise NotFoundError(
            f"The directory has no object with the id, userPrincipalName or group name {name_or_id!r}."
        )
    if len(alive) > 1:
        ids = ", ".join(f"{item.id} ({item.object_type.value})" for item in alive)
        raise InvalidInputError(f"Several objects are named {name_or_id!r}; give one of their ids: {ids}.")
    return alive[0]


def principal_named(user: str | None, group: str | None) -> tuple[objects.ObjectType, str]:
    """What the options `--user` and `--group` name; exactly one of them is to be given."""
    match user, group:
        case str(), None:
            return objects.ObjectType.USER, user
        case None, str():
            return objects.ObjectType.GROUP, group
        case _:
            raise typer.BadParameter("Give either --user or --group.")


def in_full(unit: UnitOfWork, item: objects.DirectoryObject) -> dict[str, Any]:
    """An object with its manager, groups, first members, and its place in every application that concerns it."""
    members = unit.directory.members_of(item.id, "", MEMBERS_SHOWN + 1)
    manager = unit.directory.get(item.manager_id) if item.manager_id else None
    return {
        **of_object(item),
        "managerDisplayName": manager.display_name if manager else None,
        "groups": [_named(found) for found in unit.directory.groups_of(item.id)],
        "members": [_named(found) for found in members[:MEMBERS_SHOWN]],
        "hasMoreMembers": len(members) > MEMBERS_SHOWN,
        "applications": [
            place
            for application in unit.applications.all()
            if (place := _place_in(unit, application, item)) is not None
        ],
    }


def _place_in(
    unit: UnitOfWork, application: Application, item: objects.DirectoryObject
) -> dict[str, Any] | None:
    """How an object stands with an application; None where they have nothing to do with each other."""
    reach = application.settings.role_reach
    grants = unit.candidates(application.id).grants([item.id], reach).get(item.id, ())
    listed = unit.links(application.id).listing(LinkQuery(object_id=item.id), limit=1)
    link = listed[0].link if listed else None
    escrow = unit.escrows(application.id).of([item.id]).get(item.id)
    if not grants and link is None and escrow is None:
        return None
    names = role_names(application)
    groups = {group.id: group.display_name for group in unit.directory.many([g.via for g in grants if g.via])}
    return {
        "id": application.id,
        "name": application.name,
        "roles": [
            {
                "role": names.get(grant.role_id, grant.role_id),
                "through": groups.get(grant.via) if grant.via else None,
            }
            for grant in grants
        ],
        "targetId": link.target_id if link else None,
        "linkState": link.state.value if link else None,
        "linkSince": log_entry.instant(listed[0].since) if listed else None,
        "deleteDue": log_entry.instant(link.delete_due) if link else None,
        "errorCode": escrow.code.value if escrow else None,
        "error": escrow.message if escrow else None,
    }


def role_names(application: Application) -> Mapping[str, str]:
    """The value of each role of an application by its id, Default Access included."""
    return {DEFAULT_ACCESS: "Default Access", **{role.id: role.value for role in application.roles}}


def _named(found: tuple[ObjectId, str]) -> dict[str, str]:
    return {"id": found[0], "displayName": found[1]}


def _place(item: objects.DirectoryObject) -> tuple[str, str]:
    """Where an object stands in a listing by name."""
    principal = item.attributes.get("userPrincipalName")
    is_user = item.object_type is objects.ObjectType.USER
    name = principal if is_user and isinstance(principal, str) else item.display_name
    return name.casefold(), item.id
