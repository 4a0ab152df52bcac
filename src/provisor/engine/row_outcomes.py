"""What became of a row, and what follows from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from provisor.core import errors, links, plan, redaction
from provisor.core.changes import ChangeKind, Reason
from provisor.core.errors import ErrorCode
from provisor.core.identifiers import ObjectId, TargetId


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the store knows around a claimed row, read when it was claimed.

    `accounts` are the target ids of referenced objects, `current_members` those of them that are to be members of the
    group now: who is one in the directory, or was one before the change that is being taken back. `unchanged` tells
    that a reference that is being taken back is still the one that was written, `protected` that the account must not be
    disabled or deleted.
    """

    link: links.Link | None
    accounts: Mapping[ObjectId, TargetId] = field(default_factory=dict)
    current_members: frozenset[ObjectId] = frozenset()
    unchanged: bool = True
    protected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a row and what follows from it for links and references.

    `unlink` forgets the link (before `link`, if any, is saved); `review` has the object looked at in the next cycle;
    `refused` is what the target would not take of a row that is done otherwise: it is tried again like a failure.
    `uncertain` tells that an account may have been made that could not be looked up.
    `revised` are the row's details where another value was written than was planned.
    """

    row: plan.PlanRow
    result: plan.RowResult
    link: links.Link | None = None
    unlink: bool = False
    review: bool = False
    refused: str | None = None
    uncertain: bool = False
    revised: plan.RowDetails | None = None
    references_added: Mapping[ObjectId, TargetId] = field(default_factory=dict)
    references_removed: tuple[ObjectId, ...] = ()


def failed(row: plan.PlanRow, code: ErrorCode, message: str) -> Outcome:
    """The outcome of a row that could not be carried out."""
    return Outcome(
        row=row,
        result=plan.RowResult(state=plan.RowState.FAILED, error_code=code, error_message=message),
    )


def unsettled(row: plan.PlanRow, error: errors.TargetError) -> Outcome:
    """The outcome of a creation that may have got through, and could not be looked up."""
    return dataclasses.replace(failed(row, error.code, str(error)), uncertain=True)


def without_hidden(outcome: Outcome) -> Outcome:
    """The outcome with nothing in its messages that the mapping redacts; the peer may have quoted it."""
    hidden, result = outcome.row.details.hidden, outcome.result
    if not hidden:
        return outcome
    message = result.error_message and redaction.without(result.error_message, hidden)
    warnings = tuple(redaction.without(warning, hidden) for warning in result.warnings)
    return dataclasses.replace(
        outcome, result=dataclasses.replace(result, error_message=message, warnings=warnings)
    )


def without_request(row: plan.PlanRow, surroundings: Surroundings) -> Outcome:
    """The outcome of a row that only records something: a tie, a skip, a failure of planning."""
    match row.kind:
        case ChangeKind.LINK:
            return tied(row, surroundings.link)
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
            state=plan.RowState.DONE, warnings=tuple(cannot_resolve(row, item) for item in references)
        ),
    )


def vanished(row: plan.PlanRow, error: errors.ResourceGoneError) -> Outcome:
    """The outcome of a row whose account is gone from the target."""
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


def done(target_id: TargetId | None, warnings: tuple[str, ...] = ()) -> plan.RowResult:
    """The result of a row that was carried out."""
    return plan.RowResult(state=plan.RowState.DONE, target_id=target_id, warnings=warnings)


def new_link(row: plan.PlanRow, target_id: TargetId, origin: links.LinkOrigin) -> links.Link:
    """The link of the row's object to an active account."""
    return links.Link(
        object_id=row.object_id,
        object_type=row.object_type,
        target_id=target_id,
        state=links.LinkState.ACTIVE,
        disabled_because=None,
        version=0,
        origin=origin,
    )


def tied(row: plan.PlanRow, before: links.Link | None, warnings: tuple[str, ...] = ()) -> Outcome:
    """The outcome of a row whose account is in line now; another account than before is another link."""
    target_id = account_id(row)
    moved = before is not None and before.target_id != target_id
    origin = links.LinkOrigin.MATCHED if before is None or moved else before.origin
    return Outcome(
        row=row,
        result=done(target_id, warnings),
        link=new_link(row, target_id, origin),
        unlink=moved,
        review=row.reason is Reason.CREATION_RECOVERED,
    )


def account_id(row: plan.PlanRow) -> TargetId:
    """The account that the row names."""
    if row.target_id is None:
        raise AssertionError(f"a {row.kind} row names its account")
    return row.target_id


def linked_account(row: plan.PlanRow, surroundings: Surroundings) -> TargetId:
    """The account that the row's object is linked to. Raises `ObjectRefusedError` where there is none yet."""
    if surroundings.link is None:
        raise errors.ObjectRefusedError(
            f"{row.details.name!r} has no account yet, so its references could not be written; they follow with it.",
            code=ErrorCode.UNRESOLVED_REFERENCE,
        )
    return surroundings.link.target_id


def cannot_resolve(row: plan.PlanRow, referenced: ObjectId) -> str:
    """The warning about a reference to an object without an account."""
    return (
        f"{referenced} has no account in the application and could not be written into {row.details.attribute} of "
        f"{row.details.name!r}; it will be as soon as it has one"
    )
