"""What becomes of the account of somebody who is out of scope: every trigger with every choice."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from provisor import gallery
from provisor.core import leaving, mapping, schema
from provisor.core.application import OutOfScopeDeletions
from provisor.core.changes import Delete, Disable, Modification, Reason, Skip
from provisor.core.deprovisioning import Deprovisioning, DeprovisioningPolicy, Trigger
from provisor.core.expressions import Circumstances
from provisor.core.links import Link, LinkOrigin, LinkState
from provisor.core.objects import DirectoryObject, Lifecycle, ObjectType
from provisor.core.scoping import OutOfScopeReason

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
ADA = DirectoryObject(
    id="ada-id",
    object_type=ObjectType.USER,
    source="hr",
    anchor="ada",
    display_name="Ada",
    account_enabled=True,
    lifecycle=Lifecycle.ACTIVE,
    attributes={"userPrincipalName": "ada@example.com"},
    manager_id=None,
    sequence=7,
)
ACTIVE = Link(
    object_id="ada-id",
    object_type=ObjectType.USER,
    target_id="1001",
    state=LinkState.ACTIVE,
    disabled_because=None,
    version=3,
    origin=LinkOrigin.CREATED,
)
USERS = mapping.compile_mapping(
    schema.parse(gallery.template("scim").schema).object_mappings[ObjectType.USER]
)
REASONS = {
    OutOfScopeReason.NOT_ASSIGNED: "unassigned",
    OutOfScopeReason.NOT_EFFECTIVELY_ENTITLED: "unassigned",
    OutOfScopeReason.FILTERED_OUT: "out_of_scope",
    OutOfScopeReason.DISABLED: "disabled",
    OutOfScopeReason.SOFT_DELETED: "soft_deleted",
    OutOfScopeReason.HARD_DELETED: "hard_deleted",
}
OFF = (Modification(path="active", old=True, new=False),)


def leaver(*, link=ACTIVE, policy=None, skip=False, actions=USERS.actions, days=11, **choices):
    deletions = OutOfScopeDeletions.SKIP if skip else OutOfScopeDeletions.DISABLE
    return leaving.Leaver(
        subject=ADA,
        link=link,
        mapping=dataclasses.replace(USERS, actions=actions),
        policy=policy or DeprovisioningPolicy(delete_after_days=days, **choices),
        out_of_scope_deletions=deletions,
        now=NOW,
        circumstances=Circumstances(now=NOW, seed="a seed", default_domain="contoso.com"),
    )


def disabled(because=Reason.NOT_ASSIGNED, due=None):
    return dataclasses.replace(ACTIVE, state=LinkState.DISABLED, disabled_because=because, delete_due=due)


@pytest.mark.parametrize(("reason", "name"), REASONS.items())
@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Deprovisioning.NOTHING, lambda _: Skip(Reason.LEFT_ALONE_BY_POLICY)),
        (Deprovisioning.DISABLE, lambda why: Disable("1001", OFF, why)),
        (Deprovisioning.DISABLE_THEN_DELETE, lambda why: Disable("1001", OFF, why, 11)),
        (Deprovisioning.DELETE, lambda why: Delete("1001", why)),
    ],
)
def test_each_trigger_follows_its_own_choice(reason, name, choice, expected):
    others = {other: Deprovisioning.NOTHING for other in REASONS.values() if other != name}
    if choice is Deprovisioning.NOTHING:
        others = dict.fromkeys(others, Deprovisioning.DELETE)

    decision = leaving.decide(leaver(**{**others, name: choice}), reason)

    assert decision == expected(Reason(reason))


def test_every_reason_to_be_out_of_scope_has_a_trigger_unless_the_account_stays_as_it_is():
    assert set(leaving._TRIGGERS) == set(OutOfScopeReason) - {OutOfScopeReason.DROPPED_EARLY}
    assert set(leaving._TRIGGERS.values()) == set(Trigger)


def test_the_default_is_to_disable_and_to_delete_after_a_hard_deletion():
    for reason in REASONS:
        decision = leaving.decide(leaver(), reason)
        wanted = Delete if reason is OutOfScopeReason.HARD_DELETED else Disable
        assert isinstance(decision, wanted)


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (NOW - timedelta(days=1), Delete("1001", Reason.RETENTION_OVER)),
        (NOW, Delete("1001", Reason.RETENTION_OVER)),
        (
            NOW + timedelta(seconds=1),
            Skip(Reason.ALREADY_DISABLED, delete_due=NOW + timedelta(seconds=1)),
        ),
        (None, Skip(Reason.ALREADY_DISABLED, delete_after_days=11)),
    ],
)
def test_a_disabled_account_is_deleted_when_it_is_due_and_not_before(due, expected):
    case = leaver(link=disabled(due=due), unassigned=Deprovisioning.DISABLE_THEN_DELETE)
    assert leaving.decide(case, OutOfScopeReason.NOT_ASSIGNED) == expected


def test_a_deadline_outlives_a_second_trigger_with_a_milder_choice():
    due = NOW + timedelta(days=2)
    case = leaver(link=disabled(due=due), unassigned=Deprovisioning.DISABLE_THEN_DELETE)
    assert leaving.decide(case, OutOfScopeReason.DISABLED) == Skip(Reason.ALREADY_DISABLED, delete_due=due)
    case = dataclasses.replace(case, now=due)
    assert leaving.decide(case, OutOfScopeReason.DISABLED) == Delete("1001", Reason.RETENTION_OVER)


def test_a_deadline_is_void_once_no_choice_leads_to_it():
    case = leaver(link=disabled(due=NOW))
    assert leaving.decide(case, OutOfScopeReason.NOT_ASSIGNED) == Skip(Reason.ALREADY_DISABLED)


def test_without_the_delete_action_no_deadline_is_set_and_none_is_kept():
    actions = USERS.actions - {schema.TargetAction.DELETE}
    later = {"unassigned": Deprovisioning.DISABLE_THEN_DELETE, "actions": actions}
    because = OutOfScopeReason.NOT_ASSIGNED
    assert leaving.decide(leaver(**later), because) == Disable("1001", OFF, Reason.NOT_ASSIGNED)
    due = leaver(link=disabled(due=NOW), **later)
    assert leaving.decide(due, because) == Skip(Reason.ALREADY_DISABLED)


def test_skipped_out_of_scope_deletions_come_before_every_choice_but_a_block_and_a_hard_deletion():
    everything = dict.fromkeys(REASONS.values(), Deprovisioning.DELETE)
    told = {reason: leaving.decide(leaver(skip=True, **everything), reason) for reason in REASONS}
    deleting = {reason for reason, decision in told.items() if isinstance(decision, Delete)}
    assert deleting == {OutOfScopeReason.DISABLED, OutOfScopeReason.HARD_DELETED}
    others = {decision for reason, decision in told.items() if reason not in deleting}
    assert others == {Skip(Reason.OUT_OF_SCOPE_DELETIONS_SKIPPED)}


def test_an_account_disabled_by_unassignment_is_not_ours_to_delete_unless_its_deletion_is_pending():
    gone = OutOfScopeReason.HARD_DELETED
    assert leaving.decide(leaver(link=disabled()), gone) == Skip(Reason.NO_LONGER_MANAGED)
    pending = leaver(
        link=disabled(due=NOW + timedelta(days=1)), unassigned=Deprovisioning.DISABLE_THEN_DELETE
    )
    assert leaving.decide(pending, gone) == Delete("1001", Reason.HARD_DELETED)
    blocked = leaver(link=disabled(Reason.ACCOUNT_DISABLED))
    assert leaving.decide(blocked, gone) == Delete("1001", Reason.HARD_DELETED)
