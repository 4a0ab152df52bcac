"""An entry of the provisioning log as a document in the shape of Microsoft Graph's `provisioningObjectSummary`.

Source: Graph, resource type `provisioningObjectSummary`; Entra, *Provisioning logs*. Ours, beyond Graph: `reasonCode` and
`reason` (why the change was decided), `objectType` and `changeKind`.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NewType

from provisor.core import log_errors, log_steps, steps
from provisor.core.application import Application
from provisor.core.changes import EXPLANATIONS, ChangeKind, Reason
from provisor.core.guard import REMOVALS
from provisor.core.objects import ObjectType
from provisor.core.plan import Origin, RecordedRow, RowState
from provisor.core.provisioning_log import LogRecord
from provisor.scim import urns

TenantId = NewType("TenantId", str)
"""The organisation whose directory is provisioned: a GUID in lower case."""

HIDDEN_VALUE = "(not shown)"
_HIDDEN_PATHS = frozenset({"password"})


class ProvisioningAction(enum.StrEnum):
    """What was done to the account (Graph: `provisioningAction`)."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    DISABLE = "disable"
    STAGED_DELETE = "stageddelete"
    """An account would have been disabled or deleted; the guard holds it for a person."""
    OTHER = "other"
    """Nothing was written: in agreement already, linked, skipped, or impossible."""


class EntryStatus(enum.StrEnum):
    """How it ended (Graph: `provisioningStatusInfo.status`)."""

    SUCCESS = "success"
    FAILURE = "failure"
    SKIPPED = "skipped"
    WARNING = "warning"


_ACTIONS: Mapping[ChangeKind, ProvisioningAction] = {
    ChangeKind.CREATE: ProvisioningAction.CREATE,
    ChangeKind.UPDATE: ProvisioningAction.UPDATE,
    ChangeKind.ENABLE: ProvisioningAction.UPDATE,
    ChangeKind.SET_REFERENCE: ProvisioningAction.UPDATE,
    ChangeKind.ADD_MEMBERS: ProvisioningAction.UPDATE,
    ChangeKind.REMOVE_MEMBERS: ProvisioningAction.UPDATE,
    ChangeKind.DISABLE: ProvisioningAction.DISABLE,
    ChangeKind.DELETE: ProvisioningAction.DELETE,
    ChangeKind.LINK: ProvisioningAction.OTHER,
    ChangeKind.SKIP: ProvisioningAction.OTHER,
    ChangeKind.FAIL: ProvisioningAction.OTHER,
}

_STATES: Mapping[EntryStatus, tuple[RowState, ...]] = {
    EntryStatus.SUCCESS: (RowState.DONE,),
    EntryStatus.FAILURE: (RowState.FAILED,),
    EntryStatus.SKIPPED: (RowState.SKIPPED, RowState.STALE, RowState.DROPPED, RowState.HELD),
    EntryStatus.WARNING: (RowState.DONE, RowState.STALE),
}

_INITIATORS: Mapping[Origin, tuple[str, str]] = {
    Origin.SCHEDULE: ("Provisor provisioning service", "system"),
    Origin.EXPRESS: ("Provisor provisioning service, leavers first", "system"),
    Origin.PERSON: ("Administrator", "user"),
    Origin.ON_DEMAND: ("Administrator, on demand", "user"),
    Origin.UNDO: ("Administrator, taking changes back", "user"),
}


def action(record: LogRecord) -> ProvisioningAction:
    """What the entry did; an account that needed nothing but a reference was updated."""
    telling = _telling(record)
    if telling.state is RowState.HELD and telling.row.kind in REMOVALS:
        return ProvisioningAction.STAGED_DELETE
    return _ACTIONS[telling.row.kind]


def status(record: LogRecord) -> EntryStatus:
    """How the entry ended: the worst of its rows decides."""
    rows = (record.main, *record.following)
    if any(row.state is RowState.FAILED for row in rows):
        return EntryStatus.FAILURE
    stale = [row for row in rows if row.state is RowState.STALE]
    if any(row.warnings for row in rows) or any(row.error_code or row is not record.main for row in stale):
        return EntryStatus.WARNING
    if record.main.state in (RowState.HELD, RowState.DROPPED):
        return EntryStatus.SKIPPED
    done = any(row.state is RowState.DONE for row in rows)
    return EntryStatus.SUCCESS if done else EntryStatus.SKIPPED


def telling_reason(record: LogRecord) -> Reason:
    """Why the change was decided."""
    return _telling(record).row.reason


def reason(record: LogRecord) -> str:
    """Why the change was decided, in words that go on after the object's name."""
    return EXPLANATIONS[telling_reason(record)]


def kinds_of(wanted: ProvisioningAction) -> tuple[ChangeKind, ...]:
    """The kinds that the first row of an entry with this action can have; `action` decides for good.

    An update may begin with a row that found the account itself in agreement.
    """
    if wanted is ProvisioningAction.STAGED_DELETE:
        return tuple(sorted(REMOVALS))
    kinds = tuple(kind for kind, found in _ACTIONS.items() if found is wanted)
    return (*kinds, ChangeKind.SKIP, ChangeKind.LINK) if wanted is ProvisioningAction.UPDATE else kinds


def states_of(wanted: EntryStatus) -> tuple[RowState, ...]:
    """The states one of which some row of an entry with this status has; `status` decides for good."""
    return _STATES[wanted]


def entry(record: LogRecord, *, application: Application, job_id: str, tenant_id: TenantId) -> dict[str, Any]:
    """The document of an entry, ready for JSON: names are Graph's, instants ISO 8601 in UTC, durations milliseconds."""
    main, row, telling = record.main, record.main.row, _telling(record)
    name, initiator_type = _INITIATORS[record.origin]
    everything = (main, *record.following)
    ended = status(record)
    return {
        "id": row.change_id,
        "activityDateTime": instant(main.finished),
        "tenantId": tenant_id,
        "jobId": job_id,
        "cycleId": row.plan_id,
        "changeId": row.change_id,
        "provisioningAction": action(record).value,
        "durationInMilliseconds": sum(item.duration_ms or 0 for item in everything),
        "initiatedBy": {"id": "", "displayName": name, "initiatorType": initiator_type},
        "servicePrincipal": {"id": application.id, "displayName": application.name},
        "sourceSystem": {"id": tenant_id, "displayName": "Provisor directory", "details": {}},
        "targetSystem": _target_system(application),
        "sourceIdentity": _source_identity(main),
        "targetIdentity": _target_identity(record),
        "provisioningStatusInfo": {
            "status": ended.value,
            "errorInformation": log_errors.information(record),
        },
        "provisioningSteps": [steps.document(step) for step in log_steps.steps(record)],
        "modifiedProperties": [item for part in everything for item in modified_properties(part)],
        "objectType": row.object_type.value,
        "changeKind": telling.row.kind.value,
        "reasonCode": telling.row.reason.value,
        "reason": reason(record),
    }


def modified_properties(recorded: RecordedRow) -> Iterator[dict[str, str | None]]:
    """The attributes that a row writes, with old and new values as text; references by the ids they have in the directory."""
    row = recorded.row
    for item in row.details.modifications:
        yield _property(item.path, item.old, item.new)
    removing = row.kind is ChangeKind.REMOVE_MEMBERS
    for reference in row.details.references:
        old, new = (reference, None) if removing else (None, reference)
        yield _property(row.details.attribute or "", old, new)


def instant(moment: datetime | None) -> str | None:
    """A moment as Graph writes it."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def shown(path: str, value: object) -> object:
    """A value as it may be shown to a person: those of attributes that are secrets are not."""
    return HIDDEN_VALUE if value is not None and path.lower() in _HIDDEN_PATHS else value


def _telling(record: LogRecord) -> RecordedRow:
    """The row that says what was done: the first one, unless only a later one wrote something."""
    quiet = _ACTIONS[record.main.row.kind] is ProvisioningAction.OTHER
    if quiet and record.main.row.kind is not ChangeKind.FAIL and record.following:
        return record.following[0]
    return record.main


def _property(path: str, old: object, new: object) -> dict[str, str | None]:
    return {
        "displayName": path,
        "oldValue": _text(shown(path, old)),
        "newValue": _text(shown(path, new)),
    }


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def _source_identity(main: RecordedRow) -> dict[str, Any]:
    row = main.row
    details = {"id": row.object_id, "odatatype": row.object_type.value, "DisplayName": row.details.name}
    if row.details.principal_name is not None:
        details["UserPrincipalName"] = row.details.principal_name
    return {
        "id": row.object_id,
        "displayName": row.details.name,
        "identityType": row.object_type.value,
        "details": details,
    }


def _target_identity(record: LogRecord) -> dict[str, Any]:
    row = record.main.row
    rows = (record.main, *record.following)
    target_id = next((item.row.target_id for item in rows if item.row.target_id), "")
    naming = "userName" if row.object_type is ObjectType.USER else "displayName"
    name = next((item.new for item in row.details.modifications if item.path == naming), "")
    return {
        "id": target_id,
        "displayName": str(name or ""),
        "identityType": urns.core(row.object_type.value),
        "details": {},
    }


def _target_system(application: Application) -> dict[str, Any]:
    return {
        "id": application.id,
        "displayName": application.name,
        "details": {
            "ApplicationId": application.id,
            "ServicePrincipalId": application.id,
            "ServicePrincipalDisplayName": application.name,
        },
    }
