"""RFC 9865: pages by cursor. Each test is named after its rule in docs/scim-conformance.md."""

import re
from urllib.parse import quote

import pytest

from provisor.ringcentral import serving
from support.scim_http import ScimHttp, unused
from support.scim_provider import full_provider
from support.told_clock import ToldClock

SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


@pytest.fixture(scope="module")
def six(scim):
    """The ids of six users in the order they were made, and the filter that finds them."""
    mark = unused("six")
    users = [
        scim.user(userName=f"{letter}.{mark}", title=title)
        for letter, title in zip("badcfe", "xyxyxy", strict=True)
    ]
    return [user.id for user in users], quote(f'userName ew ".{mark}"')


@pytest.fixture
def page(scim, six):
    def read(query):
        answer = scim.get("/Users", query=f"filter={six[1]}&{query}")
        assert answer.status == 200, answer.body
        return answer.body

    return read


@pytest.fixture
def refusal(scim, six):
    def read(query, wanted=None):
        return scim.get("/Users", query=f"filter={wanted or six[1]}&{query}")

    return read


def ids(*pages):
    return [user["id"] for page in pages for user in page["Resources"]]


def walked(page, query):
    pages = [page(f"{query}&cursor=")]
    while "nextCursor" in pages[-1]:
        pages.append(page(f"{query}&cursor={pages[-1]['nextCursor']}"))
    return pages


@pytest.mark.parametrize("first", ["cursor&count=2", "cursor=&count=2", "count=2&cursor="])
def test_c9_01_the_first_cursor_is_empty(page, six, first):
    assert ids(page(first)) == six[0][:2]


@pytest.mark.parametrize(("size", "pages"), [(2, 3), (4, 2), (3, 2), (6, 1), (10, 1)])
def test_c9_02_and_c9_03_every_page_but_the_last_has_a_next(page, six, size, pages):
    all_pages = walked(page, f"count={size}")

    assert len(all_pages) == pages
    assert ids(*all_pages) == six[0]


def test_c9_04_the_first_page_has_no_previous(page):
    assert "previousCursor" not in page("count=2&cursor=")


def test_c9_05_previous_walks_back(page, six):
    last = walked(page, "count=2")[-1]
    middle = page(f"count=2&cursor={last['previousCursor']}")
    first = page(f"count=2&cursor={middle['previousCursor']}")

    assert (ids(middle), ids(first)) == (six[0][2:4], six[0][:2])
    assert "previousCursor" not in first
    assert ids(page(f"count=2&cursor={first['nextCursor']}")) == six[0][2:4]


def test_c9_06_cursors_need_no_encoding(page):
    middle = walked(page, "count=2")[1]

    assert re.fullmatch(r"[A-Za-z0-9._~-]+", middle["nextCursor"])
    assert re.fullmatch(r"[A-Za-z0-9._~-]+", middle["previousCursor"])


@pytest.mark.parametrize("count", ["0", "-3"])
def test_c9_07_a_count_of_zero_or_less_counts(page, count):
    body = page(f"cursor=&count={count}")

    assert (body["totalResults"], body["Resources"], body["itemsPerPage"]) == (6, [], 0)
    assert not {"nextCursor", "previousCursor"} & set(body)


def test_c9_08_the_total_is_on_every_page(page):
    assert {each["totalResults"] for each in walked(page, "count=4")} == {6}
    assert not any("startIndex" in each for each in walked(page, "count=4"))


@pytest.mark.parametrize("bad", ["nonsense", "AAAA", "a.b~c_d-e", "x" * 5000, "%C3%A9"])
def test_c9_09_a_cursor_that_is_none_is_refused(refusal, bad):
    assert refusal(f"count=2&cursor={bad}").error == (400, "invalidCursor")


def test_c9_09_a_cursor_that_was_changed_is_refused(page, refusal):
    cursor = page("count=2&cursor=")["nextCursor"]
    changed = cursor[:40] + ("A" if cursor[40] != "A" else "B") + cursor[41:]

    assert refusal(f"count=2&cursor={changed}").error == (400, "invalidCursor")
    assert refusal(f"count=2&cursor={cursor[:-2]}").error == (400, "invalidCursor")


def test_c9_10_an_old_cursor_has_expired(tmp_path):
    clock = ToldClock()
    with full_provider(f"sqlite:///{tmp_path}/provider.db", clock=clock.now) as scim:
        timeout = scim.get("/ServiceProviderConfig").body["pagination"]["cursorTimeout"]
        for _ in range(3):
            scim.user()
        cursor = scim.get("/Users", query="count=1&cursor=").body["nextCursor"]

        clock.tell(timeout)
        in_time = scim.get("/Users", query=f"count=1&cursor={cursor}")
        clock.tell(1)
        late = scim.get("/Users", query=f"count=1&cursor={cursor}")

    assert in_time.status == 200
    assert late.error == (400, "expiredCursor")


def test_c9_11_another_count_is_refused(page, refusal):
    cursor = page("count=2&cursor=")["nextCursor"]

    assert refusal(f"count=3&cursor={cursor}").error == (400, "invalidCount")
    assert refusal(f"cursor={cursor}").error == (400, "invalidCount")


def test_c9_11_a_count_beyond_the_largest_page_is_refused(refusal, scim):
    largest = scim.get("/ServiceProviderConfig").body["pagination"]["maxPageSize"]

    assert refusal(f"count={largest}&cursor=").status == 200
    assert refusal(f"count={largest + 1}&cursor=").error == (400, "invalidCount")


@pytest.mark.parametrize(
    "drift",
    [
        {"wanted": quote('userName sw "b"')},
        {"query": "&sortBy=title"},
        {"query": "&attributes=title"},
        {"query": "&excludedAttributes=title"},
    ],
)
def test_c9_12_another_search_cannot_go_on_from_a_cursor(page, refusal, drift):
    cursor = page("count=2&cursor=")["nextCursor"]

    answer = refusal(f"count=2&cursor={cursor}{drift.get('query', '')}", drift.get("wanted"))
    assert answer.error == (400, "invalidCursor")


def test_c9_12_a_start_index_and_a_cursor_exclude_each_other(refusal):
    assert refusal("cursor=&startIndex=1").error == (400, "invalidValue")


@pytest.mark.parametrize("size", [1, 2, 4])
@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_c9_13_pages_follow_the_order(page, six, size, order):
    by_name = sorted(zip("badcfe", six[0], strict=True), reverse=order == "descending")

    assert ids(*walked(page, f"count={size}&sortBy=userName&sortOrder={order}")) == [
        each for _, each in by_name
    ]
    by_title = ids(*walked(page, f"count={size}&sortBy=title&sortOrder={order}"))
    assert by_title == ids(page(f"sortBy=title&sortOrder={order}"))
    assert sorted(by_title) == sorted(six[0])


def test_c9_13_a_page_stays_where_it_is_while_people_come_and_go(scim):
    mark = unused("moving")
    letters = {letter: scim.user(userName=f"{letter}.{mark}").id for letter in "bdfh"}
    wanted = quote(f'userName ew ".{mark}"')
    query = f"filter={wanted}&sortBy=userName&count=2&cursor="
    first = scim.get("/Users", query=query).body
    scim.send("DELETE", f"/Users/{letters['d']}")
    scim.user(userName=f"a.{mark}")
    late = scim.user(userName=f"g.{mark}")

    second = scim.get("/Users", query=f"{query}{first['nextCursor']}").body
    assert ids(second) == [letters["f"], late.id]


def test_c9_14_and_c9_15_without_a_word_pages_are_by_index(scim, page):
    body = page("count=2")

    assert scim.get("/ServiceProviderConfig").body["pagination"]["defaultPaginationMethod"] == "index"
    assert body["startIndex"] == 1
    assert "nextCursor" not in body


def test_c9_16_and_c9_17_the_cursor_of_another_client_is_as_good_as_none(tmp_path):
    url = f"sqlite:///{tmp_path}/provider.db"
    with full_provider(url) as owner:
        other = ScimHttp(base_url=owner.base_url, token=serving.create_token(url, "full"))
        for _ in range(3):
            owner.user()
        cursor = owner.get("/Users", query="count=1&cursor=").body["nextCursor"]

        foreign = other.get("/Users", query=f"count=1&cursor={cursor}")
        invented = other.get("/Users", query="count=1&cursor=invented")
        revoked = owner.get(
            "/Users", query=f"count=1&cursor={cursor}", headers={"Authorization": "Bearer gone"}
        )
        own = owner.get("/Users", query=f"count=1&cursor={cursor}")
        other.close()

    assert foreign.error == (400, "invalidCursor")
    assert foreign.body == invented.body
    assert revoked.status == 401
    assert own.status == 200


def test_c9_16_a_cursor_outlives_the_process(tmp_path):
    url = f"sqlite:///{tmp_path}/provider.db"
    with full_provider(url) as scim:
        users = [scim.user().id for _ in range(2)]
        cursor = scim.get("/Users", query="count=1&cursor=").body["nextCursor"]
    with full_provider(url, token=scim.token) as again:
        assert ids(again.get("/Users", query=f"count=1&cursor={cursor}").body) == users[1:]


def test_c9_18_cursors_work_in_a_search_by_post(scim, six):
    users, wanted = six
    search = {"schemas": [SEARCH], "filter": wanted.replace("%20", " ").replace("%22", '"'), "count": 4}
    first = scim.send("POST", "/Users/.search", search | {"cursor": ""}).body
    second = scim.send("POST", "/Users/.search", search | {"cursor": first["nextCursor"]}).body

    assert ids(first, second) == users


def test_c9_19_the_configuration_says_how_pages_are_made(scim):
    assert scim.get("/ServiceProviderConfig").body["pagination"] == {
        "cursor": True,
        "index": True,
        "defaultPaginationMethod": "index",
        "defaultPageSize": 1000,
        "maxPageSize": 1000,
        "cursorTimeout": 3600,
    }
