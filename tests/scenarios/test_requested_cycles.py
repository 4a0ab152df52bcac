"""A person asks the service for a cycle: it begins at once, whatever the interval, a quarantine or the schedule say."""

import asyncio
import contextlib

import pytest

from provisor.cli import job_documents
from provisor.core.errors import InvalidInputError
from provisor.core.job import ScheduleState
from provisor.engine import commands
from provisor.runner.service import Service
from support import scripted_target


@pytest.fixture
def ready(company):
    company.directory.users = {"ada": {}, "bob": {}, "cyd": {}}
    company.import_directory()
    company.add_application(quarantineSmallFailures="3", intervalSeconds="7d")
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


def ask(company):
    commands.request_cycle(company.store, company.application.id, clock=company.clock)


async def test_a_job_that_is_switched_off_runs_the_one_cycle_that_was_asked_for(ready):
    async with serving(ready):
        ask(ready)
        await until(lambda: ready.job.last_ended is not None and ready.job.lease_owner is None)
        ended = ready.job.last_ended
        ready.directory.users["dan"] = {}
        ready.import_directory()
        await ready.clock.looked_again()
        await ready.clock.looked_again()
        assert ready.job.last_ended == ended
    assert len(ready.peer.users) == 3
    assert ready.job.schedule_state is ScheduleState.DISABLED
    assert ready.job.requested is None


async def test_in_quarantine_the_cycle_does_not_wait_for_the_next_attempt(ready):
    commands.start(ready.store, ready.application.id)
    ready.peer.always(scripted_target.status(403), method="POST", path="/Users")
    async with serving(ready):
        await until(lambda: ready.job.quarantine is not None)
        ready.peer.behave()
        await ready.clock.looked_again()
        assert ready.job.quarantine is not None
        ask(ready)
        await until(lambda: ready.job.quarantine is None)
    assert len(ready.peer.users) == 3


async def test_what_was_asked_for_without_a_service_is_done_when_there_is_one(ready):
    ask(ready)
    with ready.store.read() as unit:
        told = job_documents.of_job(unit, ready.application, ready.clock.now())["next"]
    assert told["cause"] == "request"
    async with serving(ready):
        await until(lambda: ready.job.requested is None and ready.job.last_ended is not None)
    assert len(ready.peer.users) == 3


def test_a_paused_job_is_asked_for_nothing(ready):
    commands.pause(ready.store, ready.application.id)
    with pytest.raises(InvalidInputError, match="paused"):
        ask(ready)
    assert ready.job.requested is None


async def test_a_request_waits_while_the_job_is_paused(ready):
    ask(ready)
    commands.pause(ready.store, ready.application.id)
    async with serving(ready):
        await ready.clock.looked_again()
        await ready.clock.looked_again()
        assert ready.job.last_began is None
        commands.start(ready.store, ready.application.id)
        await until(lambda: ready.job.last_ended is not None)
    assert ready.job.requested is None
