"""Whatever the target does wrong: each object ends right or in the log with its cause, the others are unaffected."""

import pytest

from provisor.core import errors
from provisor.core.errors import ErrorCode
from provisor.core.plan import PlanState, RowState
from provisor.engine import cycle
from support import scripted_target
from support.scripted_target import Commit

PEOPLE = ("ada", "bob", "cyd")


@pytest.fixture
def ready(company):
    company.directory.users = {name: {} for name in PEOPLE}
    company.import_directory()
    company.add_application()
    company.read_timeout = 0.3
    return company


def everybody_once(company):
    names = sorted(one["userName"] for one in company.peer.users.values())
    assert names == [f"{name}@example.com" for name in PEOPLE]
    assert {company.link(name).target_id for name in PEOPLE} == set(company.peer.users)


@pytest.mark.parametrize(
    "fault",
    [
        scripted_target.status(500, commit=Commit.NOT_DONE),
        scripted_target.status(500, commit=Commit.DONE),
        scripted_target.status(503, commit=Commit.DONE),
        scripted_target.throttled(retry_after="7"),
        scripted_target.throttled(),
        scripted_target.drop(commit=Commit.DONE),
        scripted_target.drop(commit=Commit.NOT_DONE),
        scripted_target.silence(commit=Commit.DONE),
        scripted_target.silence(commit=Commit.NOT_DONE),
    ],
    ids=[
        "500 before it was done",
        "500 after it was done",
        "503 after it was done",
        "429 with Retry-After",
        "429 without a word",
        "connection dropped after it was done",
        "connection dropped before it was done",
        "no answer after it was done",
        "no answer, nothing done",
    ],
)
async def test_a_creation_that_meets_a_fault_makes_exactly_one_account(ready, fault):
    ready.peer.script(fault, method="POST")
    outcome = await ready.run()
    if outcome.failures:
        await ready.run()
    everybody_once(ready)
    assert await ready.run() == cycle.NothingToDo()


@pytest.mark.parametrize(
    "fault",
    [scripted_target.html(502), scripted_target.html(200), scripted_target.status(403, detail="not you")],
)
async def test_one_bad_answer_concerns_one_object(ready, fault):
    ready.peer.script(fault, method="POST")
    outcome = await ready.run()
    told = [
        (entry.main.row.details.name, entry.main.state, entry.main.error_message) for entry in ready.log()
    ]
    done = [name for name, state, _ in told if state is RowState.DONE]
    assert len(done) >= len(PEOPLE) - 1
    assert all(message for _, state, message in told if state is RowState.FAILED)
    if outcome.failures:
        await ready.run()
    everybody_once(ready)


async def test_an_account_that_is_ours_is_adopted_when_the_target_says_conflict(ready):
    ready.peer.script(scripted_target.status(500, commit=Commit.DONE), method="POST")
    ready.peer.script(
        scripted_target.ignoring_the_filter(),
        scripted_target.ignoring_the_filter(),
        method="GET",
        path="/Users",
    )
    await ready.run()
    await ready.run()
    everybody_once(ready)


async def test_a_conflict_with_a_foreign_account_is_told_and_touches_nobody(ready):
    ready.peer.script(
        scripted_target.status(409, detail="taken", scim_type="uniqueness"), method="POST", path="/Users"
    )
    outcome = await ready.run()
    assert outcome.failures == 1
    [failed] = [entry.main for entry in ready.log() if entry.main.state is RowState.FAILED]
    assert failed.error_code is ErrorCode.CONFLICT
    await ready.run()
    everybody_once(ready)


async def test_somebody_else_for_a_filter_is_never_taken_for_the_person(ready):
    await ready.run()
    ready.directory.users["dan"] = {}
    ready.import_directory()
    ada = next(one for one in ready.peer.users.values() if one["userName"].startswith("ada"))
    ready.peer.script(scripted_target.somebody_else(ada), method="GET", path="/Users")
    before = dict(ada)
    await ready.run()
    assert ready.peer.users[ada["id"]] == before
    await ready.run()
    assert ready.link("dan").target_id != ada["id"]


async def test_a_page_that_comes_twice_hides_nobody(company):
    names = [f"p{number:02}" for number in range(6)]
    company.directory.users = {name: {} for name in names}
    company.import_directory()
    company.peer.users = {
        str(number): {"id": str(number), "userName": f"{name}@example.com", "active": True}
        for number, name in enumerate(names, 1)
    }
    company.add_application(pageSize="2")
    company.peer.script(
        scripted_target.same_page_again(),
        scripted_target.same_page_again(),
        method="GET",
        path="/Users",
    )
    await company.run()
    assert len(company.peer.users) == len(names)
    assert {company.link(name).target_id for name in names} == set(company.peer.users)


async def test_credentials_refused_in_mid_cycle_stop_it_with_its_rows_kept(ready):
    ready.peer.script(
        scripted_target.with_headers(X_Seen="1"), scripted_target.status(401, detail="expired"), method="POST"
    )
    with pytest.raises(errors.TargetUnusableError, match="401"):
        await ready.run()
    with ready.store.read() as unit:
        [unfinished] = unit.plans.of(ready.application.id, [PlanState.APPLYING], 1)
    states = [item.state for item in ready.rows(unfinished.id)]
    assert states.count(RowState.DONE) == 1
    assert ready.job.last_error
    assert ready.job.watermark is None
    await ready.run()
    everybody_once(ready)
