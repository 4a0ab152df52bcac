"""What happens to the account of somebody who does not belong into the application any more.

The policy is about how things stand, not about what happened just now: an account that was left alone or disabled under
an earlier policy is treated by the present one as soon as its person is looked at. Source: specification 3.6, rows 11 to
23; the choice for each trigger and the deletion after a delay are ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from provisor.core.application import OutOfScopeDeletions
from provisor.core.changes import Decision, Delete, Disable, Modification, Reason, Skip
from provisor.core.deprovisioning import Deprovisioning, DeprovisioningPolicy, Trigger
from provisor.core.expressions import Circumstances
from provisor.core.links import Link, LinkState
from provisor.core.mapping import CompiledMapping, evaluate, source_attributes
from provisor.core.objects import DirectoryObject, ObjectType
from provisor.core.schema import TargetAction
from provisor.core.scoping import OutOfScopeReason

_TRIGGERS: Mapping[str, Trigger] = {
    OutOfScopeReason.NOT_ASSIGNED: Trigger.UNASSIGNED,
    OutOfScopeReason.NOT_EFFECTIVELY_ENTITLED: Trigger.UNASSIGNED,
    OutOfScopeReason.FILTERED_OUT: Trigger.OUT_OF_SCOPE,
    OutOfScopeReason.DISABLED: Trigger.DISABLED,
    OutOfScopeReason.SOFT_DELETED: Trigger.SOFT_DELETED,
    OutOfScopeReason.HARD_DELETED: Trigger.HARD_DELETED,
}
_ENDS_OUR_CARE = frozenset({Trigger.UNASSIGNED, Trigger.OUT_OF_SCOPE})
"""An account disabled by one of these is not managed any more, unless its deletion is pending (row 23)."""
_SKIPPABLE = _ENDS_OUR_CARE | {Trigger.SOFT_DELETED}
"""What `SkipOutOfScopeDeletions` holds back; a person who is blocked from signing in is disabled all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaver:
    """Somebody with an account who is out of scope, and what the application says about such people."""

    subject: DirectoryObject
    link: Link
    mapping: CompiledMapping
    policy: DeprovisioningPolicy
    out_of_scope_deletions: OutOfScopeDeletions
    now: datetime
    circumstances: Circumstances


def decide(leaver: Leaver, reason: OutOfScopeReason) -> Decision:  # noqa: PLR0911 - a decision table
    """What becomes of the account. Raises `MappingError` where what disables it cannot be made."""
    link, trigger, why = leaver.link, _TRIGGERS[reason], Reason(reason)
    if trigger is Trigger.HARD_DELETED and _forsaken(link):
        return Skip(Reason.NO_LONGER_MANAGED)
    if _skips(leaver, trigger):
        disabled = link.state is LinkState.DISABLED
        return Skip(Reason.ALREADY_DISABLED if disabled else Reason.OUT_OF_SCOPE_DELETIONS_SKIPPED)
    due = _pending_deletion(leaver, trigger)
    if due is not None and due <= leaver.now:
        return _delete(leaver, Reason.RETENTION_OVER)
    match leaver.policy.of(trigger):
        case Deprovisioning.NOTHING:
            return Skip(Reason.LEFT_ALONE_BY_POLICY, delete_due=due)
        case Deprovisioning.DISABLE:
            return _disabled(leaver, why, due=due, days=None)
        case Deprovisioning.DISABLE_THEN_DELETE:
            deletes = TargetAction.DELETE in leaver.mapping.actions
            return _disabled(leaver, why, due=due, days=leaver.policy.delete_after_days if deletes else None)
        case Deprovisioning.DELETE:
            return _delete(leaver, why)
        case unknown:
            assert_never(unknown)


def _forsaken(link: Link) -> bool:
    return link.delete_due is None and _TRIGGERS.get(link.disabled_because or "") in _ENDS_OUR_CARE


def _skips(leaver: Leaver, trigger: Trigger) -> bool:
    return leaver.out_of_scope_deletions is OutOfScopeDeletions.SKIP and trigger in _SKIPPABLE


def _pending_deletion(leaver: Leaver, trigger: Trigger) -> datetime | None:
    """When the account is to be deleted, if what disabled it, or keeps it disabled, still leads to a deletion."""
    if TargetAction.DELETE not in leaver.mapping.actions:
        return None
    triggers = {trigger, _TRIGGERS.get(leaver.link.disabled_because or "", trigger)}
    delayed = any(leaver.policy.of(item) is Deprovisioning.DISABLE_THEN_DELETE for item in triggers)
    return leaver.link.delete_due if delayed else None


def _disabled(leaver: Leaver, why: Reason, *, due: datetime | None, days: int | None) -> Decision:
    """Disable, now or already. A group has no `active`: it is removed; a person's account never is for lack of a mapping."""
    link = leaver.link
    if link.state is LinkState.DISABLED:
        return Skip(Reason.ALREADY_DISABLED, delete_due=due, delete_after_days=days if due is None else None)
    if not leaver.mapping.tells_deletion:
        if leaver.subject.object_type is ObjectType.USER:
            return Skip(Reason.NOT_SOFT_DELETABLE)
        return _delete(leaver, why)
    if TargetAction.UPDATE not in leaver.mapping.actions:
        return Skip(Reason.UPDATE_IS_OFF)
    return Disable(link.target_id, _disabling(leaver), why, days)


def _delete(leaver: Leaver, why: Reason) -> Decision:
    if TargetAction.DELETE not in leaver.mapping.actions:
        return Skip(Reason.DELETE_IS_OFF)
    return Delete(leaver.link.target_id, why)


def _disabling(leaver: Leaver) -> tuple[Modification, ...]:
    """What the mappings from `IsSoftDeleted` write; the old values are what they say of somebody who is there."""
    flows = [flow for flow in leaver.mapping.always if flow.tells_deletion]
    seen, here = leaver.subject, leaver.circumstances
    before = evaluate(flows, source_attributes(seen, soft_deleted=False, roles=(), circumstances=here))
    after = evaluate(flows, source_attributes(seen, soft_deleted=True, roles=(), circumstances=here))
    return tuple(Modification(path=path, old=before.get(path), new=value) for path, value in after.items())
