"""Errors, sorted by what to do next.

The engine has one `except` for each recovery: an object's own failure goes to escrow and the others go on, an unknown
outcome is looked up before it is repeated, an unusable target stops the cycle with its rows still pending.
"""

from __future__ import annotations

import enum


class ProvisorError(Exception):
    """Anything Provisor says to a person; its text tells what, where and what to do."""


class InvalidInputError(ProvisorError):
    """What a person or a file gave is not usable; nothing was changed."""


class NotFoundError(ProvisorError):
    """A name or id leads to nothing."""


class AlreadyExistsError(ProvisorError):
    """A name or id is already taken."""


class JobBusyError(ProvisorError):
    """Another process is running a cycle of this job."""


class LeaseLostError(ProvisorError):
    """Another process took this job over; whatever this one was about to write must not be written."""


class NotSentError(ProvisorError):
    """A mail server did not take a mail: it is tried again."""


class ErrorCode(enum.StrEnum):
    """Error codes of the provisioning log (Entra: provisioning logs, error codes)."""

    CONFLICT = "EntryConflict"
    TOO_MANY_REQUESTS = "TooManyRequests"
    INTERNAL_SERVER_ERROR = "InternalServerError"
    INSUFFICIENT_RIGHTS = "InsufficientRights"
    UNAUTHORIZED = "Unauthorized"
    METHOD_NOT_ALLOWED = "MethodNotAllowed"
    UNPROCESSABLE_ENTITY = "UnprocessableEntity"
    WEB_EXCEPTION = "WebExceptionProtocolError"
    INVALID_ANCHOR = "InvalidAnchor"
    NOT_IMPLEMENTED = "NotImplemented"
    MISSING_VALUES = "MissingValues"
    SCHEMA_ATTRIBUTE_NOT_FOUND = "SchemaAttributeNotFound"
    INTERNAL_ERROR = "InternalError"
    TIMEOUT = "Timeout"
    LICENSE_LIMIT_EXCEEDED = "LicenseLimitExceeded"
    DUPLICATE_TARGET_ENTRIES = "DuplicateTargetEntries"
    DUPLICATE_SOURCE_ENTRIES = "DuplicateSourceEntries"
    IMPORT_SKIPPED = "ImportSkipped"
    ATTRIBUTE_VALIDATION_FAILED = "AttributeValidationFailed"
    ONLY_ONE_VALUE = "SchemaPropertyCanOnlyAcceptValue"
    INVALID_EXPRESSION = "ExpressionEvaluationFailed"
    UNRESOLVED_REFERENCE = "UnableToResolveReferenceAttributeValue"
    SERVICE_INCOMPATIBLE = "SystemForCrossDomainIdentityManagementServiceIncompatible"
    MULTIPLE_ENTRIES_IN_RESPONSE = "SystemForCrossDomainIdentityManagementMultipleEntriesInResponse"


class Trouble(enum.StrEnum):
    """Why there is no answer; the value completes “the target …” in a message."""

    NAME_NOT_FOUND = "its name cannot be resolved"
    REFUSED = "it does not accept connections"
    CONNECT_TIMEOUT = "it could not be connected to in time"
    TLS = "its TLS certificate or handshake is not acceptable"
    ANSWER_TIMEOUT = "it did not answer in time"
    CONNECTION_LOST = "the connection broke before the answer was in"
    NOT_HTTP = "what it answered is not HTTP"

    @property
    def certainly_unsent(self) -> bool:
        """Whether the request cannot have reached the target."""
        return self in _UNSENT

    @property
    def lasting(self) -> bool:
        """Whether trying again is of no use until somebody mends something."""
        return self is Trouble.TLS


_UNSENT = frozenset({Trouble.NAME_NOT_FOUND, Trouble.REFUSED, Trouble.CONNECT_TIMEOUT, Trouble.TLS})


class TargetError(ProvisorError):
    """The target did not do what was asked.

    `code` is the provisioning log's error code, `status` the HTTP status where there was an answer, else `trouble` why
    there was none; `detail` is what the peer said (shortened, without secrets).
    """

    def __init__(
        self,
        message: str,
        *,
        code: ErrorCode,
        status: int | None = None,
        detail: str | None = None,
        trouble: Trouble | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.detail = detail
        self.trouble = trouble


class ObjectRefusedError(TargetError):
    """The target refused this one object (400, 403, 422, 501 …): it goes to escrow, the others go on."""


class TargetConflictError(ObjectRefusedError):
    """A unique value is taken in the target (409): look it up and adopt it where it is ours."""


class ResourceGoneError(TargetError):
    """The resource is not in the target (404): drop the link and match again."""


class TryLaterError(TargetError):
    """A passing fault, and certainly nothing was done: the object is tried again later."""


class OutcomeUnknownError(TargetError):
    """The request may have been carried out (answer lost, 5xx on a create): look before repeating."""


class FilterNotHonouredError(TargetError):
    """The target answered a filter with resources that do not pass it, or refused the filter: absence is not proven."""


class TargetUnusableError(TargetError):
    """Nothing can be done with this target now (credentials refused, unreachable, not SCIM): the cycle stops."""
