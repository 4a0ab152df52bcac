"""Killed at every store transaction and every target call of a cycle, and run again: the same end, nobody twice."""

import pytest

from support import company_story, kill_sweep, scripted_target

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
async def sweep(tmp_path, empty_sqlite):
    async with scripted_target.scripted_target() as peer:
        yield kill_sweep.Sweep(peer, tmp_path, empty_sqlite)


async def test_an_initial_cycle_survives_being_killed_at_every_moment(sweep):
    with sweep.company() as company:
        company_story.first_day(company)
    sweep.keep()

    moments, target, _ = await sweep.survives_every_moment()

    assert moments > 40
    assert set(target) == {f"{name}@example.com" for name in company_story.FIRST_DAY.users} | {
        "Sales",
        "Staff",
    }
    assert target["bob@example.com"][0]["title"] == "Seller"


async def test_an_incremental_cycle_survives_being_killed_at_every_moment(sweep):
    with sweep.company() as company:
        company_story.first_day(company)
        await company.run()
        company_story.second_day(company)
    sweep.keep()

    moments, target, _ = await sweep.survives_every_moment()

    assert moments > 40
    assert "fay@example.com" not in target
    inactive = {name for name, found in target.items() if found[0].get("active") is False}
    assert inactive == {"dan@example.com", "eve@example.com"}
    assert target["Staff"][0]["members"] == [
        {"value": "Sales"},
        {"value": "bob@example.com"},
        {"value": "cyd@example.com"},
    ]
