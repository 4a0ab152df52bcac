"""The ways RingCentral's platform lets a client call where it cannot send what it means (section A.7)."""

from __future__ import annotations

from dataclasses import replace

from scim2_models import InvalidSyntaxException
from scim2_server.requests import ScimRequest

METHOD_HEADER = "X-HTTP-Method-Override"
METHOD_PARAMETER = "_method"
TOKEN_PARAMETER = "access_token"  # noqa: S105 - a name, not a secret
"""A URL with this parameter must not be logged as it stands."""


def with_meant_method(request: ScimRequest) -> ScimRequest:
    """The request with the method a POST stands for.

    :raises InvalidSyntaxException: when header and parameter name different methods.
    """
    named = {
        name.strip().upper()
        for name in (request.header(METHOD_HEADER), request.query.get(METHOD_PARAMETER))
        if name
    }
    if request.method.upper() != "POST" or not named:
        return request
    if len(named) > 1:
        raise InvalidSyntaxException(
            detail=f"{METHOD_HEADER} and {METHOD_PARAMETER} name different methods; send one of them"
        )
    return replace(request, method=named.pop())
