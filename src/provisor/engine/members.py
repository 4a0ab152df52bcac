"""Adding and removing members of a group, so that one member a target refuses does not keep out the others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from provisor.core import errors
from provisor.core.identifiers import ObjectId, TargetId
from provisor.ports.target import Target

Accounts = Mapping[ObjectId, TargetId]


class Members:
    """Membership changes against one target."""

    def __init__(self, target: Target) -> None:
        self._target = target

    async def add(self, group: TargetId, accounts: Accounts) -> tuple[Accounts, tuple[str, ...]]:
        """Add accounts; returns those that are members now, and why others are not."""
        return await self._split(accounts, lambda ids: self._target.change_members(group, add=ids))

    async def remove(self, group: TargetId, accounts: Accounts) -> tuple[Accounts, tuple[str, ...]]:
        """Remove accounts; returns those that are no members any more, and why others still are."""
        return await self._split(accounts, lambda ids: self._target.change_members(group, remove=ids))

    async def _split(
        self, accounts: Accounts, send: Callable[[Sequence[TargetId]], Awaitable[None]]
    ) -> tuple[Accounts, tuple[str, ...]]:
        """Send all at once; where that is refused, halve until the refused ones stand alone."""
        if not accounts:
            return {}, ()
        try:
            await send(list(accounts.values()))
        except errors.ObjectRefusedError as error:
            if len(accounts) == 1:
                return {}, (str(error),)
        else:
            return accounts, ()
        items = list(accounts.items())
        middle = len(items) // 2
        first, first_refused = await self._split(dict(items[:middle]), send)
        second, second_refused = await self._split(dict(items[middle:]), send)
        return {**first, **second}, (*first_refused, *second_refused)
