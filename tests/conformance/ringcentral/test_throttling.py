"""RingCentral's rate limits on the wire (section A.6), with a clock that is told."""

import pytest

from provisor.ringcentral.account.throttling import Throttling


@pytest.fixture
def limited(make_wire):
    return make_wire("ringcentral", throttling=Throttling(light=3, heavy=2))


def test_the_request_above_the_limit_is_answered_429_with_the_wait(limited, ada):
    statuses = [limited.send("POST", "/Users", ada).status for _ in range(2)]
    refused = limited.send("POST", "/Users", ada)

    assert statuses == [201, 409]
    assert refused.status == 429
    assert refused.headers["retry-after"] == "60"
    assert refused.headers["x-rate-limit-group"] == "heavy"
    assert refused.headers["x-rate-limit-remaining"] == "0"
    assert refused.body["status"] == "429"


def test_reads_and_writes_are_counted_apart(limited, ada):
    for _ in range(3):
        limited.send("POST", "/Users", ada)

    answer = limited.send("GET", "/Users")

    assert answer.status == 200
    assert answer.headers["x-rate-limit-group"] == "light"
    assert answer.headers["x-rate-limit-remaining"] == "2"


def test_a_request_during_the_penalty_starts_it_again(limited):
    for _ in range(4):
        limited.send("GET", "/Users")
    limited.clock.pass_seconds(59)
    assert limited.send("GET", "/Users").status == 429
    limited.clock.pass_seconds(59)
    assert limited.send("GET", "/Users").status == 429

    limited.clock.pass_seconds(60)

    assert limited.send("GET", "/Users").status == 200


def test_the_window_slides(limited):
    for _ in range(3):
        limited.send("GET", "/Users")
        limited.clock.pass_seconds(20)

    assert limited.send("GET", "/Users").status == 200
    assert limited.send("GET", "/Users").status == 429


def test_a_stranger_is_not_counted(limited):
    for _ in range(9):
        assert limited.send("GET", "/Users", headers={"authorization": "Bearer stranger"}).status == 401

    assert limited.send("GET", "/Users").headers["x-rate-limit-remaining"] == "2"
