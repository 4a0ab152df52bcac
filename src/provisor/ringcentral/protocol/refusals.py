"""Refusals the gateway gives before any SCIM is spoken, and RingCentral's own envelope for them (section A.5)."""

from __future__ import annotations

import re
from typing import Any

from scim2_models import ForbiddenException, InvalidSyntaxException, NotFoundException, SCIMException
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


class AbsentEndpointException(NotFoundException):
    """Nothing is served at the path (HTTP status 404)."""


_PARAMETER = re.compile(r"Parameter \[([\w.]+)\] value is invalid")
_CODES = {400: "CMN-101", 404: "CMN-102", 500: "CMN-203", 501: "CMN-202"}


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


def platform_code_of(exception: Exception) -> str | None:
    """RingCentral's code of any refusal, as far as it is documented."""
    if isinstance(exception, AbsentEndpointException):
        return "CMN-120"
    status = exception.status if isinstance(exception, SCIMException) else 500
    return code_of(exception) or _CODES.get(status)


def parameter_in(detail: str) -> dict[str, str]:
    """The field a detail names, as the envelope tells it."""
    named = _PARAMETER.search(detail)
    return {"parameterName": named[1]} if named else {}


def envelope(code: str, message: str, **more: str) -> JsonObject:
    """The platform's form of an error.

    :param more: what the platform tells beside it, such as `parameterName`.
    """
    return {
        "errorCode": code,
        "message": message,
        "errors": [{"errorCode": code, "message": message, **more}],
    }
