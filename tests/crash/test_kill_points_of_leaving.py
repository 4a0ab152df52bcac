"""Killed at every moment of disabling, of deleting what is due and of taking a cycle back: the same end."""

from datetime import timedelta

import pytest

from provisor.core import plan
from provisor.engine import cycle, undoing
from support import company_story, kill_sweep, scripted_target

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

_OPEN = (plan.PlanState.READY, plan.PlanState.APPLYING)


@pytest.fixture
async def peer():
    async with scripted_target.scripted_target() as target:
        yield target


def standing(company):
    """Dan's link as it stands, without what differs from one process to the next."""
    link = company.link("dan")
    return None if link is None else (link.state, link.disabled_because, link.delete_due is not None)


async def a_cycle_when_it_is_due(services, company):
    await company.clock.tell(timedelta(days=8).total_seconds())
    await kill_sweep.one_cycle(services, company)


async def applying_the_undo(services, company):
    """Apply the plan that takes the last cycle back, where it was not applied yet."""
    with company.store.read() as unit:
        found = unit.plans.of(company.application.id, _OPEN, 10)
    for made in found:
        await cycle.apply_plan(services, company.application.id, made, progress=lambda *_: None)


def leave_dan(company):
    """Dan is gone from the company, whose accounts are kept for some days."""
    company.directory.users.pop("dan")
    company.directory.groups["Staff"].remove("dan")
    company.import_directory()


async def test_disabling_with_a_deadline_survives_being_killed_at_every_moment(peer, tmp_path, empty_sqlite):
    sweep = kill_sweep.Sweep(peer, tmp_path, empty_sqlite, seen=standing)
    with sweep.company() as company:
        company_story.first_day(company)
        company.set(onSoftDeleted="disableThenDelete", deleteAfterDays="7")
        await company.run()
        leave_dan(company)
    sweep.keep()

    moments, target, dan = await sweep.survives_every_moment()

    assert moments > 8
    assert target["dan@example.com"][0]["active"] is False
    assert dan == ("disabled", "softDeleted", True)


async def test_a_deletion_that_is_due_survives_being_killed_at_every_moment(peer, tmp_path, empty_sqlite):
    sweep = kill_sweep.Sweep(peer, tmp_path, empty_sqlite, work=a_cycle_when_it_is_due, seen=standing)
    with sweep.company() as company:
        company_story.first_day(company)
        company.set(onSoftDeleted="disableThenDelete", deleteAfterDays="7")
        await company.run()
        leave_dan(company)
        await company.run()
    sweep.keep()

    moments, target, dan = await sweep.survives_every_moment()

    assert moments > 8
    assert "dan@example.com" not in target
    assert dan is None


async def test_an_undo_survives_being_killed_at_every_moment(peer, tmp_path, empty_sqlite):
    sweep = kill_sweep.Sweep(peer, tmp_path, empty_sqlite, work=applying_the_undo, seen=standing)
    with sweep.company() as company:
        company_story.first_day(company)
        await company.run()
        before = company_story.picture(peer)
        company_story.second_day(company)
        outcome = await company.run()
        undoing.make(company.services, company.application, outcome.plan, objects=None)
    sweep.keep()

    moments, target, dan = await sweep.survives_every_moment()

    assert moments > 20
    assert dan == ("active", None, False)
    assert "gus@example.com" not in target
    assert target["bob@example.com"] == before["bob@example.com"]
    members = {one["value"] for one in target["Staff"][0]["members"]}
    assert members == {"cyd@example.com", "dan@example.com", "Sales"}  # fay's account was deleted for good
