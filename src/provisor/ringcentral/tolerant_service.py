"""The protocol steps both profiles share: bodies in the dialects of identity providers."""

from __future__ import annotations

from typing import TypeVar

from pydantic import ValidationError
from scim2_models import BaseModel, Context, Error, SCIMException
from scim2_server.service import ScimService

from provisor.ringcentral import dialects

ModelT = TypeVar("ModelT", bound=BaseModel)


class TolerantService(ScimService):
    """A SCIM service that reads what identity providers really send."""

    def read_body(
        self, model: type[ModelT], body: bytes, content_type: str | None, scim_ctx: Context
    ) -> ModelT:
        """A validated body.

        :raises SCIMException: 400 for what is not JSON or not valid, 415 for another media type.
        """
        payload = dialects.readable(self.decode_body(body, content_type))
        rewrite = dialects.patch if scim_ctx is Context.RESOURCE_PATCH_REQUEST else dialects.resource
        try:
            return model.model_validate(rewrite(payload), scim_ctx=scim_ctx)
        except ValidationError as error:
            raise SCIMException.from_error(Error.from_validation_errors(error)[0]) from error
