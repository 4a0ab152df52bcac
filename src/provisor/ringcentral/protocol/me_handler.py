"""`/Me`, the alias of the user a token belongs to (RFC 7644 section 3.11)."""

from __future__ import annotations

from dataclasses import replace

from scim2_models import NotFoundException, NotImplementedException
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Operation
from scim2_server.service import ScimService
from scim2_server.storage import ScimStorage

from provisor.ringcentral.protocol.bulk_handler import BulkHandler
from provisor.ringcentral.storage.token_owners import TokenOwners

_ENDPOINT = "/Users"


class MeHandler(BulkHandler):
    """Serves `/Me` as if the request named the user: the same authorisation, the same answer, with its `Location`."""

    def __init__(self, service: ScimService, storage: ScimStorage, owners: TokenOwners) -> None:
        super().__init__(service, storage)
        self._owners = owners

    def handle(self, request: ScimRequest) -> ScimResponse:
        """Serve a request.

        :raises NotImplementedException: for `/Me` where the token belongs to nobody, and for its creation: nobody
            registers himself.
        :raises NotFoundException: where the user the token belonged to is gone.
        """
        with self.service.provider:
            target = self.service.match(request)
        if not target.me or target.operation is Operation.create:
            return super().handle(request)
        path = f"{_ENDPOINT}/{self._owner(request)}"
        try:
            response = super().handle(replace(request, path=path))
        except NotFoundException as error:
            raise NotFoundException(
                detail="The user this token belongs to does not exist any more."
            ) from error
        response.headers["Location"] = f"{request.base_url.rstrip('/')}{path}"
        return response

    def _owner(self, request: ScimRequest) -> str:
        owner = self._owners.owner_of(str(request.subject))
        if owner is None:
            raise NotImplementedException(
                detail="/Me is not supported for this token: it belongs to a service and not to a user."
            )
        return owner
