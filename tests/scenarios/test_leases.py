"""One process at a time runs a job's cycle, for as long as it lives."""

import asyncio
import dataclasses

import pytest

from provisor.core import errors
from provisor.engine import cycle
from support import provisioning, scripted_answers
from support.scripted_target import Commit


@pytest.fixture
def ready(company):
    company.directory.users = {"ada": {}, "bob": {}}
    company.import_directory()
    company.add_application()
    return company


@pytest.fixture
def another(ready):
    """Another process on another machine, with the same job."""
    return dataclasses.replace(ready, process="another.example:2:2", new_id=provisioning.Ids(9))


async def held_up_while(ready, method):
    held_up = scripted_answers.HeldUp(Commit.NOT_DONE)
    ready.peer.script(held_up.answer, method=method)
    running = asyncio.create_task(ready.run())
    await held_up.arrival(running)
    return held_up, running


@pytest.mark.parametrize("method", ["GET", "POST"], ids=["while planning", "while applying"])
async def test_a_living_process_keeps_its_job_however_slow_the_target_is(ready, another, method):
    held_up, running = await held_up_while(ready, method)
    for _ in range(5):
        await ready.clock.tell(12)
    with pytest.raises(errors.JobBusyError, match="elsewhere"):
        await another.run()
    held_up.released.set()

    assert isinstance(await running, cycle.Applied)
    assert isinstance(await another.run(), cycle.NothingToDo)


async def test_a_process_that_was_taken_over_writes_nothing_more(ready, another):
    held_up, running = await held_up_while(ready, "POST")
    with another.store.write() as unit:
        now = another.clock.now()
        epoch = unit.jobs.lease(ready.application.id, another.process, now, now, ready.process)
        assert epoch is not None
    held_up.released.set()

    with pytest.raises(errors.LeaseLostError):
        await running

    assert ready.link("ada") is None
    with ready.store.write() as unit:
        assert unit.jobs.lease_owner(ready.application.id) == another.process
        unit.jobs.release(ready.application.id, epoch)
    assert isinstance(await another.run(), cycle.Applied)
    assert {one["userName"] for one in ready.peer.users.values()} == {"ada@example.com", "bob@example.com"}
    assert len(ready.peer.users) == 2
