"""What the engine asks of an application's accounts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from provisor.core import objects
from provisor.core.changes import Modification
from provisor.core.identifiers import TargetId
from provisor.core.requests import RequestCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One resource as the target answered it; `document` is its SCIM JSON, not to be changed."""

    id: TargetId
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingPage:
    """One page of a listing; `total` is what the target claims to have in all (`totalResults`)."""

    resources: tuple[Resource, ...]
    total: int


class Target(Protocol):
    """An application's accounts, over whatever protocol.

    Every call may raise the errors of `core.errors`: `ObjectRefusedError`, `TargetConflictError`, `ResourceGoneError`,
    `TryLaterError`, `OutcomeUnknownError`, `TargetUnusableError`. Throttling never surfaces: the target waits and
    goes on. Every call that answers a resource has verified that it is what was asked for.
    """

    async def test_connection(self, kind: objects.ObjectType, attribute: str) -> None:
        """Ask for a value that cannot exist, as Entra's *Test connection* does; returns when the answer is sound."""
        ...

    async def find(self, kind: objects.ObjectType, attribute: str, value: str) -> tuple[Resource, ...]:
        """The resources whose attribute (a mapping path) equals the value, verified one by one.

        Raises `FilterNotHonouredError` where the answer holds only others, or the filter was refused.
        """
        ...

    def listing(self, kind: objects.ObjectType) -> AsyncIterator[ListingPage]:
        """Every resource, a page at a time, ended by an empty page or by `total` being reached.

        A page may repeat resources of an earlier one; the caller counts distinct ids against `total`.
        """
        ...

    async def read(self, kind: objects.ObjectType, target_id: TargetId) -> Resource:
        """One resource, whole (of a group: without its members)."""
        ...

    async def create(self, kind: objects.ObjectType, values: Mapping[str, Any]) -> Resource:
        """A new resource from mapping paths and their values; `document` may be what was sent where the target echoes nothing."""
        ...

    async def update(
        self, kind: objects.ObjectType, target_id: TargetId, changes: Sequence[Modification]
    ) -> None:
        """Write all the changes in one request."""
        ...

    async def change_members(
        self, target_id: TargetId, *, add: Sequence[TargetId] = (), remove: Sequence[TargetId] = ()
    ) -> None:
        """Add and remove members of a group: only these, at most `max_members_per_request` of them."""
        ...

    async def members(self, target_id: TargetId) -> frozenset[TargetId] | None:
        """The ids of a group's members; None where the target does not show them."""
        ...

    async def delete(self, kind: objects.ObjectType, target_id: TargetId) -> None:
        """Remove the resource; one that is already gone counts as removed."""
        ...

    @property
    def max_members_per_request(self) -> int:
        """How many members one `change_members` may carry."""
        ...

    @property
    def page_size(self) -> int:
        """How many resources a page of `listing` is expected to hold."""
        ...

    def listing_omits(self, kind: objects.ObjectType) -> frozenset[str]:
        """Top-level attributes that a listing leaves out although a read by id has them."""
        ...

    @property
    def concurrency(self) -> int:
        """How many requests may be under way at once."""
        ...

    @property
    def requests(self) -> RequestCounts:
        """What was asked of the target through this object so far."""
        ...

    async def aclose(self) -> None:
        """Release connections."""
        ...
