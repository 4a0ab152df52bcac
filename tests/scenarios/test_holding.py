"""What the guard holds, where a scenario's words do not reach."""

import pytest

from provisor.core import plan, protection
from provisor.core.audit import Activity, AuditQuery
from provisor.core.errors import InvalidInputError
from provisor.core.protection import ProtectedKind
from provisor.core.quarantine import QuarantineReason
from provisor.engine import cycle
from support import scripted_answers
from support.provisioning import ADMINISTRATOR
from support.scripted_target import Commit


@pytest.fixture
async def holding(company):
    """A company of which two leavers are held; the cycle that held them is answered."""
    company.directory.users = {"ada": {}, "bob": {}, "cyd": {}}
    company.import_directory()
    company.add_application(guardFloor="1", guardPercent="0")
    await company.run()
    for name in ("ada", "bob"):
        company.directory.users[name]["accountEnabled"] = False
    company.import_directory()
    return company


async def test_a_row_tells_who_allowed_it_and_the_plan_when(holding):
    held = await holding.run()
    await holding.apply_plan(held.plan, plan.Selection(objects=(holding.object_id("ada"),)))

    rows = {item.row.details.principal_name: item for item in holding.rows(held.plan.id)}
    assert rows["ada@example.com"].approved_by == ADMINISTRATOR
    assert rows["bob@example.com"].approved_by is None
    with holding.store.read() as unit:
        found = unit.plans.get(held.plan.id)
    assert found.approved_by == ADMINISTRATOR
    assert found.approved is not None
    assert found.hold.decided


async def test_every_decision_is_audited_with_what_it_was_about(holding):
    held = await holding.run()
    ada = plan.Selection(objects=(holding.object_id("ada"),))
    await holding.apply_plan(held.plan, ada)
    holding.drop(held.plan)
    holding.protect("cyd")
    with holding.store.read() as unit:
        acts = [item.act for item in unit.audit.entries(AuditQuery(actor=ADMINISTRATOR), limit=10)]
    told = {act.activity: act for act in acts}
    assert told[Activity.ALLOW_HELD].after == {"plan": held.plan.id, "objects": [holding.object_id("ada")]}
    assert told[Activity.ALLOW_HELD].actor == ADMINISTRATOR
    assert told[Activity.REJECT_HELD].after == {"plan": held.plan.id}


async def test_a_hold_is_told_as_quarantine_until_it_is_dropped(holding):
    held = await holding.run()
    assert holding.job.quarantine.reason is QuarantineReason.TOO_MANY_DELETES
    holding.drop(held.plan)
    assert holding.job.quarantine is None


async def test_a_selection_that_fits_nothing_is_refused_and_changes_nothing(holding):
    held = await holding.run()
    nobody = plan.Selection(objects=(holding.object_id("cyd"),))
    with pytest.raises(InvalidInputError, match="No held row"):
        await holding.apply_plan(held.plan, nobody)
    with pytest.raises(InvalidInputError, match="No held row"):
        holding.drop(held.plan, nobody)
    again = await holding.run()
    assert isinstance(again, cycle.Held)
    assert again.plan.id == held.plan.id


async def test_a_plan_that_holds_nothing_has_nothing_to_drop(holding):
    held = await holding.run()
    await holding.apply_plan(held.plan)
    with pytest.raises(InvalidInputError, match="holds nothing"):
        holding.drop(held.plan)


async def test_whom_a_plan_holds_does_not_leave_by_overtaking_another(holding):
    held = await holding.run()
    await holding.apply_plan(held.plan, plan.Selection(objects=(holding.object_id("ada"),)))
    holding.directory.users["dan"] = {}
    holding.import_directory()
    slow = scripted_answers.HeldUp(Commit.DONE)

    def meanwhile():
        holding.directory.users["bob"]["jobTitle"] = "Former"
        holding.import_directory()

    holding.peer.script(scripted_answers.meanwhile(meanwhile), slow.answer, method="POST")
    slow.released.set()
    outcome = await holding.run()
    while not isinstance(outcome, cycle.NothingToDo) and getattr(outcome, "applied", outcome) is not None:
        outcome = await holding.run()

    assert holding.account("bob")["active"] is True
    assert holding.account("dan") is not None


async def test_a_protection_is_enforced_when_a_removal_is_about_to_be_written(holding):
    """Also where nothing had the object looked at again, as the command does."""
    held = await holding.run()
    with holding.store.write() as unit:
        unit.protections(holding.application.id).add(
            protection.Protection(
                kind=ProtectedKind.ACCOUNT,
                protected_id=holding.link("ada").target_id,
                note="the owner of the token",
                created=holding.clock.now(),
            )
        )
    await holding.apply_plan(held.plan)

    assert holding.told(held.plan.id) == [
        "ada: disable, accountDisabled, stale",
        "bob: disable, accountDisabled, done",
    ]
    assert holding.account("ada")["active"] is True
    [refused] = [item for item in holding.rows(held.plan.id) if item.state is plan.RowState.STALE]
    assert "protected after this was planned" in refused.error_message


async def test_planning_twice_holds_the_same_and_writes_nothing(holding):
    held = await holding.run()
    holding.peer.requests.clear()
    for _ in range(2):
        assert (await holding.run()).plan.id == held.plan.id
    assert (await holding.make_plan()).id == held.plan.id
    assert holding.peer.requests == []
