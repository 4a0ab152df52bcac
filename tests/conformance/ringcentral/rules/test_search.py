"""RFC 7644 section 3.4.3: searching by POST. Each test is named after its rule in docs/scim-conformance.md."""

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.scim_http import USER, unused

SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


@pytest.fixture(scope="module")
def three(scim):
    mark = unused("three")
    return mark, [scim.user(userName=f"{letter}.{mark}", title=letter).id for letter in "cab"]


def search(scim, path="/Users/.search", **members):
    return scim.send("POST", path, {"schemas": [SEARCH], **members})


def ids(answer):
    return [each["id"] for each in answer.body["Resources"]]


def test_c10_01_a_search_by_post_is_a_list(scim, three):
    mark, users = three
    answer = search(scim, filter=f'userName ew ".{mark}"')

    assert (answer.status, answer.body["schemas"]) == (200, [LIST])
    assert ids(answer) == users


@pytest.mark.parametrize("schemas", [[USER], ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]])
def test_c10_02_another_message_is_no_search(scim, schemas):
    body = {"schemas": schemas, "count": 1}

    assert scim.send("POST", "/Users/.search", body).error == (400, "invalidSyntax")


@pytest.mark.parametrize("schemas", [[SEARCH.upper()], [], None])
def test_c10_02_a_search_may_leave_its_schema_out(scim, schemas):
    body = {"count": 0} | ({"schemas": schemas} if schemas is not None else {})

    assert scim.send("POST", "/Users/.search", body).status == 200


def test_c10_03_every_parameter_is_a_member_of_the_body(scim, three):
    mark, users = three
    answer = search(
        scim,
        filter=f'userName ew ".{mark}"',
        attributes=["userName", "title"],
        sortBy="title",
        sortOrder="descending",
        startIndex=2,
        count=1,
    )

    assert ids(answer) == [users[2]]
    assert set(answer.body["Resources"][0]) == {"schemas", "id", "userName", "title"}
    assert (answer.body["startIndex"], answer.body["totalResults"]) == (2, 3)
    assert "title" not in search(scim, count=1, excludedAttributes=["title"]).body["Resources"][0]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    members=st.fixed_dictionaries(
        {
            "filter": st.sampled_from(
                ['userName ew ".{}"', 'title pr and userName ew ".{}"', 'userName ew "?{}"']
            )
        },
        optional={
            "sortBy": st.sampled_from(["userName", "title", "meta.created", "emails.value"]),
            "sortOrder": st.sampled_from(["ascending", "descending"]),
            "startIndex": st.integers(-1, 5),
            "count": st.integers(-1, 4),
        },
    ),
    projection=st.sampled_from(
        [{}, {"attributes": "title,name.givenName"}, {"excludedAttributes": "meta"}, {"attributes": "emails"}]
    ),
)
def test_c10_04_a_search_by_post_finds_what_one_by_get_does(scim, three, members, projection):
    wanted = {**members, **projection, "filter": members["filter"].format(three[0])}
    query = "&".join(f"{name}={quote(str(value))}" for name, value in wanted.items())

    assert search(scim, **wanted).body == scim.get("/Users", query=query).body


def test_c10_05_the_root_is_searched_across_types(scim, three):
    mark, users = three
    group = scim.group(displayName=f"z.{mark}")
    both = f'userName ew ".{mark}" or displayName ew ".{mark}"'

    everything = search(scim, "/.search", filter=both)
    assert ids(everything) == [*users, group.id]
    assert {each["meta"]["resourceType"] for each in everything.body["Resources"]} == {"User", "Group"}
    groups = search(scim, "/.search", filter=f'meta.resourceType eq "Group" and ({both})')
    assert ids(groups) == [group.id]
    assert ids(scim.find("/", both)) == [*users, group.id]


def test_c10_06_attributes_are_a_list_here(scim, three):
    wanted = {"filter": f'userName ew ".{three[0]}"', "count": 1}

    as_list = search(scim, attributes=["title", "userName"], **wanted)
    as_text = search(scim, attributes="title,userName", **wanted)
    assert set(as_list.body["Resources"][0]) == {"schemas", "id", "title", "userName"}
    assert as_text.body == as_list.body


def test_c10_07_a_search_creates_nothing(scim):
    before = scim.get("/", query="count=0").body["totalResults"]
    search(scim, filter="userName pr")
    search(scim, "/.search", filter="userName pr")

    assert scim.get("/", query="count=0").body["totalResults"] == before


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/Users/.search", "/.search"])
def test_c10_08_a_search_is_no_id(scim, method, path):
    answer = scim.send(method, path, None if method == "GET" else {"schemas": [USER]})

    assert answer.error[0] in {404, 405}
