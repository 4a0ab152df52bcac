"""The service honours a quarantine: probes soon after an outage, slowness while too much fails, and nothing once switched off."""

import asyncio
import contextlib

import pytest

from provisor.core.job import ScheduleState
from provisor.engine import commands
from provisor.runner.service import Service
from support import scripted_target

HOUR = 3600


@pytest.fixture
def ready(company):
    company.directory.users = {"ada": {}, "bob": {}, "cyd": {}}
    company.import_directory()
    company.add_application(quarantineSmallFailures="3", intervalSeconds="40m")
    commands.start(company.store, company.application.id)
    return company


@contextlib.asynccontextmanager
async def serving(company):
    service = Service(company.services)
    running = asyncio.create_task(service.run())
    try:
        yield
    finally:
        service.stop()
        await running


async def until(true):
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - another task's work, in the store
            await asyncio.sleep(0.02)


def reason(company):
    found = company.job.quarantine
    return None if found is None else found.reason.value


async def test_a_short_outage_is_over_as_soon_as_a_probe_finds_the_target_again(ready):
    ready.peer.always(scripted_target.status(401))
    async with serving(ready):
        await until(lambda: reason(ready) == "EncounteredQuarantineException")
        asked = len(ready.peer.requests)
        await ready.clock.tell(4)
        await ready.clock.looked_again()
        assert len(ready.peer.requests) == asked
        ready.peer.behave()
        await ready.clock.tell(6)
        await until(lambda: reason(ready) is None)
    assert len(ready.peer.users) == 3


async def test_a_job_in_which_everything_fails_is_tried_after_6_hours_and_not_at_its_interval(ready):
    ready.peer.always(scripted_target.status(403), method="POST", path="/Users")
    async with serving(ready):
        await until(lambda: reason(ready) == "EncounteredEscrowProportionThreshold")
        asked = len(ready.peer.asked("POST"))
        await ready.clock.tell(5 * HOUR)
        await ready.clock.looked_again()
        assert len(ready.peer.asked("POST")) == asked
        ready.peer.behave()
        await ready.clock.tell(HOUR + 60)
        await until(lambda: reason(ready) is None)
    assert len(ready.peer.users) == 3


async def test_a_persons_cycle_does_not_wait_for_the_next_attempt(ready):
    ready.peer.always(scripted_target.status(401))
    async with serving(ready):
        await until(lambda: reason(ready) == "EncounteredQuarantineException")
    ready.peer.behave()
    await ready.run()
    assert reason(ready) is None
    assert len(ready.peer.users) == 3


async def test_a_job_that_was_switched_off_asks_the_target_nothing_until_it_is_started(ready):
    ready.set(quarantineDays="1")
    ready.peer.always(scripted_target.status(401))
    async with serving(ready):
        await until(lambda: reason(ready) == "EncounteredQuarantineException")
        await ready.clock.tell(25 * HOUR)
        await until(lambda: ready.job.schedule_state is ScheduleState.DISABLED)
        asked = len(ready.peer.requests)
        await ready.clock.tell(48 * HOUR)
        await ready.clock.looked_again()
        assert len(ready.peer.requests) == asked
        ready.peer.behave()
        commands.start(ready.store, ready.application.id)
        await until(lambda: len(ready.peer.users) == 3)


async def test_whoever_leaves_while_too_much_fails_does_not_wait_for_the_next_attempt(ready):
    async with serving(ready):
        await until(lambda: len(ready.peer.users) == 3)
        ready.peer.always(scripted_target.status(403), method="POST", path="/Users")
        ready.directory.users |= {"dan": {}, "eve": {}, "fay": {}}
        ready.import_directory()
        await until(lambda: reason(ready) == "EncounteredEscrowProportionThreshold")
        asked = len(ready.peer.asked("POST"))

        ready.directory.users.pop("ada")
        ready.import_directory()

        await until(lambda: ready.account("ada")["active"] is False)
    assert reason(ready) == "EncounteredEscrowProportionThreshold"
    assert len(ready.peer.asked("POST")) == asked


async def test_a_target_that_cannot_list_now_is_told_in_the_jobs_status(ready):
    ready.peer.always(scripted_target.status(500), method="GET", path="/Users")
    async with serving(ready):
        await until(lambda: ready.job.last_error is not None)
    assert "answered 500" in ready.job.last_error
    assert reason(ready) is None
