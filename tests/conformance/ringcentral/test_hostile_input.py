"""Whatever is sent, the answer is a SCIM one and never a 500."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scim2_server.requests import ScimRequest

from provisor.ringcentral import serving
from support import postgres

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"

MODERATE = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

NAMES = st.sampled_from(
    [
        "schemas", "id", "userName", "name", "name.givenName", "emails", "active", "members", "displayName", "meta",
        "phoneNumbers", "addresses", "roles", "groups", "x509Certificates", "photos", "title", "password",
        "externalId", "Operations", "value", "type", "primary", "$ref", ENTERPRISE, f"{ENTERPRISE}:manager",
        'emails[type eq "work"].value', 'members[value eq "x"]', "members.value", USER, GROUP, "emails[0]", "..", "",
    ]
)  # fmt: skip
TEXTS = st.text(max_size=12) | st.sampled_from(
    ["\0", "\ud800", "True", USER, GROUP, "a@b.example", "x" * 3000]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | TEXTS, inner, max_size=4),
    max_leaves=12,
)
OPERATIONS = st.fixed_dictionaries(
    {},
    optional={
        "op": st.sampled_from(["add", "Replace", "REMOVE", "move", 3, None]),
        "path": NAMES | TEXTS | st.none() | st.integers(),
        "value": JSON,
    },
)
FILTERS = st.lists(
    NAMES
    | st.sampled_from(
        ["eq", "ne", "co", "sw", "ew", "gt", "pr", "and", "or", "not", "(", ")", "[", "]", "null"]
    )
    | st.sampled_from(
        ['"x"', "true", "7", "1e400", '"2026-01-05T10:00:00Z"', '"\\ud800"', '"\\u0000"', "meta.created"]
    )
    | TEXTS,
    max_size=8,
).map(" ".join)
METHODS = st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW"])
PATHS = st.sampled_from(
    ["/Users", "/Groups", "/Schemas", "/Bulk", "/Me", "/", "/Users/.search", "/ResourceTypes/User"]
)


def encoded(value):
    return json.dumps(value).encode()


@pytest.fixture(params=["ringcentral", "full"])
def wire(request, make_wire):
    return make_wire(request.param)


@pytest.fixture
def resource(wire, ada):
    return wire.send("POST", "/Users", ada | {"active": True}).body["id"]


def assert_answered(answer):
    assert answer.status < 500 or answer.status == 501
    if answer.status >= 400:
        assert answer.body["status"] == str(answer.status)


@MODERATE
@given(body=JSON, method=METHODS, path=PATHS)
def test_no_body_is_a_server_error(wire, body, method, path):
    assert_answered(wire.send(method, path, encoded(body)))


@MODERATE
@given(attributes=st.dictionaries(NAMES, JSON, max_size=5), endpoint=st.sampled_from(["/Users", "/Groups"]))
def test_no_attribute_is_a_server_error(wire, ada, attributes, endpoint):
    known = ada if endpoint == "/Users" else {"schemas": [GROUP], "displayName": "Pilots"}

    assert_answered(wire.send("POST", endpoint, encoded({**known, **attributes})))


@MODERATE
@given(operations=st.lists(OPERATIONS, max_size=3))
def test_no_patch_is_a_server_error(wire, resource, operations):
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations}

    assert_answered(wire.send("PATCH", f"/Users/{resource}", encoded(body)))


MEMBER_PATHS = st.sampled_from(
    [
        "members",
        "Members",
        f"{GROUP}:members",
        'members[value eq "x"]',
        "members.value",
        "members[type pr].type",
        None,
    ]
)
MEMBERS = st.lists(
    st.fixed_dictionaries({}, optional={"value": JSON, "type": JSON, "$ref": JSON, "display": JSON}) | JSON,
    max_size=3,
)


@MODERATE
@given(
    operations=st.lists(
        st.fixed_dictionaries(
            {"op": st.sampled_from(["add", "replace", "remove"])},
            optional={
                "path": MEMBER_PATHS,
                "value": MEMBERS | JSON | st.builds(lambda value: {"members": value}, MEMBERS),
            },
        ),
        min_size=1,
        max_size=3,
    )
)
def test_no_change_of_members_is_a_server_error(full, operations):
    group = full.send("POST", "/Groups", {"schemas": [GROUP], "displayName": "Pilots"}).body["id"]
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations}

    assert_answered(full.send("PATCH", f"/Groups/{group}", encoded(body)))


BULK_IDS = st.sampled_from(["a", "b", "c", ""]) | TEXTS
BULK_REFERENCES = BULK_IDS.map("bulkId:{}".format)
BULK_DATA = st.fixed_dictionaries(
    {},
    optional={
        "schemas": st.sampled_from(
            [[USER], [GROUP], [ENTERPRISE], ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]]
        )
        | JSON,
        "userName": BULK_REFERENCES | TEXTS,
        "displayName": BULK_REFERENCES | TEXTS,
        "members": st.lists(st.builds(lambda value: {"value": value}, BULK_REFERENCES | TEXTS), max_size=2)
        | JSON,
        ENTERPRISE: st.builds(lambda value: {"manager": value}, BULK_REFERENCES | JSON),
        "emails": st.lists(st.builds(lambda value: {"value": value}, BULK_REFERENCES), max_size=2),
        "Operations": st.lists(OPERATIONS, max_size=2) | JSON,
    },
)
BULK_OPERATIONS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "method": st.sampled_from(["POST", "PUT", "PATCH", "DELETE", "GET"]) | JSON,
            "path": st.sampled_from(
                ["/Users", "/Groups", "/Users/bulkId:a", "/Groups/bulkId:b", "/Users/1", "Users", "/Me"]
            )
            | JSON,
            "bulkId": BULK_IDS | JSON,
            "version": TEXTS | JSON,
            "data": BULK_DATA | JSON,
        },
    )
    | JSON,
    max_size=4,
)


@MODERATE
@given(operations=BULK_OPERATIONS, limit=st.none() | st.integers() | JSON)
def test_no_bulk_request_is_a_server_error(full, operations, limit):
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": operations}

    answer = full.send("POST", "/Bulk", encoded(body if limit is None else body | {"failOnErrors": limit}))

    assert_answered(answer)
    for result in (answer.body.get("Operations") or []) if answer.status == 200 else []:
        assert int(result["status"]) < 500
        assert int(result["status"]) < 300 or result["response"]["status"] == result["status"]


@MODERATE
@given(
    search=st.fixed_dictionaries(
        {"filter": FILTERS},
        optional={"sortBy": NAMES, "startIndex": SCALARS, "count": SCALARS, "attributes": JSON},
    )
)
def test_no_search_is_a_server_error(wire, resource, search):
    assert_answered(wire.send("POST", "/Users/.search", encoded(search)))


@MODERATE
@given(content=st.binary(max_size=40), identifier=st.text(max_size=10))
def test_no_bytes_are_a_server_error(wire, content, identifier):
    identifier = identifier.encode("utf-8", "replace").decode()
    assert_answered(wire.send("POST", "/Users", content))
    assert_answered(wire.send("GET", f"/Users/{identifier}", query="filter=%FF%00&attributes=%5B"))


def test_a_number_beyond_64_bits_is_an_empty_page(wire):
    answer = wire.send("GET", "/Users", query=f"startIndex={2**64}")

    assert answer.status == 200
    assert answer.body["Resources"] == []


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"Operations":[{"value":'])
def test_deep_nesting_is_refused(wire, resource, opening):
    assert wire.send("POST", "/Users", opening * 100_000).status == 400
    assert wire.send("PATCH", f"/Users/{resource}", opening * 900).status == 400


@pytest.mark.parametrize(
    "scim_filter",
    [
        "(" * 5000,
        "not (" * 400 + "userName pr" + ")" * 400,
        " or ".join(['userName eq "x"'] * 2000),
        '"' * 99,
    ],
)
def test_a_filter_without_end_is_refused(full, scim_filter):
    answer = full.send("POST", "/Users/.search", {"filter": scim_filter})

    assert answer.status == 400


@pytest.mark.postgres
def test_postgresql_is_never_asked_what_it_cannot_hold(ada):
    with postgres.fresh_database_url() as url:
        token = serving.create_token(url, "full")
        app = serving.create_app(database_url=url, profile="full", throttling=None)
        endpoint = app.state.endpoint

        def status(method, path, body=None, query=None):
            request = ScimRequest(
                method=method,
                base_url="http://scim.example/scim/v2",
                path=path,
                query=query or {},
                headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
                body=encoded(body),
            )
            return endpoint.answer(request).status

        assert status("POST", "/Users", ada | {"title": "a\0b"}) == 400
        assert status("POST", "/Users", ada | {"title": "a\ud800"}) == 400
        assert status("POST", "/Users", ada | {"title": "ÿ" * 9000, "userName": "ü" * 4000}) == 201
        assert status("POST", "/Users", ada | {"userName": "Ü" * 4000}) == 409
        assert status("GET", "/Users/a\0b") == 404
        assert status("GET", "/Users", query={"filter": 'title eq "a\\u0000"'}) == 400
        assert status("GET", "/Users", query={"filter": f'title co "{"ÿ" * 600}"', "sortBy": "title"}) == 200
        app.state.database.close()
