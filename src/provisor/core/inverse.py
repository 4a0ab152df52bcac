"""Taking a change back: the change that undoes an applied one, from what its row stored, or why there is none.

Applying a change and then its inverse leaves an account as it was. Only what Provisor itself wrote is taken back, and
only while it is the last word: an account that moved on since is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from provisor.core.changes import ChangeKind, Modification, Reason
from provisor.core.identifiers import ObjectId, TargetId
from provisor.core.links import Link, LinkOrigin
from provisor.core.objects import ObjectType
from provisor.core.plan import Phase, PlanRow, RecordedRow

_ACCOUNT_PHASE = {ObjectType.USER: Phase.USERS, ObjectType.GROUP: Phase.GROUPS}

_STANDING = frozenset(
    {
        ChangeKind.CREATE,
        ChangeKind.LINK,
        ChangeKind.UNLINK,
        ChangeKind.ENABLE,
        ChangeKind.DISABLE,
        ChangeKind.DELETE,
    }
)
"""Changes after which an earlier one of the same account cannot be taken back, whatever attributes they wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """How things stand now with the object of an applied row.

    `later` are rows of other plans that were applied to the object afterwards, `owner` is whom the row's account is
    linked to. `held` are the members, or the manager, that the target holds because we wrote them; `linked` those of
    the row's references that have an account.
    """

    link: Link | None
    owner: ObjectId | None = None
    later: tuple[RecordedRow, ...] = ()
    held: frozenset[ObjectId] = frozenset()
    linked: frozenset[ObjectId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inverse:
    """A change that takes another back; the fields are those of a plan row and its details."""

    kind: ChangeKind
    phase: Phase
    target_id: TargetId | None = None
    changed: tuple[Modification, ...] = ()
    matched_on: str | None = None
    disabled_because: str | None = None
    attribute: str | None = None
    references: tuple[ObjectId, ...] = ()
    former_reference: ObjectId | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a change, or a part of it, cannot be taken back."""

    why: str


def of(row: PlanRow, present: Present) -> tuple[Inverse | Refusal, ...]:
    """What takes an applied row back; nothing for a row that wrote nothing. Members may be refused one by one."""
    match row.kind:
        case ChangeKind.SKIP | ChangeKind.FAIL:
            return ()
        case ChangeKind.DELETE:
            return (
                Refusal(
                    "a deleted account cannot be brought back; a new one is made when the person is provisioned again "
                    "(on demand, or in the next initial cycle)"
                ),
            )
        case ChangeKind.UNLINK:
            return (_relinking(row, present),)
        case ChangeKind.SET_REFERENCE:
            return (_manager(row, present),)
        case ChangeKind.ADD_MEMBERS | ChangeKind.REMOVE_MEMBERS:
            return _members(row, present)
        case _:
            return (_account(row, present),)


def reversed_changes(changed: Iterable[Modification]) -> tuple[Modification, ...]:
    """The modifications that restore what these replaced; an attribute that was absent is cleared."""
    return tuple(Modification(path=item.path, old=item.new, new=item.old) for item in changed)


def _account(row: PlanRow, present: Present) -> Inverse | Refusal:  # noqa: PLR0911 - one answer a kind
    link = present.link
    obstacle = _obstacle(row, present)
    if link is None or obstacle is not None:
        return Refusal(obstacle or "the account is not linked to the object any more")
    restored = reversed_changes(row.details.changed)
    fresh = row.link_version is None or row.reason is Reason.ACCOUNT_RELINKED
    match row.kind:
        case ChangeKind.CREATE if link.origin is LinkOrigin.CREATED:
            return Inverse(kind=ChangeKind.DELETE, phase=Phase.DELETES, target_id=link.target_id)
        case ChangeKind.LINK if not fresh:
            return Refusal("nothing was written: the account had been brought in line in the application")
        case ChangeKind.CREATE | ChangeKind.LINK:
            return Inverse(kind=ChangeKind.UNLINK, phase=Phase.DELETES, target_id=link.target_id)
        case ChangeKind.UPDATE | ChangeKind.ENABLE if fresh:
            return Inverse(
                kind=ChangeKind.UNLINK, phase=Phase.DELETES, target_id=link.target_id, changed=restored
            )
        case ChangeKind.UPDATE | ChangeKind.DISABLE:
            kind = ChangeKind.UPDATE if row.kind is ChangeKind.UPDATE else ChangeKind.ENABLE
            return Inverse(
                kind=kind,
                phase=_ACCOUNT_PHASE[row.object_type],
                target_id=link.target_id,
                changed=restored,
                disabled_because=link.disabled_because,
            )
        case ChangeKind.ENABLE:
            return Inverse(
                kind=ChangeKind.DISABLE,
                phase=Phase.DISABLES,
                target_id=link.target_id,
                changed=restored,
                disabled_because=row.details.disabled_because,
            )
        case _:
            raise AssertionError(f"a {row.kind} row is taken back elsewhere")


def _obstacle(row: PlanRow, present: Present) -> str | None:
    """Why an account cannot be put back to what it was, if so."""
    if present.link is None:
        return "the account is not linked to the object any more"
    if present.link.target_id != row.target_id:
        return f"the object is linked to another account now ({present.link.target_id})"
    written = {item.path.casefold() for item in row.details.modifications}
    for later in present.later:
        kind = later.row.kind
        if row.kind is ChangeKind.CREATE and kind in _STANDING | {ChangeKind.UPDATE}:
            return _changed_since(later)
        touched = {item.path.casefold() for item in later.row.details.modifications}
        if kind in _STANDING or touched & written:
            return _changed_since(later)
    return None


def _changed_since(later: RecordedRow) -> str:
    return f"the account was changed again ({later.row.kind.value}) by the cycle {later.row.plan_id}; take that back first"


def _relinking(row: PlanRow, present: Present) -> Inverse | Refusal:
    if present.link is not None:
        return Refusal(f"the object is linked to an account again ({present.link.target_id})")
    if present.owner is not None:
        return Refusal(f"the account {row.target_id} belongs to the directory object {present.owner} now")
    restored = reversed_changes(row.details.changed)
    kind, phase = (
        (ChangeKind.UPDATE, _ACCOUNT_PHASE[row.object_type]) if restored else (ChangeKind.LINK, Phase.RECORD)
    )
    return Inverse(kind=kind, phase=phase, target_id=row.target_id, changed=restored)


def _manager(row: PlanRow, present: Present) -> Inverse | Refusal:
    written = row.details.references[0] if row.details.references else None
    former = row.details.former_reference
    if present.link is None:
        return Refusal("the account is not linked to the object any more")
    if present.held != (frozenset() if written is None else frozenset({written})):
        return Refusal(f"{row.details.attribute} is not any more what this change wrote")
    if former is not None and former not in present.linked:
        return Refusal(f"{former}, the {row.details.attribute} before, has no account any more")
    if former is None and present.link.origin is not LinkOrigin.CREATED:
        return Refusal(
            f"it is not known which {row.details.attribute} the account had before it was linked; set it by hand"
        )
    return Inverse(
        kind=ChangeKind.SET_REFERENCE,
        phase=Phase.REFERENCES,
        attribute=row.details.attribute,
        references=() if former is None else (former,),
        former_reference=written,
    )


def _members(row: PlanRow, present: Present) -> tuple[Inverse | Refusal, ...]:
    if present.link is None:
        return (Refusal("the group is not linked to its account any more"),)
    added = row.kind is ChangeKind.ADD_MEMBERS
    obstacles = {member: _member_obstacle(member, present, added=added) for member in row.details.references}
    free = tuple(member for member, why in obstacles.items() if why is None)
    refusals = tuple(Refusal(why) for why in obstacles.values() if why is not None)
    if not free:
        return refusals
    inverse = Inverse(
        kind=ChangeKind.REMOVE_MEMBERS if added else ChangeKind.ADD_MEMBERS,
        phase=Phase.REFERENCES,
        attribute=row.details.attribute,
        references=free,
    )
    return (inverse, *refusals)


def _member_obstacle(member: ObjectId, present: Present, *, added: bool) -> str | None:
    for later in present.later:
        if later.row.phase is Phase.REFERENCES and member in later.row.details.references:
            return f"the membership of {member} was changed again by the cycle {later.row.plan_id}"
    if added and member not in present.held:
        return f"{member} is no member in the application any more"
    if not added and member in present.held:
        return f"{member} is a member in the application again"
    if not added and member not in present.linked:
        return f"{member} has no account in the application any more"
    return None
