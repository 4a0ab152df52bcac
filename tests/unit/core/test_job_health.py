"""How long the rest takes, when a job is overdue, and what requests add up to."""

from datetime import UTC, datetime, timedelta

import pytest

from provisor.core import job_health
from provisor.core.requests import RequestCounts, status_class


@pytest.mark.parametrize(
    ("done", "left", "elapsed", "budget", "expected"),
    [
        (100, 300, 20.0, None, 60.0),
        (100, 300, 20.0, 100, 180.0),
        (100, 300, 20.0, 6000, 60.0),
        (0, 300, 5.0, 100, 180.0),
        (0, 300, 0.0, None, None),
        (400, 0, 80.0, 100, 0.0),
    ],
)
def test_the_rest_takes_as_long_as_measured_and_never_less_than_the_budget_allows(
    done, left, elapsed, budget, expected
):
    found = job_health.remaining_seconds(done=done, left=left, elapsed=elapsed, writes_per_minute=budget)
    assert found == expected


def test_answers_are_counted_by_class_and_the_rate_limit_apart():
    assert [status_class(item) for item in (200, 204, 302, 404, 429, 503, None)] == [
        *("2xx", "2xx", "3xx", "4xx", "429", "5xx", "none")
    ]
    counts = RequestCounts(answered={"GET 2xx": 3, "POST 2xx": 4, "PATCH 5xx": 1})
    assert (counts.by_class["2xx"], counts.by_class["5xx"]) == (7, 1)


def test_requests_since_a_count_and_that_count_are_the_requests_now():
    before = RequestCounts(
        by_method={"GET": 3, "POST": 1}, seconds_waited=0.5, throttled=1, answered={"GET 2xx": 3}
    )
    now = RequestCounts(
        by_method={"GET": 7, "POST": 1, "PATCH": 2},
        seconds_waited=2.0,
        throttled=4,
        answered={"GET 2xx": 5, "GET 5xx": 2},
    )
    assert before.plus(now.since(before)) == now
    assert (now.reads, now.writes) == (7, 3)


@pytest.mark.parametrize(
    ("minutes_since_start", "minutes_since_cycle", "expected"),
    [
        (500, 80, False),
        (500, 82, True),
        (80, None, False),
        (82, None, True),
        (3, 500, False),
        (None, None, False),
    ],
)
def test_a_job_is_overdue_after_twice_its_interval_without_a_cycle(
    minutes_since_start, minutes_since_cycle, expected
):
    now = datetime(2026, 5, 4, 12, tzinfo=UTC)
    since, ended = (
        None if minutes is None else now - timedelta(minutes=minutes)
        for minutes in (minutes_since_start, minutes_since_cycle)
    )
    found = job_health.overdue(active_since=since, last_ended=ended, interval_seconds=2400, now=now)
    assert found is expected
