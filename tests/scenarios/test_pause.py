"""A job is paused by another process while its cycle runs."""

import asyncio

import pytest

from provisor.core import errors
from provisor.core.job import ScheduleState
from provisor.core.plan import RowState
from provisor.engine import commands, cycle
from provisor.store import unit_of_work
from support import scripted_answers
from support.scripted_target import Commit

PEOPLE = ("ada", "bob", "cyd", "dan", "eve")


@pytest.fixture
def elsewhere(database_url, key_file, store):
    """The same store, opened by somebody else."""
    opened = unit_of_work.open_store(database_url, secret_key=None, key_file=key_file)
    yield opened
    opened.close()


@pytest.fixture
def ready(company):
    company.directory.users = {name: {} for name in PEOPLE}
    company.import_directory()
    company.add_application()
    commands.start(company.store, company.application.id)
    return company


async def test_a_paused_cycle_stops_within_one_request_and_continues_when_started(ready, elsewhere):
    held_up = scripted_answers.HeldUp(Commit.NOT_DONE)
    ready.peer.script(scripted_answers.meanwhile(lambda: None), held_up.answer, method="POST")
    running = asyncio.create_task(ready.run())
    await held_up.arrival(running)
    commands.pause(elsewhere, ready.application.id)
    await ready.clock.looked_again()
    held_up.released.set()

    outcome = await running

    assert isinstance(outcome, cycle.Paused)
    assert len(ready.peer.asked("POST")) == 2
    states = [item.state for item in ready.rows(outcome.plan.id)]
    assert states.count(RowState.DONE) == 2
    assert states.count(RowState.PENDING) == 3
    with pytest.raises(errors.InvalidInputError, match="is paused; start it"):
        await ready.run()

    commands.start(elsewhere, ready.application.id)
    outcome = await ready.run()

    assert isinstance(outcome, cycle.Applied)
    assert {name for name in PEOPLE if ready.account(name)} == set(PEOPLE)
    assert len(ready.peer.asked("POST")) == len(PEOPLE)
    assert ready.job.schedule_state is ScheduleState.ACTIVE
    assert isinstance(await ready.run(), cycle.NothingToDo)
