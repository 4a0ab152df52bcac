"""A running service begins a cycle at the moment at which a disabled account is due for deletion."""

import asyncio
from datetime import timedelta

import pytest

from provisor.engine import commands
from provisor.runner.service import Service


@pytest.fixture
async def served(company):
    """A company with ada disabled for three days, and a service that has nothing to do for a week."""
    company.directory.users = {"ada": {}, "bob": {}}
    company.import_directory()
    company.add_application(
        scope="assigned", onUnassigned="disableThenDelete", deleteAfterDays="3", intervalSeconds="604800"
    )
    company.assign("ada")
    company.assign("bob")
    await company.run()
    company.unassign("ada")
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


async def test_the_service_deletes_an_account_when_it_is_due_and_not_before(served):
    await served.clock.tell(timedelta(days=2, hours=23).total_seconds())
    await at_rest(served)
    assert served.account("ada")["active"] is False

    await served.clock.tell(timedelta(hours=2).total_seconds())
    await at_rest(served)
    assert served.account("ada") is None


async def test_a_deletion_that_is_held_does_not_wake_the_service_again_and_again(served):
    served.set(guardFloor="0", guardPercent="0")
    await at_rest(served)
    await served.clock.tell(timedelta(days=4).total_seconds())
    began = await at_rest(served)
    assert served.account("ada") is not None

    await served.clock.tell(timedelta(minutes=10).total_seconds())

    assert await at_rest(served) == began
