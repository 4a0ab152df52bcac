"""RFC 7644 section 3.4.2.3: sorting. Each test is named after its rule in docs/scim-conformance.md."""

from urllib.parse import quote

import pytest

from support.scim_http import ENTERPRISE, unused


@pytest.fixture(scope="module")
def crew(scim):
    """Users of one department, which the searches are about."""
    department = unused("crew")
    made = {
        "ada": {
            "title": "beta",
            "name": {"familyName": "Moss"},
            "active": True,
            "externalId": "b",
            "emails": [{"value": "z@x.example"}, {"value": "c@x.example", "primary": True}],
        },
        "Bob": {
            "title": "Alpha",
            "name": {"familyName": "zeller"},
            "active": False,
            "externalId": "C",
            "emails": [{"value": "B@x.example"}, {"value": "a@x.example"}],
        },
        "cleo": {"name": {"familyName": "Abel"}, "externalId": "a"},
        "Dan": {"title": "gamma", "active": True, "emails": [{"value": "a@x.example", "type": "work"}]},
    }
    names = {}
    for key, attributes in made.items():
        user = scim.user(userName=unused(key), **attributes, **{ENTERPRISE: {"department": department}})
        names[user.id] = key
    return department, names


@pytest.fixture
def ordered(scim, crew):
    department, names = crew

    def order(query):
        wanted = quote(f'{ENTERPRISE}:department eq "{department}"')
        answer = scim.get("/Users", query=f"filter={wanted}&{query}")
        assert answer.status == 200, answer.body
        return [names[user["id"]] for user in answer.body["Resources"]]

    return order


def test_c7_01_sorting_is_advertised(scim):
    assert scim.get("/ServiceProviderConfig").body["sort"] == {"supported": True}


def test_c7_02_the_order_is_ascending(ordered):
    assert ordered("sortBy=userName") == ordered("sortBy=userName&sortOrder=ascending")
    assert ordered("sortBy=userName") == ["ada", "Bob", "cleo", "Dan"]


def test_c7_03_descending_is_the_reverse(ordered):
    assert ordered("sortBy=userName&sortOrder=descending") == ["Dan", "cleo", "Bob", "ada"]


def test_c7_04_what_has_no_value_is_last_ascending_and_first_descending(ordered):
    assert ordered("sortBy=title") == ["Bob", "ada", "Dan", "cleo"]
    assert ordered("sortBy=title&sortOrder=descending") == ["cleo", "Dan", "ada", "Bob"]


def test_c7_05_texts_are_ordered_without_case(ordered):
    assert ordered("sortBy=title")[:2] == ["Bob", "ada"]
    assert ordered("sortBy=name.familyName") == ["cleo", "ada", "Bob", "Dan"]


def test_c7_06_exact_texts_are_ordered_with_case(ordered):
    assert ordered("sortBy=externalId") == ["Bob", "cleo", "ada", "Dan"]


def test_c7_07_a_sub_attribute_orders(ordered):
    assert ordered("sortBy=name.familyName&sortOrder=descending") == ["Dan", "Bob", "ada", "cleo"]


@pytest.mark.parametrize("path", ["emails.value", "emails"])
def test_c7_08_many_values_count_by_the_primary_one_or_the_first(ordered, path):
    assert ordered(f"sortBy={path}") == ["Dan", "Bob", "ada", "cleo"]


def test_c7_08_a_primary_without_the_sub_attribute_has_no_value(ordered):
    assert ordered("sortBy=emails.type") == ["Dan", "ada", "Bob", "cleo"]


def test_c7_09_times_are_ordered_as_times(ordered):
    assert ordered("sortBy=meta.created") == ["ada", "Bob", "cleo", "Dan"]
    assert ordered("sortBy=meta.created&sortOrder=descending") == ["Dan", "cleo", "Bob", "ada"]


def test_c7_09_times_with_zones_and_numbers_are_ordered_by_what_they_mean(scim_with_extension):
    scim, urn = scim_with_extension
    mark = unused("hired")
    hired = {
        "late": "2026-03-01T08:00:00Z",
        "early": "2026-03-01T09:00:00+02:00",
        "noon": "2026-03-01T12:00:00Z",
    }
    badges = {"late": 10, "early": 9, "noon": -1}
    for name, moment in hired.items():
        scim.user(userName=f"{name}.{mark}", **{urn: {"hired": moment, "badgeNumber": badges[name]}})

    wanted = quote(f'userName ew ".{mark}"')

    def order(path):
        query = f"filter={wanted}&sortBy={urn}:{path}"
        return [
            each["userName"].partition(".")[0] for each in scim.get("/Users", query=query).body["Resources"]
        ]

    assert order("hired") == ["early", "late", "noon"]
    assert order("badgeNumber") == ["noon", "early", "late"]


def test_c7_09_booleans_are_ordered_false_first(ordered):
    assert ordered("sortBy=active") == ["Bob", "ada", "Dan", "cleo"]


def test_c7_10_another_order_is_refused(scim):
    assert scim.get("/Users", query="sortBy=userName&sortOrder=up").error == (400, "invalidValue")


@pytest.mark.parametrize("path", ["nope", "name", "password", "userName[", "x509Certificates.value"])
def test_c7_11_what_cannot_be_sorted_by_is_refused(scim, path):
    status, kind = scim.get("/Users", query=f"sortBy={quote(path)}").error

    assert status == 400
    assert kind in {"invalidPath", "invalidValue"}
