"""Values that nobody else has in the target (Entra: SelectUniqueValue), chosen at the moment of creation.

Chosen that late, two people who are created by one plan do not get the same: what one is being created with is taken
for the others, and afterwards the target itself answers that it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisor.core import errors, plan
from provisor.core.objects import ObjectType
from provisor.ports.target import Target

Reservation = tuple[ObjectType, str, str]


class UniqueValues:
    """Chooses for the rows of one plan."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._reserved: set[Reservation] = set()

    def choice(self, row: plan.PlanRow) -> Choice:
        """The choice for one row; what it chooses stays reserved until it is given back by `release`."""
        return Choice(row, self._target, self._reserved)

    def release(self, choice: Choice) -> None:
        """Let others have what was reserved: from now on the target itself answers that it is taken."""
        self._reserved -= choice.mine


class Choice:
    """The values of one row: those of its rules that were not found taken so far."""

    def __init__(self, row: plan.PlanRow, target: Target, reserved: set[Reservation]) -> None:
        self.mine: set[Reservation] = set()
        self._row = row
        self._target = target
        self._reserved = reserved
        self._left = {path: list(candidates) for path, candidates in row.details.unique.items()}

    async def values(self) -> Mapping[str, Any]:
        """What the account is to be created with. Raises `ObjectRefusedError` where every candidate is taken."""
        chosen = {path: await self._next(path) for path in self._left}
        return {**self._row.details.values, **chosen} if chosen else self._row.details.values

    def refused(self) -> bool:
        """Pass over what was chosen last, because the target would not take it; whether there is anything else to try."""
        if not any(len(left) > 1 for left in self._left.values()):
            return False
        for left in self._left.values():
            if len(left) > 1:
                del left[0]
        return True

    async def _next(self, path: str) -> str:
        left, kind = self._left[path], self._row.object_type
        while left:
            reservation = (kind, path, left[0].casefold())
            if reservation in self.mine:
                return left[0]
            if reservation not in self._reserved:
                self._reserved.add(reservation)
                self.mine.add(reservation)
                if not await self._target.find(kind, path, left[0]):
                    return left[0]
            del left[0]
        tried = ", ".join(self._row.details.unique[path])
        raise errors.ObjectRefusedError(
            f"every value that the mapping of {path} allows is taken in the application ({tried}); free one of them, "
            "or add a rule to SelectUniqueValue.",
            code=errors.ErrorCode.CONFLICT,
        )
