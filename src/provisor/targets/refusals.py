"""From what a target answered to the error whose recovery fits (Entra: error codes; RFC 7644 section 3.12)."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from provisor.core import errors
from provisor.core.errors import ErrorCode
from provisor.targets import answers, connection


class Subject(enum.StrEnum):
    """What a request is about: one resource by its id, a new one, or the whole collection."""

    RESOURCE = "resource"
    NEW_RESOURCE = "newResource"
    COLLECTION = "collection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What is being done, for messages (“Creating the user ada@example.com”), and what it is about."""

    doing: str
    target: str
    subject: Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    error: Callable[..., errors.TargetError]
    code: ErrorCode
    follows: str


_LATER = "It stays noted and is tried again in later cycles."
_STOPS = "The cycle stops here; what was not written yet stays planned."

_AT_ONCE: Final[Mapping[int, _Rule]] = {
    400: _Rule(
        error=errors.ObjectRefusedError,
        code=ErrorCode.UNPROCESSABLE_ENTITY,
        follows=f"{_LATER} Correct the value in the directory, or the attribute mapping.",
    ),
    401: _Rule(
        error=errors.TargetUnusableError,
        code=ErrorCode.UNAUTHORIZED,
        follows=f"{_STOPS} Enter a valid secret token: this one is wrong, has expired or was revoked.",
    ),
    403: _Rule(
        error=errors.ObjectRefusedError,
        code=ErrorCode.INSUFFICIENT_RIGHTS,
        follows=f"{_LATER} Give the token's owner the right to do this in the application.",
    ),
    404: _Rule(
        error=errors.ResourceGoneError,
        code=ErrorCode.INVALID_ANCHOR,
        follows="The link to it is dropped and the object is matched again.",
    ),
    405: _Rule(
        error=errors.ObjectRefusedError,
        code=ErrorCode.METHOD_NOT_ALLOWED,
        follows=f"{_LATER} The application does not offer this operation: switch it off in the mapping, "
        "or choose the other update method.",
    ),
    409: _Rule(
        error=errors.TargetConflictError,
        code=ErrorCode.CONFLICT,
        follows="The account that holds the value is looked up, and adopted where it matches; "
        "else give one of the two another value.",
    ),
    501: _Rule(
        error=errors.ObjectRefusedError,
        code=ErrorCode.NOT_IMPLEMENTED,
        follows=f"{_LATER} The application does not implement this operation.",
    ),
}
_ANY_OTHER: Final = _Rule(
    error=errors.ObjectRefusedError,
    code=ErrorCode.UNPROCESSABLE_ENTITY,
    follows=f"{_LATER} See the application's documentation for this answer.",
)
_LICENCES: Final = _Rule(
    error=errors.ObjectRefusedError,
    code=ErrorCode.LICENSE_LIMIT_EXCEEDED,
    follows=f"{_LATER} Free or buy a licence in the application; updates go on meanwhile.",
)
_UNKNOWN_ATTRIBUTE: Final = _Rule(
    error=errors.ObjectRefusedError,
    code=ErrorCode.SCHEMA_ATTRIBUTE_NOT_FOUND,
    follows=f"{_LATER} Remove the attribute from the mapping, or correct its name.",
)
_MISSING_VALUES: Final = _Rule(
    error=errors.ObjectRefusedError,
    code=ErrorCode.MISSING_VALUES,
    follows=f"{_LATER} Fill the value in the directory, or map the attribute.",
)
_NO_RIGHT_TO_LOOK: Final = _Rule(
    error=errors.TargetUnusableError,
    code=ErrorCode.INSUFFICIENT_RIGHTS,
    follows=f"{_STOPS} Give the token's owner the right to read accounts in the application.",
)
_NOT_SCIM: Final = _Rule(
    error=errors.TargetUnusableError,
    code=ErrorCode.SERVICE_INCOMPATIBLE,
    follows=f"{_STOPS} Check the tenant URL: it must lead to the application's SCIM 2.0 service.",
)
_NOT_FOUND_CREATING: Final = _Rule(
    error=errors.ObjectRefusedError,
    code=ErrorCode.SERVICE_INCOMPATIBLE,
    follows=f"{_LATER} Check that the application lets this kind of object be created.",
)
_FILTER_REFUSED: Final = _Rule(
    error=errors.FilterNotHonouredError,
    code=ErrorCode.SERVICE_INCOMPATIBLE,
    follows="So it is not known whether the account exists, and nothing is created. "
    "Match on an attribute that the application can filter by.",
)
_FAULTS_OF_TARGET: Final = "The target's own fault may pass: the object is tried again later."
_LOOKED_UP: Final = "It may have been carried out all the same, and is looked up before it is repeated."


def refusal(errand: Errand, answer: answers.Answer, *, secret: str) -> errors.TargetError:
    """The error for a definite answer: one that says that the request was not carried out."""
    fault = answers.fault(answer, secret=secret)
    return _error(_rule(errand, answer, fault), errand, answer, fault)


def filter_refusal(errand: Errand, answer: answers.Answer, *, secret: str) -> errors.TargetError:
    """The error for a filter that the target does not take."""
    return _error(_FILTER_REFUSED, errand, answer, answers.fault(answer, secret=secret))


def not_scim(errand: Errand, answer: answers.Answer, expected: str) -> errors.TargetUnusableError:
    """The error for a success that is no SCIM answer; `expected` completes “instead of”."""
    what = "a web page" if answers.is_markup(answer) else "something else"
    return errors.TargetUnusableError(
        f"{errand.doing} in {errand.target}: it answered {answer.status} with {what} instead of {expected}. "
        f"{_NOT_SCIM.follows}",
        code=ErrorCode.SERVICE_INCOMPATIBLE,
        status=answer.status,
    )


def broken(
    errand: Errand, answer: answers.Answer, *, secret: str
) -> tuple[str, errors.ErrorCode, str | None]:
    """Message beginning, code and detail for an answer that leaves open what was done (5xx)."""
    fault = answers.fault(answer, secret=secret)
    said = f" {fault}" if str(fault) else ""
    return (
        f"{errand.doing} in {errand.target}: it answered {answer.status}{said}.",
        _server_code(answer),
        fault.detail,
    )


def outcome_unknown(
    errand: Errand, cause: answers.Answer | connection.NoAnswer, *, secret: str
) -> errors.TargetError:
    """The error for a request that may have been carried out."""
    return _inconclusive(errors.OutcomeUnknownError, _LOOKED_UP, errand, cause, secret=secret)


def try_later(
    errand: Errand, cause: answers.Answer | connection.NoAnswer, *, secret: str
) -> errors.TargetError:
    """The error for a passing fault that certainly changed nothing."""
    return _inconclusive(errors.TryLaterError, _FAULTS_OF_TARGET, errand, cause, secret=secret)


def throttled_for_too_long(errand: Errand, answer: answers.Answer, *, secret: str) -> errors.TryLaterError:
    """The error for a target that asked again and again to wait."""
    message, _, detail = broken(errand, answer, secret=secret)
    return errors.TryLaterError(
        f"{message} It did so every time it was asked again, with the waits it wanted. The object is tried again "
        "later. Lower the rate budget of the application if others use the same limit.",
        code=ErrorCode.TOO_MANY_REQUESTS,
        status=answer.status,
        detail=detail,
    )


_REMEDIES: Final[Mapping[connection.Trouble, str]] = {
    connection.Trouble.NAME_NOT_FOUND: "Check the host name in the tenant URL, and this machine's name service.",
    connection.Trouble.REFUSED: "Check host and port in the tenant URL, and that a firewall lets them through.",
    connection.Trouble.CONNECT_TIMEOUT: "Check host and port in the tenant URL, and that a firewall lets them through.",
    connection.Trouble.TLS: "Check that the tenant URL begins as it should, and that its certificate is valid for "
    "the host and from an authority trusted here; a private authority's certificates can be given as a file.",
    connection.Trouble.NOT_HTTP: "Check the port in the tenant URL.",
    connection.Trouble.ANSWER_TIMEOUT: "Ask the application's operator whether it is overloaded.",
    connection.Trouble.CONNECTION_LOST: "Ask the application's operator, and look at proxies in between.",
}


def unreachable(errand: Errand, failure: connection.NoAnswer) -> errors.TargetUnusableError:
    """The error for a target that cannot be talked to."""
    timeouts = (connection.Trouble.CONNECT_TIMEOUT, connection.Trouble.ANSWER_TIMEOUT)
    return errors.TargetUnusableError(
        f"{errand.doing} in {errand.target} failed: {failure.trouble.value} ({failure.detail}). "
        f"{_STOPS} {_REMEDIES[failure.trouble]}",
        code=ErrorCode.TIMEOUT if failure.trouble in timeouts else ErrorCode.WEB_EXCEPTION,
        detail=failure.detail,
        trouble=failure.trouble,
    )


def _rule(  # noqa: PLR0911 - one line a rule
    errand: Errand, answer: answers.Answer, fault: answers.Fault
) -> _Rule:
    status, collection = answer.status, errand.subject is Subject.COLLECTION
    if 300 <= status < 400 or (status == 404 and collection):
        return _NOT_SCIM
    if status == 403 and fault.licence_limit:
        return _LICENCES
    if status == 400 and fault.unknown_attribute:
        return _UNKNOWN_ATTRIBUTE
    if status in (400, 422) and fault.lacks_values:
        return _MISSING_VALUES
    if status == 403 and collection:
        return _NO_RIGHT_TO_LOOK
    if status == 404 and errand.subject is Subject.NEW_RESOURCE:
        return _NOT_FOUND_CREATING
    return _AT_ONCE.get(status, _ANY_OTHER)


def _error(rule: _Rule, errand: Errand, answer: answers.Answer, fault: answers.Fault) -> errors.TargetError:
    said = f" {fault}" if str(fault) else ""
    return rule.error(
        f"{errand.doing} in {errand.target}: it answered {answer.status}{said}. {rule.follows}",
        code=rule.code,
        status=answer.status,
        detail=fault.detail,
    )


def _inconclusive(
    error: Callable[..., errors.TargetError],
    follows: str,
    errand: Errand,
    cause: answers.Answer | connection.NoAnswer,
    *,
    secret: str,
) -> errors.TargetError:
    if isinstance(cause, answers.Answer):
        message, code, detail = broken(errand, cause, secret=secret)
        return error(f"{message} {follows}", code=code, status=cause.status, detail=detail)
    timeout = cause.trouble is connection.Trouble.ANSWER_TIMEOUT
    return error(
        f"{errand.doing} in {errand.target}: {cause.trouble.value} ({cause.detail}). {follows}",
        code=ErrorCode.TIMEOUT if timeout else ErrorCode.WEB_EXCEPTION,
        detail=cause.detail,
        trouble=cause.trouble,
    )


def _server_code(answer: answers.Answer) -> ErrorCode:
    if answer.status == 429:
        return ErrorCode.TOO_MANY_REQUESTS
    if answer.status == 504:
        return ErrorCode.TIMEOUT
    return ErrorCode.INTERNAL_SERVER_ERROR
