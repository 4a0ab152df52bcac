"""The protocol of the `ringcentral` profile: Users only, two filters, no projection, its own shapes."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

from scim2_models import (
    Context,
    NotImplementedException,
    PatchOp,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimPolicy,
    SearchRequest,
)
from scim2_server.conditions import Conditions
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Target
from scim2_server.service import ScimService
from scim2_server.storage import SearchPage

from provisor.ringcentral.account import user_rules
from provisor.ringcentral.account.knobs import (
    Deactivation,
    DiscoveryFilter,
    Envelope,
    FilterAttribute,
    Knobs,
    Switch,
    Unknown,
)
from provisor.ringcentral.protocol import answers, filters, refusals
from provisor.ringcentral.protocol.filters import FilterRules
from provisor.ringcentral.protocol.tolerant_service import TolerantService
from provisor.ringcentral.resources.ringcentral import User

FILTERED_ATTRIBUTES = {"username": "userName", "email": "emails.value"}
"""The only attributes RingCentral is known to filter on, by the name clients use in lower case."""

DEFAULT_COUNT = 100
"""Users on a page when the client names no count."""

_MORE_ATTRIBUTES = {
    FilterAttribute.EXTERNAL_ID: ("externalid", "externalId"),
    FilterAttribute.ID: ("id", "id"),
    FilterAttribute.ACTIVE: ("active", "active"),
    FilterAttribute.EMAILS_VALUE: ("emails.value", "emails.value"),
}
_SEARCH_PARAMETERS = frozenset({"filter", "startindex", "count", "schemas"})
_ABSENT_ENDPOINTS = frozenset({"", ".search", "bulk", "me", "groups"})


class RingCentralService(TolerantService):
    """What RingCentral does not declare is ignored as a parameter, and not found as an endpoint."""

    @property
    def knobs(self) -> Knobs:
        """What RingCentral leaves open, as it is decided at this moment."""
        return self.settings().knobs

    def match(self, request: ScimRequest) -> Target:  # type: ignore[override]  # static there, and called on the instance
        if request.path.strip("/").partition("/")[0].casefold() in _ABSENT_ENDPOINTS:
            if self.knobs.absent_endpoints == HTTPStatus.NOT_IMPLEMENTED:
                raise NotImplementedException(detail=f"{request.path!r} is not supported")
            raise refusals.AbsentEndpointException(detail=f"No SCIM endpoint at {request.path!r}")
        return ScimService.match(request)

    def body_policy(self) -> ScimPolicy | None:
        if self.knobs.unknown_attributes is Unknown.IGNORE or self.provider.policy is None:
            return None
        return self.provider.policy.model_copy(update={"unknown": ScimPolicy.Unknown.forbid})

    def read_creation(
        self, resource_type: ResourceType, body: bytes, content_type: str | None
    ) -> Resource[Any]:
        user = cast("User", super().read_creation(resource_type, body, content_type))
        user_rules.settle_new(user, self.knobs)
        return user

    def read_replacement(
        self, resource_type: ResourceType, body: bytes, content_type: str | None
    ) -> Resource[Any]:
        user = cast("User", super().read_replacement(resource_type, body, content_type))
        if user.active is False and self._tells_seats:
            user.note_deactivation()
        return user

    def apply_replacement(
        self, current: Resource[Any], replacement: Resource[Any], conditions: Conditions
    ) -> Resource[Any] | None:
        user = cast("User", replacement)
        user_rules.settle_replacement(user, cast("User", current), self.knobs)
        replaced = super().apply_replacement(current, replacement, conditions)
        return user if replaced is None and user.is_deactivated else replaced

    def apply_patch(
        self, current: Resource[Any], patch_op: PatchOp[Any], conditions: Conditions
    ) -> Resource[Any] | None:
        user, stored = cast("User", current), cast("User", current.model_copy(deep=True))
        patched = super().apply_patch(current, patch_op, conditions)
        if self._tells_seats and _deactivates(patch_op):
            user.note_deactivation()
        if patched is not None:
            user_rules.settle_patch(user, stored, self.knobs)
        if patched is None or _same(user, stored):
            return user if user.is_deactivated else None
        return user

    @property
    def _tells_seats(self) -> bool:
        """Whether a write that changes nothing of the user may still change the state of the extension."""
        return self.knobs.never_activated is Deactivation.DISABLED

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
                key: self._filter(value) if key.casefold() == "filter" else value
                for key, value in payload.items()
            }
            if not any(key.casefold() == "count" for key in payload):
                payload["count"] = DEFAULT_COUNT
        asked, position = super().read_search(resource_types, payload)
        asked.count = min(DEFAULT_COUNT if asked.count is None else asked.count, self.knobs.max_count)
        return asked, position

    def _filter(self, text: Any) -> str | None:
        knobs = self.knobs
        more = dict(_MORE_ATTRIBUTES[each] for each in knobs.filter_attributes if each in _MORE_ATTRIBUTES)
        allowed = {**FILTERED_ATTRIBUTES, **more}
        if FilterAttribute.WORK_EMAIL in knobs.filter_attributes and isinstance(text, str):
            text = filters.WORK_EMAIL.sub("email", text)
        return filters.read(text, FilterRules(operators=knobs.filter_operators, attributes=allowed))

    def creation_response(self, base_url: str, created: Resource[Any]) -> ScimResponse:
        response = self._reshaped(super().creation_response(base_url, created), answers.Primary.SHOWN)
        if self.knobs.location_header is Switch.OFF:
            response.headers.pop("Location", None)
        return response

    def query_response(
        self,
        base_url: str,
        resource: Resource[Any],
        response_parameters: ResponseParameters[Any],
        conditions: Conditions,
    ) -> ScimResponse:
        response = super().query_response(base_url, resource, response_parameters, conditions)
        return self._reshaped(response, answers.Primary.SHOWN)

    def replacement_response(
        self, base_url: str, resource: Resource[Any], response_parameters: ResponseParameters[Any]
    ) -> ScimResponse:
        response = super().replacement_response(base_url, resource, response_parameters)
        return self._reshaped(response, answers.Primary.HIDDEN)

    def patch_response(
        self, base_url: str, resource: Resource[Any], response_parameters: ResponseParameters[Any]
    ) -> ScimResponse:
        response = super().replacement_response(base_url, resource, response_parameters)
        return self._reshaped(response, answers.Primary.SHOWN)

    def search_response(
        self,
        base_url: str,
        resource_types: list[ResourceType],
        page: SearchPage,
        search_request: SearchRequest[Any],
    ) -> ScimResponse:
        response = super().search_response(base_url, resource_types, page, search_request)
        if response.body is not None:
            knobs = self.knobs
            response.body["Resources"] = [answers.row(each, knobs) for each in response.body["Resources"]]
        return response

    def service_provider_config(self, location: str, query: Mapping[str, str]) -> ScimResponse:  # noqa: ARG002 - RingCentral's document has no meta
        self.forbid_filter(query)
        return ScimResponse(HTTPStatus.OK, answers.service_provider_config(self.knobs))

    def forbid_filter(self, query: Mapping[str, str]) -> None:  # type: ignore[override]  # static there, and called on the instance
        if self.knobs.discovery_filter is DiscoveryFilter.FORBIDDEN:
            ScimService.forbid_filter(query)

    def error_response(self, exception: Exception) -> ScimResponse:
        """An error; those of the gateway carry RingCentral's code, in the envelope the knob asks for."""
        response = super().error_response(exception)
        wanted = self.knobs.error_envelope
        is_everywhere = wanted is Envelope.PLATFORM_EVERYWHERE
        code = refusals.platform_code_of(exception) if is_everywhere else refusals.code_of(exception)
        if code is None or response.body is None:
            return response
        detail = response.body["detail"]
        if wanted is Envelope.SCIM:
            response.body["detail"] = f"{code}: {detail}"
            return response
        response.body = refusals.envelope(code, detail, **refusals.parameter_in(detail))
        response.headers["Content-Type"] = "application/json"
        return response

    def _reshaped(self, response: ScimResponse, primary: answers.Primary) -> ScimResponse:
        if response.body is not None:
            response.body = answers.user(response.body, primary, self.knobs)
        return response


def _deactivates(patch_op: PatchOp[Any]) -> bool:
    """Whether a PATCH says that `active` is false, with a path or without."""
    for operation in patch_op.operations or []:
        value = operation.value
        if str(operation.path or "").casefold() == "active" and _is_false(value):
            return True
        named = {str(key).casefold(): each for key, each in value.items()} if isinstance(value, dict) else {}
        if operation.path is None and _is_false(named.get("active")):
            return True
    return False


def _is_false(value: Any) -> bool:
    return value is False or (isinstance(value, str) and value.casefold() == "false")


def _same(one: User, other: User) -> bool:
    return bool(one.model_dump(scim_ctx=Context.DEFAULT) == other.model_dump(scim_ctx=Context.DEFAULT))
