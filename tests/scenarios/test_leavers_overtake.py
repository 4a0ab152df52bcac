"""Who leaves while a long cycle runs does not wait for its end."""

import asyncio

import pytest

from provisor.core import plan
from provisor.core.links import LinkState
from provisor.core.plan import Origin
from provisor.engine import cycle
from support import scripted_answers
from support.scripted_target import Commit


@pytest.fixture
async def busy(company):
    """A company with two accounts, whose next cycle has somebody new to create."""
    company.directory.users = {"ada": {}, "bob": {}}
    company.import_directory()
    company.add_application(concurrency="2")
    await company.run()
    company.directory.users["cyd"] = {}
    company.import_directory()
    return company


@pytest.fixture
def cautious(busy):
    """Nobody at all may be taken away unseen."""
    busy.set(guardFloor="0", guardPercent="0")


@pytest.fixture
async def running(busy):
    """The cycle, held up by a target that takes its time to create cyd."""
    held_up = scripted_answers.HeldUp(Commit.NOT_DONE)
    busy.peer.script(held_up.answer, method="POST")
    task = asyncio.create_task(busy.run())
    await held_up.arrival(task)
    yield held_up, task
    held_up.released.set()
    if not task.done():
        await task


async def test_a_leaver_is_disabled_before_the_cycle_ends(busy, running):
    held_up, task = running
    busy.directory.users["bob"]["accountEnabled"] = False
    busy.import_directory()

    while busy.account("bob")["active"]:
        assert not task.done()
        await busy.clock.looked_again()
    held_up.released.set()
    outcome = await task

    assert isinstance(outcome, cycle.Applied)
    assert busy.account("cyd") is not None
    assert busy.link("bob").state is LinkState.DISABLED
    [entry] = [item for item in busy.log() if item.origin is Origin.EXPRESS]
    assert entry.main.row.object_id == busy.object_id("bob")
    await busy.run()
    assert isinstance(await busy.run(), cycle.NothingToDo)


async def test_who_changed_beside_a_leaver_is_not_forgotten_when_the_overtaking_is_cut_short(busy, running):
    held_up, task = running
    disabling = scripted_answers.HeldUp(Commit.DONE)
    busy.peer.script(disabling.answer, method="PATCH")
    busy.directory.users["bob"]["accountEnabled"] = False
    busy.directory.users["ada"]["jobTitle"] = "Admiral"
    busy.directory.users["dan"] = {}
    busy.import_directory()

    await disabling.arrival(task)
    held_up.released.set()
    await task
    disabling.released.set()
    while not isinstance(await busy.run(), cycle.NothingToDo):
        pass

    assert busy.account("bob")["active"] is False
    assert busy.account("ada")["title"] == "Admiral"
    assert busy.account("dan") is not None


async def test_too_many_leavers_at_once_wait_for_the_next_cycle_and_its_guard(busy, cautious, running):
    held_up, task = running
    busy.directory.users["bob"]["accountEnabled"] = False
    busy.import_directory()

    await busy.clock.looked_again()
    await busy.clock.looked_again()
    held_up.released.set()
    await task

    assert busy.account("bob")["active"] is True
    assert isinstance(await busy.run(), cycle.Held)
    assert busy.account("bob")["active"] is True


async def test_somebody_who_belongs_again_is_not_taken_away_by_a_plan_that_was_interrupted(company):
    company.directory.users = {"ada": {}, "bob": {}}
    company.directory.groups = {"Inner": ["ada"], "Outer": ["Inner"]}
    company.import_directory()
    company.add_application(roles=["Standard"], scope="assigned", roleReach="effective")
    company.assign("Outer", "Standard")
    await company.run()
    company.unassign("Outer", "Standard")
    made = await company.make_plan()
    with company.store.write() as unit:
        unit.plans.move(made.id, plan.PlanState.APPLYING, began=company.clock.now())
    company.assign("Outer", "Standard")

    await company.run()

    assert "ada: disable, notAssigned, stale" in company.told(made.id)
    assert company.account("ada")["active"] is True


@pytest.fixture
def sparing(busy):
    """Nobody may be taken away within a day, however few a plan takes."""
    busy.set(guardDailyFloor="0", guardDailyPercent="0")


async def test_a_slow_leak_does_not_pass_by_overtaking(busy, sparing, running):
    held_up, task = running
    busy.directory.users["bob"]["accountEnabled"] = False
    busy.import_directory()

    await busy.clock.looked_again()
    await busy.clock.looked_again()
    held_up.released.set()
    await task

    assert busy.account("bob")["active"] is True
