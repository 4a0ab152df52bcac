"""Failures: when each is tried again, which cause is told, and when retrying ends."""

from datetime import UTC, datetime, timedelta

import pytest

from provisor.core import escrow
from provisor.core.errors import ErrorCode
from provisor.core.escrow import RetrySchedule
from provisor.core.identifiers import ObjectId

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SCHEDULE = RetrySchedule()


def failure(code=ErrorCode.INSUFFICIENT_RIGHTS, *, is_reference=False):
    return escrow.Failure(
        object_id=ObjectId("ada"), code=code, message=f"said {code}", is_reference=is_reference
    )


def failed_again(times, code=ErrorCode.INSUFFICIENT_RIGHTS, schedule=SCHEDULE):
    """The pauses after each of so many failures, each at the moment it fell due."""
    found, now, pauses = None, NOON, []
    for _ in range(times):
        found = escrow.after_failure(found, failure(code), now=now, since=now, schedule=schedule)
        pauses.append(found.next_attempt - now)
        now = found.next_attempt + timedelta(seconds=1)
    return found, pauses


def test_a_lasting_failure_is_tried_in_the_next_cycle_then_after_6_12_and_24_hours_then_daily():
    _, pauses = failed_again(6)
    assert [pause / timedelta(hours=1) for pause in pauses] == [0, 6, 12, 24, 24, 24]


@pytest.mark.parametrize("code", sorted(escrow.PASSING_CODES))
def test_a_passing_failure_is_tried_again_within_minutes(code):
    _, pauses = failed_again(9, code)
    assert [pause / timedelta(minutes=1) for pause in pauses] == [0, 1, 2, 4, 8, 15, 30, 60, 60]


def test_an_administrators_schedule_takes_the_place_of_the_documented_one():
    _, pauses = failed_again(4, schedule=RetrySchedule(persistent_hours=(1, 3)))
    assert [pause / timedelta(hours=1) for pause in pauses] == [1, 3, 3, 3]


def test_several_failures_in_one_plan_count_once():
    made = NOON - timedelta(minutes=1)
    first = escrow.after_failure(None, failure(), now=NOON, since=made, schedule=SCHEDULE)
    later = NOON + timedelta(seconds=5)
    second = escrow.after_failure(first, failure(), now=later, since=made, schedule=SCHEDULE)
    assert (second.failures, second.first_failed, second.last_failed) == (1, NOON, later)


def test_a_failed_reference_never_hides_why_the_account_itself_failed():
    account = escrow.after_failure(None, failure(), now=NOON, since=NOON, schedule=SCHEDULE)
    reference = failure(ErrorCode.UNRESOLVED_REFERENCE, is_reference=True)
    assert escrow.after_failure(account, reference, now=NOON, since=NOON, schedule=SCHEDULE) == account


def test_an_account_that_fails_takes_the_place_of_its_references_failure_and_begins_at_one():
    reference = failure(ErrorCode.UNRESOLVED_REFERENCE, is_reference=True)
    before = escrow.after_failure(None, reference, now=NOON, since=NOON, schedule=SCHEDULE)
    later = NOON + timedelta(hours=2)
    after = escrow.after_failure(before, failure(), now=later, since=later, schedule=SCHEDULE)
    assert (after.is_reference, after.failures, after.first_failed) == (False, 1, later)


@pytest.mark.parametrize(("days", "given_up"), [(27.9, False), (28, True), (40, True)])
def test_retrying_ends_28_days_after_the_first_failure(days, given_up):
    first = escrow.after_failure(None, failure(), now=NOON, since=NOON, schedule=SCHEDULE)
    later = NOON + timedelta(days=days)
    again = escrow.after_failure(first, failure(), now=later, since=later, schedule=SCHEDULE)
    assert (again.given_up is not None) is given_up
