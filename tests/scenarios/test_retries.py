"""What failed is tried again in the next cycle, and then ever more seldom: never again and again without a pause."""

import pytest
from aiohttp import web

from provisor.core import errors
from provisor.core.job import Retries
from provisor.engine import cycle, retries
from support import scripted_target


def refusing_member(target_id):
    """Refuses every change of members that names this account, as a target does with a kind it does not take."""

    async def answer(target, request, perform):
        body = await request.json()
        ids = [item["value"] for operation in body["Operations"] for item in operation.get("value", ())]
        return web.Response(status=400) if target_id() in ids else await perform()

    return answer


@pytest.fixture
def ready(company):
    company.directory.users = {"ada": {}, "bob": {}}
    company.directory.groups = {"Sales": ["ada", "bob"]}
    company.import_directory()
    company.add_application()
    return company


async def cycles_until_rest(company):
    for count in range(1, 10):
        if isinstance(await company.run(retries=Retries.DUE), cycle.NothingToDo):
            return count
    raise AssertionError("the job never comes to rest")


async def test_an_account_that_is_refused_for_good_is_tried_twice_and_then_after_hours(ready):
    ready.peer.always(scripted_target.status(403, detail="not you"), method="POST", path="/Users")

    assert await cycles_until_rest(ready) == 3

    assert ready.escrow("ada").failures == 2
    await ready.clock.tell(6 * 3600 + 60)
    assert await cycles_until_rest(ready) == 2
    assert ready.escrow("ada").failures == 3


@pytest.mark.parametrize("members", [["ada", "bob"], ["ada"]], ids=["beside others", "alone"])
async def test_a_member_that_is_refused_for_good_is_tried_twice_and_then_after_hours(ready, members):
    ready.directory.groups["Sales"] = members
    ready.import_directory()
    ready.peer.always(refusing_member(lambda: ready.account("ada")["id"]), method="PATCH", path="/Groups")

    assert await cycles_until_rest(ready) == 3

    assert ready.members("Sales") == set(members) - {"ada"}
    assert ready.escrow("Sales").failures == 2
    ready.peer.behave()
    await ready.clock.tell(6 * 3600 + 60)
    await ready.run(retries=Retries.DUE)
    assert ready.members("Sales") == set(members)
    assert ready.escrow("Sales") is None


async def test_a_target_that_is_down_for_members_is_given_ever_longer_pauses(ready):
    ready.peer.always(scripted_target.status(500), method="PATCH", path="/Groups")

    assert await cycles_until_rest(ready) == 3

    assert ready.escrow("Sales").failures == 2
    pause = ready.escrow("Sales").next_attempt - ready.clock.now()
    assert 50 < pause.total_seconds() <= 60


async def test_a_refused_member_rests_while_others_come_and_go(ready):
    ready.peer.always(refusing_member(lambda: ready.account("ada")["id"]), method="PATCH", path="/Groups")
    await cycles_until_rest(ready)
    ready.directory.users["cyd"] = {}
    ready.directory.groups["Sales"] = ["ada", "cyd"]
    ready.import_directory()
    ready.peer.requests.clear()

    await ready.run(retries=Retries.DUE)

    assert ready.members("Sales") == {"cyd"}
    assert ready.escrow("Sales").failures == 2
    assert not [
        one for one in ready.peer.asked("PATCH") if ready.account("ada")["id"] in str(one.body["Operations"])
    ]


async def test_what_fails_for_as_long_as_the_setting_says_is_given_up_until_a_person_asks(ready):
    ready.set(retryHours="0,12,24", retryDays="2")
    ready.peer.always(scripted_target.status(403), method="POST", path="/Users")
    for _ in range(5):
        await cycles_until_rest(ready)
        await ready.clock.tell(24 * 3600 + 60)

    assert ready.escrow("ada").given_up is not None
    ready.peer.behave()
    assert isinstance(await ready.run(retries=Retries.ALL), cycle.NothingToDo)

    retries.now(ready.store, ready.application.id, (ready.object_id("ada"),), ready.clock)
    await ready.run(retries=Retries.DUE)

    assert ready.account("ada") is not None
    assert ready.escrow("ada") is None
    assert ready.escrow("bob").given_up is not None


async def test_what_was_given_up_is_tried_again_when_it_changes(ready):
    ready.set(retryDays="1")
    ready.peer.always(scripted_target.status(403), method="POST", path="/Users")
    await cycles_until_rest(ready)
    await ready.clock.tell(24 * 3600 + 60)
    await cycles_until_rest(ready)
    assert ready.escrow("ada").given_up is not None
    ready.peer.behave()
    ready.directory.users["ada"] = {"title": "Countess"}
    ready.import_directory()

    await ready.run(retries=Retries.DUE)

    assert ready.escrow("ada") is None


async def test_a_target_that_asks_to_wait_for_hours_makes_nobody_fail(ready):
    storm = [scripted_target.throttled(retry_after="3000") for _ in range(15)]
    ready.peer.script(*storm, method="POST", path="/Users")

    outcome = await ready.run()

    assert outcome.failures == 0
    assert ready.target_clock.monotonic() > 12 * 3600
    assert {name for name in ("ada", "bob") if ready.account(name)} == {"ada", "bob"}


@pytest.mark.parametrize("value", ["", "6,x", "-1", "6,,12", "1.5"])
def test_a_retry_schedule_that_is_none_is_refused_with_an_example(ready, value):
    with pytest.raises(errors.InvalidInputError, match="retryHours"):
        ready.set(retryHours=value)
