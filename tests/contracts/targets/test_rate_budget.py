import asyncio
import itertools
import random
from datetime import timedelta

import pytest

from provisor.targets import rate_budget
from support import told_clock


def pacer(time, per_minute, slots=None):
    return rate_budget.Pacer(per_minute=per_minute, time=time, random=random.Random(7), slots=slots)


async def moments(one, time, count):
    """When each of so many requests went out, all of them wanted at once."""
    sent = []

    async def request():
        await one.turn()
        sent.append(time.monotonic())
        one.done()

    await asyncio.gather(*(request() for _ in range(count)))
    return sent


def most_in_sliding_window(sent, window):
    return max(sum(1 for other in sent if start <= other <= start + window) for start in sent)


@pytest.mark.parametrize("per_minute", [1, 2, 3, 5, 10, 30, 50, 100, 300, 1000])
async def test_no_window_of_a_minute_ever_holds_more_than_the_budget(time, per_minute):
    sent = await moments(pacer(time, per_minute), time, min(3 * per_minute + 3, 1500))
    assert most_in_sliding_window(sent, 60.0) <= per_minute


@pytest.mark.parametrize("per_minute", [300, 1000])
async def test_a_token_bucket_of_the_burst_is_never_empty(time, per_minute):
    sent = await moments(pacer(time, per_minute), time, 1200)
    tokens = capacity = 0.012 * per_minute + 1
    last = 0.0
    for moment in sent:
        tokens = min(capacity, tokens + (moment - last) * per_minute / 60) - 1
        last = moment
        assert tokens >= 0


@pytest.mark.parametrize("per_minute", [50, 300, 1000])
async def test_nearly_all_of_the_budget_is_used(time, per_minute):
    sent = await moments(pacer(time, per_minute), time, 2 * per_minute)
    assert len(sent) / sent[-1] * 60 >= 0.97 * per_minute


@pytest.mark.parametrize("per_minute", [2, 5, 10, 20, 40, 50])
async def test_a_small_budget_keeps_one_request_in_hand(time, per_minute):
    sent = await moments(pacer(time, per_minute), time, 3 * per_minute + 3)
    assert most_in_sliding_window(sent, 60.0) <= per_minute - 1


async def test_after_a_rest_only_the_burst_goes_at_once(time):
    one = pacer(time, 1000)
    await moments(one, time, 20)
    time.tell(600)
    rested = time.monotonic()
    sent = await moments(one, time, 40)
    assert sum(1 for moment in sent if moment == rested) == 4


async def test_without_a_budget_nothing_waits_and_no_clock_is_asked(time):
    class NoClock(told_clock.ToldClock):
        def monotonic(self):
            raise AssertionError("the clock was asked")

    one = pacer(NoClock(), None)
    await moments(one, time, 500)
    assert one.statistics == rate_budget.PaceStatistics(requests=500)


async def test_turns_come_in_the_order_in_which_they_were_asked_for(time):
    one, order = pacer(time, 60), []

    async def request(number):
        await one.turn()
        order.append(number)
        one.done()

    await asyncio.gather(*(request(number) for number in range(30)))
    assert order == list(range(30))


async def test_a_refused_group_is_silent_for_as_long_as_the_target_wants_and_then_a_little_longer(time):
    one = pacer(time, None)
    await one.turn()
    one.throttled({"Retry-After": "17"})
    sent = await moments(one, time, 3)
    assert 17.0 < sent[0] <= 19.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "5", "X-Rate-Limit-Window": "60"}, 5),
        ({"X-Rate-Limit-Window": "45"}, 45),
        ({}, 30),
        ({"Retry-After": "soon"}, 30),
        ({"Retry-After": "-3"}, 30),
        ({"Retry-After": "Mon, 02 Mar 2026 09:01:15 GMT"}, 75),
        ({"Retry-After": "Mon, 02 Mar 2026 08:00:00 GMT"}, 0),
        ({"Retry-After": "99999999"}, 3600),
    ],
)
async def test_the_silence_is_what_the_target_says_else_its_window_else_half_a_minute(time, headers, seconds):
    one = pacer(time, None)
    one.throttled(headers)
    (moment,) = await moments(one, time, 1)
    assert seconds <= moment <= seconds + 2


async def test_a_target_that_never_says_how_long_gets_twice_the_silence_each_time(time):
    """RingCentral's penalty of a minute starts anew with every request: who asks each half a minute never gets out."""
    one = pacer(time, 1000)
    silences = []
    for _ in range(6):
        silences.append(round(one.throttled({}), -1))
        one.throttled({})  # was under way together with it
        await one.turn()
        one.done()
    assert silences == [30, 60, 120, 120, 120, 120]

    one.answered({})

    assert round(one.throttled({}), -1) == 30


async def test_after_a_silence_there_is_no_burst(time):
    one = pacer(time, 1000)
    one.throttled({"Retry-After": "30"})
    sent = await moments(one, time, 10)
    gaps = [later - earlier for earlier, later in itertools.pairwise(sent)]
    assert min(gaps) == pytest.approx(60 / 985)


async def test_a_silence_holds_those_who_were_already_waiting(time):
    one = pacer(time, 60)
    await one.turn()
    waiting = asyncio.create_task(moments(one, time, 3))
    await asyncio.sleep(0)
    one.throttled({"Retry-After": "40"})
    assert min(await waiting) > 40


async def test_reads_go_on_while_writes_are_silent(time):
    budget = rate_budget.RateBudget(
        reads_per_minute=300, writes_per_minute=1000, concurrency=1, time=time, random=random.Random(7)
    )
    budget.writes.throttled({"Retry-After": "50"})
    writing = asyncio.create_task(moments(budget.writes, time, 1))
    assert max(await moments(budget.reads, time, 3)) < 1
    assert min(await writing) > 50


async def test_no_more_than_the_slots_are_under_way(time):
    slots = asyncio.Semaphore(2)
    one, under_way, most = pacer(time, 6000, slots), 0, 0

    async def request():
        nonlocal under_way, most
        await one.turn()
        under_way += 1
        most = max(most, under_way)
        for _ in range(5):
            await asyncio.sleep(0)
        under_way -= 1
        one.done()

    await asyncio.gather(*(request() for _ in range(20)))
    assert most == 2


async def test_a_used_up_limit_is_waited_out_before_the_target_refuses(time):
    one = pacer(time, 1000)
    await one.turn()
    headers = {"X-Rate-Limit-Limit": "1000", "X-Rate-Limit-Remaining": "0", "X-Rate-Limit-Window": "60"}
    one.answered(headers)
    sent = await moments(one, time, 1)
    assert 60 <= sent[0] <= 62
    assert one.statistics.throttled == 0


@pytest.mark.parametrize("budget", [None, 1000])
async def test_a_lower_limit_that_the_target_announces_is_kept(time, budget):
    one = pacer(time, budget)
    one.answered({"X-Rate-Limit-Limit": "10", "X-Rate-Limit-Remaining": "9", "X-Rate-Limit-Window": "60"})
    sent = await moments(one, time, 30)
    assert most_in_sliding_window(sent, 60.0) <= 10


async def test_a_higher_limit_that_the_target_announces_does_not_raise_the_budget(time):
    one = pacer(time, 50)
    before = one.pace
    one.answered(
        {"X-Rate-Limit-Limit": "5000", "X-Rate-Limit-Remaining": "4999", "X-Rate-Limit-Window": "60"}
    )
    assert one.pace == before


async def test_the_pace_rises_again_with_the_announced_limit_but_not_above_the_budget(time):
    one = pacer(time, 300)
    before = one.pace
    one.answered({"X-Rate-Limit-Limit": "10", "X-Rate-Limit-Window": "60"})
    assert one.pace.interval > before.interval
    one.answered({"X-Rate-Limit-Limit": "300", "X-Rate-Limit-Window": "60"})
    assert one.pace == before


async def test_a_limit_in_a_short_window_is_kept_there(time):
    one = pacer(time, 300)
    one.answered({"X-Rate-Limit-Limit": "5", "X-Rate-Limit-Window": "1"})
    sent = await moments(one, time, 100)
    assert most_in_sliding_window(sent, 1.0) <= 5


async def test_the_waiting_is_counted(time):
    one = pacer(time, 60)
    await moments(one, time, 3)
    statistics = one.statistics
    assert statistics.requests == 3
    assert statistics.seconds_waited == pytest.approx(3 * 60 / (60 - 1.025))


def test_an_http_date_counts_from_now():
    now = told_clock.START
    assert rate_budget.retry_after({"Retry-After": "Mon, 02 Mar 2026 09:00:30 GMT"}, now) == 30
    assert rate_budget.retry_after({"Retry-After": "Mon, 02 Mar 2026 09:00:30 -0000"}, now) == 30
    later = now + timedelta(minutes=5)
    assert rate_budget.retry_after({"Retry-After": "Mon, 02 Mar 2026 09:00:30 GMT"}, later) == 0
    assert rate_budget.retry_after({}, now) is None


async def test_a_429_takes_the_burst_away_for_good(time):
    one = pacer(time, 1000)
    await moments(one, time, 3)
    one.throttled({"Retry-After": "1"})
    time.tell(600)
    rested = time.monotonic()
    sent = await moments(one, time, 5)
    assert sum(1 for moment in sent if moment == rested) == 1
