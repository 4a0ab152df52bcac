"""Searching, projecting and describing as RFC 7643, RFC 7644 and RFC 9865 have it: what the `full` profile reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from scim2_models import (
    BaseModel,
    Context,
    InvalidCountException,
    InvalidSyntaxException,
    NotFoundException,
    PatchOp,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimProvider,
    SearchRequest,
)
from scim2_server.errors import MethodNotAllowedException
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Target
from scim2_server.service import ScimService

from provisor.ringcentral.account.settings import Settings
from provisor.ringcentral.choices import (
    BothProjections,
    Choices,
    CursorCount,
    DiscoveryFilter,
    MissingSchemas,
)
from provisor.ringcentral.protocol import (
    acceptance,
    filter_spelling,
    projection,
    published_schemas,
    schema_names,
)
from provisor.ringcentral.protocol.binary_values import BinaryPaths
from provisor.ringcentral.protocol.cursors import ClientCursors
from provisor.ringcentral.protocol.tolerant_service import TolerantService


@dataclass(slots=True, kw_only=True)
class Exchange:
    """What one step of a request leaves for a later one.

    :param written: the attributes returned only on request that the client has just written.
    """

    request: ScimRequest
    written: list[str] = field(default_factory=list)


class ReadingService(TolerantService):
    """Filters, sorting, pages by index and by cursor, projections of every answer, schema documents."""

    def __init__(
        self,
        provider: ScimProvider,
        settings: Callable[[], Settings],
        cursors: ClientCursors | None = None,
        *,
        choices: Choices | None = None,
    ) -> None:
        super().__init__(provider, settings, cursors)
        self.choices = choices or Choices()
        self._schemas = {
            document["id"].casefold(): document for document in published_schemas.documents(provider)
        }
        self._names = schema_names.SchemaNames(provider)
        self._binary: dict[type[Any] | None, BinaryPaths] = {
            model: BinaryPaths(model) for model in self.get_models()
        }
        self._on_request = {model: projection.on_request(model) for model in self.get_models()}
        self._exchange: ContextVar[Exchange | None] = ContextVar("the request that is served", default=None)

    @staticmethod
    def match(request: ScimRequest) -> Target:
        """The operation a request asks for.

        :raises SCIMException: 406 where the client takes no JSON, 404 and 405 as the library does; `.search` is
            nobody's id.
        """
        acceptance.check(request.header("Accept"))
        if request.path.rstrip("/").endswith("/.search") and request.method.upper() != "POST":
            raise MethodNotAllowedException(allowed=["POST"])
        return ScimService.match(request)

    def authorize(self, request: ScimRequest, target: Target, resource_type: ResourceType) -> None:
        super().authorize(request, target, resource_type)
        self._exchange.set(Exchange(request=request))
        if isinstance(self._cursors, ClientCursors):
            self._cursors.serve(str(request.subject))

    def read_creation(
        self, resource_type: ResourceType, body: bytes, content_type: str | None
    ) -> Resource[Any]:
        resource = super().read_creation(resource_type, body, content_type)
        self._note_written(projection.written_in(resource, self._on_request[type(resource)]))
        return resource

    def read_replacement(
        self, resource_type: ResourceType, body: bytes, content_type: str | None
    ) -> Resource[Any]:
        resource = super().read_replacement(resource_type, body, content_type)
        self._note_written(projection.written_in(resource, self._on_request[type(resource)]))
        return resource

    def read_patch(self, resource_type: ResourceType, body: bytes, content_type: str | None) -> PatchOp[Any]:
        patch = super().read_patch(resource_type, body, content_type)
        self._note_written(projection.written_by(patch, self._on_request[self.get_model(resource_type)]))
        return patch

    def rewritten(self, model: type[BaseModel], payload: dict[str, Any], scim_ctx: Context) -> dict[str, Any]:
        """A body in the spelling of the schemas.

        :raises InvalidValueException: for a binary value that is not base64.
        """
        self._check_schemas(payload)
        named = self._names.spelled(super().rewritten(model, payload, scim_ctx))
        arguments = model.__pydantic_generic_metadata__["args"]
        binary = self._binary.get(model) or self._binary.get(arguments[0] if arguments else None)
        if binary is not None:
            binary.check(named)
        return named

    def read_response_parameters(
        self, resource_type: ResourceType, query: Mapping[str, str]
    ) -> ResponseParameters[Any]:
        return super().read_response_parameters(resource_type, self._projection(query))

    def creation_response(self, base_url: str, created: Resource[Any]) -> ScimResponse:
        """The answer to a creation, projected as every other (RFC 7644 section 3.9)."""
        exchange = self._exchange.get()
        resource_type = self.get_resource_type_of(created)
        query = exchange.request.query if exchange is not None else {}
        answer = self.resource_response(
            self.publish(base_url, created),
            Context.RESOURCE_CREATION_RESPONSE,
            self.read_response_parameters(resource_type, query),
            HTTPStatus.CREATED,
        )
        answer.headers["Location"] = answer.headers["Content-Location"]
        return answer

    def resource_response(  # type: ignore[override]  # the library calls its static method on the instance
        self,
        resource: Resource[Any],
        scim_ctx: Context,
        response_parameters: ResponseParameters[Any] | None = None,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> ScimResponse:
        """A resource as it is sent, with what is returned on request where the client has just written it."""
        answer = ScimService.resource_response(resource, scim_ctx, response_parameters, status)
        exchange = self._exchange.get()
        is_narrowed = response_parameters is not None and response_parameters.attributes
        if exchange is not None and exchange.written and not is_narrowed and isinstance(answer.body, dict):
            projection.add(answer.body, resource, exchange.written, scim_ctx)
        return answer

    def read_search(self, resource_types: list[ResourceType], payload: Any) -> tuple[SearchRequest[Any], Any]:
        """A search and the position its cursor holds.

        :raises SCIMException: 400 for what cannot be searched for.
        """
        if isinstance(payload, dict):
            payload = self._projection(self._names.spelled(payload))
        search, position = super().read_search(resource_types, payload)
        if search.filter is not None:
            filter_spelling.check_blanks(str(search.filter))
        return search, position

    def read_search_body(
        self, resource_types: list[ResourceType], body: bytes, content_type: str | None
    ) -> tuple[SearchRequest[Any], Any]:
        payload = self.decode_body(body, content_type)
        if isinstance(payload, dict):
            self._check_schemas(payload)
        return super().read_search_body(resource_types, body, content_type)

    def forbid_filter(self, query: Mapping[str, str]) -> None:  # type: ignore[override]  # the library calls its static method on the instance
        if self.choices.discovery_filter is DiscoveryFilter.FORBID:
            ScimService.forbid_filter(query)

    def schemas(self, location: str, query: Mapping[str, str]) -> ScimResponse:
        """Every schema document."""
        self.forbid_filter(query)
        found = [_located(each, f"{location}/{each['id']}") for each in self._schemas.values()]
        body = {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": len(found),
            "itemsPerPage": len(found),
            "startIndex": 1,
            "Resources": found,
        }
        return ScimResponse(HTTPStatus.OK, body)

    def schema(self, location: str, schema_id: str, query: Mapping[str, str]) -> ScimResponse:
        """One schema document; its URN is found in any case (RFC 7644 section 3.10)."""
        self.forbid_filter(query)
        document = self._schemas.get(schema_id.casefold())
        if document is None:
            raise NotFoundException(detail=f"Schema {schema_id!r} not found")
        location = f"{location.removesuffix(schema_id)}{document['id']}"
        return ScimResponse(HTTPStatus.OK, _located(document, location), {"Content-Location": location})

    def _bound_count(self, search_request: SearchRequest[Any]) -> None:
        """Cut a count to the largest page; with a cursor it is refused instead (RFC 9865 section 2.1)."""
        largest = self.config.pagination.max_page_size if self.config.pagination is not None else None
        is_refused = search_request.cursor is not None and self.choices.cursor_count is CursorCount.REFUSE
        if is_refused and largest is not None and (search_request.count or 0) > largest:
            raise InvalidCountException(
                detail=f"count is {search_request.count}, and a page holds at most {largest}"
            )
        super()._bound_count(search_request)

    def _check_schemas(self, payload: dict[str, Any]) -> None:
        """Refuse a body without `schemas` where they have to be there.

        :raises InvalidSyntaxException: for one without.
        """
        if self.choices.missing_schemas is MissingSchemas.ACCEPT:
            return
        if not next((value for key, value in payload.items() if key.casefold() == "schemas"), None):
            raise InvalidSyntaxException(detail="the body does not say its schemas")

    def _projection(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        named = projection.without_selections(parameters)
        if self.choices.both_projections is BothProjections.ATTRIBUTES and named.get("attributes"):
            named.pop("excludedAttributes", None)
        return named

    def _note_written(self, written: list[str]) -> None:
        exchange = self._exchange.get()
        if exchange is not None:
            exchange.written = written


def _located(document: dict[str, Any], location: str) -> dict[str, Any]:
    return {**document, "meta": {"resourceType": "Schema", "location": location}}
