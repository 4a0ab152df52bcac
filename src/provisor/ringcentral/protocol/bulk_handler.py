"""Bulk requests (RFC 7644 section 3.7): each operation in a transaction of its own, circles in one together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from scim2_models import BulkOperation, ConflictException, Resource, ResourceType
from scim2_server.bulk import BulkStep
from scim2_server.conditions import Conditions
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Operation

from provisor.ringcentral.protocol.bulk_order import Group
from provisor.ringcentral.protocol.bulk_plan import OrderedBulkPlan

Outcome = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class _Creation:
    """One operation of a circle."""

    index: int
    operation: BulkOperation[Resource[Any]]
    outcome: Outcome
    resource_type: ResourceType
    resource: Resource[Any] | None = None


class _CircleError(Exception):
    """One operation of a circle failed, so none of it is done."""

    def __init__(self, index: int, cause: Exception) -> None:
        super().__init__(str(cause))
        self.index = index
        self.cause = cause


class BulkHandler(ScimHandler):
    """Resolves circular references too: it creates the resources without them, then completes them.

    All of it is one transaction, so that when one operation of a circle fails, none of them leaves anything behind.
    """

    def bulk(self, request: ScimRequest) -> ScimResponse:
        """Run a bulk request."""
        with self.service.provider:
            self.service.route(request, Operation.bulk)
            plan = cast(
                "OrderedBulkPlan", self.service.read_bulk(request.body, request.header("Content-Type"))
            )
            for group in plan.groups():
                if plan.is_circle(group):
                    self._run_circle(request, plan, group)
                    continue
                step = BulkStep(group[0])
                plan.record(step, *self.run_bulk_step(request, plan, step))
            return self.service.bulk_response(plan)

    def _run_circle(self, request: ScimRequest, plan: OrderedBulkPlan, group: Group) -> None:
        outcomes = {
            index: self.service.bulk_outcome(request.base_url, plan.operations[index]) for index in group
        }
        try:
            with self.storage.operation():
                creations = [self._create_draft(request, plan, index, outcomes[index]) for index in group]
                for creation in creations:
                    self._complete(plan, creation, creations)
        except _CircleError as failed:
            self._record_failure(plan, outcomes, failed)
            return
        for creation in creations:
            result = self.service.bulk_success(
                request.base_url, creation.operation, creation.outcome, creation.resource
            )
            plan.record(BulkStep(creation.index), result, creation.resource)

    def _record_failure(
        self, plan: OrderedBulkPlan, outcomes: dict[int, Outcome], failed: _CircleError
    ) -> None:
        culprit = plan.operations[failed.index].bulk_id
        follower = ConflictException(
            detail=f"It refers in a circle to the bulkId {culprit}, which was not created"
        )
        for index, outcome in outcomes.items():
            error = failed.cause if index == failed.index else follower
            plan.record(BulkStep(index), self.service.bulk_failure(outcome, error), None)

    def _create_draft(
        self, request: ScimRequest, plan: OrderedBulkPlan, index: int, outcome: Outcome
    ) -> _Creation:
        try:
            operation = plan.draft(index)
            resource_type = cast("ResourceType", self.service.route_bulk_operation(operation))
            self.service.authorize_bulk_operation(request, operation, resource_type)
            resource = self.storage.create(resource_type, cast("Resource[Any]", operation.data))
        except Exception as error:
            raise _CircleError(index, error) from error
        return _Creation(
            index=index, operation=operation, outcome=outcome, resource_type=resource_type, resource=resource
        )

    def _complete(self, plan: OrderedBulkPlan, creation: _Creation, creations: list[_Creation]) -> None:
        created = {str(each.operation.bulk_id): cast("Resource[Any]", each.resource) for each in creations}
        try:
            whole = cast("Resource[Any]", plan.completed(creation.index, created).data)
            draft = self.storage.get(creation.resource_type, str(created[str(creation.operation.bulk_id)].id))
            creation.resource = self.replace_resource(creation.resource_type, draft, whole, Conditions())
        except Exception as error:
            raise _CircleError(creation.index, error) from error
