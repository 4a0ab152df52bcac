"""The account that a creation would make, where it is there already: after a conflict, a lost answer, a killed process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from provisor.core import differences, errors, mapping, plan
from provisor.core.errors import ErrorCode
from provisor.core.identifiers import ObjectId, TargetId
from provisor.core.objects import ObjectType
from provisor.ports.target import Resource, Target

OwnerLookup = Callable[[plan.PlanRow, TargetId], ObjectId | None]
"""Whose account a target id is; asked rarely, so it may read the store."""

_UNRECORDED = 10_000
"""Accounts whose owners are remembered here; far more than ever wait to be recorded."""


class OwnAccounts:
    """Finds the accounts of creations, and brings them in line."""

    def __init__(
        self, target: Target, mappings: Mapping[ObjectType, mapping.CompiledMapping], owner_of: OwnerLookup
    ) -> None:
        self._target = target
        self._mappings = mappings
        self._owner_of = owner_of
        self._recent: dict[tuple[ObjectType, TargetId], ObjectId] = {}

    async def find(self, row: plan.PlanRow) -> Resource | None:
        """The account that this row would create, if it is there already.

        Raises `ObjectRefusedError` where several accounts, or somebody else's, have the value.
        """
        values = row.details.values
        for flow in self._mappings[row.object_type].matching:
            value = values.get(flow.target.name)
            if not value:
                continue
            hits = await self._target.find(row.object_type, flow.target.name, str(value))
            if len(hits) > 1:
                found = ", ".join(hit.id for hit in hits)
                raise errors.ObjectRefusedError(
                    f"several accounts have the {flow.target.name} of this object ({found}); make it unique in the "
                    "application.",
                    code=ErrorCode.DUPLICATE_TARGET_ENTRIES,
                )
            if hits:
                self._refuse_foreign(row, hits[0].id)
                return hits[0]
        return None

    async def bring_in_line(self, row: plan.PlanRow, found: Resource) -> Mapping[str, Any]:
        """Write what the account that was found lacks of what would have been created; what it held before."""
        document = found.document
        omitted = self._target.listing_omits(row.object_type)
        if omitted & self._mappings[row.object_type].target_attributes:
            document = (await self._target.read(row.object_type, found.id)).document
        always = {flow.target.name for flow in self._mappings[row.object_type].always}
        wanted = {path: value for path, value in row.details.values.items() if path in always}
        different = differences.between(document, wanted, self._mappings[row.object_type].rules)
        if different:
            await self._target.update(row.object_type, found.id, different)
        return document

    def note(self, row: plan.PlanRow, target_id: TargetId) -> None:
        """Remember whose account this is until it is recorded."""
        self._recent[row.object_type, target_id] = row.object_id
        if len(self._recent) > _UNRECORDED:
            del self._recent[next(iter(self._recent))]

    def _refuse_foreign(self, row: plan.PlanRow, target_id: TargetId) -> None:
        recent = self._recent.get((row.object_type, target_id))
        owner = recent or self._owner_of(row, target_id)
        if owner is not None and owner != row.object_id:
            raise errors.ObjectRefusedError(
                f"the account {target_id} has the values of this object, but belongs to the directory object {owner}; "
                "two people cannot share an account.",
                code=ErrorCode.DUPLICATE_SOURCE_ENTRIES,
            )
