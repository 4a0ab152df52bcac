"""Reconciliations that a scenario cannot tell: members changed by hand, and the ones that come by themselves."""

import pytest

from provisor.core import plan
from provisor.core.job import CycleKind, Retries
from provisor.core.reconciliation import DriftPolicy, ReconciliationSettings
from provisor.engine import cycle


@pytest.fixture
async def ready(company):
    company.directory.users = {"ada": {}, "bob": {}, "cyd": {}}
    company.directory.groups = {"Sales": ["ada", "bob"]}
    company.import_directory()
    company.add_application()
    company.peer.users["9"] = {"id": "9", "userName": "robot@elsewhere.example"}
    await company.run()
    return company


async def test_a_member_taken_out_by_hand_is_put_in_again_and_one_of_somebody_elses_stays(ready):
    sales = ready.account("Sales")
    ada = ready.account("ada")["id"]
    sales["members"] = [one for one in sales["members"] if one["value"] != ada] + [{"value": "9"}]

    await ready.run(reconcile=ReconciliationSettings())

    assert ready.members("Sales") == {"ada", "bob", "robot"}


async def test_with_drift_reported_nobody_is_put_into_a_group_again(ready):
    sales = ready.account("Sales")
    sales["members"] = sales["members"][:1]

    await ready.run(reconcile=ReconciliationSettings(drift=DriftPolicy.REPORT))

    assert len(ready.members("Sales")) == 1


async def test_a_target_that_shows_no_members_is_not_taken_to_have_none(ready):
    ready.account("Sales")["members"] = []
    ready.peer.requests.clear()

    await ready.run(reconcile=ReconciliationSettings())

    assert [request.method for request in ready.peer.requests if request.method != "GET"] == []


async def test_a_scheduled_cycle_reconciles_when_it_is_time_to(ready):
    ready.set(reconcileHours="24")

    async def kind_of_next():
        outcome = await cycle.run(
            ready.services,
            ready.application.id,
            origin=plan.Origin.SCHEDULE,
            retries=Retries.DUE,
            progress=lambda *_: None,
        )
        return None if isinstance(outcome, cycle.NothingToDo) else outcome.plan.kind

    assert await kind_of_next() is CycleKind.RECONCILIATION
    assert await kind_of_next() is None
    await ready.clock.tell(23 * 3600)
    assert await kind_of_next() is None
    await ready.clock.tell(3600)
    assert await kind_of_next() is CycleKind.RECONCILIATION


async def test_a_reconciliation_finishes_first_what_was_left_open(ready):
    ready.directory.users["ada"]["jobTitle"] = "Painter"
    ready.account("bob")["title"] = "Boss"
    ready.import_directory()
    made = await ready.make_plan()
    with ready.store.write() as unit:
        unit.plans.move(made.id, plan.PlanState.APPLYING, began=ready.clock.now())

    outcome = await ready.run(reconcile=ReconciliationSettings())

    assert outcome.plan.kind is CycleKind.RECONCILIATION
    assert ready.account("ada")["title"] == "Painter"
