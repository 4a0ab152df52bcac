"""The guard's judgement, number by number; that it holds and lets pass is told by tests/scenarios/guard.yaml."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisor.core import guard
from provisor.core.changes import ChangeKind, Modification
from provisor.core.guard import GuardLimits, GuardMode, GuardTotals, Hold, Limit

MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def passed(breaches):
    return [breach.limit for breach in breaches]


@pytest.mark.parametrize(
    ("disables", "deletes", "linked", "verdict"),
    [
        pytest.param(0, 0, 0, [], id="nothing of nothing"),
        pytest.param(10, 0, 20, [], id="the floor itself is allowed, whatever its share"),
        pytest.param(6, 5, 20, [Limit.REMOVALS], id="one more than the floor, and more than the share"),
        pytest.param(100, 0, 1000, [], id="the share itself is allowed"),
        pytest.param(60, 41, 1000, [Limit.REMOVALS], id="one more than the share"),
        pytest.param(11, 0, 0, [Limit.REMOVALS], id="accounts that nobody counted"),
        pytest.param(201, 0, 1000, [Limit.REMOVALS, Limit.DAILY_REMOVALS], id="more than a day may have"),
    ],
)
def test_a_removal_is_held_when_it_is_more_than_the_share_and_more_than_the_floor(
    disables, deletes, linked, verdict
):
    totals = GuardTotals(disables=disables, deletes=deletes, linked=linked)
    assert passed(guard.judge(totals, GuardLimits())) == verdict


@pytest.mark.parametrize(
    ("before", "now", "verdict"),
    [
        pytest.param(200, 0, [], id="nothing more is taken away"),
        pytest.param(190, 10, [], id="the day's share itself"),
        pytest.param(191, 10, [Limit.DAILY_REMOVALS], id="a drop more"),
    ],
)
def test_a_day_counts_as_a_whole(before, now, verdict):
    totals = GuardTotals(disables=now, deletes=0, linked=1000, removed_before=before)
    assert passed(guard.judge(totals, GuardLimits())) == verdict


@pytest.mark.parametrize(
    ("overwritten", "verdict"),
    [
        pytest.param({"title": 50, "userName": 2}, [], id="the floor itself"),
        pytest.param({"title": 60, "userName": 60}, [Limit.UPDATES, Limit.UPDATES], id="each by itself"),
        pytest.param({"title": 40, "userName": 40}, [], id="never added up"),
    ],
)
def test_every_attribute_has_its_own_count(overwritten, verdict):
    totals = GuardTotals(disables=0, deletes=0, linked=60, matched=40, overwritten=overwritten)
    breaches = guard.judge(totals, GuardLimits())
    assert passed(breaches) == verdict
    assert [breach.attribute for breach in breaches] == sorted(overwritten)[: len(verdict)]
    assert all(breach.total == 100 for breach in breaches)


def test_memberships_are_measured_by_those_that_were_written():
    totals = GuardTotals(disables=0, deletes=0, linked=9, members_removed=51, members=204)
    assert passed(guard.judge(totals, GuardLimits())) == []
    [breach] = guard.judge(totals, GuardLimits(members_percent=24))
    assert breach.reason == (
        "51 memberships would end, 25.0 % of the 204 that were written; without a person's word it may be at most 24 % or "
        "50, whichever is more."
    )


def test_a_guard_that_is_off_passes_everything():
    totals = GuardTotals(disables=5, deletes=7, linked=12)
    limits = GuardLimits(mode=GuardMode.OFF, floor=0, percent=0)
    assert guard.judge(totals, limits) == ()


def test_what_is_held_is_not_let_pass_because_others_joined():
    before = Hold(
        breaches=guard.judge(GuardTotals(disables=11, deletes=0, linked=100), GuardLimits()), since=MOMENT
    )
    grown = GuardTotals(disables=11, deletes=0, linked=1000)
    assert passed(guard.judge(grown, GuardLimits())) == []
    assert passed(guard.judge(grown, GuardLimits(), before)) == [Limit.REMOVALS]
    mended = GuardTotals(disables=10, deletes=0, linked=1000)
    assert passed(guard.judge(mended, GuardLimits(), before)) == []


@pytest.mark.parametrize(
    ("kind", "old", "counts"),
    [
        (ChangeKind.UPDATE, "Engineer", True),
        (ChangeKind.UPDATE, True, True),
        (ChangeKind.ENABLE, "Engineer", True),
        (ChangeKind.ENABLE, False, False),
        (ChangeKind.UPDATE, None, False),
        (ChangeKind.UPDATE, "", False),
        (ChangeKind.UPDATE, [], False),
        (ChangeKind.DISABLE, True, False),
        (ChangeKind.CREATE, "Engineer", False),
    ],
)
def test_only_values_that_are_there_can_be_overwritten(kind, old, counts):
    found = list(guard.overwritten(kind, [Modification(path="title", old=old, new="Admiral")]))
    assert found == (["title"] if counts else [])


@pytest.mark.parametrize(
    ("before", "day"),
    [
        pytest.param(0, "", id="nobody left in the day before, so its sum says nothing more"),
        pytest.param(
            5,
            " With the 5 accounts taken away in the 24 hours before, it would be 46, 58.2 % of the 79 linked ones; "
            "without a person's word it may be at most 20 % or 20, whichever is more.",
            id="with the day's sum",
        ),
    ],
)
def test_a_hold_tells_the_numbers_and_the_way_out(before, day):
    totals = GuardTotals(disables=30, deletes=11, linked=79, removed_before=before)
    hold = Hold(breaches=guard.judge(totals, GuardLimits()), since=MOMENT)
    assert hold.reason == (
        "41 accounts would be taken away (30 disabled, 11 deleted), 51.9 % of the 79 linked ones; without a person's word "
        f"it may be at most 10 % or 10, whichever is more.{day} These changes wait until a person allows them (`job "
        "apply`), drops them (`job drop`), or mends their cause; everything else goes on."
    )
    assert hold.kinds == guard.REMOVALS


numbers = st.integers(min_value=0, max_value=5000)


@given(numbers, numbers, numbers, numbers)
def test_taking_away_less_is_never_judged_harder(disables, deletes, linked, before):
    totals = GuardTotals(disables=disables, deletes=deletes, linked=linked, removed_before=before)
    fewer = GuardTotals(disables=disables // 2, deletes=deletes, linked=linked, removed_before=before)
    held = set(passed(guard.judge(totals, GuardLimits())))
    assert set(passed(guard.judge(fewer, GuardLimits()))) <= held


@given(numbers, numbers)
def test_what_passes_in_a_plan_is_within_the_floor_or_the_share(removals, linked):
    breaches = guard.judge(GuardTotals(disables=removals, deletes=0, linked=linked), GuardLimits())
    if Limit.REMOVALS not in passed(breaches):
        assert removals <= max(10, linked / 10)
