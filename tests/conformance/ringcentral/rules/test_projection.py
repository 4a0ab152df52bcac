"""RFC 7644 sections 3.4.1, 3.9 and 3.10: reading, and naming what is wanted. Each test is named after its rule."""

import pytest

from support.scim_http import ENTERPRISE, PATCH, USER, unused

ALWAYS = {"schemas", "id"}


@pytest.fixture(scope="module")
def ada(scim):
    return scim.user(
        userName=unused("ada"),
        title="Pilot",
        name={"givenName": "Ada", "familyName": "Moss"},
        emails=[{"value": "ada@x.example", "type": "work", "primary": True}],
        **{ENTERPRISE: {"department": "Labs", "costCenter": "7"}},
    )


def shown(scim, user, query):
    answer = scim.get(f"/Users/{user.id}", query=query)
    assert answer.status == 200, answer.body
    return answer.body


def test_c5_01_a_resource_is_read_by_its_id(scim, ada):
    assert scim.get(f"/Users/{ada.id}").body == ada.body


@pytest.mark.parametrize("path", ["/Users/6d3f7c1e-0000-4000-8000-000000000000", "/Groups/none"])
def test_c5_02_an_unknown_id_is_not_found(scim, path):
    assert scim.get(path).error == (404, None)


def test_c5_02_a_user_is_no_group(scim, ada):
    assert scim.get(f"/Groups/{ada.id}").error == (404, None)


@pytest.mark.parametrize("query", ["attributes=title", "attributes=nope", "attributes=meta.created"])
def test_c5_03_what_is_always_returned_is_in_every_projection(scim, ada, query):
    assert set(shown(scim, ada, query)) >= ALWAYS


def test_c5_04_a_password_is_not_shown_when_asked_for(scim):
    user = scim.user(password="t1me-And-tide")

    assert "password" not in shown(scim, user, "attributes=password,userName")


def test_c5_05_what_is_returned_on_request_must_be_requested(scim_with_extension):
    scim, urn = scim_with_extension
    user = scim.user(**{urn: {"remarks": "left-handed", "badgeNumber": 4}})

    assert shown(scim, user, "")[urn] == {"badgeNumber": 4}
    assert shown(scim, user, f"attributes={urn}:remarks")[urn] == {"remarks": "left-handed"}
    # What the client has just written is shown to it.
    assert user.body[urn] == {"remarks": "left-handed", "badgeNumber": 4}


def test_c5_06_and_c5_07_only_what_is_named_is_shown(scim, ada):
    body = shown(scim, ada, "attributes=userName,emails")

    assert set(body) == ALWAYS | {"userName", "emails"}
    assert set(shown(scim, ada, "attributes=userName,%20title")) == ALWAYS | {"userName", "title"}


@pytest.mark.parametrize(
    "query", ["attributes=title&attributes=emails", "attributes=title%2Cemails", "attributes=title,,emails,"]
)
def test_c5_08_lists_may_be_repeated_and_encoded(scim, ada, query):
    assert set(shown(scim, ada, query)) == ALWAYS | {"title", "emails"}


def test_c5_09_a_sub_attribute_is_shown_alone(scim, ada):
    assert shown(scim, ada, "attributes=name.givenName")["name"] == {"givenName": "Ada"}
    assert shown(scim, ada, "attributes=emails.value")["emails"] == [{"value": "ada@x.example"}]


def test_c5_10_names_may_be_qualified(scim, ada):
    assert set(shown(scim, ada, f"attributes={USER}:title")) == ALWAYS | {"title"}
    body = shown(scim, ada, f"attributes={USER}:name.familyName")
    assert body["name"] == {"familyName": "Moss"}


def test_c5_11_extension_attributes_are_named_with_their_urn(scim, ada):
    body = shown(scim, ada, f"attributes={ENTERPRISE}:department")

    assert body[ENTERPRISE] == {"department": "Labs"}
    assert set(body) == ALWAYS | {ENTERPRISE}
    assert shown(scim, ada, f"attributes={ENTERPRISE}")[ENTERPRISE] == ada.body[ENTERPRISE]


def test_c5_12_names_have_no_case(scim, ada):
    assert set(shown(scim, ada, "attributes=USERNAME,Name.GIVENNAME")) == ALWAYS | {"userName", "name"}


def test_c5_13_what_is_excluded_is_not_shown(scim, ada):
    group = scim.group(scim.user().id)

    body = scim.get(f"/Groups/{group.id}", query="excludedAttributes=members").body
    assert set(body) == set(group.body) - {"members"}
    assert "givenName" not in shown(scim, ada, "excludedAttributes=name.givenName")["name"]
    listed = scim.get(
        "/Groups", query=f'filter=id eq "{group.id}"&excludedAttributes=members'.replace(" ", "%20")
    )
    assert "members" not in listed.body["Resources"][0]


def test_c5_13_members_that_are_not_shown_are_still_there(scim):
    group = scim.group(scim.user().id)
    scim.get(f"/Groups/{group.id}", query="excludedAttributes=members")
    scim.patch(f"/Groups/{group.id}", {"op": "replace", "path": "displayName", "value": "Crew"})

    assert scim.get(f"/Groups/{group.id}").body["members"] == group.body["members"]


def test_c5_14_what_is_always_returned_cannot_be_excluded(scim, ada):
    assert shown(scim, ada, "excludedAttributes=id,schemas,title")["id"] == ada.id


def test_c5_15_both_parameters_at_once_are_refused(scim, ada):
    both = scim.get(f"/Users/{ada.id}", query="attributes=title&excludedAttributes=name")

    assert both.error == (400, "invalidValue")


def test_c5_16_unknown_names_are_ignored(scim, ada):
    assert set(shown(scim, ada, "attributes=nope,title")) == ALWAYS | {"title"}
    assert shown(scim, ada, "excludedAttributes=nope") == ada.body


def test_c5_17_every_operation_that_answers_with_a_resource_is_projected(scim):
    user = scim.user(title="Pilot", nickName="A")
    name = user.body["userName"]
    query = "attributes=title"
    change = {"schemas": [PATCH], "Operations": [{"op": "add", "path": "nickName", "value": "B"}]}
    body = {"schemas": [USER], "userName": name, "title": "Pilot"}
    search = {"filter": f'userName eq "{name}"', "attributes": ["title"]}
    wanted = f'filter=userName%20eq%20"{name}"&{query}'

    answers = {
        "GET": scim.get(f"/Users/{user.id}", query=query).body,
        "PATCH": scim.send("PATCH", f"/Users/{user.id}", change, query=query).body,
        "PUT": scim.send("PUT", f"/Users/{user.id}", body, query=query).body,
        "list": scim.get("/Users", query=wanted).body["Resources"][0],
        "search": scim.send("POST", "/Users/.search", search).body["Resources"][0],
        "POST": scim.send("POST", "/Users", body | {"userName": unused("other")}, query=query).body,
    }

    assert {verb: set(shown) for verb, shown in answers.items()} == dict.fromkeys(answers, ALWAYS | {"title"})


def test_c5_17_a_projected_patch_of_a_group_answers_with_it(scim):
    group = scim.group()
    change = {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "displayName", "value": "Crew"}]}

    answer = scim.send("PATCH", f"/Groups/{group.id}", change, query="attributes=displayName")
    assert (answer.status, answer.body["displayName"]) == (200, "Crew")


def test_c5_18_a_value_filter_among_the_attributes_names_the_attribute(scim, ada):
    body = shown(scim, ada, "attributes=emails%5Btype+eq+%22work%22%5D")

    assert body["emails"] == ada.body["emails"]
    assert set(body) == ALWAYS | {"emails"}
    assert set(shown(scim, ada, "attributes=emails%5Btype+eq+%22a,b%22%5D.value,title")) == ALWAYS | {
        "emails",
        "title",
    }
