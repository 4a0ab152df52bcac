"""Refusals the gateway gives before any SCIM is spoken, and RingCentral's own envelope for them (section A.5)."""

from __future__ import annotations

from typing import Any

from scim2_models import ForbiddenException, InvalidSyntaxException, SCIMException
from sqlalchemy.exc import OperationalError

from provisor.ringcentral.account.authentication import InvalidTokenException

JsonObject = dict[str, Any]


class TooManyRequestsException(SCIMException):
    """The token sent more requests than its limit, or any during its penalty (HTTP status 429, RFC 6585)."""

    status = 429


class UnavailableException(SCIMException):
    """The database cannot be reached or stays locked (HTTP status 503)."""

    status = 503


class MissingScopeException(ForbiddenException):
    """The token may not do this: its application was not granted the scope (HTTP status 403)."""


def of(error: Exception) -> Exception:
    """The SCIM error a failure is answered with; what nobody foresaw is returned as it is."""
    if isinstance(error, RecursionError):
        return InvalidSyntaxException(detail="The request is nested too deeply.")
    if isinstance(error, OperationalError):
        return UnavailableException(detail="The database did not answer. Nothing was changed; send it again.")
    return error


def code_of(exception: Exception) -> str | None:
    """RingCentral's code of a refusal by the gateway; None for what SCIM itself refuses."""
    match exception:
        case InvalidTokenException():
            return exception.fault.value
        case TooManyRequestsException():
            return "CMN-301"
        case MissingScopeException():
            return "CMN-401"
    return None


def envelope(code: str, message: str, **more: str) -> JsonObject:
    """The platform's form of an error.

    :param more: what the platform tells beside it, such as `parameterName`.
    """
    return {
        "errorCode": code,
        "message": message,
        "errors": [{"errorCode": code, "message": message, **more}],
    }
