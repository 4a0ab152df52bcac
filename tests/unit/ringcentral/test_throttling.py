import datetime as dt

import pytest

from provisor.ringcentral.account.throttling import RateGroup, Throttle, Throttling, group_of

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def after(seconds):
    return NOON + dt.timedelta(seconds=seconds)


def test_two_tokens_do_not_share_a_limit():
    throttle = Throttle(lambda: Throttling(heavy=1))

    assert throttle.admit("one", RateGroup.HEAVY, NOON).retry_after is None
    assert throttle.admit("other", RateGroup.HEAVY, NOON).retry_after is None
    assert throttle.admit("one", RateGroup.HEAVY, NOON).retry_after is not None


def test_a_penalty_longer_than_the_window_is_kept_to_its_end():
    throttling = Throttling(light=1, window=dt.timedelta(seconds=10), penalty=dt.timedelta(seconds=40))
    throttle = Throttle(lambda: throttling)
    throttle.admit("one", RateGroup.LIGHT, NOON)

    refused = throttle.admit("one", RateGroup.LIGHT, after(1))
    early = throttle.admit("one", RateGroup.LIGHT, after(40))
    late = throttle.admit("one", RateGroup.LIGHT, after(80))

    assert refused.headers()["Retry-After"] == "40"
    assert early.retry_after == dt.timedelta(seconds=40)
    assert late.retry_after is None


def test_the_remaining_requests_are_told():
    throttle = Throttle(lambda: Throttling(light=3))

    remaining = [throttle.admit("one", RateGroup.LIGHT, after(second)).remaining for second in range(4)]

    assert remaining == [2, 1, 0, 0]


@pytest.mark.parametrize(
    ("method", "path", "group"),
    [
        ("GET", "/Users", RateGroup.LIGHT),
        ("POST", "/Users/.search", RateGroup.LIGHT),
        ("POST", "/Users", RateGroup.HEAVY),
        ("PUT", "/Users/5", RateGroup.HEAVY),
        ("PATCH", "/Users/5", RateGroup.HEAVY),
        ("DELETE", "/Users/5", RateGroup.HEAVY),
    ],
)
def test_writes_are_heavy_and_reads_are_light(method, path, group):
    assert group_of(method, path) is group
