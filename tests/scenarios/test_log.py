"""The provisioning log: found by what one looks for, read on without gaps, forgotten when it is old."""

from datetime import timedelta

import pytest

from provisor.core import identifiers, plan
from provisor.core.provisioning_log import LogQuery
from provisor.runner.forgetting import Forgetting, Keeping

DAY = 86_400


@pytest.fixture
async def company(company):
    """Three people of whom two differ only in part of their names; every cycle is a day after the one before."""
    company.directory.users = {
        "zoë": {"displayName": "Zoë Durand", "department": "Sales"},
        "ada": {"displayName": "Ada Durand", "department": "Research"},
        "bob": {"displayName": "Bob 100%", "department": "Law"},
    }
    company.import_directory()
    company.add_application()
    await company.run()
    return company


async def rename(company, name, title):
    """One more cycle, a day later."""
    await company.clock.tell(DAY)
    company.directory.users[name]["jobTitle"] = title
    company.import_directory()
    return (await company.run()).plan


def found(company, **query):
    with company.store.read() as unit:
        entries = unit.log(company.application.id).entries(LogQuery(**query), limit=1000)
    return sorted(item.main.row.details.name for item in entries)


def test_an_object_is_found_by_part_of_its_name_whatever_its_case(company):
    assert found(company, identity="durand") == ["Ada Durand", "Zoë Durand"]
    assert found(company, identity="ADA@") == ["Ada Durand"]
    assert found(company, identity="nobody") == []


def test_a_percent_sign_is_no_wildcard(company):
    assert found(company, identity="100%") == ["Bob 100%"]
    assert found(company, identity="%") == ["Bob 100%"]


def test_an_object_is_found_by_its_id_in_the_directory_and_in_the_target(company):
    assert found(company, identity=company.object_id("bob")) == ["Bob 100%"]
    assert found(company, identity=company.link("ada").target_id) == ["Ada Durand"]


async def test_a_cycle_a_change_and_a_span_of_time_narrow_it_down(company):
    first = company.clock.now()
    made = await rename(company, "ada", "Engineer")
    await rename(company, "bob", "Judge")
    assert found(company, plan_id=made.id) == ["Ada Durand"]
    [row] = [item.row for item in company.rows(made.id)]
    assert found(company, change_id=row.change_id) == ["Ada Durand"]
    assert found(company, change_id=identifiers.change_id(made.id, 4711)) == []
    assert found(company, change_id="no such id") == []
    assert found(company, since=first + timedelta(hours=36)) == ["Bob 100%"]
    assert found(company, since=first, until=first + timedelta(hours=36)) == ["Ada Durand"]


async def test_old_cycles_are_forgotten_whole_and_young_ones_stay(company):
    young = await rename(company, "ada", "Engineer")
    await company.clock.tell(6.5 * DAY)
    await Forgetting(company.store, company.clock, Keeping(log_days=7)).round()
    assert found(company) == ["Ada Durand"]
    with company.store.read() as unit:
        assert [item.id for item in unit.plans.of(company.application.id, tuple(plan.PlanState), 10)] == [
            young.id
        ]
    assert company.link("bob") is not None, "links are no log"


async def test_the_last_24_hours_stay_whatever_is_configured(company):
    await company.clock.tell(DAY - 60)
    await Forgetting(company.store, company.clock, Keeping(log_days=0)).round()
    assert len(found(company)) == 3


async def test_a_plan_that_waits_for_a_person_or_goes_on_later_is_never_forgotten(company):
    company.set(guardPercent="10", guardFloor="1")
    company.directory.users = {"ada": company.directory.users["ada"]}
    company.import_directory()
    held = (await company.run()).plan
    await company.clock.tell(400 * DAY)
    await Forgetting(company.store, company.clock, Keeping(log_days=1)).round()
    assert [item.state for item in company.rows(held.id)].count(plan.RowState.PENDING) or [
        item.state for item in company.rows(held.id)
    ].count(plan.RowState.HELD)
    applied = await company.apply_plan(held)
    assert applied.plan.id == held.id


async def test_many_entries_are_forgotten_in_small_portions(company):
    await company.clock.tell(2 * DAY)
    limit = company.clock.now() - timedelta(days=1)
    with company.store.write() as unit:
        assert unit.retention.forget_cycles(limit, 2) == 2
    assert len(found(company)) == 1
    with company.store.write() as unit:
        assert unit.retention.forget_cycles(limit, 2) == 2, "the last row and the cycle"
        assert unit.retention.forget_cycles(limit, 2) == 0
    assert found(company) == []


async def test_the_log_is_read_on_without_gap_or_repetition_while_it_grows(company):
    with company.store.read() as unit:
        everything = unit.log(company.application.id).entries(LogQuery(), limit=100)
    pages, before = [], None
    while True:
        with company.store.read() as unit:
            page = unit.log(company.application.id).entries(LogQuery(), before=before, limit=1)
        if not page:
            break
        pages += page
        before = page[-1].position
        await rename(company, "ada", f"Title {len(pages)}")
    assert [item.position for item in pages] == [item.position for item in everything]
