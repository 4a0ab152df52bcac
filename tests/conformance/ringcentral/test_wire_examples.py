"""The golden wire examples of the RingCentral profile (section A.16), and the rules they stand for."""

import pytest

from provisor.ringcentral.account.throttling import Throttling

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


def renamed(user, address):
    return user | {"userName": address, "emails": [{"type": "work", "value": address}]}


def test_a_created_user_is_answered_as_ringcentral_answers(make_wire, ada):
    wire = make_wire("ringcentral", throttling=Throttling())

    answer = wire.send("POST", "/Users", ada)

    assert answer.status == 201
    assert answer.headers["content-type"] == "application/scim+json"
    assert answer.headers["x-rate-limit-group"] == "heavy"
    assert answer.headers["x-rate-limit-limit"] == "10"
    assert answer.headers["x-rate-limit-remaining"] == "9"
    assert answer.headers["x-rate-limit-window"] == "60"
    assert answer.body == {
        "schemas": [USER, ENTERPRISE],
        "id": "1600000101",
        "externalId": "hr-4411",
        "userName": "ada.moss@example.com",
        "name": {"givenName": "Ada", "familyName": "Moss"},
        "active": False,
        "emails": [{"primary": False, "value": "ada.moss@example.com", "type": "work"}],
        "phoneNumbers": [],
        "addresses": [
            {
                "primary": False,
                "type": "work",
                "streetAddress": "1 Pier Rd",
                "locality": "Oakland",
                "region": "CA",
                "postalCode": "94607",
                "country": "United States",
            }
        ],
        ENTERPRISE: {"department": "Labs"},
        "meta": {
            "resourceType": "User",
            "created": "2026-01-05T10:00:00.000Z",
            "lastModified": "2026-01-05T10:00:00.000Z",
            "location": "http://scim.example/scim/v2/Users/1600000101",
        },
    }
    assert answer.headers["location"] == answer.body["meta"]["location"]


def test_an_account_without_an_unassigned_seat_answers_403_without_a_scim_type(make_wire, ada):
    wire = make_wire("ringcentral", seats=1)
    first = wire.send("POST", "/Users", ada)
    refused = wire.send("POST", "/Users", renamed(ada, "bo.hart@example.com"))

    assert refused.status == 403
    assert refused.body == {"schemas": [ERROR], "status": "403", "detail": "License limit has been reached."}

    wire.send("DELETE", f"/Users/{first.body['id']}")
    assert wire.send("POST", "/Users", renamed(ada, "bo.hart@example.com")).status == 201


def test_a_deactivated_user_keeps_the_seat(make_wire, ada):
    wire = make_wire("ringcentral", seats=1)
    user = wire.send("POST", "/Users", ada | {"active": True})

    answer = wire.patch(f"/Users/{user.body['id']}", {"op": "replace", "path": "active", "value": False})

    assert answer.status == 200
    assert answer.body["active"] is False
    assert answer.body["addresses"] != []
    assert wire.send("POST", "/Users", renamed(ada, "bo.hart@example.com")).status == 403


def test_a_refused_create_takes_no_seat(make_wire, ada):
    wire = make_wire("ringcentral", seats=2)
    wire.send("POST", "/Users", ada)
    assert wire.send("POST", "/Users", ada).status == 409

    assert wire.send("POST", "/Users", renamed(ada, "bo.hart@example.com")).status == 201


def test_a_state_that_does_not_exist_is_named_by_its_field_of_the_extension(ringcentral, ada):
    ada["addresses"][0]["region"] = "Bavaria"

    answer = ringcentral.send("POST", "/Users", ada)

    assert answer.status == 400
    assert answer.body["scimType"] == "invalidValue"
    assert answer.body["status"] == "400"
    assert answer.body["detail"] == "Parameter [extension.contact.businessAddress.state] value is invalid."


def test_the_same_email_in_another_case_is_a_duplicate(ringcentral, ada):
    ringcentral.send("POST", "/Users", ada)

    answer = ringcentral.send("POST", "/Users", renamed(ada, "ADA.Moss@example.com"))

    assert answer.status == 409
    assert answer.body["scimType"] == "uniqueness"


@pytest.mark.parametrize("name", ["userName", "email", "EMAIL", "username"])
def test_users_are_found_by_user_name_and_by_email(ringcentral, ada, name):
    created = ringcentral.send("POST", "/Users", ada)
    ringcentral.send("POST", "/Users", renamed(ada, "bo.hart@example.com"))

    answer = ringcentral.find("/Users", f'{name} EQ "Ada.Moss@EXAMPLE.com"')

    assert answer.status == 200
    assert [each["id"] for each in answer.body["Resources"]] == [created.body["id"]]


@pytest.mark.parametrize(
    "scim_filter",
    [
        'displayName eq "x"',
        'externalId eq "hr-4411"',
        'userName sw "ada"',
        'userName eq "a" or userName eq "b"',
        'emails[type eq "work"].value eq "ada.moss@example.com"',
        "userName pr",
        "userName eq true",
        "userName eq",
        "(((",
    ],
)
def test_any_other_filter_is_refused_and_never_an_empty_list(ringcentral, scim_filter):
    answer = ringcentral.find("/Users", scim_filter)

    assert answer.status == 400
    assert answer.body["scimType"] == "invalidFilter"


def test_an_empty_filter_lists_everybody_without_addresses_and_numbers(ringcentral, ada):
    for number in range(10):
        user = renamed(ada, f"user{number}@example.com") | {"active": True, "title": f"Title {number}"}
        ringcentral.send("POST", "/Users", user)

    answer = ringcentral.send("GET", "/Users", query="filter=&startIndex=1&count=3")

    assert answer.body["schemas"] == [LIST]
    assert (answer.body["totalResults"], answer.body["startIndex"], answer.body["itemsPerPage"]) == (10, 1, 3)
    row = answer.body["Resources"][1]
    assert set(row) == {
        "schemas", "id", "externalId", "userName", "name", "active", "emails", "title", ENTERPRISE, "meta",
    }  # fmt: skip
    assert row["emails"] == [{"value": "user1@example.com", "type": "work"}]


def test_a_search_with_post_is_a_light_read(make_wire, ada):
    wire = make_wire("ringcentral", throttling=Throttling())
    wire.send("POST", "/Users", ada)

    answer = wire.send("POST", "/Users/.search", {"filter": 'userName eq "ada.moss@example.com"', "count": 5})

    assert answer.body["totalResults"] == 1
    assert answer.headers["x-rate-limit-group"] == "light"


def test_projection_and_sorting_are_not_declared_and_so_ignored(ringcentral, ada):
    created = ringcentral.send("POST", "/Users", ada)

    row = ringcentral.send("GET", f"/Users/{created.body['id']}", query="attributes=userName")
    listed = ringcentral.send("GET", "/Users", query="sortBy=nothing&excludedAttributes=userName&cursor=x")

    assert row.body["externalId"] == "hr-4411"
    assert listed.body["Resources"][0]["userName"] == "ada.moss@example.com"


@pytest.mark.parametrize("path", ["/Groups", "/Bulk", "/Me", "/", "/.search", "/Users/1/extra", "/Nope"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_absent_endpoint_is_a_scim_404(ringcentral, method, path):
    answer = ringcentral.send(method, path, {})

    assert answer.status == 404
    assert answer.body["schemas"] == [ERROR]
    assert answer.body["status"] == "404"


@pytest.mark.parametrize("path", ["/Schemas", "/ResourceTypes", "/ServiceProviderConfig"])
def test_discovery_refuses_a_filter(ringcentral, path):
    assert ringcentral.send("GET", path).status == 200
    assert ringcentral.find(path, 'name eq "User"').status == 403


def test_discovery_declares_what_there_is(ringcentral):
    config = ringcentral.send("GET", "/ServiceProviderConfig").body
    schemas = ringcentral.send("GET", "/Schemas").body["Resources"]

    assert config["patch"] == {"supported": True}
    assert config["sort"] == config["etag"] == config["xmlDataFormat"] == {"supported": False}
    assert "type" not in config["authenticationSchemes"][0]
    by_id = {schema["id"]: schema for schema in schemas}
    assert [attribute["name"] for attribute in by_id[ENTERPRISE]["attributes"]] == ["department"]
    assert by_id[USER]["name"] == "User"


def test_an_unknown_id_is_a_404_in_every_operation(ringcentral, ada):
    path = "/Users/1699999999"
    change = {"op": "replace", "path": "title", "value": "x"}

    assert ringcentral.send("GET", path).status == 404
    assert ringcentral.send("PUT", path, ada).status == 404
    assert ringcentral.patch(path, change).status == 404
    assert ringcentral.send("DELETE", path).status == 404


def test_an_id_is_not_given_again_after_a_deletion(ringcentral, ada):
    first = ringcentral.send("POST", "/Users", ada)
    deleted = ringcentral.send("DELETE", f"/Users/{first.body['id']}")
    again = ringcentral.send("POST", "/Users", ada)

    assert (deleted.status, deleted.body) == (204, None)
    assert again.body["id"].isdigit()
    assert again.body["id"] != first.body["id"]


def test_changing_the_work_email_changes_the_user_name(ringcentral, ada):
    user = ringcentral.send("POST", "/Users", ada).body
    path = 'emails[type eq "work"].value'

    answer = ringcentral.patch(
        f"/Users/{user['id']}", {"op": "Replace", "path": path, "value": "ada@new.example"}
    )

    assert answer.body["userName"] == "ada@new.example"
    assert ringcentral.find("/Users", 'email eq "ada@new.example"').body["totalResults"] == 1
    assert ringcentral.find("/Users", 'email eq "ada.moss@example.com"').body["totalResults"] == 0


def test_changing_the_user_name_changes_the_work_email(ringcentral, ada):
    user = ringcentral.send("POST", "/Users", ada).body

    answer = ringcentral.patch(
        f"/Users/{user['id']}", {"op": "replace", "path": "userName", "value": "ada@new.example"}
    )

    assert answer.body["emails"][0]["value"] == "ada@new.example"


def test_a_user_name_that_contradicts_the_work_email_is_refused(ringcentral, ada):
    user = ringcentral.send("POST", "/Users", ada).body
    contradiction = ada | {"userName": "other@example.com"}

    created = ringcentral.send("POST", "/Users", contradiction)
    replaced = ringcentral.send("PUT", f"/Users/{user['id']}", contradiction)
    patched = ringcentral.patch(
        f"/Users/{user['id']}",
        {"op": "replace", "value": {"userName": "one@example.com"}},
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": "two@example.com"},
    )

    assert [answer.status for answer in (created, replaced, patched)] == [400, 400, 400]
    assert {answer.body["scimType"] for answer in (created, replaced, patched)} == {"invalidValue"}


def test_put_clears_what_it_omits_but_not_what_the_seat_owns(ringcentral, ada):
    mobile = {"phoneNumbers": [{"type": "mobile", "value": "+14155550123"}], "title": "Pilot", "active": True}
    user = ringcentral.send("POST", "/Users", ada | mobile).body
    assert [number["type"] for number in user["phoneNumbers"]] == ["work", "other", "mobile"]
    del ada["externalId"]

    answer = ringcentral.send("PUT", f"/Users/{user['id']}", ada)

    assert answer.status == 200
    assert "title" not in answer.body
    assert "externalId" not in answer.body
    assert answer.body["active"] is True
    assert [number["type"] for number in answer.body["phoneNumbers"]] == ["work", "other"]
    assert "primary" not in answer.body["emails"][0]


def test_clients_cannot_write_the_numbers_of_the_seat(ringcentral, ada):
    own = {"phoneNumbers": [{"type": "work", "value": "+33155550000"}, {"type": "other", "value": "999"}]}

    user = ringcentral.send("POST", "/Users", ada | own).body
    path = 'phoneNumbers[type eq "other"].value'
    patched = ringcentral.patch(f"/Users/{user['id']}", {"op": "add", "path": path, "value": "777"})

    assert user["phoneNumbers"] == []
    assert patched.body["phoneNumbers"] == []


def test_attributes_ringcentral_does_not_know_are_ignored(ringcentral, ada):
    strange = {
        "displayName": "Ada",
        "nickName": "A",
        "urn:example:custom": {"x": 1},
        "groups": [],
        "meta": {},
    }
    ada[ENTERPRISE]["manager"] = "boss"

    user = ringcentral.send("POST", "/Users", ada | strange).body

    assert not set(strange) - {"meta"} & set(user)
    assert user[ENTERPRISE] == {"department": "Labs"}


@pytest.mark.parametrize("missing", ["userName", "name", "emails"])
def test_a_required_attribute_cannot_be_left_out(ringcentral, ada, missing):
    del ada[missing]

    answer = ringcentral.send("POST", "/Users", ada)

    assert answer.status == 400
    assert answer.body["scimType"] == "invalidValue"
