"""Changes of nothing but a group's members, carried out without reading the group."""

from __future__ import annotations

from typing import Any

from scim2_models import PatchOp, Resource, ResourceType
from scim2_server.conditions import Conditions
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse

from provisor.ringcentral.protocol import membership
from provisor.ringcentral.protocol.me_handler import MeHandler
from provisor.ringcentral.storage import member_rows
from provisor.ringcentral.storage.group_members import MemberChange
from provisor.ringcentral.storage.sql_storage import SqlStorage

_PROJECTION = frozenset({"attributes", "excludedattributes"})


class MemberHandler(MeHandler):
    """Adds one member to fifty thousand as quickly as to a few; the answer, 204, needs no member either.

    A PATCH that asks for a body is carried out in the general way.
    """

    _is_body_wanted = False

    def patch(self, request: ScimRequest) -> ScimResponse:
        """Modify a resource (RFC 7644 section 3.5.2)."""
        self._is_body_wanted = any(name.casefold() in _PROJECTION for name in request.query)
        try:
            return super().patch(request)
        finally:
            self._is_body_wanted = False

    def patch_resource(
        self,
        resource_type: ResourceType,
        resource_id: str,
        patch_op: PatchOp[Any],
        conditions: Conditions,
    ) -> Resource[Any]:
        """Apply a validated PATCH to a stored resource, and return the stored result: of a group maybe without members."""
        changes = self._member_changes(resource_type, patch_op)
        if changes is None or not isinstance(self.storage, SqlStorage):
            return super().patch_resource(resource_type, resource_id, patch_op, conditions)
        return self.storage.change_members(
            resource_type,
            resource_id,
            changes,
            lambda group: self.service.check_preconditions(group, "PATCH", conditions),
        )

    def _member_changes(
        self, resource_type: ResourceType, patch_op: PatchOp[Any]
    ) -> list[MemberChange] | None:
        """What a PATCH does to members by their ids; None where it does, or is to answer, anything else."""
        if resource_type.name != member_rows.TYPE or self._is_body_wanted:
            return None
        found = [membership.change_of(operation) for operation in patch_op.operations or []]
        known = [change for change in found if change is not None]
        if not known or len(known) != len(found):
            return None
        return [
            MemberChange(added=[membership.member(entry) for entry in change.added], removed=change.removed)
            for change in known
        ]
