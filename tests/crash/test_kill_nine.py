"""A real process, really killed, in the middle of a request that the target holds up."""

import asyncio
import pathlib
import sys

import pytest

from provisor.engine import cycle
from support import company_story, provisioning, scripted_answers, scripted_target

pytestmark = pytest.mark.slow

PROCESS = pathlib.Path(__file__).with_name("cycle_process.py")
BEFORE, AFTER = scripted_target.Commit.NOT_DONE, scripted_target.Commit.DONE


@pytest.fixture
async def peer():
    async with scripted_target.scripted_target() as target:
        yield target


@pytest.fixture
def company(store, peer):
    return provisioning.Provisioning(store=store, peer=peer)


async def killed_at(company, database_url, key_file, held_up):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(PROCESS),
        database_url,
        str(key_file),
        company.name,
        stderr=asyncio.subprocess.PIPE,
    )
    ended = asyncio.create_task(process.communicate())
    await held_up.arrival(ended)
    process.kill()
    await ended
    assert process.returncode == -9
    company.peer.behave()


async def run_to_rest(company):
    while not isinstance(outcome := await company.run(), cycle.NothingToDo):
        assert isinstance(outcome, cycle.Applied)
        assert outcome.failures == 0


@pytest.mark.parametrize(
    ("commit", "request_line"),
    [
        pytest.param(AFTER, "POST /Users", id="after a user was created"),
        pytest.param(BEFORE, "POST /Groups", id="before a group is created"),
        pytest.param(AFTER, "PATCH /Groups", id="after members were added"),
    ],
)
async def test_a_process_killed_while_the_target_is_slow_is_taken_over_at_once(
    company, database_url, key_file, commit, request_line
):
    company_story.first_day(company)
    held_up = scripted_answers.HeldUp(commit)
    method, path = request_line.split()
    company.peer.script(held_up.answer, method=method, path=path)

    await killed_at(company, database_url, key_file, held_up)
    await run_to_rest(company)

    picture = company_story.picture(company.peer)
    assert all(len(found) == 1 for found in picture.values())
    assert set(picture) == {f"{name}@example.com" for name in company.directory.users} | {"Sales", "Staff"}
    assert company.members("Sales") == {"ada", "BOB", "eve"}
    assert company.members("Staff") == {"cyd", "dan", "fay", "Sales"}
