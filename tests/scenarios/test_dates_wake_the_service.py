"""A running service begins a cycle at the moment at which a date in a scoping filter lets somebody in or out."""

import asyncio
from datetime import timedelta

import pytest

from provisor.cli import job_documents
from provisor.engine import commands
from provisor.runner.service import Service
from support import scope_words, told_clock

FIRST_DAY = told_clock.START + timedelta(days=3)
LAST_DAY = told_clock.START + timedelta(days=10)


@pytest.fixture
async def served(company):
    """A company that ada joins and leaves on days that are known, and a service that has nothing to do for a week."""
    company.directory.users = {
        "ada": {
            "employeeHireDate": FIRST_DAY.isoformat(),
            "employeeLeaveDateTime": LAST_DAY.isoformat(),
        },
        "bob": {"employeeHireDate": "2020-01-01", "employeeLeaveDateTime": "2999-01-01"},
    }
    company.import_directory()
    company.add_application(intervalSeconds="604800")
    employed = ["employeeHireDate IS BEFORE now", "employeeLeaveDateTime IS AFTER now"]
    company.save_schema(scope_words.with_filters(company.schema, {"User": {"Employed": employed}}))
    await company.run()
    commands.start(company.store, company.application.id)
    service = Service(company.services)
    running = asyncio.create_task(service.run())
    await at_rest(company)
    yield company
    service.stop()
    await running


async def at_rest(company):
    """Until the service has looked some times without beginning a cycle; when it began the last one."""
    began = None
    while began != (began := company.job.last_began) or company.job.lease_owner is not None:
        for _ in range(4):
            await company.clock.looked_again()
    return began


async def pass_time(company, until):
    await company.clock.tell((until - company.clock.now()).total_seconds())
    return await at_rest(company)


async def test_whoever_joins_has_an_account_on_the_first_day_and_loses_it_on_the_last(served):
    await pass_time(served, FIRST_DAY - timedelta(minutes=5))
    assert served.account("ada") is None
    await pass_time(served, FIRST_DAY + timedelta(seconds=20))
    assert served.account("ada")["active"] is True
    # the week's own cycle is not what notices it
    await pass_time(served, FIRST_DAY + timedelta(days=6))
    await pass_time(served, LAST_DAY - timedelta(seconds=20))
    assert served.account("ada")["active"] is True
    await pass_time(served, LAST_DAY + timedelta(seconds=20))
    assert served.account("ada")["active"] is False


async def test_the_status_names_the_date_as_the_cause_of_the_next_cycle(served):
    with served.store.read() as unit:
        told = job_documents.of_job(unit, served.application, served.clock.now())["next"]
    assert told["cause"] == "filterDate"
    assert told["due"].startswith(FIRST_DAY.isoformat()[:19])


async def test_a_date_wakes_the_service_once(served):
    began = await pass_time(served, FIRST_DAY + timedelta(seconds=20))
    assert await pass_time(served, FIRST_DAY + timedelta(hours=1)) == began
