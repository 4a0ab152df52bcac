"""The protocol steps both profiles share: bodies in the dialects of identity providers."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping
from typing import Any, Self, TypeVar, Union, cast

from pydantic import ValidationError
from scim2_models import (
    BaseModel,
    Context,
    Error,
    InvalidValueException,
    ListResponse,
    NotFoundException,
    PatchOp,
    Resource,
    ResourceType,
    ResponseParameters,
    SCIMException,
    ScimPolicy,
    ScimProvider,
    SearchRequest,
)
from scim2_server.conditions import Conditions
from scim2_server.errors import UnsupportedMediaTypeException
from scim2_server.routing import RESERVED_NAMES
from scim2_server.service import ScimService
from scim2_server.utils import parametrize

from provisor.ringcentral.account.settings import Settings
from provisor.ringcentral.protocol import (
    conditional_patch,
    dialects,
    filter_dialects,
    request_limits,
    strictness,
    tolerances,
    vocabulary,
)
from provisor.ringcentral.protocol.conditional_patch import ConditionalPatch
from provisor.ringcentral.protocol.cursors import ClientCursors
from provisor.ringcentral.protocol.dialects import Dialect
from provisor.ringcentral.protocol.tolerances import Tolerance, Tolerances
from provisor.ringcentral.protocol.vocabulary import Vocabulary
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
        self.tolerances = tolerances.LENIENT
        self._vocabularies = {
            self.get_model(each): self._vocabulary_of(each) for each in provider.resource_types
        }
        # The library makes these message types anew for each request, and pydantic forgets the ones nobody holds:
        # holding them spares a search half its time.
        searches = [self.provider.resource_types, *([each] for each in self.provider.resource_types)]
        self._message_types = [
            parametrize(message, Union[tuple(self.search_models(list(types)))])  # noqa: UP007 - of types only known now
            for message in (ListResponse, SearchRequest)
            for types in searches
        ] + [
            parametrize(message, model)
            for message in (ConditionalPatch, ResponseParameters)
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

    def tolerating(self, tolerances: Tolerances) -> Self:
        """The service itself, which understands exactly these habits of clients from now on."""
        self.tolerances = tolerances
        return self

    def _vocabulary_of(self, resource_type: ResourceType) -> Vocabulary:
        schemas = {str(each.id): each for each in self.provider.schemas}
        extensions = resource_type.schema_extensions or []
        urns = [resource_type.schema_, *(each.schema_ for each in extensions)]
        return vocabulary.of([schemas[str(urn)] for urn in urns])

    def dialect(self, model: type[BaseModel]) -> Dialect:
        """How bodies of a model are read: of a resource, or of a PATCH of one."""
        if model not in self._vocabularies:
            (model,) = model.__pydantic_generic_metadata__["args"]
        known = self._vocabularies[cast("type[Resource[Any]]", model)]
        return Dialect(vocabulary=known, tolerances=self.tolerances)

    def canonical_path(self, path: str) -> str:
        """A path as RFC 7644 spells it: without empty segments, its endpoint in the case it is served in.

        :raises NotFoundException: for an endpoint in another case, where that is not tolerated.
        """
        path = re.sub("/{2,}", "/", path)
        first, slash, rest = path.removeprefix("/").partition("/")
        served = RESERVED_NAMES | {self.endpoint_of(each) for each in self.provider.resource_types}
        name = next((each for each in served if each.casefold() == first.casefold()), first)
        if name != first and Tolerance.LOWER_CASE_ENDPOINTS not in self.tolerances:
            raise NotFoundException(detail=f"No SCIM endpoint at {path!r}: it is /{name}")
        return f"/{name}{slash}{rest}"

    def decode_body(self, body: bytes, content_type: str | None) -> Any:
        """The JSON value of a body, which may begin with a byte order mark (RFC 8259 section 8.1).

        :raises SCIMException: 400 for what is not JSON or nested too deeply, 415 for another media type.
        """
        if not content_type and Tolerance.CONTENT_TYPE_MISSING not in self.tolerances:
            raise UnsupportedMediaTypeException(detail="a body needs the Content-Type application/scim+json")
        payload = super().decode_body(body.removeprefix(codecs.BOM_UTF8), content_type)
        request_limits.check_depth(payload)
        return payload

    def read_search(self, resource_types: list[ResourceType], payload: Any) -> tuple[SearchRequest[Any], Any]:
        """A search and the position its cursor holds.

        :raises SCIMException: 400 for what cannot be searched for.
        """
        if isinstance(payload, dict):
            for name, value in payload.items():
                if name.casefold() == "filter":
                    request_limits.check_filter(value)
        return super().read_search(resource_types, payload)

    def read_body(
        self, model: type[ModelT], body: bytes, content_type: str | None, scim_ctx: Context
    ) -> ModelT:
        """A validated body.

        :raises SCIMException: 400 for what is not JSON or not valid, 415 for another media type.
        """
        payload = dialects.readable(self.decode_body(body, content_type))
        payload = self.rewritten(model, payload, scim_ctx)
        conditions: dict[int, str] = {}
        if scim_ctx is Context.RESOURCE_PATCH_REQUEST:
            known = self.dialect(model).vocabulary
            payload, conditions = conditional_patch.extracted(payload, known, self.tolerances)
        try:
            read = model.model_validate(payload, scim_ctx=scim_ctx, scim_policy=self.body_policy())
        except ValidationError as error:
            raise refusal(error) from error
        if isinstance(read, ConditionalPatch):
            read.conditions.update(conditions)
        return read

    def rewritten(self, model: type[BaseModel], payload: dict[str, Any], scim_ctx: Context) -> dict[str, Any]:
        """A body in the shapes of RFC 7643 and RFC 7644, about to be validated.

        :raises SCIMException: 400 for what is not tolerated, and for a change of members that says nothing clear.
        """
        if scim_ctx is Context.BULK_REQUEST:
            return payload
        dialect = self.dialect(model)
        if scim_ctx is Context.RESOURCE_PATCH_REQUEST:
            strictness.check_patch(payload, dialect.vocabulary, self.tolerances)
            read = dialect.patch(payload)
            self.check_patch_form(read)
            return read
        read = dialect.resource(payload)
        strictness.check_resource(read, dialect.vocabulary, self.tolerances)
        return read

    def check_patch_form(self, payload: dict[str, Any]) -> None:
        """Refuse a PATCH that has not the form of one; a profile may ask for more than a valid message."""

    def read_patch(self, resource_type: ResourceType, body: bytes, content_type: str | None) -> PatchOp[Any]:
        """A validated PATCH.

        :raises SCIMException: 400 for what is not JSON or not valid, 415 for another media type, 501 without PATCH.
        """
        self.ensure_patch_supported()
        model = parametrize(ConditionalPatch, self.get_model(resource_type))
        return self.read_body(model, body, content_type, Context.RESOURCE_PATCH_REQUEST)

    def read_search_query(
        self, resource_types: list[ResourceType], query: Mapping[str, str]
    ) -> tuple[SearchRequest[Any], Any]:
        """A validated search of a GET, its filter understood in the dialects of clients."""
        if "filter" in query:
            query = {**query, "filter": self._understood(query["filter"], resource_types)}
        return super().read_search_query(resource_types, query)

    def read_search_body(
        self, resource_types: list[ResourceType], body: bytes, content_type: str | None
    ) -> tuple[SearchRequest[Any], Any]:
        """A validated search of a POST, its filter understood in the dialects of clients.

        :raises SCIMException: 400 for what is not JSON or not valid, 415 for another media type.
        """
        payload = dialects.readable(self.decode_body(body, content_type))
        strictness.check_search(payload, self.tolerances)
        payload = {
            key: self._understood(value, resource_types) if key.casefold() == "filter" else value
            for key, value in payload.items()
        }
        return self.read_search(resource_types, payload)

    def _understood(self, text: Any, resource_types: list[ResourceType]) -> Any:
        for each in resource_types:
            known = self._vocabularies[self.get_model(each)]
            text = filter_dialects.understood(text, known, self.tolerances)
            filter_dialects.check(text, known, self.tolerances)
        return text

    def apply_replacement(
        self, current: Resource[Any], replacement: Resource[Any], conditions: Conditions
    ) -> Resource[Any] | None:
        """The next state of a replaced resource: one that does not say whether it is active stays as it is."""
        keeps = Tolerance.PUT_OMITTED_ACTIVE in self.tolerances and "active" in type(current).model_fields
        if keeps and replacement["active"] is None:
            replacement["active"] = current["active"]
        return super().apply_replacement(current, replacement, conditions)

    def apply_patch(
        self, current: Resource[Any], patch_op: PatchOp[Any], conditions: Conditions
    ) -> Resource[Any] | None:
        """The next state of a patched resource, or None where nothing changes.

        :raises SCIMException: 400 for an operation that cannot be applied.
        """
        try:
            if not conditional_patch.needs_steps(patch_op, self.tolerances):
                return super().apply_patch(current, patch_op, conditions)
            self.check_preconditions(current, "PATCH", conditions)
            is_changed = conditional_patch.apply_one_by_one(patch_op, current, self.tolerances)
        except InvalidValueException as error:
            if isinstance(error.__cause__, ValidationError):
                # Only the first fault, without the library's address of its own manual.
                raise refusal(error.__cause__) from error
            raise
        return current if is_changed else None


def refusal(error: ValidationError) -> SCIMException:
    """The SCIM error of the first fault of a body."""
    return SCIMException.from_error(Error.from_validation_errors(error)[0])
