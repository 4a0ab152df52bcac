"""A change of members that got through, and whose process died before it was recorded."""

import pytest

from provisor.core import plan
from provisor.engine import cycle


@pytest.fixture
async def ready(company):
    company.directory.users = {"ada": {}, "bob": {}, "cyd": {}}
    company.directory.groups = {"Sales": ["cyd"]}
    company.import_directory()
    company.add_application()
    await company.run()
    return company


async def dies_after_the_request(company, members):
    """Plan the change, carry it out in the target, and leave its row as a process does that dies before recording."""
    company.directory.groups["Sales"] = members
    company.import_directory()
    made = await company.make_plan()
    with company.store.write() as unit:
        unit.plans.move(made.id, plan.PlanState.APPLYING, began=company.clock.now())
        unit.plans.claim(made.id, plan.Phase.REFERENCES, -1, 100)
    company.account("Sales")["members"] = [{"value": company.account(name)["id"]} for name in members]


async def until_rest(company):
    for _ in range(6):
        if isinstance(await company.run(), cycle.NothingToDo):
            return
    raise AssertionError("the job does not come to rest")


async def test_somebody_who_was_added_and_left_the_group_since_is_taken_out(ready):
    await dies_after_the_request(ready, ["ada", "cyd"])
    ready.directory.groups["Sales"] = ["cyd"]
    ready.import_directory()

    await until_rest(ready)

    assert ready.members("Sales") == {"cyd"}


async def test_somebody_who_was_added_by_a_plan_that_was_given_up_is_taken_out_when_leaving(ready):
    await dies_after_the_request(ready, ["ada", "cyd"])
    ready.save_schema(ready.schema)
    ready.directory.groups["Sales"] = ["cyd"]
    ready.import_directory()

    await until_rest(ready)

    assert ready.members("Sales") == {"cyd"}


async def test_somebody_who_was_taken_out_and_came_back_since_is_put_in(ready):
    await dies_after_the_request(ready, [])
    ready.directory.groups["Sales"] = ["cyd"]
    ready.import_directory()

    await until_rest(ready)

    assert ready.members("Sales") == {"cyd"}
