"""The `full` protocol within the limits of another target."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from scim2_models import (
    BaseModel,
    Context,
    Group,
    InvalidValueException,
    NotFoundException,
    NotImplementedException,
    PatchOp,
    PatchOperation,
    PayloadTooLargeException,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimProvider,
    SearchRequest,
    TooManyException,
)
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Target

from provisor.ringcentral.account.settings import Settings
from provisor.ringcentral.protocol import filters
from provisor.ringcentral.protocol.cursors import ClientCursors
from provisor.ringcentral.protocol.full_service import FullService
from provisor.ringcentral.protocol.limits import GroupPut, Limits, MemberPatch, Members, PutAnswer


class LimitedService(FullService):
    """The full profile without what a target cannot do."""

    def __init__(
        self,
        provider: ScimProvider,
        settings: Callable[[], Settings],
        cursors: ClientCursors | None = None,
        *,
        limits: Limits,
    ) -> None:
        super().__init__(provider, settings, cursors)
        self.limits = limits

    def match(self, request: ScimRequest) -> Target:  # type: ignore[override]  # static there, and called on the instance
        parts = [part.casefold() for part in request.path.strip("/").split("/")]
        if parts[0] in self.limits.absent or parts[-1] in self.limits.absent:
            raise NotFoundException(detail=f"No SCIM endpoint at {request.path!r}")
        return super().match(request)

    def rewritten(self, model: type[BaseModel], payload: dict[str, Any], scim_ctx: Context) -> dict[str, Any]:
        body = super().rewritten(model, payload, scim_ctx)
        if scim_ctx in (Context.RESOURCE_CREATION_REQUEST, Context.RESOURCE_REPLACEMENT_REQUEST):
            self._check_resource(body)
        return body

    def decode_body(self, body: bytes, content_type: str | None) -> Any:
        if self.limits.max_body is not None and len(body) > self.limits.max_body:
            raise PayloadTooLargeException(detail=f"the body is larger than {self.limits.max_body} bytes")
        return super().decode_body(body, content_type)

    def read_replacement(
        self, resource_type: ResourceType, body: bytes, content_type: str | None
    ) -> Resource[Any]:
        resource = super().read_replacement(resource_type, body, content_type)
        has_members = isinstance(resource, Group) and resource.members
        if has_members and self.limits.group_put is GroupPut.NO_MEMBERS:
            raise NotImplementedException(detail="Members cannot be replaced by PUT; change them by PATCH")
        return resource

    def read_patch(self, resource_type: ResourceType, body: bytes, content_type: str | None) -> PatchOp[Any]:
        patch_op = super().read_patch(resource_type, body, content_type)
        if resource_type.name == "Group":
            self._check_members(patch_op)
        return patch_op

    def read_search(self, resource_types: list[ResourceType], payload: Any) -> tuple[SearchRequest[Any], Any]:
        if isinstance(payload, dict):
            payload = {
                key: filters.read(value, self.limits.filters) if key.casefold() == "filter" else value
                for key, value in payload.items()
            }
        return super().read_search(resource_types, payload)

    def replacement_response(
        self, base_url: str, resource: Resource[Any], response_parameters: ResponseParameters[Any]
    ) -> ScimResponse:
        if self.limits.put_answer is PutAnswer.NO_CONTENT:
            return ScimResponse(HTTPStatus.NO_CONTENT)
        return super().replacement_response(base_url, resource, response_parameters)

    def publish(self, base_url: str, resource: Resource[Any]) -> Resource[Any]:
        if isinstance(resource, Group) and self.limits.members is Members.NEVER:
            resource.members = None
        return super().publish(base_url, resource)

    def _check_resource(self, body: dict[str, Any]) -> None:
        for name, value in body.items():
            if name in self.limits.single_valued and isinstance(value, list) and len(value) > 1:
                raise InvalidValueException(detail=f"{name} can hold one value; {len(value)} were sent")
            if name.casefold() == "members" and isinstance(value, list):
                self._check_count(len(value))

    def _check_members(self, patch_op: PatchOp[Any]) -> None:
        carried = 0
        for operation in patch_op.operations or []:
            is_by_value = str(operation.path or "").casefold().startswith("members")
            held = operation.value if is_by_value else _members_in(operation.value)
            carried += len(held) if isinstance(held, list) else int(bool(held))
            replaces = (is_by_value or held) and operation.op == PatchOperation.Op.replace_
            removes_all = (
                operation.op == PatchOperation.Op.remove
                and str(operation.path).casefold() == "members"
                and not operation.value
            )
            if (replaces or removes_all) and self.limits.member_patch is not MemberPatch.ANY:
                raise InvalidValueException(
                    detail="Members are added, or removed by name; they are not replaced"
                )
        self._check_count(carried)

    def _check_count(self, carried: int) -> None:
        if self.limits.max_members is not None and carried > self.limits.max_members:
            raise TooManyException(
                detail=f"A request can carry {self.limits.max_members} members; {carried} were sent"
            )


def _members_in(value: Any) -> Any:
    if not isinstance(value, dict):
        return None
    return next((held for name, held in value.items() if str(name).casefold() == "members"), None)
