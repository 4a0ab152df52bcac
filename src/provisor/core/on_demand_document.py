"""What provision on demand did as a document in the shape of the `value` of Graph's `provisionOnDemand` answer.

Ours, beyond Graph: `result`, `dryRun`, `reason`, `reasonCode`, `changeKind`, and the `findings` of each step.
"""

from __future__ import annotations

from typing import Any

from provisor.core import log_entry, log_errors, on_demand
from provisor.core.log_entry import TenantId
from provisor.core.on_demand import Mode, Report
from provisor.core.plan import RowState
from provisor.core.steps import Step


def of_report(report: Report, *, job_id: str, tenant_id: TenantId) -> dict[str, Any]:
    """The document, ready for JSON."""
    ended = on_demand.result(report)
    record = report.record
    entry = (
        None
        if record is None
        else log_entry.entry(record, application=report.application, job_id=job_id, tenant_id=tenant_id)
    )
    source = {"id": tenant_id, "name": "Provisor directory", "details": {}}
    return {
        "result": ended.value,
        "dryRun": report.mode is Mode.DRY_RUN,
        "action": "Other" if record is None else _titled(log_entry.action(record).value),
        "changeId": entry["changeId"] if entry and report.mode is Mode.APPLY else None,
        "startTime": log_entry.instant(report.began),
        "endTime": log_entry.instant(report.ended),
        "reportableIdentifier": report.imported.get("userPrincipalName") or report.subject.display_name,
        "statusInfo": _status(report, ended),
        "sourceIdentity": _identity(entry["sourceIdentity"]) if entry else _subject(report),
        "sourceSystem": source,
        "targetIdentity": _identity(entry["targetIdentity"]) if entry else None,
        "targetSystem": {"id": report.application.id, "name": report.application.name, "details": {}},
        "provisioningSteps": [_step(report, step) for step in on_demand.steps(report)],
        "modifiedProperties": [item for row in report.rows for item in log_entry.modified_properties(row)],
        "objectType": report.subject.object_type.value,
        "changeKind": entry["changeKind"] if entry else None,
        "reasonCode": entry["reasonCode"] if entry else None,
        "reason": entry["reason"] if entry else None,
    }


def _status(report: Report, ended: on_demand.Result) -> dict[str, Any]:
    error = _error(report)
    return {
        "status": ended.value,
        "errorCode": error["errorCode"] if error else None,
        "reason": error["reason"] if error else None,
        "additionalDetails": error["additionalDetails"] if error else None,
        "errorCategory": error["errorCategory"] if error else None,
        "recommendedAction": error["recommendedAction"] if error else None,
    }


def _error(report: Report) -> dict[str, Any] | None:
    refusal = report.refusal
    if refusal is not None:
        return {
            "errorCode": refusal.code.value,
            "reason": refusal.message,
            "additionalDetails": None,
            "errorCategory": "nonServiceFailure",
            "recommendedAction": log_errors.recommended_action(refusal.code),
        }
    found = log_errors.of_rows(report.rows)
    stale = next((row for row in report.rows if row.state is RowState.STALE), None)
    if found is not None or stale is None:
        return found
    return {
        "errorCode": None,
        "reason": f"Nothing was written: {stale.error_message}.",
        "additionalDetails": None,
        "errorCategory": "nonServiceFailure",
        "recommendedAction": "Provision it on demand again.",
    }


def _identity(identity: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": identity["id"],
        "type": identity["identityType"],
        "displayName": identity["displayName"],
        "details": identity["details"],
    }


def _subject(report: Report) -> dict[str, Any]:
    subject = report.subject
    return {
        "id": subject.id,
        "type": subject.object_type.value,
        "displayName": subject.display_name,
        "details": {},
    }


def _step(report: Report, step: Step) -> dict[str, Any]:
    return {
        "name": step.name,
        "type": None if step.type is None else _titled(step.type.value),
        "status": _titled(step.status.value),
        "description": step.description,
        "timestamp": log_entry.instant(step.taken or report.began),
        "details": dict(step.details),
        "findings": [{"mark": item.mark.value, "text": item.text} for item in step.findings],
    }


def _titled(text: str) -> str:
    return text[:1].upper() + text[1:]
