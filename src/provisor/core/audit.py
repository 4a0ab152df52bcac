"""The audit log: what administrators did to the configuration, with what it was before and what it is after.

Source: Entra, *Audit logs*, service *Account Provisioning*; Graph, resource type `directoryAudit`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NewType

from provisor.core.identifiers import ApplicationId

Actor = NewType("Actor", str)
"""Who did something: the name of a person, or of what acts by itself."""

SYSTEM = Actor("Provisor provisioning service")
"""The service itself, and whoever calls the engine without saying who they are."""


class Activity(enum.StrEnum):
    """What was done, in Entra's words where it has them."""

    UPDATE_SETTINGS = "Update provisioning setting or credentials"
    START = "Enable/start provisioning configuration"
    PAUSE = "Disable/pause provisioning configuration"
    RESTART = "Enable/restart provisioning configuration"
    RUN = "Run provisioning cycle"
    UPDATE_SCHEMA = "Update attribute mappings or scope"
    QUARANTINE = "Quarantine"
    ADD_APPLICATION = "Add service principal"
    REMOVE_APPLICATION = "Remove service principal"
    ASSIGN_USER = "Add app role assignment grant to user"
    ASSIGN_GROUP = "Add app role assignment to group"
    UNASSIGN_USER = "Remove app role assignment from user"
    UNASSIGN_GROUP = "Remove app role assignment from group"
    APPLY_PLAN = "Apply plan"
    ALLOW_HELD = "Allow held changes"
    REJECT_HELD = "Reject held changes"
    UNDO = "Take changes back"
    PROVISION_ON_DEMAND = "Provision on demand"
    RETRY = "Retry failed objects"
    UPDATE_LINKS = "Update links"
    UPDATE_PROTECTION = "Update protection from removal"
    ADD_ADMINISTRATOR = "Add administrator"
    REMOVE_ADMINISTRATOR = "Remove administrator"
    CHANGE_ADMINISTRATOR_ROLE = "Change administrator role"
    ADD_USER = "Add user"
    UPDATE_USER = "Update user"
    ENABLE_ACCOUNT = "Enable account"
    DISABLE_ACCOUNT = "Disable account"
    DELETE_USER = "Delete user"
    RESTORE_USER = "Restore user"
    HARD_DELETE_USER = "Hard Delete user"
    ADD_GROUP = "Add group"
    UPDATE_GROUP = "Update group"
    DELETE_GROUP = "Delete group"
    RESTORE_GROUP = "Restore Group"
    HARD_DELETE_GROUP = "Hard Delete group"
    ADD_MEMBER = "Add member to group"
    REMOVE_MEMBER = "Remove member from group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What somebody does: `before` and `after` hold only what changes, `subject` is the name of what it is done to.

    No secret is ever in them.
    """

    actor: Actor
    activity: Activity
    application_id: ApplicationId | None
    subject: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """An act as the log keeps it, with when it was done."""

    id: str
    at: datetime
    act: Act

    @property
    def position(self) -> tuple[str, str]:
        """Where the entry stands in the log, to read on from there."""
        return self.at.astimezone(UTC).isoformat(timespec="microseconds"), self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuery:
    """What to look for; empty means everything. `application` is a name or id, of a removed application too."""

    application: str | None = None
    actor: Actor | None = None
    activity: Activity | None = None
    since: datetime | None = None


def differences(before: Any, after: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What two JSON documents have different, by dotted path: the values before, and the values after.

    Items of arrays are told apart by their names where they have one, so that a mapping that was added, removed or
    moved does not make all the others look changed.
    """
    old, new = dict(_leaves(before, "")), dict(_leaves(after, ""))
    changed = [path for path in {**old, **new} if old.get(path, _ABSENT) != new.get(path, _ABSENT)]
    return (
        {path: old[path] for path in changed if path in old},
        {path: new[path] for path in changed if path in new},
    )


_ABSENT = object()
_NAMING = ("targetAttributeName", "sourceObjectName", "name", "id")


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    match value:
        case dict() if value or not path:
            for key, item in value.items():
                yield from _leaves(item, f"{path}.{key}" if path else str(key))
        case list() | tuple() if value and (names := _names(value)):
            for name, item in zip(names, value, strict=True):
                yield from _leaves(item, f"{path}[{name}]")
        case _:
            yield path, value


def _names(items: list[Any] | tuple[Any, ...]) -> list[str] | None:
    """A name for each item of an array, where all have one and no two the same."""
    for key in _NAMING:
        names = [item.get(key) if isinstance(item, dict) else None for item in items]
        if all(isinstance(name, str) for name in names) and len(set(names)) == len(names):
            return [str(name) for name in names]
    return None


def document(entry: AuditEntry) -> dict[str, Any]:
    """An entry as JSON, in the shape of Graph's `directoryAudit`."""
    act = entry.act
    before, after = act.before or {}, act.after or {}
    return {
        "id": entry.id,
        "activityDateTime": entry.at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00")
        + "Z",
        "activityDisplayName": act.activity.value,
        "category": "ProvisioningManagement",
        "loggedByService": "Account Provisioning",
        "result": "success",
        "initiatedBy": {
            "displayName": act.actor,
            "initiatorType": "system" if act.actor == SYSTEM else "user",
        },
        "applicationId": act.application_id,
        "targetResources": [
            {
                "displayName": act.subject,
                "modifiedProperties": [
                    {"displayName": name, "oldValue": before.get(name), "newValue": after.get(name)}
                    for name in {**before, **after}
                ],
            }
        ],
    }


FLAT = (
    "activityDateTime",
    "initiatedBy",
    "activityDisplayName",
    "applicationId",
    "subject",
    "before",
    "after",
    "id",
)
"""The columns of an entry as a line of a table."""


def flat(entry: AuditEntry) -> dict[str, Any]:
    """An entry as such a line."""
    act, told = entry.act, document(entry)
    return {
        "activityDateTime": told["activityDateTime"],
        "initiatedBy": act.actor,
        "activityDisplayName": act.activity.value,
        "applicationId": act.application_id,
        "subject": act.subject,
        "before": act.before,
        "after": act.after,
        "id": entry.id,
    }
