"""RFC 7644 section 3.5.1: replacing resources. Each test is named after its rule in docs/scim-conformance.md."""

import pytest

from support.scim_http import ENTERPRISE, GROUP, USER, unused


def replacement(user, **changes):
    """The body of a PUT: what a client read, changed."""
    return {name: value for name, value in {**user.body, **changes}.items() if name not in ("meta", "id")}


def test_c11_01_a_user_is_replaced(scim):
    user = scim.user(title="Pilot")

    answer = scim.send("PUT", f"/Users/{user.id}", replacement(user, title="Captain"))

    assert answer.status == 200
    assert scim.get(f"/Users/{user.id}").body["title"] == "Captain"


@pytest.mark.parametrize("endpoint", ["/Users", "/Groups"])
def test_c11_02_the_answer_is_the_entire_resource(scim, endpoint):
    before = scim.user() if endpoint == "/Users" else scim.group(scim.user().id)

    answer = scim.send(
        "PUT", f"{endpoint}/{before.id}", replacement(before, externalId=unused("hr"), displayName="New")
    )

    after = scim.get(f"{endpoint}/{before.id}")
    assert answer.body == after.body
    assert answer.etag == after.etag != before.etag


def test_c11_03_read_only_values_are_ignored(scim):
    user = scim.user()
    group = scim.group(user.id)
    body = replacement(user, title="Pilot") | {
        "groups": [{"value": "elsewhere", "type": "direct"}],
        "meta": {"resourceType": "Group", "created": "2001-01-01T00:00:00Z", "version": 'W/"99"'},
    }

    answer = scim.send("PUT", f"/Users/{user.id}", body)

    assert answer.status == 200
    assert [each["value"] for each in answer.body["groups"]] == [group.id]
    assert answer.body["meta"]["resourceType"] == "User"
    assert answer.body["meta"]["created"] == user.body["meta"]["created"]
    assert answer.body["meta"]["version"] == answer.etag != 'W/"99"'


def test_c11_04_an_immutable_value_that_is_set_must_match(scim):
    member = scim.user().id
    group = scim.group(member)
    body = replacement(group, members=[{"value": member, "type": "Group"}])

    answer = scim.send("PUT", f"/Groups/{group.id}", body)

    assert answer.error == (400, "mutability")
    assert scim.get(f"/Groups/{group.id}").etag == group.etag
    same = replacement(group, members=[{"value": member, "type": "User"}])
    assert scim.send("PUT", f"/Groups/{group.id}", same).status == 200


def test_c11_04_and_c11_05_an_immutable_attribute_is_set_once(scim_with_extension):
    scim, urn = scim_with_extension
    user = scim.user()
    key = unused("key")

    first = scim.send("PUT", f"/Users/{user.id}", replacement(user, **{urn: {"payrollKey": key}}))
    other = scim.send("PUT", f"/Users/{user.id}", replacement(user, **{urn: {"payrollKey": "other"}}))
    same = scim.send("PUT", f"/Users/{user.id}", replacement(first, title="Pilot"))
    left_out = scim.send("PUT", f"/Users/{user.id}", replacement(user))

    assert first.body[urn] == {"payrollKey": key}
    assert other.error == (400, "mutability")
    assert same.body["title"] == "Pilot"
    assert left_out.body[urn] == {"payrollKey": key}


def test_c11_05_an_immutable_value_that_is_not_set_may_be_set(scim):
    group = scim.group()
    member = scim.user().id

    answer = scim.send(
        "PUT", f"/Groups/{group.id}", replacement(group, members=[{"value": member, "type": "User"}])
    )

    assert answer.status == 200
    assert [(each["value"], each["type"]) for each in answer.body["members"]] == [(member, "User")]


@pytest.mark.parametrize(("endpoint", "required"), [("/Users", "userName"), ("/Groups", "displayName")])
def test_c11_06_a_required_attribute_must_be_present(scim, endpoint, required):
    before = scim.user() if endpoint == "/Users" else scim.group()
    body = replacement(before)
    del body[required]

    assert scim.send("PUT", f"{endpoint}/{before.id}", body).error == (400, "invalidValue")
    for empty in (None, ""):
        refused = scim.send("PUT", f"{endpoint}/{before.id}", {**body, required: empty})
        assert refused.error == (400, "invalidValue")
    assert scim.get(f"{endpoint}/{before.id}").etag == before.etag


def test_c11_07_read_write_values_are_replaced_wholly(scim):
    user = scim.user(emails=[{"value": "a@x.example", "type": "work"}, {"value": "b@x.example"}])

    answer = scim.send("PUT", f"/Users/{user.id}", replacement(user, emails=[{"value": "c@x.example"}]))

    assert answer.body["emails"] == [{"value": "c@x.example"}]


def test_c11_08_omitted_values_are_cleared(scim):
    user = scim.user(title="Pilot", nickName="Ann", **{ENTERPRISE: {"department": "Labs"}})

    answer = scim.send("PUT", f"/Users/{user.id}", {"schemas": [USER], "userName": user.body["userName"]})

    assert answer.status == 200
    assert not {"title", "nickName", ENTERPRISE} & set(answer.body)
    assert answer.body["schemas"] == [USER]


@pytest.mark.parametrize(
    ("name", "empty"), [("title", None), ("emails", []), ("emails", None), ("name", None)]
)
def test_c11_09_null_and_an_empty_list_clear(scim, name, empty):
    user = scim.user(title="Pilot", emails=[{"value": "a@x.example"}], name={"familyName": "Moss"})

    answer = scim.send("PUT", f"/Users/{user.id}", replacement(user, **{name: empty}))

    assert answer.status == 200
    assert name not in scim.get(f"/Users/{user.id}").body


@pytest.mark.parametrize("endpoint", ["/Users", "/Groups"])
def test_c11_10_an_unknown_id_is_a_404_and_nothing_is_created(scim, endpoint):
    name = unused("nobody")
    body = {"schemas": [USER if endpoint == "/Users" else GROUP], "userName": name, "displayName": name}

    assert scim.send("PUT", f"{endpoint}/4711", body).error == (404, None)
    assert scim.find(endpoint, f'displayName eq "{name}"').body["totalResults"] == 0


def test_c11_11_anothers_user_name_clashes_and_ones_own_does_not(scim):
    other = scim.user()
    user = scim.user()

    taken = replacement(user, userName=other.body["userName"].upper())
    assert scim.send("PUT", f"/Users/{user.id}", taken).error == (409, "uniqueness")
    own = replacement(user, userName=user.body["userName"].upper())
    assert scim.send("PUT", f"/Users/{user.id}", own).status == 200


def test_c11_12_an_id_in_the_body_does_not_move_the_resource(scim):
    user, other = scim.user(), scim.user()

    answer = scim.send("PUT", f"/Users/{user.id}", replacement(user, title="Pilot") | {"id": other.id})

    assert (answer.status, answer.id) == (200, user.id)
    assert scim.get(f"/Users/{other.id}").etag == other.etag


def test_c11_13_a_stale_if_match_refuses_a_replacement(scim):
    user = scim.user()
    second = scim.send("PUT", f"/Users/{user.id}", replacement(user, title="Pilot"))

    stale = scim.send(
        "PUT", f"/Users/{user.id}", replacement(user, title="Cook"), headers={"If-Match": user.etag}
    )

    assert stale.error == (412, None)
    assert scim.get(f"/Users/{user.id}").body["title"] == "Pilot"
    current = {"If-Match": second.etag}
    assert scim.send("PUT", f"/Users/{user.id}", replacement(user), headers=current).status == 200


@pytest.mark.parametrize("active", [True, False])
def test_c11_14_a_replacement_without_active_keeps_it(scim, active):
    user = scim.user(active=active)
    body = replacement(user, title="Pilot")
    del body["active"]

    assert scim.send("PUT", f"/Users/{user.id}", body).body["active"] is active
