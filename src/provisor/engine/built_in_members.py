"""The members of groups that the directory keeps itself."""

from __future__ import annotations

from collections.abc import Sequence

from provisor.core.audit import SYSTEM, Activity, Actor
from provisor.core.identifiers import ObjectId
from provisor.core.objects import DirectoryObject, Lifecycle
from provisor.engine import auditing
from provisor.engine.built_in_rules import active_group
from provisor.engine.services import Services


def add(services: Services, group_id: ObjectId, members: Sequence[ObjectId], *, by: Actor = SYSTEM) -> int:
    """Put active users and groups of any source into a group; returns how many were not in it before."""
    with services.store.write() as unit:
        group = active_group(unit, group_id)
        added = [
            item
            for item in unit.directory.many(members)
            if item.lifecycle is Lifecycle.ACTIVE and item.id != group.id
        ]
        held = unit.directory.groups_of_many([item.id for item in added])
        new = [item for item in added if group.id not in {found for found, _ in held.get(item.id, ())}]
        unit.directory.save_memberships([(group.id, item.id, item.object_type) for item in new])
        for item in new:
            auditing.note_directory(unit, by, Activity.ADD_MEMBER, group, after=_told(item))
        unit.directory.date_changes(services.clock.now())
        return len(new)


def end(services: Services, group_id: ObjectId, members: Sequence[ObjectId], *, by: Actor = SYSTEM) -> int:
    """Take members out of a group; returns how many were in it."""
    with services.store.write() as unit:
        group = active_group(unit, group_id)
        found = unit.directory.many(members)
        held = unit.directory.groups_of_many([item.id for item in found])
        ended = [item for item in found if group.id in {known for known, _ in held.get(item.id, ())}]
        unit.directory.end_memberships([(group.id, item.id) for item in ended])
        for item in ended:
            auditing.note_directory(unit, by, Activity.REMOVE_MEMBER, group, before=_told(item))
        unit.directory.date_changes(services.clock.now())
        return len(ended)


def _told(member: DirectoryObject) -> dict[str, str]:
    return {"memberId": member.id, "memberDisplayName": member.display_name}
