"""What the provisioning log says about an error, and what it recommends (Graph: `provisioningErrorInfo`).

Source: Entra, *Provisioning logs*, error codes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from provisor.core.errors import ErrorCode
from provisor.core.escrow import PASSING_CODES
from provisor.core.plan import RecordedRow, RowState
from provisor.core.provisioning_log import LogRecord

_RECOMMENDATIONS: Mapping[ErrorCode, str] = {
    ErrorCode.CONFLICT: (
        "Another account has a value that must be unique. Give one of the two another value, or choose matching "
        "attributes by which the existing account is recognised."
    ),
    ErrorCode.TOO_MANY_REQUESTS: "Nothing to do: it is tried again. Lower the rate budget if this happens often.",
    ErrorCode.INTERNAL_SERVER_ERROR: "Nothing to do at first: it is tried again. Ask the application's support if it lasts.",
    ErrorCode.INSUFFICIENT_RIGHTS: "Give the owner of the secret token the right to change this account.",
    ErrorCode.UNAUTHORIZED: "Enter a valid secret token with `provisor app credentials`.",
    ErrorCode.METHOD_NOT_ALLOWED: "Switch this target object action off in the mapping: the application does not offer it.",
    ErrorCode.UNPROCESSABLE_ENTITY: "Read the application's answer and mend the value or the mapping it names.",
    ErrorCode.WEB_EXCEPTION: "Nothing to do at first: it is tried again. Check tenant URL and network if it lasts.",
    ErrorCode.INVALID_ANCHOR: "Nothing to do: the link was dropped, and the next cycle looks for the account anew.",
    ErrorCode.NOT_IMPLEMENTED: "Remove what the application does not implement from the mapping.",
    ErrorCode.MISSING_VALUES: "Fill the required attribute in the directory, or give its mapping a default value.",
    ErrorCode.SCHEMA_ATTRIBUTE_NOT_FOUND: "Remove the attribute from the mapping: the application does not know it.",
    ErrorCode.INTERNAL_ERROR: "Nothing to do at first: it is tried again. Report it with the change id if it lasts.",
    ErrorCode.TIMEOUT: "Nothing to do at first: it is tried again. Ask the application's support if it lasts.",
    ErrorCode.LICENSE_LIMIT_EXCEEDED: "Buy or free licences in the application.",
    ErrorCode.DUPLICATE_TARGET_ENTRIES: (
        "Make the value unique in the application, or add a matching attribute that tells the accounts apart."
    ),
    ErrorCode.DUPLICATE_SOURCE_ENTRIES: "Give each person of the directory a value of their own in the matching attribute.",
    ErrorCode.IMPORT_SKIPPED: "Fill the attribute that the matching attribute is made from.",
    ErrorCode.ATTRIBUTE_VALIDATION_FAILED: "Mend the value in the directory, or the mapping that makes the attribute from it.",
    ErrorCode.ONLY_ONE_VALUE: "Choose one of the values in the mapping, for example with Item or Join.",
    ErrorCode.INVALID_EXPRESSION: "Mend the expression of the mapping, or the value it was given.",
    ErrorCode.UNRESOLVED_REFERENCE: "Bring the referenced object into scope; the reference follows by itself.",
    ErrorCode.SERVICE_INCOMPATIBLE: "Check the tenant URL; ask the application's support for SCIM 2.0 conformance.",
    ErrorCode.MULTIPLE_ENTRIES_IN_RESPONSE: "Ask the application's support: a read by id must answer one resource.",
}

_OURS = frozenset({ErrorCode.INTERNAL_ERROR})
"""Errors of this service; all others are the application's or the configuration's."""


def information(record: LogRecord) -> dict[str, Any] | None:
    """Why the entry did not end in success; None where there is no error to tell of."""
    return of_rows((record.main, *record.following))


def of_rows(rows: Sequence[RecordedRow]) -> dict[str, Any] | None:
    """Why rows did not all end in success; None where there is no error to tell of."""
    failed = next((row for row in rows if row.state is RowState.FAILED), None)
    if failed is not None:
        return _error(failed, failed.error_code or ErrorCode.INTERNAL_ERROR, failed.error_message or "")
    stale = next((row for row in rows if row.state is RowState.STALE and row.error_code), None)
    if stale is not None and stale.error_code is not None:
        return _error(stale, stale.error_code, stale.error_message or "")
    warned = next((row for row in rows if row.warnings), None)
    if warned is not None:
        code = ErrorCode.UNRESOLVED_REFERENCE if warned.row.details.references else None
        return _error(warned, code, "; ".join(warned.warnings))
    return None


def recommended_action(code: ErrorCode | None) -> str:
    """What a person can do about an error."""
    return "Nothing to do." if code is None else _RECOMMENDATIONS[code]


def _error(row: RecordedRow, code: ErrorCode | None, reason: str) -> dict[str, Any]:
    candidates = row.row.details.candidates
    return {
        "errorCode": None if code is None else code.value,
        "reason": reason,
        "additionalDetails": _details(row, code, candidates),
        "errorCategory": "failure" if code in _OURS else "nonServiceFailure",
        "recommendedAction": recommended_action(code),
    }


def _details(row: RecordedRow, code: ErrorCode | None, candidates: tuple[str, ...]) -> str | None:
    parts = []
    if candidates:
        parts.append(f"Accounts concerned: {', '.join(candidates)}.")
    if row.state is RowState.FAILED:
        soon = code in PASSING_CODES
        parts.append(
            "The object waits in escrow and is tried again "
            + ("within minutes." if soon else "in the next cycle, then less and less often.")
        )
    return " ".join(parts) or None
