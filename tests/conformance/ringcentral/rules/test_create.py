"""RFC 7644 section 3.3: creating resources. Each test is named after its rule in docs/scim-conformance.md."""

import pytest

from support.scim_http import ENTERPRISE, GROUP, USER, unused


def post(scim, **attributes):
    return scim.send("POST", "/Users", {"schemas": [USER], "userName": unused("user"), **attributes})


def test_c4_01_a_creation_answers_201(scim):
    assert post(scim).status == 201
    assert scim.send("POST", "/Groups", {"schemas": [GROUP], "displayName": "Pilots"}).status == 201


def test_c4_02_a_creation_shows_the_whole_resource(scim):
    answer = post(scim, name={"givenName": "Ada"}, emails=[{"value": "a@x.example"}], active=True)

    assert answer.body == scim.get(f"/Users/{answer.id}").body
    assert answer.etag == answer.body["meta"]["version"]


def test_c4_03_read_only_attributes_are_ignored(scim):
    group = scim.group()
    answer = post(scim, id="mine", groups=[{"value": group.id}], meta={"version": "mine"})

    assert answer.status == 201
    assert answer.id != "mine"
    assert "groups" not in answer.body
    assert "members" not in scim.get(f"/Groups/{group.id}").body


def test_c4_04_the_endpoint_decides_the_type(scim):
    assert post(scim, meta={"resourceType": "Group"}).body["meta"]["resourceType"] == "User"


def test_c4_05_what_is_required_must_be_there(scim):
    assert scim.send("POST", "/Users", {"schemas": [USER], "title": "x"}).error == (400, "invalidValue")
    assert scim.send("POST", "/Groups", {"schemas": [GROUP]}).error == (400, "invalidValue")


@pytest.mark.parametrize("nothing", ["", "   ", None])
def test_c4_06_what_is_required_must_not_be_empty(scim, nothing):
    assert post(scim, userName=nothing).error == (400, "invalidValue")
    group = scim.send("POST", "/Groups", {"schemas": [GROUP], "displayName": nothing})
    assert group.error == (400, "invalidValue")


@pytest.mark.parametrize(
    "wrong",
    [
        {"userName": 5},
        {"userName": ["ada"]},
        {"name": "Ada"},
        {"emails": {"value": "a@x.example"}},
        {"emails": ["a@x.example"]},
        {"active": "perhaps"},
        {"title": {"value": "x"}},
        {"schemas": "urn"},
    ],
)
def test_c4_07_a_value_of_another_type_is_refused(scim, wrong):
    status, kind = post(scim, **wrong).error

    assert status == 400
    assert kind in {"invalidValue", "invalidSyntax"}


def test_c4_08_and_c4_09_a_user_name_is_given_once_in_any_case(scim):
    name = unused("Bob")
    post(scim, userName=name)

    assert post(scim, userName=name).error == (409, "uniqueness")
    assert post(scim, userName=name.lower()).error == (409, "uniqueness")


@pytest.mark.parametrize(
    ("first", "alike"),
    [
        ("width", "ｗｉｄｔｈ"),  # noqa: RUF001 - full-width letters are the point
        ("caf\u00e9", "cafe\u0301"),
        ("STRASSE\u0130", "strasse\u0130"),
        ("\u212bngstrom", "\u00e5ngstrom"),
    ],
)
def test_c4_10_user_names_that_are_prepared_alike_are_one(scim, first, alike):
    mark = unused("-")
    post(scim, userName=first + mark)

    assert post(scim, userName=alike + mark).error == (409, "uniqueness")
    assert scim.find("/Users", f'userName eq "{alike + mark}"').body["totalResults"] == 1


def test_c4_10_a_user_name_is_shown_as_it_was_sent(scim):
    name = unused("\uff37ide")

    assert post(scim, userName=name).body["userName"] == name


def test_c4_11_a_deleted_user_makes_room(scim):
    name = unused("returner")
    scim.send("DELETE", f"/Users/{post(scim, userName=name).id}")

    assert post(scim, userName=name).status == 201


def test_c4_12_a_password_is_never_shown(scim):
    answer = post(scim, password="t1me-And-tide")

    assert "password" not in answer.body
    assert "t1me" not in str(scim.get(f"/Users/{answer.id}", query="attributes=password").body)


def test_c4_13_nothing_is_filled_in(scim):
    assert set(post(scim).body) == {"schemas", "id", "userName", "meta"}


@pytest.mark.parametrize("schemas", [None, []])
def test_c4_14_schemas_may_be_left_out_at_an_endpoint_of_one_type(scim, schemas):
    body = {"userName": unused("user")} | ({"schemas": schemas} if schemas is not None else {})

    answer = scim.send("POST", "/Users", body)
    assert answer.status == 201
    assert answer.body["schemas"] == [USER]


def test_c4_15_schema_urns_have_no_case(scim):
    answer = post(scim, schemas=[USER.upper()], **{ENTERPRISE.upper(): {"department": "Labs"}})

    assert answer.status == 201
    assert answer.body["schemas"] == [USER, ENTERPRISE]
    assert answer.body[ENTERPRISE] == {"department": "Labs"}


@pytest.mark.parametrize(
    "wrong", [{"manager": 5}, {"department": ["a"]}, "Labs", {"manager": {"value": {"id": "1"}}}]
)
def test_c4_16_an_extension_is_validated_by_its_schema(scim, wrong):
    status, kind = post(scim, **{ENTERPRISE: wrong}).error

    assert status == 400
    assert kind in {"invalidValue", "invalidSyntax"}


def test_c4_17_a_creation_is_projected(scim):
    body = {"schemas": [USER], "userName": unused("user"), "title": "Pilot", "nickName": "A"}
    named = scim.send("POST", "/Users", body, query="attributes=userName")
    rest = scim.send(
        "POST", "/Users", body | {"userName": unused("u")}, query="excludedAttributes=title,meta"
    )

    assert set(named.body) == {"schemas", "id", "userName"}
    assert set(rest.body) == {"schemas", "id", "userName", "nickName"}
    assert named.headers["location"].endswith(named.id)
