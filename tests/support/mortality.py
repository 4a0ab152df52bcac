"""A process that dies at a chosen moment: around a store transaction, or around a call of the target.

Dying is an exception that nothing catches, and from then on every call of the dead process's store and target raises
it too, so that no `finally` of a dead process changes anything.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

from provisor.core import objects
from provisor.core.application import Application
from provisor.core.changes import Modification
from provisor.core.identifiers import TargetId
from provisor.core.requests import RequestCounts
from provisor.engine import cycle
from provisor.ports.store import Store, UnitOfWork
from provisor.ports.target import ListingPage, Resource, Target


class DeathError(BaseException):
    """The process is not there any more."""


class Death:
    """Comes at the moment with the number `at`, counted from 1; never for None."""

    def __init__(self, at: int | None = None) -> None:
        self._at = at
        self.moments: list[str] = []
        self.has_come = False

    def moment(self, name: str) -> None:
        """A moment at which the process may die."""
        self.check()
        self.moments.append(name)
        if len(self.moments) == self._at:
            self.has_come = True
            raise DeathError(name)

    def check(self) -> None:
        """The dead do nothing."""
        if self.has_come:
            raise DeathError("is dead already")


def mortal(services: cycle.Services, death: Death) -> cycle.Services:
    """The same services, in a process that may die."""

    def open_target(application: Application, secret_token: str) -> Target:
        return MortalTarget(services.open_target(application, secret_token), death)

    return dataclasses.replace(services, store=MortalStore(services.store, death), open_target=open_target)


class MortalStore:
    """Dies before a commit, which undoes the transaction.

    Dying right after a commit leaves behind what dying before the next commit or request does.
    """

    def __init__(self, store: Store, death: Death) -> None:
        self._store = store
        self._death = death

    @contextlib.contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        self._death.check()
        with self._store.read() as unit:
            yield unit

    @contextlib.contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        self._death.check()
        with self._store.write() as unit:
            yield unit
            self._death.moment("before a commit")

    def close(self) -> None:
        """Closing is left to the living."""


class MortalTarget:
    """Dies before a request is sent, or after it was carried out and before its answer is seen."""

    def __init__(self, target: Target, death: Death) -> None:
        self._target = target
        self._death = death

    async def test_connection(self, kind: objects.ObjectType, attribute: str) -> None:
        await self._target.test_connection(kind, attribute)

    async def find(self, kind: objects.ObjectType, attribute: str, value: str) -> tuple[Resource, ...]:
        self._death.moment(f"before finding the {kind} {value}")
        return await self._target.find(kind, attribute, value)

    async def listing(self, kind: objects.ObjectType) -> AsyncIterator[ListingPage]:
        self._death.moment(f"before listing {kind}s")
        async for page in self._target.listing(kind):
            yield page
            self._death.moment(f"after a page of {kind}s")

    async def read(self, kind: objects.ObjectType, target_id: TargetId) -> Resource:
        self._death.moment(f"before reading the {kind} {target_id}")
        return await self._target.read(kind, target_id)

    async def create(self, kind: objects.ObjectType, values: Mapping[str, Any]) -> Resource:
        name = values.get("userName") or values["displayName"]
        self._death.moment(f"before creating {name}")
        created = await self._target.create(kind, values)
        self._death.moment(f"after creating {name}")
        return created

    async def update(
        self, kind: objects.ObjectType, target_id: TargetId, changes: Sequence[Modification]
    ) -> None:
        self._death.moment(f"before updating the {kind} {target_id}")
        await self._target.update(kind, target_id, changes)
        self._death.moment(f"after updating the {kind} {target_id}")

    async def change_members(
        self, target_id: TargetId, *, add: Sequence[TargetId] = (), remove: Sequence[TargetId] = ()
    ) -> None:
        self._death.moment(f"before changing members of {target_id}")
        await self._target.change_members(target_id, add=add, remove=remove)
        self._death.moment(f"after changing members of {target_id}")

    async def members(self, target_id: TargetId) -> frozenset[TargetId] | None:
        self._death.moment(f"before reading the members of {target_id}")
        return await self._target.members(target_id)

    async def delete(self, kind: objects.ObjectType, target_id: TargetId) -> None:
        self._death.moment(f"before deleting the {kind} {target_id}")
        await self._target.delete(kind, target_id)
        self._death.moment(f"after deleting the {kind} {target_id}")

    @property
    def requests(self) -> RequestCounts:
        return self._target.requests

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

    async def aclose(self) -> None:
        await self._target.aclose()
