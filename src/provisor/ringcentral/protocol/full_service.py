"""The protocol of the `full` profile: RFC 7644 to the letter, where Microsoft Entra ID leaves it room."""

from __future__ import annotations

import logging
from typing import Any, Union

from pydantic import ValidationError
from scim2_models import (
    BaseModel,
    BulkRequest,
    Context,
    Error,
    Group,
    PatchOp,
    Resource,
    ResourceType,
    ResponseParameters,
    SCIMException,
)
from scim2_server.conditions import Conditions
from scim2_server.responses import ScimResponse
from scim2_server.utils import parametrize

from provisor.ringcentral.account.authentication import InvalidTokenException, TokenFault
from provisor.ringcentral.protocol import (
    bulk_bodies,
    dialects,
    immutables,
    membership,
    patch_form,
    refusals,
    value_rules,
)
from provisor.ringcentral.protocol.bulk_plan import OrderedBulkPlan
from provisor.ringcentral.protocol.reading_service import ReadingService

_log = logging.getLogger(__name__)


class FullService(ReadingService):
    """A PATCH answers 200 with a user, and 204 for a group, whose members would be the whole answer."""

    def read_creation(
        self, resource_type: ResourceType, body: bytes, content_type: str | None
    ) -> Resource[Any]:
        """The resource to create.

        :raises InvalidValueException: for a value that breaks a rule, such as an empty `userName`.
        """
        resource = super().read_creation(resource_type, body, content_type)
        value_rules.check(resource, self.choices.locales)
        return resource

    def check_patch_form(self, payload: dict[str, Any]) -> None:
        """Refuse a PATCH that has not the form of RFC 7644 section 3.5.2.

        :raises SCIMException: 400, or 413 beyond the limits.
        """
        patch_form.check(payload)

    def apply_replacement(
        self, current: Resource[Any], replacement: Resource[Any], conditions: Conditions
    ) -> Resource[Any] | None:
        """What a PUT makes of a resource: what it omits is cleared, unless it is immutable.

        :raises InvalidValueException: for a value that breaks a rule, such as an empty `userName`.
        """
        immutables.keep(current, replacement)
        replaced = super().apply_replacement(current, replacement, conditions)
        value_rules.check(replacement, self.choices.locales)
        return replaced

    def apply_patch(
        self, current: Resource[Any], patch_op: PatchOp[Any], conditions: Conditions
    ) -> Resource[Any] | None:
        """What a PATCH makes of a resource, or None where it changes nothing.

        :raises InvalidValueException: for a value that breaks a rule, such as an empty `userName`.
        """
        known = frozenset(value_rules.faults(current, self.choices.locales))
        if not isinstance(current, Group):
            patched = super().apply_patch(current, patch_op, conditions)
        else:
            patched = self._patch_group(current, patch_op, conditions)
        if patched is not None:
            value_rules.check(patched, self.choices.locales, known)
        return patched

    def patch_response(
        self, base_url: str, resource: Resource[Any], response_parameters: ResponseParameters[Any]
    ) -> ScimResponse:
        if isinstance(resource, Group):
            return super().patch_response(base_url, resource, response_parameters)
        return self.replacement_response(base_url, resource, response_parameters)

    def read_bulk(self, body: bytes, content_type: str | None) -> OrderedBulkPlan:
        """The plan of a bulk request.

        :raises SCIMException: 413 beyond the announced limits, 400 for what is no bulk request.
        """
        self.ensure_supported(self.config.bulk, "Bulk")
        self.ensure_bulk_payload_size(len(body))
        payload = dialects.readable(self.decode_body(body, content_type))
        operations, fail_on_errors = bulk_bodies.operations(
            payload,
            rewrite=self._bulk_data,
            validate=self._bulk_request,
            check=lambda resource: value_rules.check(resource, self.choices.locales),
        )
        return OrderedBulkPlan(operations, fail_on_errors)

    def www_authenticate(self, exception: SCIMException) -> str | None:
        """The challenge of a 401, with the error of RFC 6750 section 3.1 where a token was sent."""
        challenge = super().www_authenticate(exception)
        is_wrong = (
            isinstance(exception, InvalidTokenException) and exception.fault is not TokenFault.UNPARSABLE
        )
        return f'{challenge}, error="invalid_token"' if is_wrong else challenge

    def bulk_failure(self, outcome: dict[str, Any], exception: Exception) -> dict[str, Any]:
        """The result of an operation that failed."""
        known = refusals.of(exception)
        if not isinstance(known, SCIMException):
            _log.error("A bulk operation failed", exc_info=exception)
        return super().bulk_failure(outcome, known)

    def _patch_group(
        self, group: Group, patch_op: PatchOp[Any], conditions: Conditions
    ) -> Resource[Any] | None:
        self.check_preconditions(group, "PATCH", conditions)
        is_changed = False
        for run in membership.runs(patch_op.operations or []):
            if isinstance(run, membership.MemberChanges):
                is_changed |= run.apply(group)
                continue
            others = patch_op.model_copy(update={"operations": run})
            is_changed |= super().apply_patch(group, others, Conditions()) is not None
        return group if is_changed else None

    def _bulk_data(self, scim_ctx: Context, endpoint: str, data: dict[str, Any]) -> dict[str, Any]:
        resource_type = self.get_resource_type_by_endpoint(endpoint)
        if resource_type is None:
            return data
        model: type[BaseModel] = self.get_model(resource_type)
        if scim_ctx is Context.RESOURCE_PATCH_REQUEST:
            model = parametrize(PatchOp, model)
        return self.rewritten(model, data, scim_ctx)

    def _bulk_request(self, payload: dict[str, Any]) -> BulkRequest[Any]:
        model = parametrize(BulkRequest, Union[tuple(self.get_models())])  # noqa: UP007 - of types only known now
        try:
            return model.model_validate(payload, scim_ctx=Context.BULK_REQUEST)
        except ValidationError as error:
            raise SCIMException.from_error(Error.from_validation_errors(error)[0]) from error
