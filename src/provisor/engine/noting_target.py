"""A target that passes everything on and notes what it was asked about accounts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from provisor.core import errors, objects
from provisor.core.changes import Modification
from provisor.core.identifiers import TargetId
from provisor.core.on_demand import Look, Search
from provisor.core.requests import RequestCounts
from provisor.ports.target import ListingPage, Resource, Target


class NotingTarget:
    """Wraps a target; `asked` holds its searches and reads, in order."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self.asked: list[Search | Look] = []

    async def test_connection(self, kind: objects.ObjectType, attribute: str) -> None:
        await self._target.test_connection(kind, attribute)

    async def find(self, kind: objects.ObjectType, attribute: str, value: str) -> tuple[Resource, ...]:
        try:
            hits = await self._target.find(kind, attribute, value)
        except errors.TargetError as error:
            self.asked.append(Search(attribute=attribute, value=value, problem=str(error)))
            raise
        self.asked.append(Search(attribute=attribute, value=value, hits=tuple(hit.id for hit in hits)))
        return hits

    def listing(self, kind: objects.ObjectType) -> AsyncIterator[ListingPage]:
        return self._target.listing(kind)

    async def read(self, kind: objects.ObjectType, target_id: TargetId) -> Resource:
        try:
            found = await self._target.read(kind, target_id)
        except errors.TargetError as error:
            self.asked.append(Look(target_id=target_id, problem=str(error)))
            raise
        self.asked.append(Look(target_id=target_id))
        return found

    async def create(self, kind: objects.ObjectType, values: Mapping[str, Any]) -> Resource:
        return await self._target.create(kind, values)

    async def update(
        self, kind: objects.ObjectType, target_id: TargetId, changes: Sequence[Modification]
    ) -> None:
        await self._target.update(kind, target_id, changes)

    async def change_members(
        self, target_id: TargetId, *, add: Sequence[TargetId] = (), remove: Sequence[TargetId] = ()
    ) -> None:
        await self._target.change_members(target_id, add=add, remove=remove)

    async def members(self, target_id: TargetId) -> frozenset[TargetId] | None:
        return await self._target.members(target_id)

    async def delete(self, kind: objects.ObjectType, target_id: TargetId) -> None:
        await self._target.delete(kind, target_id)

    @property
    def max_members_per_request(self) -> int:
        return self._target.max_members_per_request

    @property
    def page_size(self) -> int:
        return self._target.page_size

    def listing_omits(self, kind: objects.ObjectType) -> frozenset[str]:
        return self._target.listing_omits(kind)

    @property
    def concurrency(self) -> int:
        return self._target.concurrency

    @property
    def requests(self) -> RequestCounts:
        return self._target.requests

    async def aclose(self) -> None:
        await self._target.aclose()
