"""Carrying out one row of a plan: the requests it takes, and what is known afterwards.

Nothing is written to the store in here; the outcome says what is to be recorded. Whatever may have been carried out
without our knowing (an answer lost, a process killed) is looked up before it is repeated, so nobody is created twice.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import assert_never

from provisor.core import differences, errors, links, mapping, plan, protection
from provisor.core.changes import ChangeKind, Modification, Reason
from provisor.core.errors import ErrorCode
from provisor.core.identifiers import TargetId
from provisor.core.objects import ObjectType
from provisor.engine import own_account, row_outcomes, taking_back
from provisor.engine.creating import Creation
from provisor.engine.members import Members
from provisor.engine.row_outcomes import Outcome, Surroundings
from provisor.ports.target import Target
from provisor.scim import comparison, resources


class Exporter:
    """Carries out rows against one target."""

    def __init__(
        self,
        target: Target,
        mappings: Mapping[ObjectType, mapping.CompiledMapping],
        owner_of: own_account.OwnerLookup,
    ) -> None:
        self._target = target
        self._mappings = mappings
        self._own = own_account.OwnAccounts(target, mappings, owner_of)
        self._creation = Creation(target, self._own)
        self._members = Members(target)

    async def export(self, row: plan.PlanRow, surroundings: Surroundings, *, interrupted: bool) -> Outcome:
        """The outcome of a row. Raises `TargetUnusableError` where the whole cycle has to stop."""
        if surroundings.protected and protection.takes_away(row.kind, row.details.changed):
            return row_outcomes.stale(
                row, "the account was protected after this was planned: nothing may disable or delete it"
            )
        try:
            outcome = await self._carry_out(row, surroundings, interrupted=interrupted)
        except errors.TargetUnusableError:
            raise
        except errors.ResourceGoneError as error:
            outcome = row_outcomes.vanished(row, error)
        except errors.TargetError as error:
            outcome = row_outcomes.failed(row, error.code, str(error))
        return row_outcomes.without_hidden(outcome)

    async def settle(self, row: plan.PlanRow, why_stale: str) -> Outcome:
        """The outcome of an interrupted creation that is not wanted any more as it was planned.

        The account may exist: it is linked, so that the next cycle can do with it what is right now.
        """
        outcome = row_outcomes.stale(row, why_stale)
        try:
            found = await self._own.find(row)
        except errors.TargetUnusableError:
            raise
        except errors.TargetError as error:
            return row_outcomes.without_hidden(row_outcomes.unsettled(row, error))
        if found is None:
            return outcome
        return dataclasses.replace(
            outcome, link=row_outcomes.new_link(row, found.id, links.LinkOrigin.ADOPTED)
        )

    async def _carry_out(  # noqa: PLR0911 - one line a kind
        self, row: plan.PlanRow, surroundings: Surroundings, *, interrupted: bool
    ) -> Outcome:
        match row.kind:
            case ChangeKind.CREATE:
                return await self._creation.create(row, interrupted=interrupted)
            case ChangeKind.UPDATE | ChangeKind.ENABLE:
                return await self._update(row, surroundings, interrupted=interrupted)
            case ChangeKind.DISABLE:
                return await self._disable(row, surroundings)
            case ChangeKind.UNLINK:
                warnings = await taking_back.put_back(
                    self._target, self._mappings, row, row_outcomes.account_id(row)
                )
                return Outcome(row=row, result=row_outcomes.done(row.target_id, warnings), unlink=True)
            case ChangeKind.DELETE:
                await self._target.delete(row.object_type, row_outcomes.account_id(row))
                return Outcome(row=row, result=row_outcomes.done(row.target_id), unlink=True)
            case ChangeKind.SET_REFERENCE:
                return await self._set_reference(row, surroundings)
            case ChangeKind.ADD_MEMBERS | ChangeKind.REMOVE_MEMBERS:
                if interrupted and row.reason is not Reason.UNDONE:
                    return await self._change_members_again(row, surroundings)
                return await self._change_members(row, surroundings)
            case ChangeKind.LINK | ChangeKind.SKIP | ChangeKind.FAIL:
                raise AssertionError(f"a {row.kind} row needs no request")
            case _:
                assert_never(row.kind)

    # -- accounts --------------------------------------------------------

    async def _update(self, row: plan.PlanRow, surroundings: Surroundings, *, interrupted: bool) -> Outcome:
        target_id, changed = row_outcomes.account_id(row), row.details.changed
        if row.reason is Reason.UNDONE:
            warnings = await taking_back.put_back(self._target, self._mappings, row, target_id)
            return row_outcomes.tied(row, surroundings.link, warnings)
        if interrupted:
            # not every target takes the same addition twice as one, so only what is still missing is sent
            document = (await self._target.read(row.object_type, target_id)).document
            wanted = {item.path: item.new for item in changed}
            changed = differences.between(document, wanted, self._mappings[row.object_type].rules)
        if changed:
            await self._target.update(row.object_type, target_id, changed)
        warnings, kept = await self._kept(row, target_id, changed)
        outcome = row_outcomes.tied(row, surroundings.link, warnings)
        if not kept:
            return outcome
        return dataclasses.replace(outcome, revised=dataclasses.replace(row.details, kept=kept))

    async def _kept(
        self, row: plan.PlanRow, target_id: TargetId, changed: Sequence[Modification]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Warnings and paths of what the application still holds although it was told to clear it.

        It is looked up, for some only say that they did.
        """
        cleared = [item.path for item in changed if comparison.is_empty(item.new)]
        if not cleared:
            return (), ()
        try:
            document = (await self._target.read(row.object_type, target_id)).document
        except errors.TargetUnusableError:
            raise
        except errors.TargetError as error:
            return (f"whether {', '.join(cleared)} was cleared could not be checked: {error}",), ()
        kept = tuple(path for path in cleared if not comparison.is_empty(resources.value_at(document, path)))
        return tuple(
            f"the application kept {path} although it was told to clear it; if it wants an empty value instead, set the "
            "dialect rfc-empty-values, and otherwise take flowNullValues from the mapping"
            for path in kept
        ), kept

    async def _disable(self, row: plan.PlanRow, surroundings: Surroundings) -> Outcome:
        warnings: tuple[str, ...] = ()
        try:
            if row.reason is Reason.UNDONE:
                warnings = await taking_back.put_back(
                    self._target, self._mappings, row, row_outcomes.account_id(row)
                )
            else:
                await self._target.update(row.object_type, row_outcomes.account_id(row), row.details.changed)
        except errors.ResourceGoneError:
            warning = "the account was gone already, so there was nothing to disable; the link was dropped"
            return Outcome(row=row, result=row_outcomes.done(row.target_id, (warning,)), unlink=True)
        before = surroundings.link
        assert before is not None  # noqa: S101 - a row without its link is stale and not exported
        # an account that was disabled before, and enabled by somebody in the application, keeps its reason and deadline
        again = before.state is links.LinkState.DISABLED
        link = links.Link(
            object_id=row.object_id,
            object_type=row.object_type,
            target_id=row_outcomes.account_id(row),
            state=links.LinkState.DISABLED,
            disabled_because=before.disabled_because
            if again
            else row.details.disabled_because or row.reason.value,
            version=0,
            origin=before.origin,
            delete_due=before.delete_due if again else None,
        )
        return Outcome(row=row, result=row_outcomes.done(row.target_id, warnings), link=link)

    # -- references ------------------------------------------------------

    async def _set_reference(self, row: plan.PlanRow, surroundings: Surroundings) -> Outcome:
        target_id = row_outcomes.linked_account(row, surroundings)
        if row.reason is Reason.UNDONE and not surroundings.unchanged:
            return row_outcomes.stale(row, "the reference was changed after this was planned")
        if not row.details.references:
            return await self._clear_reference(row, target_id, surroundings)
        referenced = row.details.references[0]
        account = surroundings.accounts.get(referenced)
        if account is None:
            return row_outcomes.unresolved(row, (referenced,))
        change = Modification(path=row.details.attribute or mapping.MANAGER, old=None, new=account)
        await self._target.update(row.object_type, target_id, (change,))
        return Outcome(row=row, result=row_outcomes.done(target_id), references_added={referenced: account})

    async def _clear_reference(
        self, row: plan.PlanRow, target_id: TargetId, surroundings: Surroundings
    ) -> Outcome:
        former = row.details.former_reference
        assert former is not None  # noqa: S101 - only what was written is cleared
        old = surroundings.accounts.get(former, TargetId(former))
        change = Modification(path=row.details.attribute or mapping.MANAGER, old=old, new=None)
        await self._target.update(row.object_type, target_id, (change,))
        return Outcome(row=row, result=row_outcomes.done(target_id), references_removed=(former,))

    async def _change_members_again(self, row: plan.PlanRow, surroundings: Surroundings) -> Outcome:
        """Change members where an earlier attempt may have got through, and the directory may have changed since.

        Whoever was added then and is no member any more is taken out; whoever was taken out then and is a member again
        counts as missing, so that the next plan puts them in.
        """
        current = surroundings.current_members
        if row.kind is ChangeKind.REMOVE_MEMBERS:
            outcome = await self._change_members(row, surroundings)
            returned = tuple(member for member in row.details.references if member in current)
            return dataclasses.replace(
                outcome,
                references_removed=(*outcome.references_removed, *returned),
                review=outcome.review or bool(returned),
            )
        left = {member: account for member, account in surroundings.accounts.items() if member not in current}
        await self._members.remove(row_outcomes.linked_account(row, surroundings), left)
        return await self._change_members(row, surroundings)

    async def _change_members(self, row: plan.PlanRow, surroundings: Surroundings) -> Outcome:
        target_id = row_outcomes.linked_account(row, surroundings)
        adding = row.kind is ChangeKind.ADD_MEMBERS
        accounts = {
            member: surroundings.accounts[member]
            for member in row.details.references
            if member in surroundings.accounts and (member in surroundings.current_members) is adding
        }
        written, refused = await (
            self._members.add(target_id, accounts) if adding else self._members.remove(target_id, accounts)
        )
        missing = tuple(
            member
            for member in row.details.references
            if adding and member in surroundings.current_members and member not in accounts
        )
        warnings = (*refused, *(row_outcomes.cannot_resolve(row, member) for member in missing))
        if refused and not written:
            return row_outcomes.failed(row, ErrorCode.UNRESOLVED_REFERENCE, "; ".join(refused))
        return Outcome(
            row=row,
            result=row_outcomes.done(target_id, warnings),
            references_added=written if adding else {},
            references_removed=() if adding else tuple(written),
            refused="; ".join(refused) or None,
        )
