"""The protocol of the `full` profile: RFC 7644 to the letter, where Microsoft Entra ID leaves it room."""

from __future__ import annotations

from typing import Any

from scim2_models import Group, PatchOp, PatchOperation, Resource, ResponseParameters
from scim2_server.conditions import Conditions
from scim2_server.responses import ScimResponse

from provisor.ringcentral.protocol.reading_service import ReadingService


class FullService(ReadingService):
    """A PATCH answers 200 with a user, and 204 for a group, whose members would be the whole answer."""

    def apply_patch(
        self, current: Resource[Any], patch_op: PatchOp[Any], conditions: Conditions
    ) -> Resource[Any] | None:
        if isinstance(current, Group):
            _leave_out_members_already_there(current, patch_op)
        return super().apply_patch(current, patch_op, conditions)

    def patch_response(
        self, base_url: str, resource: Resource[Any], response_parameters: ResponseParameters[Any]
    ) -> ScimResponse:
        if isinstance(resource, Group):
            return super().patch_response(base_url, resource, response_parameters)
        return self.replacement_response(base_url, resource, response_parameters)


def _leave_out_members_already_there(group: Group, patch_op: PatchOp[Any]) -> None:
    """Adding a member a group has changes nothing (RFC 7644 section 3.5.2.1), though its `type` was not sent again.

    Only where every operation adds members: after a removal, an addition may well bring somebody back.
    """
    operations = patch_op.operations or []
    if not all(
        each.op == PatchOperation.Op.add and str(each.path).casefold() == "members" for each in operations
    ):
        return
    present = {member.value for member in group.members or []}
    for operation in operations:
        entries: list[Any] = operation.value if isinstance(operation.value, list) else [operation.value]
        operation.value = [entry for entry in entries if entry["value"] not in present]
        present |= {entry["value"] for entry in entries}
