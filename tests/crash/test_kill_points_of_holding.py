"""Killed at every moment of holding what is suspicious, of going on with the rest, and of what a person allows: the same end."""

import pytest

from provisor.core import plan
from provisor.engine import cycle
from support import kill_sweep, scripted_target

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

_APPLICABLE = (plan.PlanState.HELD, plan.PlanState.APPLYING)


@pytest.fixture
async def peer():
    async with scripted_target.scripted_target() as target:
        yield target


def waiting(company):
    """What is held in the end."""
    held = company.held_plan
    return [] if held is None else [line for line in company.told(held.id) if line.endswith(", held")]


async def allowing_bob(services, company):
    """Let bob go, where nobody did yet."""
    with company.store.read() as unit:
        [made] = unit.plans.of(company.application.id, _APPLICABLE, 1)
    if "bob: disable, softDeleted, held" in company.told(made.id):
        bob = plan.Selection(objects=(company.object_id("bob"),))
        await cycle.apply_plan(
            services, company.application.id, made, progress=lambda *_: None, selection=bob
        )


async def leavers(sweep):
    """Two of three leave, which is more than may be, while a third moves and a fourth joins."""
    with sweep.company() as company:
        company.directory.users = {"ada": {}, "bob": {}, "cyd": {}}
        company.import_directory()
        company.add_application(guardFloor="1", guardPercent="0")
        await company.run()
        company.directory.users = {"ada": {"jobTitle": "Admiral"}, "dan": {}}
        company.import_directory()
        return company


async def test_a_hold_and_what_goes_on_beside_it_survive_being_killed_at_every_moment(
    peer, tmp_path, empty_sqlite
):
    sweep = kill_sweep.Sweep(peer, tmp_path, empty_sqlite, seen=waiting)
    await leavers(sweep)
    sweep.keep()

    moments, target, held = await sweep.survives_every_moment()

    assert moments > 10
    assert held == ["bob: disable, softDeleted, held", "cyd: disable, softDeleted, held"]
    assert target["ada@example.com"][0]["title"] == "Admiral"
    assert set(target) == {f"{name}@example.com" for name in ("ada", "bob", "cyd", "dan")}
    assert not any(found[0].get("active") is False for found in target.values())


async def test_allowing_a_part_survives_being_killed_at_every_moment(peer, tmp_path, empty_sqlite):
    sweep = kill_sweep.Sweep(peer, tmp_path, empty_sqlite, work=allowing_bob, seen=waiting)
    await leavers(sweep)
    with sweep.company() as company:
        await company.run()
    sweep.keep()

    _, target, held = await sweep.survives_every_moment()

    assert held == ["cyd: disable, softDeleted, held"]
    inactive = {name for name, found in target.items() if found[0].get("active") is False}
    assert inactive == {"bob@example.com"}
