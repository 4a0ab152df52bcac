"""The protocol of the `ringcentral` profile: Users only, two filters, no projection, its own shapes."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

from scim2_models import (
    InvalidFilterException,
    NotFoundException,
    PatchOp,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimFilter,
    SearchRequest,
)
from scim2_models.path import CompareOperator, Comparison
from scim2_server.conditions import Conditions
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Target
from scim2_server.service import ScimService
from scim2_server.storage import SearchPage

from provisor.ringcentral.account import user_rules
from provisor.ringcentral.account.knobs import Envelope
from provisor.ringcentral.protocol import answers, refusals
from provisor.ringcentral.protocol.tolerant_service import TolerantService
from provisor.ringcentral.resources.ringcentral import User

FILTERED_ATTRIBUTES = {"username": "userName", "email": "emails.value"}
"""The only attributes RingCentral filters on, by the name clients use."""

_SEARCH_PARAMETERS = frozenset({"filter", "startindex", "count", "schemas"})
_ABSENT_ENDPOINTS = frozenset({"", ".search", "bulk", "me"})


class RingCentralService(TolerantService):
    """What RingCentral does not declare is ignored as a parameter, and not found as an endpoint."""

    @staticmethod
    def match(request: ScimRequest) -> Target:
        if request.path.strip("/").partition("/")[0].casefold() in _ABSENT_ENDPOINTS:
            raise NotFoundException(detail=f"No SCIM endpoint at {request.path!r}")
        return ScimService.match(request)

    def read_creation(
        self, resource_type: ResourceType, body: bytes, content_type: str | None
    ) -> Resource[Any]:
        user = cast("User", super().read_creation(resource_type, body, content_type))
        user_rules.settle_new(user)
        return user

    def apply_replacement(
        self, current: Resource[Any], replacement: Resource[Any], conditions: Conditions
    ) -> Resource[Any] | None:
        user_rules.settle_replacement(cast("User", replacement), cast("User", current))
        return super().apply_replacement(current, replacement, conditions)

    def apply_patch(
        self, current: Resource[Any], patch_op: PatchOp[Any], conditions: Conditions
    ) -> Resource[Any] | None:
        stored = current.model_copy(deep=True)
        patched = super().apply_patch(current, patch_op, conditions)
        if patched is None:
            return None
        user_rules.settle_patch(cast("User", patched), cast("User", stored))
        return None if patched == stored else patched

    def read_response_parameters(
        self,
        resource_type: ResourceType,
        query: Mapping[str, str],  # noqa: ARG002 - RingCentral declares no projection
    ) -> ResponseParameters[Any]:
        return super().read_response_parameters(resource_type, {})

    def read_search(self, resource_types: list[ResourceType], payload: Any) -> tuple[SearchRequest[Any], Any]:
        if isinstance(payload, dict):
            payload = {key: value for key, value in payload.items() if key.casefold() in _SEARCH_PARAMETERS}
            payload = {
                key: _filter(value) if key.casefold() == "filter" else value for key, value in payload.items()
            }
        return super().read_search(resource_types, payload)

    def creation_response(self, base_url: str, created: Resource[Any]) -> ScimResponse:
        return _reshaped(super().creation_response(base_url, created), answers.Primary.SHOWN)

    def query_response(
        self,
        base_url: str,
        resource: Resource[Any],
        response_parameters: ResponseParameters[Any],
        conditions: Conditions,
    ) -> ScimResponse:
        response = super().query_response(base_url, resource, response_parameters, conditions)
        return _reshaped(response, answers.Primary.SHOWN)

    def replacement_response(
        self, base_url: str, resource: Resource[Any], response_parameters: ResponseParameters[Any]
    ) -> ScimResponse:
        response = super().replacement_response(base_url, resource, response_parameters)
        return _reshaped(response, answers.Primary.HIDDEN)

    def patch_response(
        self, base_url: str, resource: Resource[Any], response_parameters: ResponseParameters[Any]
    ) -> ScimResponse:
        response = super().replacement_response(base_url, resource, response_parameters)
        return _reshaped(response, answers.Primary.SHOWN)

    def search_response(
        self,
        base_url: str,
        resource_types: list[ResourceType],
        page: SearchPage,
        search_request: SearchRequest[Any],
    ) -> ScimResponse:
        response = super().search_response(base_url, resource_types, page, search_request)
        if response.body is not None:
            response.body["Resources"] = [answers.row(each) for each in response.body["Resources"]]
        return response

    def service_provider_config(self, location: str, query: Mapping[str, str]) -> ScimResponse:  # noqa: ARG002 - RingCentral's document has no meta
        self.forbid_filter(query)
        return ScimResponse(HTTPStatus.OK, answers.SERVICE_PROVIDER_CONFIG)

    def error_response(self, exception: Exception) -> ScimResponse:
        """An error; those of the gateway carry RingCentral's code, in the envelope the knob asks for."""
        response = super().error_response(exception)
        code = refusals.code_of(exception)
        if code is None or response.body is None:
            return response
        if self.settings().knobs.error_envelope is Envelope.PLATFORM:
            response.body = refusals.envelope(code, response.body["detail"])
            response.headers["Content-Type"] = "application/json"
        else:
            response.body["detail"] = f"{code}: {response.body['detail']}"
        return response


def _reshaped(response: ScimResponse, primary: answers.Primary) -> ScimResponse:
    if response.body is not None:
        response.body = answers.user(response.body, primary)
    return response


def _filter(text: Any) -> str | None:
    """The filter on our attributes that a client's filter means; None for an empty one, which means no filter.

    :raises InvalidFilterException: for anything but `userName eq "…"` and `email eq "…"`.
    """
    if text is None or (isinstance(text, str) and not text.strip()):
        return None
    if not isinstance(text, str):
        raise InvalidFilterException(detail="the filter must be a text")
    match ScimFilter[Any](text).ast:
        case Comparison(attr_path=path, op=CompareOperator.eq, value=str() as value) if (
            path.uri is None and path.sub_attr is None and path.attr.casefold() in FILTERED_ATTRIBUTES
        ):
            return f"{FILTERED_ATTRIBUTES[path.attr.casefold()]} eq {ScimFilter.quote(value)}"
    raise InvalidFilterException(detail='only the filters userName eq "…" and email eq "…" are supported')
