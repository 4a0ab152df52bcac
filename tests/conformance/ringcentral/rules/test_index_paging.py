"""RFC 7644 section 3.4.2.4: pages by index. Each test is named after its rule in docs/scim-conformance.md."""

from urllib.parse import quote

import pytest

from support.scim_http import unused


@pytest.fixture(scope="module")
def five(scim):
    """The ids of five users in the order they were made, and the filter that finds them."""
    mark = unused("five")
    users = [
        scim.user(userName=f"{letter}.{mark}", title=f"{-place}") for place, letter in enumerate("badce")
    ]
    return [user.id for user in users], quote(f'userName ew ".{mark}"')


@pytest.fixture
def page(scim, five):
    _, wanted = five

    def read(query=""):
        answer = scim.get("/Users", query=f"filter={wanted}&{query}")
        assert answer.status == 200, answer.body
        return answer.body

    return read


def ids(body):
    return [user["id"] for user in body["Resources"]]


def test_c8_01_the_first_is_number_one(page, five):
    users, _ = five

    assert ids(page()) == users
    assert ids(page("startIndex=1")) == users
    assert ids(page("startIndex=2")) == users[1:]
    assert page()["startIndex"] == 1


@pytest.mark.parametrize("start", ["0", "-5", "-99999999999999999999"])
def test_c8_02_less_than_one_is_one(page, five, start):
    assert ids(page(f"startIndex={start}")) == five[0]
    assert page(f"startIndex={start}")["startIndex"] == 1


def test_c8_03_count_is_the_most_of_a_page(page, five):
    assert ids(page("count=2")) == five[0][:2]
    assert ids(page("count=9")) == five[0]


def test_c8_04_a_negative_count_is_none(page):
    assert page("count=-1") == page("count=0")


def test_c8_05_a_count_of_zero_counts(page):
    body = page("count=0")

    assert (body["totalResults"], body["itemsPerPage"], body["Resources"]) == (5, 0, [])


def test_c8_06_a_page_says_where_it_is(page):
    body = page("startIndex=2&count=2")

    assert (body["startIndex"], body["itemsPerPage"]) == (2, 2)


def test_c8_07_the_total_is_of_all_matches(page):
    assert [page(query)["totalResults"] for query in ("count=2", "startIndex=5", "startIndex=3&count=1")] == [
        5
    ] * 3


def test_c8_08_items_per_page_are_those_on_the_page(page):
    body = page("startIndex=5&count=2")

    assert body["itemsPerPage"] == len(body["Resources"]) == 1


@pytest.mark.parametrize("start", ["6", "99", str(2**40), str(2**70)])
def test_c8_09_beyond_the_end_is_an_empty_page(page, start):
    body = page(f"startIndex={start}")

    assert (body["Resources"], body["totalResults"], body["itemsPerPage"]) == ([], 5, 0)


def test_c8_10_numbers_are_integers(page):
    body = page("count=2")

    assert [type(body[name]) for name in ("totalResults", "startIndex", "itemsPerPage")] == [int] * 3


@pytest.mark.parametrize("size", [1, 2, 3])
def test_c8_11_walking_pages_meets_everyone_once(page, five, size):
    walked = [each for start in range(1, 7, size) for each in ids(page(f"startIndex={start}&count={size}"))]

    assert walked == five[0]


@pytest.mark.parametrize("query", ["startIndex=abc", "count=", "count=1.5", "startIndex=%20", "count=two"])
def test_c8_12_what_is_no_number_is_refused(scim, query):
    assert scim.get("/Users", query=query).error == (400, "invalidValue")


def test_c8_13_more_than_the_most_is_the_most(page, five, scim):
    most = scim.get("/ServiceProviderConfig").body["filter"]["maxResults"]

    assert ids(page(f"count={most * 100}")) == five[0]


def test_c8_14_pages_are_cut_from_what_is_found_and_sorted(page, five):
    users, _ = five

    assert ids(page("sortBy=userName&startIndex=2&count=2")) == [users[0], users[3]]
    assert ids(page("sortBy=userName&sortOrder=descending&count=1")) == [users[4]]
