"""Carrying out one row of a plan: the requests it takes, and what is known afterwards.

Nothing is written to the store in here; the outcome says what is to be recorded. Whatever may have been carried out
without our knowing (an answer lost, a process killed) is looked up before it is repeated, so nobody is created twice.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from provisor.core import differences, errors, links, mapping, plan
from provisor.core.changes import ChangeKind, Modification, Reason
from provisor.core.errors import ErrorCode
from provisor.core.identifiers import ObjectId, TargetId
from provisor.core.objects import ObjectType
from provisor.engine import own_account, taking_back
from provisor.engine.members import Members
from provisor.ports.target import Resource, Target

_CREATE_ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the store knows around a claimed row, read when it was claimed.

    `accounts` are the target ids of referenced objects, `current_members` those of them that are to be members of the
    group now: who is one in the directory, or was one before the change that is being taken back. `unchanged` tells
    that a reference that is being taken back is still the one that was written.
    """

    link: links.Link | None
    accounts: Mapping[ObjectId, TargetId] = field(default_factory=dict)
    current_members: frozenset[ObjectId] = frozenset()
    unchanged: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a row and what follows from it for links and references.

    `unlink` forgets the link (before `link`, if any, is saved); `review` has the object looked at in the next cycle;
    `refused` is what the target would not take of a row that is done otherwise: it is tried again like a failure.
    """

    row: plan.PlanRow
    result: plan.RowResult
    link: links.Link | None = None
    unlink: bool = False
    review: bool = False
    refused: str | None = None
    references_added: Mapping[ObjectId, TargetId] = field(default_factory=dict)
    references_removed: tuple[ObjectId, ...] = ()


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
        self._members = Members(target)

    async def export(self, row: plan.PlanRow, surroundings: Surroundings, *, interrupted: bool) -> Outcome:
        """The outcome of a row. Raises `TargetUnusableError` where the whole cycle has to stop."""
        try:
            return await self._carry_out(row, surroundings, interrupted=interrupted)
        except errors.TargetUnusableError:
            raise
        except errors.ResourceGoneError as error:
            return _vanished(row, error)
        except errors.TargetError as error:
            return failed(row, error.code, str(error))

    async def settle(self, row: plan.PlanRow, why_stale: str) -> Outcome:
        """The outcome of an interrupted creation that is not wanted any more as it was planned.

        The account may exist: it is linked, so that the next cycle can do with it what is right now.
        """
        outcome = stale(row, why_stale)
        try:
            found = await self._own.find(row)
        except errors.TargetUnusableError:
            raise
        except errors.TargetError as error:
            return failed(row, error.code, str(error))
        if found is None:
            return outcome
        return dataclasses.replace(outcome, link=_link(row, found.id, links.LinkOrigin.ADOPTED))

    async def _carry_out(  # noqa: PLR0911 - one line a kind
        self, row: plan.PlanRow, surroundings: Surroundings, *, interrupted: bool
    ) -> Outcome:
        match row.kind:
            case ChangeKind.CREATE:
                return await self._create(row, interrupted=interrupted)
            case ChangeKind.UPDATE | ChangeKind.ENABLE:
                return await self._update(row, surroundings, interrupted=interrupted)
            case ChangeKind.DISABLE:
                return await self._disable(row, surroundings)
            case ChangeKind.UNLINK:
                warnings = await taking_back.put_back(self._target, self._mappings, row, _target_id(row))
                return Outcome(row=row, result=_done(row.target_id, warnings), unlink=True)
            case ChangeKind.DELETE:
                await self._target.delete(row.object_type, _target_id(row))
                return Outcome(row=row, result=_done(row.target_id), unlink=True)
            case ChangeKind.SET_REFERENCE:
                return await self._set_reference(row, surroundings)
            case ChangeKind.ADD_MEMBERS | ChangeKind.REMOVE_MEMBERS:
                return await self._change_members(row, surroundings)
            case ChangeKind.LINK | ChangeKind.SKIP | ChangeKind.FAIL:
                raise AssertionError(f"a {row.kind} row needs no request")
            case _:
                assert_never(row.kind)

    # -- accounts --------------------------------------------------------

    async def _create(self, row: plan.PlanRow, *, interrupted: bool) -> Outcome:
        if interrupted and (found := await self._own.find(row)) is not None:
            return await self._adopt(row, found)
        values = row.details.values
        for attempt in range(1, _CREATE_ATTEMPTS + 1):
            try:
                made = await self._target.create(row.object_type, values)
                return Outcome(
                    row=row,
                    result=_done(made.id),
                    link=_link(row, made.id, links.LinkOrigin.CREATED),
                    unlink=row.link_version is not None,
                )
            except errors.TargetConflictError as conflict:
                found = await self._own.find(row)
                if found is None:
                    return failed(row, conflict.code, str(conflict))
                return await self._adopt(row, found)
            except errors.OutcomeUnknownError:
                found = await self._own.find(row)
                if found is not None:
                    return await self._adopt(row, found)
                if attempt == _CREATE_ATTEMPTS:
                    raise
        raise AssertionError("the last attempt returns or raises")

    async def _adopt(self, row: plan.PlanRow, found: Resource) -> Outcome:
        """Link an account that was found at creation time, and bring it in line."""
        await self._own.bring_in_line(row, found)
        return Outcome(
            row=row,
            result=_done(found.id),
            link=_link(row, found.id, links.LinkOrigin.ADOPTED),
            unlink=row.link_version is not None,
        )

    async def _update(self, row: plan.PlanRow, surroundings: Surroundings, *, interrupted: bool) -> Outcome:
        target_id, changed = _target_id(row), row.details.changed
        if row.reason is Reason.UNDONE:
            warnings = await taking_back.put_back(self._target, self._mappings, row, target_id)
            return _tied(row, surroundings.link, warnings)
        if interrupted:
            # not every target takes the same addition twice as one, so only what is still missing is sent
            document = (await self._target.read(row.object_type, target_id)).document
            wanted = {item.path: item.new for item in changed}
            changed = differences.between(document, wanted, self._mappings[row.object_type].case_exact)
        if changed:
            await self._target.update(row.object_type, target_id, changed)
        return _tied(row, surroundings.link)

    async def _disable(self, row: plan.PlanRow, surroundings: Surroundings) -> Outcome:
        warnings: tuple[str, ...] = ()
        try:
            if row.reason is Reason.UNDONE:
                warnings = await taking_back.put_back(self._target, self._mappings, row, _target_id(row))
            else:
                await self._target.update(row.object_type, _target_id(row), row.details.changed)
        except errors.ResourceGoneError:
            warning = "the account was gone already, so there was nothing to disable; the link was dropped"
            return Outcome(row=row, result=_done(row.target_id, (warning,)), unlink=True)
        before = surroundings.link
        assert before is not None  # noqa: S101 - a row without its link is stale and not exported
        # an account that was disabled before, and enabled by somebody in the application, keeps its reason and deadline
        again = before.state is links.LinkState.DISABLED
        link = links.Link(
            object_id=row.object_id,
            object_type=row.object_type,
            target_id=_target_id(row),
            state=links.LinkState.DISABLED,
            disabled_because=before.disabled_because
            if again
            else row.details.disabled_because or row.reason.value,
            version=0,
            origin=before.origin,
            delete_due=before.delete_due if again else None,
        )
        return Outcome(row=row, result=_done(row.target_id, warnings), link=link)

    # -- references ------------------------------------------------------

    async def _set_reference(self, row: plan.PlanRow, surroundings: Surroundings) -> Outcome:
        target_id = _linked(row, surroundings)
        if row.reason is Reason.UNDONE and not surroundings.unchanged:
            return stale(row, "the reference was changed after this was planned")
        if not row.details.references:
            return await self._clear_reference(row, target_id, surroundings)
        referenced = row.details.references[0]
        account = surroundings.accounts.get(referenced)
        if account is None:
            return unresolved(row, (referenced,))
        change = Modification(path=row.details.attribute or mapping.MANAGER, old=None, new=account)
        await self._target.update(row.object_type, target_id, (change,))
        return Outcome(row=row, result=_done(target_id), references_added={referenced: account})

    async def _clear_reference(
        self, row: plan.PlanRow, target_id: TargetId, surroundings: Surroundings
    ) -> Outcome:
        former = row.details.former_reference
        assert former is not None  # noqa: S101 - only what was written is cleared
        old = surroundings.accounts.get(former, TargetId(former))
        change = Modification(path=row.details.attribute or mapping.MANAGER, old=old, new=None)
        await self._target.update(row.object_type, target_id, (change,))
        return Outcome(row=row, result=_done(target_id), references_removed=(former,))

    async def _change_members(self, row: plan.PlanRow, surroundings: Surroundings) -> Outcome:
        target_id = _linked(row, surroundings)
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
        warnings = (*refused, *(_cannot_resolve(row, member) for member in missing))
        if refused and not written:
            return failed(row, ErrorCode.UNRESOLVED_REFERENCE, "; ".join(refused))
        return Outcome(
            row=row,
            result=_done(target_id, warnings),
            references_added=written if adding else {},
            references_removed=() if adding else tuple(written),
            refused="; ".join(refused) or None,
        )


def failed(row: plan.PlanRow, code: ErrorCode, message: str) -> Outcome:
    """The outcome of a row that could not be carried out."""
    return Outcome(
        row=row,
        result=plan.RowResult(state=plan.RowState.FAILED, error_code=code, error_message=message),
    )


def without_request(row: plan.PlanRow, surroundings: Surroundings) -> Outcome:
    """The outcome of a row that only records something: a tie, a skip, a failure of planning."""
    match row.kind:
        case ChangeKind.LINK:
            return _tied(row, surroundings.link)
        case ChangeKind.FAIL:
            code = row.details.error_code or ErrorCode.INTERNAL_ERROR
            return failed(row, code, row.details.error_message or "")
        case _:
            return Outcome(
                row=row,
                result=plan.RowResult(state=plan.RowState.SKIPPED),
                link=_with_deadline(row, surroundings.link),
                unlink=row.reason in (Reason.NO_LONGER_MANAGED, Reason.ACCOUNT_VANISHED),
            )


_SAYS_NOTHING_OF_DELETION = (Reason.NO_LONGER_MANAGED, Reason.ACCOUNT_VANISHED, Reason.DRIFT_REPORTED)


def _with_deadline(row: plan.PlanRow, link: links.Link | None) -> links.Link | None:
    """The link with the pending deletion as the row leaves it; None where that is as it was."""
    details = row.details
    if link is None or row.reason in _SAYS_NOTHING_OF_DELETION:
        return None
    same = details.delete_after_days is None and details.delete_due == link.delete_due
    return None if same else dataclasses.replace(link, delete_due=details.delete_due)


def stale(row: plan.PlanRow, why: str) -> Outcome:
    """The outcome of a row that was overtaken by events; its object is looked at again."""
    return Outcome(
        row=row, result=plan.RowResult(state=plan.RowState.STALE, error_message=why), review=_review(row)
    )


def unresolved(row: plan.PlanRow, references: Sequence[ObjectId]) -> Outcome:
    """The outcome of a reference whose object has no account (yet); it is written as soon as it has one."""
    return Outcome(
        row=row,
        result=plan.RowResult(
            state=plan.RowState.DONE, warnings=tuple(_cannot_resolve(row, item) for item in references)
        ),
    )


def _vanished(row: plan.PlanRow, error: errors.ResourceGoneError) -> Outcome:
    return Outcome(
        row=row,
        result=plan.RowResult(
            state=plan.RowState.STALE,
            error_code=ErrorCode.INVALID_ANCHOR,
            error_message=f"{error}; the link was dropped and the account is looked for anew in the next cycle",
        ),
        unlink=True,
        review=_review(row),
    )


def _review(row: plan.PlanRow) -> bool:
    """Whether the object of a row that came to nothing is looked at again: never because of an undo, which it ends."""
    return row.reason not in (Reason.UNDONE, Reason.CANNOT_BE_UNDONE)


def _done(target_id: TargetId | None, warnings: tuple[str, ...] = ()) -> plan.RowResult:
    return plan.RowResult(state=plan.RowState.DONE, target_id=target_id, warnings=warnings)


def _link(row: plan.PlanRow, target_id: TargetId, origin: links.LinkOrigin) -> links.Link:
    return links.Link(
        object_id=row.object_id,
        object_type=row.object_type,
        target_id=target_id,
        state=links.LinkState.ACTIVE,
        disabled_because=None,
        version=0,
        origin=origin,
    )


def _tied(row: plan.PlanRow, before: links.Link | None, warnings: tuple[str, ...] = ()) -> Outcome:
    """The outcome of a row whose account is in line now; another account than before is another link."""
    target_id = _target_id(row)
    moved = before is not None and before.target_id != target_id
    origin = links.LinkOrigin.MATCHED if before is None or moved else before.origin
    return Outcome(
        row=row, result=_done(target_id, warnings), link=_link(row, target_id, origin), unlink=moved
    )


def _target_id(row: plan.PlanRow) -> TargetId:
    if row.target_id is None:
        raise AssertionError(f"a {row.kind} row names its account")
    return row.target_id


def _linked(row: plan.PlanRow, surroundings: Surroundings) -> TargetId:
    if surroundings.link is None:
        raise errors.ObjectRefusedError(
            f"{row.details.name!r} has no account yet, so its references could not be written; they follow with it.",
            code=ErrorCode.UNRESOLVED_REFERENCE,
        )
    return surroundings.link.target_id


def _cannot_resolve(row: plan.PlanRow, referenced: ObjectId) -> str:
    return (
        f"{referenced} has no account in the application and could not be written into {row.details.attribute} of "
        f"{row.details.name!r}; it will be as soon as it has one"
    )
