"""The steps an object went through, as the provisioning log shows them (Graph: `provisioningStep`).

Source: Entra, *Provisioning logs*, steps; the details keys of scoping are those of Entra's own log.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from provisor.core.changes import EXPLANATIONS, ChangeKind, Reason
from provisor.core.errors import ErrorCode
from provisor.core.plan import Phase, RecordedRow, RowState
from provisor.core.provisioning_log import LogRecord
from provisor.core.scoping import Conditions
from provisor.core.steps import Step, StepStatus, StepType

_DECISIONS: Mapping[ChangeKind, str] = {
    ChangeKind.CREATE: "EntrySynchronizationAdd",
    ChangeKind.DISABLE: "EntrySynchronizationDisable",
    ChangeKind.DELETE: "EntrySynchronizationDelete",
}
_EXPORTS: Mapping[ChangeKind, str] = {
    ChangeKind.CREATE: "EntryExportAdd",
    ChangeKind.DELETE: "EntryExportDelete",
}
"""Names of steps where they are not those of an update."""

_MATCHING_ERRORS = frozenset(
    {
        ErrorCode.DUPLICATE_TARGET_ENTRIES,
        ErrorCode.DUPLICATE_SOURCE_ENTRIES,
        ErrorCode.IMPORT_SKIPPED,
        ErrorCode.MULTIPLE_ENTRIES_IN_RESPONSE,
    }
)

_SKIP_REASONS: Mapping[Reason, str] = {
    Reason.REDUNDANT_EXPORT: "RedundantExport",
    Reason.NOT_ASSIGNED: "NotEffectivelyEntitled",
    Reason.NOT_EFFECTIVELY_ENTITLED: "NotEffectivelyEntitled",
    Reason.FILTERED_OUT: "NotEffectivelyEntitled",
    Reason.DROPPED_EARLY: "NotEffectivelyEntitled",
    Reason.ACCOUNT_DISABLED: "NotEffectivelyEntitled",
    Reason.SOFT_DELETED: "NotEffectivelyEntitled",
    Reason.HARD_DELETED: "NotEffectivelyEntitled",
}
"""Entra's words where it has one; otherwise the reason's own."""

_WRITES: Mapping[ChangeKind, str] = {
    ChangeKind.CREATE: "The account was created",
    ChangeKind.UPDATE: "The account was updated",
    ChangeKind.ENABLE: "The account was enabled",
    ChangeKind.DISABLE: "The account was disabled",
    ChangeKind.DELETE: "The account was deleted",
}

_STATUS: Mapping[RowState, StepStatus] = {
    RowState.DONE: StepStatus.SUCCESS,
    RowState.FAILED: StepStatus.FAILURE,
    RowState.SKIPPED: StepStatus.SKIPPED,
    RowState.STALE: StepStatus.SKIPPED,
    RowState.PENDING: StepStatus.SKIPPED,
    RowState.APPLYING: StepStatus.SKIPPED,
    RowState.HELD: StepStatus.SKIPPED,
    RowState.DROPPED: StepStatus.SKIPPED,
}


def steps(record: LogRecord) -> list[Step]:
    """The steps of an entry in the order in which they were taken."""
    return [*_account_steps(record.main), *_reference_steps(record)]


def _account_steps(main: RecordedRow) -> Iterator[Step]:
    yield imported(main)
    if main.row.phase is Phase.REFERENCES:
        return
    if main.row.details.conditions is not None:
        yield scoped(main, main.row.details.conditions)
    found = matched(main)
    if found is not None:
        yield found
        if found.status is StepStatus.FAILURE:
            return
    yield exported(main)


def imported(main: RecordedRow) -> Step:
    """The step that took the object from the directory."""
    row = main.row
    details = {"objectId": row.object_id, "displayName": row.details.name}
    if row.details.principal_name is not None:
        details["userPrincipalName"] = row.details.principal_name
    description = f"Retrieved {row.object_type.value} {row.details.name!r} from the directory"
    return Step(
        name="EntryImport",
        type=StepType.IMPORT,
        status=StepStatus.SUCCESS,
        description=description,
        details=details,
    )


def scoped(main: RecordedRow, conditions: Conditions) -> Step:
    """The step that judged the scope, with every condition among its details."""
    holder = main.row.object_type.value
    passed = conditions.filter_passed is not False
    details = {
        "Active in the source system": str(conditions.active),
        "Assigned to the application": str(conditions.assigned),
        f"{holder} has the required role": str(conditions.has_required_role),
        "Scoping filter evaluation passed": str(passed),
        "ScopeEvaluationResult": json.dumps(dict(conditions.filter_results), ensure_ascii=False),
    }
    if conditions.active and conditions.assigned and conditions.has_required_role and passed:
        status, description = StepStatus.SUCCESS, "The object is in scope"
    else:
        status = StepStatus.SKIPPED
        description = f"The object is out of scope: it {EXPLANATIONS[main.row.reason]}"
        if not passed and conditions.filter_decided_by is not None:
            description += f" ({conditions.filter_decided_by})"
    return Step(
        name="EntrySynchronizationScoping",
        type=StepType.SCOPING,
        status=status,
        description=description,
        details=details,
    )


def matched(main: RecordedRow) -> Step | None:
    """The step that found the account, or found that there is none; None where it was not taken."""
    row, details = main.row, main.row.details
    status, found = StepStatus.SUCCESS, {}
    if row.kind is ChangeKind.FAIL:
        if details.error_code not in _MATCHING_ERRORS:
            return None
        status, description = StepStatus.FAILURE, details.error_message or ""
        if details.candidates:
            found = {"candidates": ", ".join(details.candidates)}
    elif details.matched_on is not None:
        description = f"The account {row.target_id} matches by {details.matched_on}"
        found = {"matchingAttribute": details.matched_on, "targetId": row.target_id or ""}
    elif row.kind is ChangeKind.CREATE:
        description = "No account of the application matches"
    elif row.target_id is not None:
        description = f"The object is linked to the account {row.target_id}"
        found = {"targetId": row.target_id}
    else:
        return None
    name = _DECISIONS.get(row.kind, "EntrySynchronizationUpdate")
    return Step(name=name, type=StepType.MATCHING, status=status, description=description, details=found)


def exported(main: RecordedRow) -> Step:
    """The step that wrote the account, or says why nothing was written."""
    row = main.row
    if row.kind is ChangeKind.SKIP or (row.kind is ChangeKind.LINK and main.state is RowState.DONE):
        description = f"Nothing is written: {EXPLANATIONS[row.reason]}"
        return Step(
            name="EntrySynchronizationSkip",
            type=StepType.EXPORT,
            status=StepStatus.SKIPPED,
            description=description,
            details=_skip(main),
        )
    status, description = _STATUS[main.state], main.error_message or _WRITES.get(row.kind, "")
    if main.warnings:
        status, description = StepStatus.WARNING, "; ".join(main.warnings)
    name = _EXPORTS.get(row.kind, "EntryExportUpdate")
    return Step(
        name=name,
        type=StepType.EXPORT,
        status=status,
        description=description,
        details=_export_details(main),
    )


def _export_details(main: RecordedRow) -> dict[str, str]:
    details = {"changeKind": main.row.kind.value}
    if main.error_code is not None:
        details["errorCode"] = main.error_code.value
    return details


def _skip(main: RecordedRow) -> dict[str, str]:
    reason = main.row.reason
    return {
        "SkipReason": _SKIP_REASONS.get(reason, reason.value[0].upper() + reason.value[1:]),
        "ReportableIdentifier": main.row.details.principal_name or main.row.details.name,
    }


def _reference_steps(record: LogRecord) -> Iterator[Step]:
    for item in (record.main, *record.following):
        if item.row.phase is Phase.REFERENCES:
            yield referenced(item)


def referenced(item: RecordedRow) -> Step:
    """The step that wrote references of the object."""
    row = item.row
    count = len(row.details.references)
    members = "1 member was" if count == 1 else f"{count} members were"
    match row.kind:
        case ChangeKind.ADD_MEMBERS:
            done = f"{members} added"
        case ChangeKind.REMOVE_MEMBERS:
            done = f"{members} removed"
        case _:
            done = f"{row.details.attribute} was set"
    if item.error_message:
        status, description = _STATUS[item.state], item.error_message
    elif item.warnings:
        status, description = StepStatus.WARNING, "; ".join(item.warnings)
    else:
        status, description = _STATUS[item.state], done
    details = {"attribute": row.details.attribute or "", "changeKind": row.kind.value, "count": str(count)}
    return Step(
        name="EntryReferenceResolution",
        type=StepType.REFERENCE_RESOLUTION,
        status=status,
        description=description,
        details=details,
    )
