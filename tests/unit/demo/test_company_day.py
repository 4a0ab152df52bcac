from dataclasses import fields

import pytest

from provisor.demo import company
from provisor.demo.company_day import Day, GroupEvent, next_day
from provisor.demo.company_groups import Membership

BEFORE = company.generate()
AFTER, DAY = next_day(BEFORE, 7)
YESTERDAY = {person.id: person for person in BEFORE.people}
TODAY = {person.id: person for person in AFTER.people}
LISTS_OF_PEOPLE = [field.name for field in fields(Day) if field.name != "group_changes"]


def ids(stories):
    return {story.id for story in stories}


def test_equal_arguments_make_equal_days():
    assert next_day(BEFORE, 7) == (AFTER, DAY)
    assert next_day(BEFORE, 8) != (AFTER, DAY)


def test_a_day_has_its_joiners_movers_leavers_and_the_rest():
    assert {name: len(getattr(DAY, name)) for name in LISTS_OF_PEOPLE} == {
        "joiners": 8,
        "movers": 12,
        "leavers": 6,
        "disabled": 2,
        "enabled": 1,
        "renamed": 1,
    }


def test_the_day_tells_exactly_what_differs_between_the_companies():
    assert ids(DAY.joiners) == TODAY.keys() - YESTERDAY.keys()
    assert ids(DAY.leavers) == YESTERDAY.keys() - TODAY.keys()
    changed = {each for each in YESTERDAY.keys() & TODAY.keys() if YESTERDAY[each] != TODAY[each]}
    assert ids((*DAY.movers, *DAY.disabled, *DAY.enabled, *DAY.renamed)) == changed


def test_nobody_has_two_stories():
    told = [story.id for name in LISTS_OF_PEOPLE for story in getattr(DAY, name)]
    assert len(set(told)) == len(told)


def test_the_group_changes_are_exactly_what_differs_besides_the_leavers():
    expected = {each for each in BEFORE.memberships if each.member not in ids(DAY.leavers)}
    for change in DAY.group_changes:
        membership = Membership(group=change.group, member=change.member)
        if change.event is GroupEvent.MEMBER_OUT:
            expected.remove(membership)
        elif change.event is not GroupEvent.FOUNDED:
            assert membership not in expected
            expected.add(membership)
    assert set(AFTER.memberships) == expected
    assert {change.event for change in DAY.group_changes} == set(GroupEvent)


def test_people_are_disabled_enabled_and_renamed_as_told():
    assert all(YESTERDAY[each].account_enabled > TODAY[each].account_enabled for each in ids(DAY.disabled))
    assert all(YESTERDAY[each].account_enabled < TODAY[each].account_enabled for each in ids(DAY.enabled))
    (renamed,) = ids(DAY.renamed)
    before, after = YESTERDAY[renamed], TODAY[renamed]
    assert before.surname != after.surname
    assert before.mail != after.mail
    assert after.proxy_addresses == (f"SMTP:{after.mail}", f"smtp:{before.mail}")


def test_movers_change_department_title_manager_and_site():
    moved = [(YESTERDAY[story.id], TODAY[story.id]) for story in DAY.movers]
    for attribute in ("department", "job_title", "manager", "workplace"):
        assert sum(getattr(before, attribute) != getattr(after, attribute) for before, after in moved) >= 3


def test_everybody_still_answers_to_somebody_who_is_there():
    assert all(not person.manager or person.manager in TODAY for person in AFTER.people)


def test_a_joiner_takes_no_address_that_was_borne_yesterday():
    borne = {person.user_principal_name for person in BEFORE.people}
    assert not borne & {TODAY[each].user_principal_name for each in ids(DAY.joiners)}


@pytest.mark.parametrize(("people", "groups"), [(0, 0), (1, 0), (1, 1), (5, 2), (30, 7)])
def test_small_companies_have_days_too(people, groups):
    made = company.generate(people, groups, 6)
    for seed in range(5):
        made, _ = next_day(made, seed)
        assert len({person.user_principal_name for person in made.people}) == len(made.people)
