"""From a decision to the row of a plan."""

from __future__ import annotations

import dataclasses
from typing import assert_never

from provisor.core import changes, deciding, plan, redaction
from provisor.core.changes import ChangeKind, Reason
from provisor.core.identifiers import ObjectId, PlanId, TargetId
from provisor.core.objects import DirectoryObject, ObjectType

_ACCOUNT_PHASE = {ObjectType.USER: plan.Phase.USERS, ObjectType.GROUP: plan.Phase.GROUPS}


def from_decision(
    plan_id: PlanId,
    ordinal: int,
    case: deciding.Case,
    decision: changes.Decision,
    retried: bool,  # noqa: FBT001 - a fact of the object, not a mode
) -> plan.PlanRow:
    """The row that carries out a decision."""
    kind, phase, target_id, reason = _shape(case.subject.object_type, decision)
    return plan.PlanRow(
        plan_id=plan_id,
        ordinal=ordinal,
        phase=phase,
        lane=0,
        object_id=case.subject.id,
        object_type=case.subject.object_type,
        kind=kind,
        reason=reason,
        target_id=target_id,
        object_sequence=case.subject.sequence,
        link_version=case.link.version if case.link else None,
        details=_details(case, decision, retried=retried),
    )


def of_reference(
    plan_id: PlanId,
    ordinal: int,
    subject: DirectoryObject,
    kind: ChangeKind,
    *,
    attribute: str,
    references: tuple[ObjectId, ...],
    former: ObjectId | None = None,
) -> plan.PlanRow:
    """The row that writes references of an object: its manager, where `former` was it before, or some of its members."""
    manager = kind is ChangeKind.SET_REFERENCE
    return plan.PlanRow(
        plan_id=plan_id,
        ordinal=ordinal,
        phase=plan.Phase.REFERENCES,
        lane=0,
        object_id=subject.id,
        object_type=subject.object_type,
        kind=kind,
        reason=Reason.REFERENCE_CHANGED if manager else Reason.MEMBERSHIP_CHANGED,
        target_id=None,
        object_sequence=subject.sequence,
        link_version=None,
        details=plan.RowDetails(
            name=subject.display_name,
            principal_name=principal_name(subject),
            attribute=attribute,
            references=references,
            former_reference=former,
        ),
    )


def relinked(decision: changes.Decision) -> changes.Decision:
    """The same decision, told as what it is: the linked account had vanished."""
    if isinstance(decision, changes.Create | changes.Update | changes.Tie):
        return dataclasses.replace(decision, reason=Reason.ACCOUNT_RELINKED)
    return decision


def principal_name(subject: DirectoryObject) -> str | None:
    """The userPrincipalName of a user."""
    value = subject.attributes.get("userPrincipalName")
    return value if isinstance(value, str) else None


def _shape(  # noqa: PLR0911 - one line a decision
    object_type: ObjectType, decision: changes.Decision
) -> tuple[ChangeKind, plan.Phase, TargetId | None, Reason]:
    match decision:
        case changes.Create(reason=reason):
            return ChangeKind.CREATE, _ACCOUNT_PHASE[object_type], None, reason
        case changes.Update(target_id=target_id, reason=reason, enabling=enabling):
            kind = ChangeKind.ENABLE if enabling else ChangeKind.UPDATE
            return kind, _ACCOUNT_PHASE[object_type], target_id, reason
        case changes.Tie(target_id, reason, _):
            return ChangeKind.LINK, plan.Phase.RECORD, target_id, reason
        case changes.Disable(target_id, _, reason, _):
            return ChangeKind.DISABLE, plan.Phase.DISABLES, target_id, reason
        case changes.Delete(target_id, reason):
            return ChangeKind.DELETE, plan.Phase.DELETES, target_id, reason
        case changes.Drift(target_id, _):
            return ChangeKind.SKIP, plan.Phase.RECORD, target_id, Reason.DRIFT_REPORTED
        case changes.Skip(reason=reason, unowned=unowned):
            return ChangeKind.SKIP, plan.Phase.RECORD, unowned, reason
        case changes.Fail():
            return ChangeKind.FAIL, plan.Phase.RECORD, None, Reason.UNUSABLE
        case changes.Nothing():
            raise AssertionError("an object that is not concerned has no row")
        case _:
            assert_never(decision)


def _details(case: deciding.Case, decision: changes.Decision, *, retried: bool) -> plan.RowDetails:
    failed = decision if isinstance(decision, changes.Fail) else None
    changed = (
        decision.modifications
        if isinstance(decision, changes.Update | changes.Disable | changes.Drift)
        else ()
    )
    matched = isinstance(decision, changes.Update | changes.Tie)
    enabled = case.link if isinstance(decision, changes.Update) else None
    removal = decision if isinstance(decision, changes.Disable | changes.Skip) else None
    values = decision.values if isinstance(decision, changes.Create) else {}
    written = {*values, *(item.path for item in changed)}
    return plan.RowDetails(
        name=case.subject.display_name,
        principal_name=principal_name(case.subject),
        conditions=case.verdict.conditions,
        values=values,
        changed=changed,
        matched_on=decision.matched_on if matched else None,  # type: ignore[union-attr]
        candidates=failed.candidates if failed else (),
        error_code=failed.code if failed else None,
        error_message=redaction.without(failed.message, deciding.hidden(case)) if failed else None,
        retried=retried,
        delete_due=decision.delete_due if isinstance(decision, changes.Skip) else None,
        delete_after_days=removal.delete_after_days if removal else None,
        disabled_because=enabled.disabled_because if enabled else None,
        unique=decision.unique if isinstance(decision, changes.Create) else {},
        redacted=tuple(sorted(written & case.mapping.redacted)),
    )
