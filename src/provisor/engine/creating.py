"""Making an account, or finding that it is there already.

A creation is the one request that must not be repeated blindly: whatever may have been carried out is looked up first.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from provisor.core import errors, links, plan
from provisor.core.identifiers import TargetId
from provisor.engine import row_outcomes
from provisor.engine.own_account import OwnAccounts
from provisor.engine.row_outcomes import Outcome
from provisor.engine.unique_values import Choice, UniqueValues
from provisor.ports.target import Resource, Target
from provisor.scim import resources

_CREATE_ATTEMPTS = 3


class Creation:
    """Creates the accounts of one plan's rows."""

    def __init__(self, target: Target, own: OwnAccounts) -> None:
        self._target = target
        self._own = own
        self._unique = UniqueValues(target)

    async def create(self, row: plan.PlanRow, *, interrupted: bool) -> Outcome:
        """The outcome of a creation; where an `interrupted` one got through, the account is linked as it is."""
        if interrupted:
            settled = await self._settled(row)
            if settled is not None:
                return settled
        choice = self._unique.choice(row)
        try:
            return await self._create(row, choice)
        finally:
            self._unique.release(choice)

    async def _create(self, row: plan.PlanRow, choice: Choice) -> Outcome:
        unknown = 0
        while True:
            values = await choice.values()
            try:
                made = await self._target.create(row.object_type, values)
            except errors.TargetConflictError as conflict:
                found = await self._own.find(row)
                if found is not None:
                    return await self._adopt(row, found)
                if not choice.refused():
                    return row_outcomes.failed(row, conflict.code, str(conflict))
            except errors.OutcomeUnknownError:
                settled = await self._settled(row)
                if settled is not None:
                    return settled
                unknown += 1
                if unknown == _CREATE_ATTEMPTS:
                    raise
            else:
                return self._linked(row, made.id, links.LinkOrigin.CREATED, values)

    async def _settled(self, row: plan.PlanRow) -> Outcome | None:
        """The outcome of a creation that may have got through; None where it certainly did not."""
        try:
            found = await self._own.find(row)
        except errors.TargetUnusableError:
            raise
        except errors.TargetError as error:
            return row_outcomes.unsettled(row, error)
        return None if found is None else await self._adopt(row, found)

    async def _adopt(self, row: plan.PlanRow, found: Resource) -> Outcome:
        """Link an account that was found at creation time, and bring it in line."""
        document = await self._own.bring_in_line(row, found)
        held = {path: resources.value_at(document, path) for path in row.details.unique}
        return self._linked(row, found.id, links.LinkOrigin.ADOPTED, {**row.details.values, **held})

    def _linked(
        self, row: plan.PlanRow, target_id: TargetId, origin: links.LinkOrigin, values: Mapping[str, Any]
    ) -> Outcome:
        self._own.note(row, target_id)
        details = row.details
        chosen = any(values[path] != details.values.get(path) for path in details.unique)
        return Outcome(
            row=row,
            result=row_outcomes.done(target_id),
            link=row_outcomes.new_link(row, target_id, origin),
            unlink=row.link_version is not None,
            revised=dataclasses.replace(details, values=values) if chosen else None,
        )
