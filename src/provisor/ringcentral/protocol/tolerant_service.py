"""The protocol steps both profiles share: bodies in the dialects of identity providers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, Union

from pydantic import ValidationError
from scim2_models import (
    BaseModel,
    Context,
    Error,
    ListResponse,
    PatchOp,
    Resource,
    ResponseParameters,
    SCIMException,
    ScimPolicy,
    ScimProvider,
    SearchRequest,
)
from scim2_server.service import ScimService
from scim2_server.utils import parametrize

from provisor.ringcentral.account.settings import Settings
from provisor.ringcentral.protocol import dialects, request_limits
from provisor.ringcentral.protocol.cursors import ClientCursors
from provisor.ringcentral.storage import references

ModelT = TypeVar("ModelT", bound=BaseModel)


class TolerantService(ScimService):
    """A SCIM service that reads what identity providers really send.

    :param settings: the settings in force at this moment.
    :param cursors: what seals the cursors; only needed where the configuration announces them.
    """

    def __init__(
        self,
        provider: ScimProvider,
        settings: Callable[[], Settings],
        cursors: ClientCursors | None = None,
    ) -> None:
        super().__init__(provider, secret=cursors.secret if cursors is not None else None)
        self.settings = settings
        if cursors is not None:
            self._cursors = cursors
        # The library makes these message types anew for each request, and pydantic forgets the ones nobody holds:
        # holding them spares a search half its time.
        searches = [self.provider.resource_types, *([each] for each in self.provider.resource_types)]
        self._message_types = [
            parametrize(message, Union[tuple(self.search_models(list(types)))])  # noqa: UP007 - of types only known now
            for message in (ListResponse, SearchRequest)
            for types in searches
        ] + [
            parametrize(message, model)
            for message in (PatchOp, ResponseParameters)
            for model in self.get_models()
        ]

    def publish(self, base_url: str, resource: Resource[Any]) -> Resource[Any]:
        """A resource in the form sent to the client: with its location and its references as URLs.

        Unlike the library's own, it changes the resource it is given: the storage gave it away, so nobody else
        holds it, and copying it would cost as much as storing it.
        """
        if resource.meta is None or resource.id is None:
            raise ValueError("only a stored resource can be published")
        root = base_url.rstrip("/")
        resource.meta.location = f"{root}/{resource.meta.resource_type}s/{resource.id}"
        if not self.etag_supported:
            resource.meta.version = None
        references.locate(resource, lambda reference: f"{root}/{reference}")
        return resource

    def body_policy(self) -> ScimPolicy | None:
        """What bodies are tolerated; None for what the profile says."""
        return None

    def decode_body(self, body: bytes, content_type: str | None) -> Any:
        """The JSON of a body.

        :raises SCIMException: 400 for what is not JSON or nested too deeply, 415 for another media type.
        """
        payload = super().decode_body(body, content_type)
        request_limits.check_depth(payload)
        return payload

    def read_body(
        self, model: type[ModelT], body: bytes, content_type: str | None, scim_ctx: Context
    ) -> ModelT:
        """A validated body.

        :raises SCIMException: 400 for what is not JSON or not valid, 415 for another media type.
        """
        payload = dialects.readable(self.decode_body(body, content_type))
        try:
            return model.model_validate(
                self.rewritten(model, payload, scim_ctx), scim_ctx=scim_ctx, scim_policy=self.body_policy()
            )
        except ValidationError as error:
            raise SCIMException.from_error(Error.from_validation_errors(error)[0]) from error

    def rewritten(
        self,
        model: type[BaseModel],  # noqa: ARG002 - for services that read more
        payload: dict[str, Any],
        scim_ctx: Context,
    ) -> dict[str, Any]:
        """A body in the shapes of RFC 7643 and RFC 7644, about to be validated."""
        rewrite = dialects.patch if scim_ctx is Context.RESOURCE_PATCH_REQUEST else dialects.resource
        return rewrite(payload)
