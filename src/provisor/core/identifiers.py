"""Identifiers that cannot be swapped for one another."""

from typing import NewType

ObjectId = NewType("ObjectId", str)
"""A user or group of the directory: a GUID in lower case."""

TargetId = NewType("TargetId", str)
"""A resource in an application, as the application names it (SCIM `id`)."""

ApplicationId = NewType("ApplicationId", str)
"""An application (Graph: service principal): a GUID in lower case."""

RoleId = NewType("RoleId", str)
"""An app role of an application: a GUID in lower case."""

PlanId = NewType("PlanId", str)
"""A plan, which is also the id of the cycle that applies it: a GUID in lower case."""

ChangeId = NewType("ChangeId", str)
"""One row of a plan, and the provisioning log entry it leads to (Graph: `changeId`)."""

Sequence = NewType("Sequence", int)
"""A position in the directory's stream of changes; 0 is before the first change."""


def change_id(plan: PlanId, ordinal: int) -> ChangeId:
    """The id of a plan's row: a GUID made of the plan's first half and the row's place in it.

    It needs no randomness, so a row that is recorded twice is recorded under the same id.
    """
    return ChangeId(f"{plan[:24]}{ordinal:012x}")


def change_parts(change: ChangeId) -> tuple[str, int]:
    """How the id of a change's plan begins, and the row's place in it; a place of -1 where it is no such id."""
    begin, place = change[:24], change[24:]
    usable = len(place) == 12 and set(place) <= set("0123456789abcdef")
    return begin, int(place, 16) if usable else -1
