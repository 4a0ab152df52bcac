"""RFC 7644 section 3.4.2.2: which resources a filter finds. Each test is named after its rule in docs/scim-conformance.md."""

import itertools

import pytest

from support.scim_http import ENTERPRISE, GROUP, USER, unused

PEOPLE = {
    "ada": {
        "userName": "Ada.Moss",
        "name": {"givenName": "Ada", "familyName": "O'Malley"},
        "title": "Pilot",
        "userType": "Employee",
        "active": True,
        "emails": [
            {"value": "ada@work.example", "type": "work", "primary": True},
            {"value": "ada@home.example", "type": "home"},
        ],
    },
    "bob": {
        "userName": "bob.kern",
        "title": "pilot",
        "userType": "Contractor",
        "active": False,
        "emails": [
            {"value": "bob@home.example", "type": "work"},
            {"value": "bob@work.example", "type": "home", "primary": True},
        ],
    },
    "cleo": {"userName": "cleo.zand", "name": {"givenName": "Cleo"}, "userType": "Employee", "title": ""},
    "dan": {
        "userName": "dan.moss",
        "active": True,
        "phoneNumbers": [{"value": "+1 555 0100", "type": "work"}],
    },
}


@pytest.fixture(scope="module")
def people(scim):
    """The names of four people by their ids, and the department only they are in."""
    department = unused("Filters")
    made = {}
    for name, attributes in PEOPLE.items():
        extension = {"department": department, "employeeNumber": f"{len(made)}"}
        if name == "bob":
            extension["manager"] = {"value": next(iter(made))}
        made[scim.user(**attributes, externalId=f"Hr-{name}", **{ENTERPRISE: extension}).id] = name
    return department, made


@pytest.fixture
def found(scim, people):
    """The names of the people a condition finds among the four, in one word."""
    department, names = people

    def find(condition):
        answer = scim.find("/Users", f'{ENTERPRISE}:department eq "{department}" and ({condition})')
        assert answer.status == 200, answer.body
        assert answer.body["totalResults"] == len(answer.body["Resources"])
        return " ".join(names[user["id"]] for user in answer.body["Resources"])

    return find


@pytest.fixture
def identifier(people):
    return {name: user for user, name in people[1].items()}


def test_c6_01_and_c6_02_nothing_found_is_an_empty_list(scim):
    answer = scim.find("/Users", 'userName eq "nobody"')

    assert answer.status == 200
    assert (answer.body["totalResults"], answer.body["Resources"]) == (0, [])


def test_c6_03_only_what_matches_is_found(found):
    assert found('userName eq "bob.kern"') == "bob"


@pytest.mark.parametrize("name", ["USERNAME", "username", "UserName"])
def test_c6_04_attribute_names_have_no_case(found, name):
    assert found(f'{name} eq "bob.kern"') == "bob"


def test_c6_05_operators_have_no_case(found):
    assert found('userName Eq "bob.kern" OR active EQ true AND NOT (title PR)') == "bob dan"


def test_c6_06_the_attribute_decides_whether_case_counts(found, identifier):
    letters = identifier["ada"]
    assert found('userName eq "ADA.MOSS"') == "ada"
    assert found('externalId eq "Hr-ada"') == "ada"
    assert found('externalId eq "hr-ada"') == ""
    assert found(f'id eq "{letters}"') == "ada"
    assert found(f'id eq "{letters.upper()}"') == ""


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        pytest.param('userName eq "ada.moss"', "ada", id="c6_07 eq"),
        pytest.param('userType ne "Employee"', "bob dan", id="c6_08 ne, absent values too"),
        pytest.param('name.familyName co "O\'Mal"', "ada", id="c6_09 co"),
        pytest.param('userName sw "dan"', "dan", id="c6_10 sw"),
        pytest.param('userName sw "dan.moss"', "dan", id="c6_10 sw of the whole text"),
        pytest.param('emails.value ew "@home.example"', "ada bob", id="c6_11 ew"),
        pytest.param('userName ew "cleo.zand"', "cleo", id="c6_11 ew of the whole text"),
        pytest.param('userName ew "x.cleo.zand"', "", id="c6_11 ew of more than the text"),
    ],
)
def test_c6_07_to_c6_11_texts_are_compared(found, condition, names):
    assert found(condition) == names


def test_c6_12_present_means_not_empty(found):
    assert found("title pr") == "ada bob"
    assert found("not (title pr)") == "cleo dan"


def test_c6_13_a_complex_attribute_is_present_when_it_holds_something(found):
    assert found("name pr") == "ada cleo"
    assert found("emails pr") == "ada bob"


def test_c6_14_times_are_compared_as_moments(scim, people, found):
    created = scim.get(f"/Users/{next(iter(people[1]))}").body["meta"]["created"]
    assert found(f'meta.created eq "{created}"').startswith("ada")
    assert found('meta.lastModified gt "2011-05-13T04:42:34Z"') == "ada bob cleo dan"
    assert found('meta.lastModified lt "2011-05-13T04:42:34Z"') == ""


def test_c6_14_a_zone_is_part_of_a_time(scim_with_extension):
    scim, urn = scim_with_extension
    name = unused("zone")
    scim.user(userName=name, **{urn: {"hired": "2026-03-01T09:00:00+02:00"}})

    def matches(condition):
        return (
            scim.find("/Users", f'userName eq "{name}" and {urn}:hired {condition}').body["totalResults"] == 1
        )

    assert matches('eq "2026-03-01T07:00:00Z"')
    assert matches('ge "2026-03-01T07:00:00Z"')
    assert matches('lt "2026-03-01T07:00:00.001Z"')
    assert not matches('gt "2026-03-01T08:00:00+01:00"')


def test_c6_15_texts_are_ordered_by_their_letters(found):
    assert found('userName gt "bob.kern"') == "cleo dan"
    assert found('userName ge "bob.kern"') == "bob cleo dan"
    assert found('userName lt "BOB.KERN"') == "ada"
    assert found('userName le "bob.kern"') == "ada bob"


def test_c6_16_and_c6_34_numbers_are_compared_as_numbers(scim_with_extension):
    scim, urn = scim_with_extension
    name = unused("badge")
    for badge in (-1, 5, 9, 150):
        scim.user(userName=f"{name}.{badge}", **{urn: {"badgeNumber": badge, "loadFactor": badge / 10}})

    def badges(condition):
        listed = scim.find("/Users", f'userName sw "{name}." and {urn}:{condition}').body["Resources"]
        return [user[urn]["badgeNumber"] for user in listed]

    assert badges("badgeNumber gt 9") == [150]
    assert badges("badgeNumber ge 9") == [9, 150]
    assert badges("badgeNumber lt 5") == [-1]
    assert badges("badgeNumber le 5") == [-1, 5]
    assert badges("badgeNumber eq 5") == [5]
    assert badges("badgeNumber eq -1") == [-1]
    assert badges("badgeNumber eq 1.5e2") == [150]
    assert badges("loadFactor gt 0.85") == [9, 150]
    assert badges("loadFactor eq 5e-1") == [5]


@pytest.mark.parametrize(
    "condition", ["active gt true", "active le false", 'x509Certificates.value lt "YQ=="']
)
def test_c6_17_booleans_and_binaries_have_no_order(scim, condition):
    assert scim.find("/Users", condition).error == (400, "invalidFilter")


def test_c6_18_logic_has_its_truth_table(scim):
    mark = unused("truth")
    for p, q, r in itertools.product((True, False), repeat=3):
        scim.user(
            userName=f"{'p' if p else '-'}{'q' if q else '-'}{'r' if r else '-'}.{mark}",
            active=p,
            **({"title": "x"} if q else {}),
            **({"nickName": "x"} if r else {}),
        )

    def those(condition):
        listed = scim.find("/Users", f'userName ew ".{mark}" and ({condition})').body["Resources"]
        return {user["userName"].partition(".")[0] for user in listed}

    every = {"".join(each) for each in itertools.product("p-", "q-", "r-")}
    p, q, r = "active eq true", "title pr", "nickName pr"
    assert those(f"{p} and {q}") == {each for each in every if "p" in each and "q" in each}
    assert those(f"{p} or {q}") == {each for each in every if "p" in each or "q" in each}
    assert those(f"not ({p})") == {each for each in every if "p" not in each}
    # C6-19: not binds before and, and before or; C6-20: parentheses bind first.
    assert those(f"{p} or {q} and {r}") == {e for e in every if "p" in e or ("q" in e and "r" in e)}
    assert those(f"({p} or {q}) and {r}") == {e for e in every if ("p" in e or "q" in e) and "r" in e}
    assert those(f"not ({p}) and {q}") == {e for e in every if "p" not in e and "q" in e}
    assert those(f"not ({p} and {q})") == {e for e in every if not ("p" in e and "q" in e)}


def test_c6_19_and_c6_20_precedence_and_parentheses(found):
    loose = 'userName sw "dan" or title pr and active eq true'
    assert found(loose) == found('userName sw "dan" or (title pr and active eq true)') == "ada dan"
    assert found('(userName sw "dan" or title pr) and active eq false') == "bob"


@pytest.mark.parametrize("condition", ["not (title pr)", "not(title pr)", "NOT  ( title pr )"])
def test_c6_21_not_stands_before_parentheses(scim, found, condition):
    assert found(condition) == "cleo dan"
    assert scim.find("/Users", "not title pr").error == (400, "invalidFilter")


def test_c6_22_a_value_path_is_about_one_value(found):
    assert found('emails[type eq "work" and value co "@work"]') == "ada"
    assert found('emails.type eq "work" and emails.value co "@work"') == "ada bob"


def test_c6_24_logic_works_inside_a_value_path(found):
    assert found('emails[(type eq "work" or type eq "home") and primary eq true]') == "ada bob"
    assert found('emails[type eq "work" and not (primary eq true)]') == "bob"
    assert found('emails[type eq "home" and primary pr]') == "bob"


def test_c6_25_one_value_of_many_is_enough(found):
    assert found('emails.type eq "work"') == "ada bob"
    assert found('emails.value eq "ada@home.example"') == "ada"


def test_c6_26_many_values_are_compared_by_value(found):
    assert found('emails co "ada@"') == "ada"
    assert found('emails eq "bob@work.example"') == "bob"


def test_c6_27_a_complex_attribute_is_no_value(scim):
    assert scim.find("/Users", 'name eq "Ada"').error == (400, "invalidFilter")
    assert scim.find("/Users", 'addresses co "Pier"').error == (400, "invalidFilter")


def test_c6_28_core_attributes_may_be_qualified(found):
    assert found(f'{USER}:userName sw "B"') == "bob"
    assert found(f'{USER}:name.givenName eq "cleo"') == "cleo"
    assert found(f'{USER.upper()}:emails[type eq "work"]') == "ada bob"


def test_c6_29_extension_attributes_are_named_with_their_urn(found):
    assert found(f'{ENTERPRISE}:employeeNumber eq "2"') == "cleo"
    assert found(f'{ENTERPRISE.upper()}:EMPLOYEENUMBER gt "2"') == "dan"


def test_c6_30_extension_sub_attributes_are_compared(found, identifier):
    assert found(f'{ENTERPRISE}:manager.value eq "{identifier["ada"]}"') == "bob"
    assert found(f"{ENTERPRISE}:manager pr") == "bob"


def test_c6_31_schemas_are_compared(scim, found):
    bare = scim.user()
    assert found(f'schemas eq "{ENTERPRISE}"') == "ada bob cleo dan"
    assert scim.find("/Users", f'id eq "{bare.id}" and schemas eq "{ENTERPRISE}"').body["totalResults"] == 0
    assert scim.find("/Users", f'id eq "{bare.id}" and schemas eq "{USER}"').body["totalResults"] == 1


def test_c6_32_booleans_are_not_quoted(scim, found):
    assert found("active eq true") == "ada dan"
    assert found("active eq false") == "bob"
    assert found("active ne true") == "bob cleo"


def test_c6_33_null_is_no_value(found):
    assert found("title eq null") == "dan"
    assert found("title ne null") == "ada bob cleo"
    assert found("emails eq null") == "cleo dan"
    assert found("emails[primary eq null]") == "ada bob"


def test_c6_41_what_another_type_has_is_false_at_the_root(scim):
    mark = unused("root")
    user = scim.user(userName=mark)
    group = scim.group(displayName=mark)

    def at_root(condition):
        return [each["id"] for each in scim.find("/", condition).body["Resources"]]

    assert at_root(f'userName eq "{mark}"') == [user.id]
    assert at_root(f'userName eq "{mark}" or displayName eq "{mark}"') == [user.id, group.id]
    assert at_root(f'displayName eq "{mark}" and not (userName eq "{mark}")') == [group.id]
    assert at_root(f'{GROUP}:displayName eq "{mark}"') == [group.id]


def test_c6_43_what_is_too_much_comes_in_pages(scim):
    listed = scim.get("/Users")

    assert listed.status == 200
    assert listed.body["itemsPerPage"] <= scim.get("/ServiceProviderConfig").body["filter"]["maxResults"]


def test_c6_48_memberships_are_found_from_both_sides(scim, found, identifier):
    crew = scim.group(identifier["ada"], identifier["dan"])
    other = scim.group(identifier["bob"])

    def groups(condition):
        return [each["id"] for each in scim.find("/Groups", condition).body["Resources"]]

    assert groups(f'members.value eq "{identifier["ada"]}"') == [crew.id]
    assert groups(f'id eq "{other.id}" and members eq "{identifier["bob"]}"') == [other.id]
    assert groups(f'id eq "{other.id}" and members[value eq "{identifier["ada"]}"]') == []
    assert groups(f'members[value eq "{identifier["dan"]}" and type eq "User"]') == [crew.id]
    assert found(f'groups.value eq "{crew.id}"') == "ada dan"
    assert found(f'groups eq "{other.id}"') == "bob"
    assert found(f'groups[value eq "{crew.id}"]') == "ada dan"
    assert found(f'not (groups.value eq "{crew.id}")') == "bob cleo"
    assert found("groups pr") == "ada bob dan"
    assert found("groups eq null") == "cleo"


def test_c6_49_one_match_is_a_list_too(scim, people):
    answer = scim.find("/Users", f'id eq "{next(iter(people[1]))}"')

    assert answer.body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]
    assert len(answer.body["Resources"]) == answer.body["itemsPerPage"] == 1
