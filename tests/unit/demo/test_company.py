import re

import pytest

from provisor.demo import company, company_lore

MADE = company.generate()
NORTH_AMERICAN_STATES = {"US": {"NY", "CA", "TX", "Illinois"}, "CA": {"QC", "ON"}}


def test_equal_arguments_make_equal_companies_and_another_seed_another():
    assert company.generate(50, 10, 4) == company.generate(50, 10, 4) != company.generate(50, 10, 5)


@pytest.mark.parametrize(("people", "groups"), [(0, 0), (1, 1), (2, 7), (17, 60), (250, 200)])
def test_a_company_has_as_many_people_and_groups_as_were_asked_for(people, groups):
    made = company.generate(people, groups, 8)
    assert (len(made.people), len(made.groups)) == (people, groups)


def test_nobody_shares_an_id_or_an_address():
    for attribute in ("id", "user_principal_name", "mail"):
        values = [getattr(person, attribute) for person in MADE.people if getattr(person, attribute)]
        assert len(set(map(str.casefold, values))) == len(values)


def test_every_name_has_an_address_in_ascii_of_a_length_entra_accepts():
    for person in MADE.people:
        alias, _, domain = person.user_principal_name.partition("@")
        assert domain == "maison-lumiere.example"
        assert re.fullmatch(r"[a-z0-9.#EXT_-]+", alias)
        assert re.fullmatch(r"[a-z-]+\.[a-z-]+\d*", alias) or person.user_type == "Guest"
        assert len(alias) <= 64


def test_every_name_of_the_lists_can_be_transliterated():
    for naming in company_lore.namings().values():
        assert all(re.fullmatch("[a-z-]+", name.latin) for name in (*naming.given, *naming.surname))


@pytest.mark.parametrize(
    ("written", "latin"),
    [
        ("d'Aubigné", "daubigne"),
        ("Øyvind", "oyvind"),
        ("Weiß", "weiss"),
        ("Cœurdoux", "coeurdoux"),
        ("I\u015f\u0131k", "isik"),
    ],
)
def test_accents_apostrophes_and_ligatures_become_ascii(written, latin):
    assert company_lore.ascii_letters(written) == latin


def test_managers_form_one_tree():
    managers = {person.id: person.manager for person in MADE.people}
    assert [person.id for person in MADE.people if not person.manager] == [MADE.people[0].id]
    for person in MADE.people:
        steps, above = 0, person.manager
        while above:
            steps, above = steps + 1, managers[above]
            assert steps < 10


def test_numbers_are_e164_and_states_are_those_of_their_country():
    for person in MADE.people:
        place = person.workplace
        assert re.fullmatch(r"\+[1-9]\d{7,14}", place.telephone_number)
        assert not place.mobile or re.fullmatch(r"\+[1-9]\d{7,14}", place.mobile)
        assert place.state in NORTH_AMERICAN_STATES.get(place.country, {place.state})
        assert place.state or place.country not in {"US", "CA", "GB"}
    assert {"FR", "CA", "GB", "DE", "JP", "BR", "US"} <= {person.workplace.country for person in MADE.people}


def test_what_a_demonstration_needs_occurs():
    assert sum(not person.mail for person in MADE.people) > 20
    assert sum(not person.account_enabled for person in MADE.people) == 15
    assert sum(person.user_type == "Guest" for person in MADE.people) == 2
    assert sum(not person.workplace.mobile for person in MADE.people) > 50
    written = "".join(person.display_name for person in MADE.people)
    assert all(sign in written for sign in ("'", "-", "é", "ł", "佐", "Γ", "Ш"))


def test_roles_have_direct_members_and_the_group_of_all_departments_has_only_groups():
    names = {group.id: group.display_name for group in MADE.groups}
    people = {person.id for person in MADE.people}
    members = {
        name: [m.member for m in MADE.memberships if names[m.group] == name] for name in names.values()
    }

    organisation = company_lore.organisation()
    standard = members[organisation.roles[0].name]
    assert len(standard) == 300
    assert set(standard) <= people
    everyone = {names[member] for member in members[organisation.everyone]}
    assert everyone == {name for name in names.values() if name.startswith(organisation.department_prefix)}
    assert sum(len(members[name]) for name in everyone) == 1000


def test_no_group_is_in_itself_at_any_depth_unless_a_cycle_is_asked_for():
    assert _groups_in_themselves(MADE) == set()
    assert _groups_in_themselves(company.with_cycle(MADE)) == {group.id for group in MADE.groups[-3:]}


def test_a_cycle_takes_two_groups():
    with pytest.raises(ValueError, match="a cycle takes two groups, and the company has 1"):
        company.with_cycle(company.generate(5, 1, 2))


def test_memberships_name_people_and_groups_of_the_company_and_are_stated_once():
    groups = {group.id for group in MADE.groups}
    members = groups | {person.id for person in MADE.people}
    assert len(set(MADE.memberships)) == len(MADE.memberships)
    assert all(each.group in groups and each.member in members for each in MADE.memberships)


def _groups_in_themselves(made: company.Company) -> set[str]:
    inside = {group.id: set() for group in made.groups}
    for each in made.memberships:
        if each.member in inside:
            inside[each.group].add(each.member)
    for _ in inside:
        for nested in inside.values():
            nested |= {deeper for each in list(nested) for deeper in inside[each]}
    return {group for group, nested in inside.items() if group in nested}
