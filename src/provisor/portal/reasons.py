"""Why changes are decided and what to do about errors, as texts to translate.

The English ones are the engine's own; a test holds them to it.
"""

from __future__ import annotations

from provisor.core.changes import ChangeKind, Reason
from provisor.core.errors import ErrorCode
from provisor.core.log_entry import EntryStatus, ProvisioningAction
from provisor.core.plan import RowState
from provisor.look.catalogues import mark as _

REASONS: dict[Reason, str] = {
    Reason.NO_ACCOUNT: _("is active and assigned, and no account in the application matches"),
    Reason.ACCOUNT_MATCHED: _("an account in the application matches and is linked from now on"),
    Reason.ACCOUNT_RELINKED: _(
        "the linked account had vanished from the application and was looked for anew"
    ),
    Reason.ATTRIBUTES_DIFFER: _("the account differs from what the directory says"),
    Reason.BACK_IN_SCOPE: _("belongs into the application again"),
    Reason.MEMBERSHIP_CHANGED: _("the members of the group changed"),
    Reason.REFERENCE_CHANGED: _("the reference to another object changed"),
    Reason.NOT_ASSIGNED: _("is not assigned to the application"),
    Reason.NOT_EFFECTIVELY_ENTITLED: _(
        "is assigned with Default Access only, but the application declares roles: assign one of them"
    ),
    Reason.FILTERED_OUT: _("does not pass the scoping filter"),
    Reason.DROPPED_EARLY: _(
        "does not pass the input filter, so it is not looked at and an account it has stays as it is"
    ),
    Reason.ACCOUNT_DISABLED: _("is disabled in the directory"),
    Reason.SOFT_DELETED: _("was deleted in the directory and can still be restored"),
    Reason.HARD_DELETED: _("was deleted from the directory for good"),
    Reason.REDUNDANT_EXPORT: _("directory and application already agree"),
    Reason.ALREADY_DISABLED: _("is out of scope, and its account is disabled already"),
    Reason.NO_LONGER_MANAGED: _("its account was disabled by unassignment and has not been managed since"),
    Reason.OUT_OF_SCOPE_DELETIONS_SKIPPED: _(
        "is out of scope, and the application skips out-of-scope deletions"
    ),
    Reason.NOT_SOFT_DELETABLE: _(
        "is out of scope, but no mapping from IsSoftDeleted could disable the account"
    ),
    Reason.CREATE_IS_OFF: _("has no account, and creating accounts is switched off for this object type"),
    Reason.UPDATE_IS_OFF: _("updating accounts is switched off for this object type"),
    Reason.DELETE_IS_OFF: _("deleting accounts is switched off for this object type"),
    Reason.UNUSABLE: _("cannot be provisioned as it is"),
    Reason.PROTECTED: _("is protected: no plan may disable or delete its account"),
    Reason.LEFT_ALONE_BY_POLICY: _(
        "does not belong into the application any more, and its accounts are left alone then"
    ),
    Reason.RETENTION_OVER: _(
        "its account has been disabled for as long as the application keeps such accounts"
    ),
    Reason.DRIFTED: _("the account was changed in the application, and nothing changed in the directory"),
    Reason.DRIFT_REPORTED: _("the account was changed in the application; this is reported and not repaired"),
    Reason.CLEARING_IGNORED: _(
        "the application keeps values that it was told to clear, and is not told again until something changes"
    ),
    Reason.UNOWNED_ADOPTED: _("an account that nobody was linked to matches and is linked from now on"),
    Reason.CREATION_RECOVERED: _(
        "an account whose creation was in doubt is there, and is linked so that it can be disabled"
    ),
    Reason.ACCOUNT_VANISHED: _("its account is not in the application any more, so the link is dropped"),
    Reason.UNDONE: _("an earlier change is taken back"),
    Reason.CANNOT_BE_UNDONE: _("an earlier change cannot be taken back"),
    Reason.IGNORED_BY_EXPRESSION: _("its mapping says IgnoreObjectFlow"),
}
"""Why a change is what it is, in words that go on after the object's name."""

RECOMMENDATIONS: dict[ErrorCode, str] = {
    ErrorCode.CONFLICT: _(
        "Another account has a value that must be unique. Give one of the two another value, or choose matching attributes by which the existing account is recognised."
    ),
    ErrorCode.TOO_MANY_REQUESTS: _(
        "Nothing to do: it is tried again. Lower the rate budget if this happens often."
    ),
    ErrorCode.INTERNAL_SERVER_ERROR: _(
        "Nothing to do at first: it is tried again. Ask the application's support if it lasts."
    ),
    ErrorCode.INSUFFICIENT_RIGHTS: _("Give the owner of the secret token the right to change this account."),
    ErrorCode.UNAUTHORIZED: _("Enter a valid secret token with `provisor app credentials`."),
    ErrorCode.METHOD_NOT_ALLOWED: _(
        "Switch this target object action off in the mapping: the application does not offer it."
    ),
    ErrorCode.UNPROCESSABLE_ENTITY: _(
        "Read the application's answer and mend the value or the mapping it names."
    ),
    ErrorCode.WEB_EXCEPTION: _(
        "Nothing to do at first: it is tried again. Check tenant URL and network if it lasts."
    ),
    ErrorCode.INVALID_ANCHOR: _(
        "Nothing to do: the link was dropped, and the next cycle looks for the account anew."
    ),
    ErrorCode.NOT_IMPLEMENTED: _("Remove what the application does not implement from the mapping."),
    ErrorCode.MISSING_VALUES: _(
        "Fill the required attribute in the directory, or give its mapping a default value."
    ),
    ErrorCode.SCHEMA_ATTRIBUTE_NOT_FOUND: _(
        "Remove the attribute from the mapping: the application does not know it."
    ),
    ErrorCode.INTERNAL_ERROR: _(
        "Nothing to do at first: it is tried again. Report it with the change id if it lasts."
    ),
    ErrorCode.TIMEOUT: _(
        "Nothing to do at first: it is tried again. Ask the application's support if it lasts."
    ),
    ErrorCode.LICENSE_LIMIT_EXCEEDED: _("Buy or free licences in the application."),
    ErrorCode.DUPLICATE_TARGET_ENTRIES: _(
        "Make the value unique in the application, or add a matching attribute that tells the accounts apart."
    ),
    ErrorCode.DUPLICATE_SOURCE_ENTRIES: _(
        "Give each person of the directory a value of their own in the matching attribute."
    ),
    ErrorCode.IMPORT_SKIPPED: _("Fill the attribute that the matching attribute is made from."),
    ErrorCode.ATTRIBUTE_VALIDATION_FAILED: _(
        "Mend the value in the directory, or the mapping that makes the attribute from it."
    ),
    ErrorCode.ONLY_ONE_VALUE: _("Choose one of the values in the mapping, for example with Item or Join."),
    ErrorCode.INVALID_EXPRESSION: _("Mend the expression of the mapping, or the value it was given."),
    ErrorCode.UNRESOLVED_REFERENCE: _(
        "Bring the referenced object into scope; the reference follows by itself."
    ),
    ErrorCode.SERVICE_INCOMPATIBLE: _(
        "Check the tenant URL; ask the application's support for SCIM 2.0 conformance."
    ),
    ErrorCode.MULTIPLE_ENTRIES_IN_RESPONSE: _(
        "Ask the application's support: a read by id must answer one resource."
    ),
}
"""What a person can do about an error."""

KINDS: dict[ChangeKind, tuple[str, str]] = {
    ChangeKind.CREATE: ("success", _("Create")),
    ChangeKind.UPDATE: ("info", _("Update")),
    ChangeKind.ENABLE: ("success", _("Enable")),
    ChangeKind.LINK: ("", _("Link")),
    ChangeKind.UNLINK: ("", _("Unlink")),
    ChangeKind.DISABLE: ("warning", _("Disable")),
    ChangeKind.DELETE: ("danger", _("Delete")),
    ChangeKind.SET_REFERENCE: ("info", _("Set reference")),
    ChangeKind.ADD_MEMBERS: ("info", _("Add members")),
    ChangeKind.REMOVE_MEMBERS: ("warning", _("Remove members")),
    ChangeKind.SKIP: ("", _("Skip")),
    ChangeKind.FAIL: ("danger", _("Impossible")),
}
"""Tone and words of what a plan does to one object."""

ACTIONS: dict[ProvisioningAction, tuple[str, str]] = {
    ProvisioningAction.CREATE: ("success", _("Create")),
    ProvisioningAction.UPDATE: ("info", _("Update")),
    ProvisioningAction.DELETE: ("danger", _("Delete")),
    ProvisioningAction.DISABLE: ("warning", _("Disable")),
    ProvisioningAction.STAGED_DELETE: ("warning", _("Staged delete")),
    ProvisioningAction.OTHER: ("", _("Other")),
}
"""Tone and words of what a log entry did."""

STATUSES: dict[EntryStatus, tuple[str, str]] = {
    EntryStatus.SUCCESS: ("success", _("Success")),
    EntryStatus.FAILURE: ("danger", _("Failure")),
    EntryStatus.SKIPPED: ("", _("Skipped")),
    EntryStatus.WARNING: ("warning", _("Warning")),
}
"""Tone and words of how a log entry ended."""

ROW_STATES: dict[RowState, tuple[str, str]] = {
    RowState.PENDING: ("", _("Waiting")),
    RowState.APPLYING: ("info", _("Being applied")),
    RowState.DONE: ("success", _("Done")),
    RowState.FAILED: ("danger", _("Failed")),
    RowState.SKIPPED: ("", _("Skipped")),
    RowState.HELD: ("warning", _("Held")),
    RowState.DROPPED: ("", _("Dropped")),
    RowState.STALE: ("", _("Overtaken")),
}
"""Tone and words of where a row of a plan stands."""
