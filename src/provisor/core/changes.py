"""What a plan can do to one object, and why."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from provisor.core.errors import ErrorCode
from provisor.core.identifiers import TargetId
from provisor.core.objects import Value
from provisor.scim.resources import Container


class ChangeKind(enum.StrEnum):
    """The kinds of plan rows."""

    CREATE = "create"
    UPDATE = "update"
    ENABLE = "enable"
    LINK = "link"
    """The account is there and equal: only the tie is recorded."""
    UNLINK = "unlink"
    """The tie is forgotten, and what was written when it was made is put back; the account stays."""
    DISABLE = "disable"
    DELETE = "delete"
    SET_REFERENCE = "setReference"
    ADD_MEMBERS = "addMembers"
    REMOVE_MEMBERS = "removeMembers"
    SKIP = "skip"
    FAIL = "fail"
    """Decided to be impossible at planning time (ambiguous match, unusable value)."""


class Reason(enum.StrEnum):
    """Why a row is what it is; the log, the API and the portal tell it in words."""

    NO_ACCOUNT = "noAccount"
    ACCOUNT_MATCHED = "accountMatched"
    ACCOUNT_RELINKED = "accountRelinked"
    ATTRIBUTES_DIFFER = "attributesDiffer"
    BACK_IN_SCOPE = "backInScope"
    MEMBERSHIP_CHANGED = "membershipChanged"
    REFERENCE_CHANGED = "referenceChanged"
    NOT_ASSIGNED = "notAssigned"
    NOT_EFFECTIVELY_ENTITLED = "notEffectivelyEntitled"
    FILTERED_OUT = "filteredOut"
    DROPPED_EARLY = "droppedEarly"
    ACCOUNT_DISABLED = "accountDisabled"
    SOFT_DELETED = "softDeleted"
    HARD_DELETED = "hardDeleted"
    REDUNDANT_EXPORT = "redundantExport"
    ALREADY_DISABLED = "alreadyDisabled"
    NO_LONGER_MANAGED = "noLongerManaged"
    OUT_OF_SCOPE_DELETIONS_SKIPPED = "outOfScopeDeletionsSkipped"
    NOT_SOFT_DELETABLE = "notSoftDeletable"
    CREATE_IS_OFF = "createIsOff"
    UPDATE_IS_OFF = "updateIsOff"
    DELETE_IS_OFF = "deleteIsOff"
    UNUSABLE = "unusable"
    PROTECTED = "protected"
    LEFT_ALONE_BY_POLICY = "leftAloneByPolicy"
    RETENTION_OVER = "retentionOver"
    DRIFTED = "drifted"
    DRIFT_REPORTED = "driftReported"
    CLEARING_IGNORED = "clearingIgnored"
    UNOWNED_ADOPTED = "unownedAdopted"
    ACCOUNT_VANISHED = "accountVanished"
    CREATION_RECOVERED = "creationRecovered"
    UNDONE = "undone"
    CANNOT_BE_UNDONE = "cannotBeUndone"
    IGNORED_BY_EXPRESSION = "ignoredByExpression"


EXPLANATIONS: dict[Reason, str] = {
    Reason.NO_ACCOUNT: "is active and assigned, and no account in the application matches",
    Reason.ACCOUNT_MATCHED: "an account in the application matches and is linked from now on",
    Reason.ACCOUNT_RELINKED: "the linked account had vanished from the application and was looked for anew",
    Reason.ATTRIBUTES_DIFFER: "the account differs from what the directory says",
    Reason.BACK_IN_SCOPE: "belongs into the application again",
    Reason.MEMBERSHIP_CHANGED: "the members of the group changed",
    Reason.REFERENCE_CHANGED: "the reference to another object changed",
    Reason.NOT_ASSIGNED: "is not assigned to the application",
    Reason.NOT_EFFECTIVELY_ENTITLED: (
        "is assigned with Default Access only, but the application declares roles: assign one of them"
    ),
    Reason.FILTERED_OUT: "does not pass the scoping filter",
    Reason.DROPPED_EARLY: "does not pass the input filter, so it is not looked at and an account it has stays as it is",
    Reason.ACCOUNT_DISABLED: "is disabled in the directory",
    Reason.SOFT_DELETED: "was deleted in the directory and can still be restored",
    Reason.HARD_DELETED: "was deleted from the directory for good",
    Reason.REDUNDANT_EXPORT: "directory and application already agree",
    Reason.ALREADY_DISABLED: "is out of scope, and its account is disabled already",
    Reason.NO_LONGER_MANAGED: "its account was disabled by unassignment and has not been managed since",
    Reason.OUT_OF_SCOPE_DELETIONS_SKIPPED: "is out of scope, and the application skips out-of-scope deletions",
    Reason.NOT_SOFT_DELETABLE: "is out of scope, but no mapping from IsSoftDeleted could disable the account",
    Reason.CREATE_IS_OFF: "has no account, and creating accounts is switched off for this object type",
    Reason.UPDATE_IS_OFF: "updating accounts is switched off for this object type",
    Reason.DELETE_IS_OFF: "deleting accounts is switched off for this object type",
    Reason.UNUSABLE: "cannot be provisioned as it is",
    Reason.PROTECTED: "is protected: no plan may disable or delete its account",
    Reason.LEFT_ALONE_BY_POLICY: "does not belong into the application any more, and its accounts are left alone then",
    Reason.RETENTION_OVER: "its account has been disabled for as long as the application keeps such accounts",
    Reason.DRIFTED: "the account was changed in the application, and nothing changed in the directory",
    Reason.DRIFT_REPORTED: "the account was changed in the application; this is reported and not repaired",
    Reason.CLEARING_IGNORED: (
        "the application keeps values that it was told to clear, and is not told again until something changes"
    ),
    Reason.UNOWNED_ADOPTED: "an account that nobody was linked to matches and is linked from now on",
    Reason.CREATION_RECOVERED: "an account whose creation was in doubt is there, and is linked so that it can be disabled",
    Reason.ACCOUNT_VANISHED: "its account is not in the application any more, so the link is dropped",
    Reason.UNDONE: "an earlier change is taken back",
    Reason.CANNOT_BE_UNDONE: "an earlier change cannot be taken back",
    Reason.IGNORED_BY_EXPRESSION: "its mapping says IgnoreObjectFlow",
}


Written = Value | tuple[Mapping[str, Any], ...]
"""What is written into one attribute: a value, or complex elements such as roles. `None` clears it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Modification:
    """One attribute of the account: its SCIM path, what it was, what it becomes.

    Where `added` names elements, only they are sent, and what else is there stays whatever it is by then.
    """

    path: str
    old: Any
    new: Any
    container: Container = Container.EXISTS
    added: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Create:
    """Make an account with these values, by SCIM path; of `unique` paths, with the first value that nobody has."""

    values: Mapping[str, Written]
    reason: Reason
    unique: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Update:
    """Write the differences; where `matched` names an account, link it first."""

    target_id: TargetId
    modifications: tuple[Modification, ...]
    reason: Reason
    enabling: bool
    matched_on: str | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """The account is equal already: link it (or note that it is active again) without a request."""

    target_id: TargetId
    reason: Reason
    matched_on: str | None = None


@dataclass(frozen=True, slots=True)
class Disable:
    """Write what the mappings from `IsSoftDeleted` say; where a number of days is given, delete the account after them."""

    target_id: TargetId
    modifications: tuple[Modification, ...]
    reason: Reason
    delete_after_days: int | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove the account."""

    target_id: TargetId
    reason: Reason


@dataclass(frozen=True, slots=True)
class Skip:
    """Leave the account alone; `unowned` is one that nobody is linked to and that this object would match.

    A pending deletion is forgotten, unless `delete_due` repeats when it is, or `delete_after_days` gives it a new date.
    """

    reason: Reason
    unowned: TargetId | None = None
    delete_due: datetime | None = None
    delete_after_days: int | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """The account was changed in the application: tell what differs, and leave it so."""

    target_id: TargetId
    modifications: tuple[Modification, ...]


@dataclass(frozen=True, slots=True)
class Fail:
    """Nothing can be done for this object until somebody mends something."""

    code: ErrorCode
    message: str
    candidates: tuple[TargetId, ...] = ()


@dataclass(frozen=True, slots=True)
class Nothing:
    """The object is not concerned by this cycle; not even a row."""


Decision = Create | Update | Tie | Disable | Delete | Skip | Drift | Fail | Nothing
