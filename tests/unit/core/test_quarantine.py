"""When a job goes into quarantine, how often it is tried there, and when it is switched off."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from provisor.core import quarantine
from provisor.core.escrow import EscrowCounts
from provisor.core.quarantine import Cause, CycleTally, QuarantineLimits, QuarantineReason

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LIMITS = QuarantineLimits()
NOBODY = EscrowCounts()
BASE = QuarantineReason.BASE_ESCROW_THRESHOLD
TOTAL = QuarantineReason.TOTAL_ESCROW_THRESHOLD
PROPORTION = QuarantineReason.ESCROW_PROPORTION_THRESHOLD
EXCEPTION = QuarantineReason.QUARANTINE_EXCEPTION
DELETES = QuarantineReason.TOO_MANY_DELETES


def reason(succeeded, failed, references=0, *, complete=0, limits=LIMITS, waiting=NOBODY):
    tally = CycleTally(succeeded=succeeded, failed=failed, failed_references=references)
    found = quarantine.excess(tally, waiting, complete, limits)
    return None if found is None else found.reason


@pytest.mark.parametrize(
    ("succeeded", "failed", "references", "expected"),
    [
        (0, 4_000, 0, None),
        (0, 45_000, 0, BASE),
        (5_000, 30_000, 0, PROPORTION),
        (100_000, 20_000, 0, None),
        (1, 40_000, 21_000, TOTAL),
    ],
    ids=[
        "4,000 failures",
        "45,000 failed users",
        "30,000 failed beside 5,000 that did not",
        "20,000 failed beside 100,000 that did not",
        "40,000 users and 21,000 managers failed",
    ],
)
def test_the_worked_cases_of_the_documentation_are_decided_as_documented(
    succeeded, failed, references, expected
):
    assert reason(succeeded, failed, references) is expected


@pytest.mark.parametrize(
    ("succeeded", "failed", "references", "expected"),
    [
        (7_500, 5_000, 0, None),
        (7_499, 5_000, 0, PROPORTION),
        (0, 4_999, 0, None),
        (200_000, 40_000, 0, None),
        (200_000, 40_001, 0, BASE),
        (200_000, 30_000, 30_000, None),
        (200_000, 30_000, 30_001, TOTAL),
        (0, 0, 45_000, None),
    ],
)
def test_every_threshold_has_to_be_exceeded(succeeded, failed, references, expected):
    assert reason(succeeded, failed, references) is expected


def test_failures_that_wait_in_escrow_count_also_in_a_cycle_without_any():
    assert reason(3, 0, waiting=EscrowCounts(accounts=40_001)) is BASE
    assert reason(3, 0, waiting=EscrowCounts(accounts=40_000, references=20_001)) is TOTAL


def test_neither_waiting_for_a_throttling_target_nor_what_was_given_up_counts():
    assert reason(3, 0, waiting=EscrowCounts(accounts=5, throttled=90_000, given_up=90_000)) is None


@pytest.mark.parametrize(
    ("succeeded", "failed", "complete", "expected"),
    [(0, 200, 1, None), (0, 200, 2, PROPORTION), (0, 9, 7, None), (1, 200, 0, None), (0, 0, 3, None)],
)
def test_a_small_job_whose_every_change_fails_twice_is_noticed(succeeded, failed, complete, expected):
    assert reason(succeeded, failed, complete=complete) is expected


def test_the_rule_for_small_jobs_can_be_switched_off():
    assert reason(0, 200, complete=9, limits=QuarantineLimits(complete_cycles=0)) is None


def cause(why=BASE):
    return Cause(reason=why, code=why.value, message=f"because of {why}")


def attempts(why, count):
    """The pauses before each of so many attempts, all in vain and on time, since the quarantine began."""
    found = quarantine.imposed(None, cause(why), NOON, LIMITS)
    moments = []
    for _ in range(count):
        moments.append(found.next_attempt - NOON)
        found = quarantine.imposed(found, cause(why), found.next_attempt, LIMITS)
    return moments


def test_too_many_failures_are_tried_after_6_12_and_24_hours_from_the_first_and_then_daily():
    assert [moment / timedelta(hours=1) for moment in attempts(BASE, 6)] == [6, 12, 24, 48, 72, 96]


def test_a_target_that_is_out_of_reach_is_probed_within_seconds_and_never_more_seldom_than_every_15_minutes():
    moments = [timedelta(), *attempts(EXCEPTION, 11)]
    pauses = [(after - before).total_seconds() for before, after in itertools.pairwise(moments)]
    assert pauses == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]


def test_a_plan_held_by_the_guard_does_not_slow_the_job_and_never_switches_it_off():
    found = quarantine.imposed(None, cause(DELETES), NOON, LIMITS)
    assert found.next_attempt is None
    assert not quarantine.over(found, NOON + timedelta(days=400), LIMITS)


def test_a_quarantine_that_goes_on_keeps_its_series_and_counts_it():
    first = quarantine.imposed(None, cause(), NOON, LIMITS)
    later = NOON + timedelta(hours=6)
    again = quarantine.imposed(first, cause(), later, LIMITS)
    assert (first.series_count, again.series_count) == (0, 1)
    assert (again.series_began, again.current_began) == (NOON, later)


def test_another_reason_goes_on_with_the_series_and_begins_its_own_attempts():
    first = quarantine.imposed(None, cause(), NOON, LIMITS)
    later = NOON + timedelta(days=3)
    again = quarantine.imposed(first, cause(EXCEPTION), later, LIMITS)
    assert (again.series_began, again.attempts) == (NOON, 1)
    assert again.next_attempt == later + timedelta(seconds=5)


@pytest.mark.parametrize(("days", "switched_off"), [(27.9, False), (28, True)])
def test_a_job_is_switched_off_after_28_days(days, switched_off):
    found = quarantine.imposed(None, cause(EXCEPTION), NOON, LIMITS)
    assert quarantine.over(found, NOON + timedelta(days=days), LIMITS) is switched_off
