"""Refusals in the words of the profile that is served."""

from __future__ import annotations

from http import HTTPStatus

import orjson
from scim2_models import SCIMException
from scim2_server.responses import ScimResponse
from scim2_server.service import ScimService

from provisor.ringcentral.account.authentication import InvalidTokenException, TokenFault
from provisor.ringcentral.faults.exchange import Answer
from provisor.ringcentral.protocol.refusals import TooManyRequestsException

_NAMED = frozenset(int(each) for each in HTTPStatus)


class FaultException(SCIMException):
    """An error that was asked for.

    :param status: the HTTP status it is answered with.
    """

    def __init__(self, status: int, *, detail: str) -> None:
        super().__init__(detail=detail)
        self.status = status


class Refusals:
    """What a service answers when it refuses."""

    def __init__(self, service: ScimService) -> None:
        self._service = service

    def of(self, status: int, detail: str) -> Answer:
        """An error with this status, and a sentence for its body."""
        if status == TooManyRequestsException.status:
            return _answer(status, self._service.error_response(TooManyRequestsException(detail=detail)))
        # the library answers with the general status of the class where the wanted one has no name
        known = status if status in _NAMED else status // 100 * 100
        return _answer(status, self._service.error_response(FaultException(known, detail=detail)))

    def of_expired_token(self) -> Answer:
        """What it says to a token whose time is over."""
        return _answer(401, self._service.error_response(InvalidTokenException(TokenFault.EXPIRED)))


def _answer(status: int, response: ScimResponse) -> Answer:
    body = orjson.dumps(response.body)
    headers = {**response.headers, "Content-Length": str(len(body)), "Cache-Control": "no-store"}
    return Answer(
        status=status,
        headers=tuple((name.encode(), value.encode()) for name, value in headers.items()),
        body=body,
    )
