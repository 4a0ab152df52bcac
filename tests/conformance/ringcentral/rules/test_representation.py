"""RFC 7643 sections 2 and 3: how resources look. Each test is named after its rule in docs/scim-conformance.md."""

import datetime as dt
import re

import pytest

from support.scim_http import ENTERPRISE, USER, unused

FOREIGN = "urn:example:params:scim:schemas:foreign:2.0:User"


def created(scim, **attributes):
    return scim.send("POST", "/Users", {"schemas": [USER], "userName": unused("user"), **attributes})


def found(scim, user, condition):
    """Whether a user is among those a filter matches."""
    listed = scim.find("/Users", f'id eq "{user.id}" and {condition}').body
    return listed["totalResults"] == 1


def test_c2_01_schemas_are_named_once(scim):
    user = scim.user(schemas=[USER, USER, ENTERPRISE], **{ENTERPRISE: {"department": "Labs"}})

    assert scim.get(f"/Users/{user.id}").body["schemas"] == [USER, ENTERPRISE]


def test_c2_02_a_schema_of_nobody_is_not_echoed(scim):
    user = scim.user(schemas=[USER, FOREIGN], **{FOREIGN: {"shoe": 43}})

    assert user.body["schemas"] == [USER]
    assert FOREIGN not in scim.get(f"/Users/{user.id}").body


def test_c2_03_the_order_of_schemas_is_free(scim):
    answer = created(scim, schemas=[ENTERPRISE, USER], **{ENTERPRISE: {"department": "Labs"}})

    assert answer.status == 201
    assert answer.body[ENTERPRISE] == {"department": "Labs"}


def test_c2_04_extension_attributes_stand_under_their_urn(scim):
    given = {"department": "Labs", "employeeNumber": "411"}
    user = scim.user(schemas=[USER, ENTERPRISE], **{ENTERPRISE: given})

    shown = scim.get(f"/Users/{user.id}").body
    assert shown[ENTERPRISE] == given
    assert "department" not in shown


def test_c2_05_an_extension_with_data_is_among_the_schemas(scim):
    user = scim.user(**{ENTERPRISE: {"department": "Labs"}})

    assert scim.get(f"/Users/{user.id}").body["schemas"] == [USER, ENTERPRISE]


def test_c2_06_an_extension_without_data_is_not_among_the_schemas(scim):
    user = scim.user(**{ENTERPRISE: {"department": "Labs"}})

    scim.patch(f"/Users/{user.id}", {"op": "remove", "path": f"{ENTERPRISE}:department"})

    shown = scim.get(f"/Users/{user.id}").body
    assert shown["schemas"] == [USER]
    assert ENTERPRISE not in shown


def test_c2_07_ids_are_ours_and_never_given_twice(scim):
    name = unused("again")
    first = scim.user(userName=name, id="mine")
    scim.send("DELETE", f"/Users/{first.id}")
    second = scim.user(userName=name)

    assert first.id
    assert first.id not in ("mine", second.id)
    assert scim.get(f"/Users/{second.id}").id == second.id


def test_c2_08_no_id_holds_the_reserved_word(scim):
    assert all("bulkid" not in scim.user().id.lower() for _ in range(20))


def test_c2_09_ids_are_compared_exactly(scim):
    user = next(each for each in (scim.user() for _ in range(50)) if each.id != each.id.upper())

    assert scim.get(f"/Users/{user.id.upper()}").error == (404, None)


def test_c2_10_external_ids_are_kept_and_compared_exactly(scim):
    external = unused("AbC")
    user = scim.user(externalId=external)

    assert scim.get(f"/Users/{user.id}").body["externalId"] == external
    assert scim.find("/Users", f'externalId eq "{external}"').body["totalResults"] == 1
    assert scim.find("/Users", f'externalId eq "{external.lower()}"').body["totalResults"] == 0


def test_c2_11_an_external_id_is_never_made_up(scim):
    assert "externalId" not in scim.get(f"/Users/{scim.user().id}").body


def test_c2_12_two_users_may_have_one_external_id(scim):
    external = unused("hr")

    assert [created(scim, externalId=external).status for _ in range(2)] == [201, 201]


def test_c2_13_the_meta_of_a_client_is_ignored(scim):
    sent = {"created": "1970-01-01T00:00:00Z", "location": "http://elsewhere.example/1", "version": 'W/"9"'}
    user = scim.user(meta=sent)

    assert not {tuple(each) for each in sent.items()} & set(user.body["meta"].items())


def test_c2_14_meta_tells_type_times_and_place(scim):
    user = scim.get(f"/Users/{scim.user().id}").body
    group = scim.get(f"/Groups/{scim.group().id}").body

    assert (user["meta"]["resourceType"], group["meta"]["resourceType"]) == ("User", "Group")
    for resource in (user, group):
        assert {"created", "lastModified", "location", "version"} <= set(resource["meta"])


def test_c2_15_what_was_never_modified_was_modified_when_created(scim):
    meta = scim.get(f"/Users/{scim.user().id}").body["meta"]

    assert meta["created"] == meta["lastModified"]


def test_c2_16_times_have_date_time_and_zone(scim):
    meta = scim.user().body["meta"]

    for name in ("created", "lastModified"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", meta[name])
        assert dt.datetime.fromisoformat(meta[name]).tzinfo is not None


def test_c2_17_only_a_change_moves_the_last_modification(scim):
    user = scim.user(title="Pilot")
    same = scim.patch(f"/Users/{user.id}", {"op": "add", "path": "title", "value": "Pilot"})
    other = scim.patch(f"/Users/{user.id}", {"op": "add", "path": "title", "value": "Navigator"})

    assert same.body["meta"] == user.body["meta"]
    assert other.body["meta"]["lastModified"] > user.body["meta"]["lastModified"]
    assert other.body["meta"]["created"] == user.body["meta"]["created"]


def test_c2_18_the_location_is_that_of_the_header(scim):
    user = scim.user()
    read = scim.get(f"/Users/{user.id}")

    assert user.headers["location"] == user.body["meta"]["location"] == f"{scim.base_url}/Users/{user.id}"
    assert read.headers["content-location"] == read.body["meta"]["location"]


def test_c2_19_attribute_names_have_no_case(scim):
    name = unused("Shout")
    answer = scim.send(
        "POST", "/Users", {"SCHEMAS": [USER], "USERNAME": name, "Active": True, "NAME": {"GIVENname": "Ada"}}
    )

    assert answer.status == 201
    assert (answer.body["userName"], answer.body["active"]) == (name, True)
    assert answer.body["name"] == {"givenName": "Ada"}


@pytest.mark.parametrize("nothing", [{"title": None, "emails": []}, {}, {"emails": None}])
def test_c2_20_null_empty_and_absent_are_one_state(scim, nothing):
    user = scim.user(title="Pilot", emails=[{"value": "p@x.example"}])

    body = {"schemas": [USER], "userName": user.body["userName"], **nothing}
    replaced = scim.send("PUT", f"/Users/{user.id}", body)

    assert not {"title", "emails"} & set(replaced.body)
    assert not found(scim, user, "title pr")
    assert not found(scim, user, "emails pr")


def test_c2_21_nothing_is_sent_as_null(scim):
    user = scim.user(name={"givenName": "Ada", "familyName": None}, nickName=None, emails=[])

    shown = scim.get(f"/Users/{user.id}").body
    assert shown["name"] == {"givenName": "Ada"}
    assert not [name for name, value in shown.items() if value in (None, [], {})]


def test_c2_22_values_have_the_types_of_json(scim_with_extension):
    scim, urn = scim_with_extension
    given = {"badgeNumber": 17, "loadFactor": 0.8, "certified": True}
    user = scim.user(active=False, **{urn: given})

    shown = scim.get(f"/Users/{user.id}").body
    assert shown["active"] is False
    assert shown[urn] == given
    assert [type(value) for value in shown[urn].values()] == [int, float, bool]


@pytest.mark.parametrize("number", [1.5, "1.5", "1e2", 2.5e1 + 0.25])
def test_c2_23_an_integer_has_no_fraction(scim_with_extension, number):
    scim, urn = scim_with_extension

    assert created(scim, **{urn: {"badgeNumber": number}}).error == (400, "invalidValue")


def test_c2_24_binary_is_base64(scim):
    good = created(scim, x509Certificates=[{"value": "bm90IGEgY2VydGlmaWNhdGU="}])

    assert good.body["x509Certificates"] == [{"value": "bm90IGEgY2VydGlmaWNhdGU="}]
    assert created(scim, x509Certificates=[{"value": "%%%"}]).error == (400, "invalidValue")


def test_c2_24_a_reference_is_a_uri(scim):
    address = "https://people.example/ada"

    assert created(scim, profileUrl=address).body["profileUrl"] == address
    assert created(scim, profileUrl=5).error == (400, "invalidValue")
    assert created(scim, profileUrl="not a uri").error == (400, "invalidValue")


def test_c2_25_one_value_is_primary(scim):
    emails = [{"value": "a@x.example", "primary": True}, {"value": "b@x.example", "primary": True}]

    assert created(scim, emails=emails).error == (400, "invalidValue")


def test_c2_26_an_absent_primary_is_false(scim):
    user = scim.user(emails=[{"value": "a@x.example"}])

    assert found(scim, user, "emails[primary eq false]")
    assert found(scim, user, "emails.primary eq false")
    assert not found(scim, user, "emails[primary eq true]")
    assert not found(scim, user, "emails[primary ne false]")


def test_c2_27_a_value_is_shown_once(scim):
    emails = [{"value": "a@x.example", "type": "work"}, {"value": "a@x.example", "type": "work"}]
    user = scim.user(emails=emails)

    assert scim.get(f"/Users/{user.id}").body["emails"] == emails[:1]


def test_c2_28_one_value_of_many_is_a_list(scim):
    user = scim.user(emails=[{"value": "a@x.example"}])

    assert scim.get(f"/Users/{user.id}").body["emails"] == [{"value": "a@x.example"}]


def test_c2_29_unknown_attributes_are_ignored(scim):
    user = scim.user(foo=1, name={"givenName": "Ada", "foo": 2})

    shown = scim.get(f"/Users/{user.id}").body
    assert "foo" not in shown
    assert shown["name"] == {"givenName": "Ada"}
