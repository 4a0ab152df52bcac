"""Our engine against our service provider while it misbehaves: nobody twice, nobody lost, nobody wrongly disabled."""

import contextlib

import pytest

from provisor.core import errors
from provisor.core.reconciliation import ReconciliationSettings
from provisor.engine import cycle
from support import provider_peer, provisioning, told_clock

PEOPLE = ("ada", "bob", "cyd", "dan", "eve", "fay")
TEMPLATES = {"ringcentral": "ringcentral", "full": "scim"}


@pytest.fixture(params=["ringcentral", "full"])
def company(sqlite_store, tmp_path, request):
    """Six people who are not in the target yet."""
    time = told_clock.ToldClock()
    with provider_peer.serving(tmp_path, profile=request.param, clock=time) as peer:
        made = provisioning.Provisioning(store=sqlite_store, peer=peer, target_clock=time, read_timeout=1.0)
        made.directory.users = {name: {"jobTitle": f"{name} the first"} for name in PEOPLE}
        made.import_directory()
        made.add_application(template=TEMPLATES[request.param])
        yield made


@pytest.fixture
async def settled(company):
    """Six people who are in the target, as they should be."""
    await company.run()
    assert_all_is_right(company)
    return company


def assert_all_is_right(company):
    """The target equals the directory: one account each, enabled or not as it should be, linked to its person."""
    accounts = company.peer.users
    names = sorted(one["userName"].partition("@")[0] for one in accounts.values())
    assert names == sorted(company.directory.users)
    for name, said in company.directory.users.items():
        account = accounts[company.link(name).target_id]
        assert account["userName"].partition("@")[0] == name
        assert account["active"] is said.get("accountEnabled", True), name
        assert account.get("title") == said["jobTitle"]


def nobody_is_wrong(company):
    """Nobody is there twice and nobody is disabled who should not be, whoever may be missing still."""
    names = [one["userName"].partition("@")[0] for one in company.peer.users.values()]
    assert len(names) == len(set(names))
    for one in company.peer.users.values():
        if not one["active"]:
            name = one["userName"].partition("@")[0]
            assert company.directory.users[name].get("accountEnabled") is False, name


async def converges(company, *, cycles=4):
    """Cycles, each with everything due, until there is nothing to do; the faults are over."""
    for _ in range(cycles):
        company.target_clock.tell(3600)
        if await company.run() == cycle.NothingToDo():
            break
        nobody_is_wrong(company)
    assert await company.run() == cycle.NothingToDo()
    assert_all_is_right(company)


async def one_cycle(company):
    """A cycle that may end with failures or stop; what it stopped for."""
    try:
        await company.run()
    except errors.TargetUnusableError as stopped:
        return stopped
    finally:
        nobody_is_wrong(company)
    return None


def struck(reports):
    return sum(report.struck for report in reports)


@pytest.mark.parametrize(
    "fault",
    [
        "429 on POST, requests 2 to 4, retry-after 7",
        "429 on POST, requests 2 to 4",
        "429 on POST, request 2, penalty 60 s",
        "429 on POST, request 2, penalty 60 s, without retry-after",
        "429 on reads, first 2 requests, retry-after 1",
    ],
)
async def test_a_storm_of_429_only_takes_time(company, fault):
    company.peer.meets(fault)

    outcome = await company.run()

    assert outcome.failures == 0
    assert struck(company.peer.behaves()) > 0
    assert_all_is_right(company)


async def test_a_penalty_is_waited_out_in_silence(company):
    company.peer.meets("429 on POST, request 2, penalty 60 s")

    await company.run()

    [report] = company.peer.behaves()
    assert (report.seen, report.struck) == (len(PEOPLE) + 1, 1)
    assert max(company.target_clock.waits) >= 60


@pytest.mark.parametrize(
    "fault",
    [
        "500 after commit on POST /Users, every 2 requests",
        "503 after commit on POST /Users, first 2 requests, retry-after 3",
        "drop after commit on POST /Users, every 2 requests",
        "drop during body on POST /Users, once",
        "drop before commit on POST /Users, every 2 requests",
        "html page after commit on POST /Users, every 3 requests",
        "html page on POST /Users, every 3 requests",
        "truncate body at 30% on POST /Users, every 2 requests",
        "wrong content type text/html on POST /Users, once",
        "slow headers by 1 h on POST /Users, once",
        "slow body by 1 h on POST /Users, once",
    ],
)
async def test_a_creation_whose_answer_is_lost_makes_nobody_twice(company, fault):
    company.peer.meets(fault)

    await one_cycle(company)

    assert struck(company.peer.behaves()) > 0
    await converges(company)


@pytest.mark.parametrize("fault", ["drop after commit", "500 after commit", "drop before commit"])
async def test_an_update_and_a_leaver_arrive_through_lost_answers(settled, fault):
    settled.directory.users["ada"]["jobTitle"] = "Admiral"
    settled.directory.users["bob"]["accountEnabled"] = False
    settled.import_directory()
    settled.peer.meets(f"{fault} on PATCH, every 2 requests")

    await one_cycle(settled)

    assert struck(settled.peer.behaves()) > 0
    await converges(settled)
    assert settled.account("bob")["active"] is False


async def test_a_change_that_was_ignored_is_found_by_the_next_reconciliation(settled):
    settled.directory.users["ada"]["jobTitle"] = "Admiral"
    settled.directory.users["bob"]["accountEnabled"] = False
    settled.import_directory()
    settled.peer.meets("ignore patch")
    await one_cycle(settled)
    assert settled.account("bob")["active"] is True
    assert struck(settled.peer.behaves()) > 0

    await settled.run(reconcile=ReconciliationSettings())

    assert_all_is_right(settled)


async def test_who_is_not_visible_yet_is_not_made_again(company):
    company.peer.meets(
        "delay visibility by 600 s on POST /Users", "drop after commit on POST /Users, every 2 requests"
    )

    await one_cycle(company)

    assert struck(company.peer.behaves()) > 0
    await converges(company)


async def test_who_is_not_visible_yet_is_not_disabled_and_not_made_again_by_a_reconciliation(company):
    company.peer.meets("delay visibility by 600 s on POST /Users")
    await company.run()

    await company.run(reconcile=ReconciliationSettings())
    nobody_is_wrong(company)

    company.peer.behaves()
    await converges(company)


@pytest.mark.parametrize("company", ["full"], indirect=True)
@pytest.mark.parametrize(
    "fault",
    [
        "shrink page to 2",
        "shrink page to 1",
        "repeat page, every 2 requests",
        "wrong total by -3",
        "wrong total of 0",
        "wrong total by 5",
        "shrink page to 0, request 2",
        "truncate body at 60% on GET /Users, once",
        "html page on GET /Users, once",
    ],
)
async def test_a_list_that_is_wrong_hides_nobody_and_disables_nobody(settled, fault):
    settled.set(pageSize="2")
    settled.peer.meets(fault)

    with contextlib.suppress(errors.TargetError):
        await settled.run(reconcile=ReconciliationSettings())
    nobody_is_wrong(settled)
    assert len(settled.peer.users) == len(PEOPLE)

    assert struck(settled.peer.behaves()) > 0
    await settled.run(reconcile=ReconciliationSettings())
    assert_all_is_right(settled)


async def test_an_expired_token_stops_the_cycle_and_loses_nothing(company):
    company.peer.meets("expired token from request 5")

    stopped = await one_cycle(company)

    assert "401" in str(stopped)
    assert 0 < len(company.peer.users) < len(PEOPLE)
    company.peer.behaves()
    await converges(company)


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_happens_at_random_the_target_equals_the_directory_in_the_end(settled, seed):
    settled.directory.users |= {name: {"jobTitle": f"new {name}"} for name in ("gus", "hal", "ivy", "jon")}
    settled.directory.users["ada"]["jobTitle"] = "Admiral"
    settled.directory.users["bob"]["accountEnabled"] = False
    settled.import_directory()
    settled.peer.meets(
        "429 on writes, 10% of requests, retry-after 2",
        "drop after commit on writes, 15% of requests",
        "503 after commit on writes, 10% of requests",
        "500 before commit, 10% of requests",
        "html page on reads, 5% of requests",
        "delay visibility by 20 s, 30% of requests",
        "expired token, 2% of requests",
        seed=seed,
    )
    for _ in range(3):
        settled.target_clock.tell(60)
        await one_cycle(settled)

    assert struck(settled.peer.behaves()) > 0
    await converges(settled)
