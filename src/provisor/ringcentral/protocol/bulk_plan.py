"""One bulk request while it runs: its operations, their order, and what the ones before have created."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from pydantic import BaseModel
from scim2_models import BulkOperation, ComplexAttribute, ConflictException, Resource
from scim2_server.bulk import BULK_ID_PREFIX, BulkPlan, BulkStep, resolve_operation

from provisor.ringcentral.protocol import bulk_order
from provisor.ringcentral.protocol.bulk_order import Group

Operation: TypeAlias = "BulkOperation[Resource[Any]]"


class OrderedBulkPlan(BulkPlan):
    """A plan whose operations run in the order of `bulk_order`, circles as one."""

    def plan_steps(self) -> list[BulkStep]:
        """One step for each operation, in the order in which they run."""
        self._waits = bulk_order.waiting(self.operations, self.creations)
        self._groups = list(bulk_order.groups(self._waits))
        return [BulkStep(index) for group in self._groups for index in group]

    def groups(self) -> Iterator[Group]:
        """What runs as a whole, until the request has had as many errors as the client accepts."""
        for group in self._groups:
            if self.stopped:
                return
            yield group

    def is_circle(self, group: Group) -> bool:
        """Whether the creations of a group refer to each other, or one to itself."""
        return len(group) > 1 or group[0] in self._waits[group[0]]

    def draft(self, index: int) -> Operation:
        """An operation of a circle without what refers to resources that are not created yet."""
        operation = resolve_operation(self.operations[index], self._known_or_kept)
        return operation.model_copy(update={"data": _without_references(operation.data)})

    def completed(self, index: int, created: Mapping[str, Resource[Any]]) -> Operation:
        """The whole operation of a circle, once all of it is created."""
        ids = {bulk_id: str(each.id) for bulk_id, each in (self.created | dict(created)).items()}
        return resolve_operation(self.operations[index], lambda bulk_id: ids[bulk_id])

    def _known_or_kept(self, bulk_id: str) -> str:
        if bulk_id in self.created:
            return str(self.created[bulk_id].id)
        creation = self.creations.get(bulk_id)
        if creation is None or creation in self.results:
            raise ConflictException(detail=f"No resource was created with the bulkId {bulk_id}")
        return f"{BULK_ID_PREFIX}{bulk_id}"


def _without_references(value: Any) -> Any:
    """A resource or extension without the values that refer to what is not created yet.

    :raises ConflictException: where a plain attribute is such a reference, so that nothing could be created first.
    """
    left: dict[str, Any] = {}
    for name in type(value).model_fields:
        held = getattr(value, name)
        if not _refers(held):
            continue
        if isinstance(held, list):
            left[name] = [item for item in held if not _refers(item)] or None
        elif isinstance(held, ComplexAttribute):
            left[name] = None
        elif isinstance(held, BaseModel):
            left[name] = _without_references(held)
        else:
            raise ConflictException(
                detail=f"{held!r} is part of a circular reference that cannot be resolved"
            )
    return value.model_copy(update=left)


def _refers(value: Any) -> bool:
    return any(text.startswith(BULK_ID_PREFIX) for text in bulk_order.texts_in(value))
