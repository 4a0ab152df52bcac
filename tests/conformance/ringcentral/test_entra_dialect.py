"""The request shapes of Microsoft Entra ID (table D.1, numbered E1 to E25) and of its RingCentral mapping (A.8)."""

import json

import pytest

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
OLD_GROUP = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"


def create_user(wire, user_name, **more):
    answer = wire.send("POST", "/Users", {"schemas": [USER], "userName": user_name, **more})
    assert answer.status == 201
    return answer.body["id"]


def create_group(wire, name, *members):
    listed = [{"$ref": None, "value": member} for member in members]
    answer = wire.send(
        "POST", "/Groups", {"schemas": [GROUP, OLD_GROUP], "displayName": name, "members": listed}
    )
    assert answer.status == 201
    assert answer.body["schemas"] == [GROUP]
    return answer.body["id"]


def members_of(wire, group):
    return [member["value"] for member in wire.send("GET", f"/Groups/{group}").body.get("members", [])]


@pytest.mark.parametrize(
    ("operation", "attribute", "value"),
    [
        ({"op": "Replace", "path": "active", "value": "True"}, "active", True),
        ({"op": "Add", "path": "title", "value": "Pilot"}, "title", "Pilot"),
        ({"op": "Replace", "path": "externalId", "value": "hr-5"}, "externalId", "hr-5"),
        (
            {"op": "Replace", "path": "name.givenName", "value": "Eva"},
            "name",
            {"givenName": "Eva", "familyName": "Moss"},
        ),
        (
            {"op": "add", "value": {"name.familyName": "Lin"}},
            "name",
            {"givenName": "Ada", "familyName": "Lin"},
        ),
        (
            {"op": "Replace", "path": f"{ENTERPRISE}:department", "value": "Ops"},
            ENTERPRISE,
            {"department": "Ops"},
        ),
        ({"op": "add", "value": {f"{ENTERPRISE}:department": "HR"}}, ENTERPRISE, {"department": "HR"}),
        ({"op": "add", "value": {ENTERPRISE: {"department": "IT"}}}, ENTERPRISE, {"department": "IT"}),
    ],
)
def test_the_ringcentral_mapping_is_understood(ringcentral, ada, operation, attribute, value):
    user = ringcentral.send("POST", "/Users", ada).body

    answer = ringcentral.patch(f"/Users/{user['id']}", operation)

    assert answer.status == 200
    assert answer.body[attribute] == value


@pytest.mark.parametrize("op", ["Add", "Replace"])
def test_a_value_path_that_matches_nothing_creates_the_value(ringcentral, ada, op):
    del ada["addresses"]
    user = ringcentral.send("POST", "/Users", ada).body

    answer = ringcentral.patch(
        f"/Users/{user['id']}",
        {"op": op, "path": 'addresses[type eq "work"].locality', "value": "Oslo"},
        {"op": op, "path": 'addresses[type eq "work"].country', "value": "NO"},
        {"op": op, "path": 'phoneNumbers[type eq "mobile"].value', "value": "+4740550123"},
    )

    assert answer.status == 200
    assert answer.body["addresses"] == [
        {"primary": False, "type": "work", "locality": "Oslo", "country": "Norway"}
    ]
    assert answer.body["phoneNumbers"] == [{"type": "mobile", "value": "+4740550123"}]


def test_a_patch_that_fails_half_way_changes_nothing(ringcentral, ada):
    user = ringcentral.send("POST", "/Users", ada).body

    answer = ringcentral.patch(
        f"/Users/{user['id']}",
        {"op": "Replace", "path": "title", "value": "Pilot"},
        {"op": "Replace", "path": "active", "value": "perhaps"},
    )

    assert answer.status == 400
    assert "title" not in ringcentral.send("GET", f"/Users/{user['id']}").body


def test_a_patch_that_changes_nothing_keeps_the_time_of_the_last_change(ringcentral, ada):
    user = ringcentral.send("POST", "/Users", ada).body
    ringcentral.clock.pass_seconds(30)

    answer = ringcentral.patch(f"/Users/{user['id']}", {"op": "Replace", "path": "active", "value": "False"})

    assert answer.body["meta"]["lastModified"] == user["meta"]["lastModified"]


def test_the_test_of_the_connection_finds_nobody_and_gets_an_empty_list(full):
    answer = full.find("/Users", 'userName eq "6f0c0a2e-4b1d-4b57-9d0c-0d8f6c1a5b11"')

    assert answer.status == 200
    assert answer.body["totalResults"] == 0
    assert answer.body["Resources"] == []


def test_users_are_matched_by_external_id_and_by_work_email(full):
    emails = [{"type": "work", "value": "Uma@Corp.local"}, {"type": "home", "value": "uma@home.example"}]
    uma = create_user(full, "uma", externalId="Ext-7", emails=emails)
    create_user(full, "una", externalId="ext-7", emails=[{"type": "home", "value": "uma@corp.local"}])

    by_external_id = full.find("/Users", 'externalId eq "Ext-7"')
    by_email = full.find("/Users", 'emails[type eq "work"].value eq "uma@corp.local"')

    assert [user["id"] for user in by_external_id.body["Resources"]] == [uma]
    assert [user["id"] for user in by_email.body["Resources"]] == [uma]
    assert by_email.body["Resources"][0]["emails"][0]["value"] == "Uma@Corp.local"


@pytest.mark.parametrize("shape", ["text", "object", "list"])
def test_a_manager_comes_in_three_shapes(full, shape):
    boss = create_user(full, "boss")
    user = create_user(full, "clerk")
    value = {"text": boss, "object": {"value": boss}, "list": [{"$ref": None, "value": boss}]}[shape]

    answer = full.patch(f"/Users/{user}", {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": value})

    assert answer.body[ENTERPRISE]["manager"] == {
        "value": boss,
        "$ref": f"http://scim.example/scim/v2/Users/{boss}",
    }
    assert full.find("/Users", f'{ENTERPRISE}:manager.value eq "{boss}"').body["totalResults"] == 1


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "Replace", "path": f"{ENTERPRISE}:manager", "value": ""},
        {"op": "Replace", "path": f"{ENTERPRISE}:manager", "value": None},
        {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": {"value": ""}},
        {"op": "Remove", "path": f"{ENTERPRISE}:manager"},
        {"op": "Replace", "value": {f"{ENTERPRISE}:manager": ""}},
    ],
)
def test_a_manager_is_cleared_in_many_ways(full, operation):
    user = create_user(full, "clerk", **{ENTERPRISE: {"manager": "somebody", "department": "Labs"}})

    answer = full.patch(f"/Users/{user}", operation)

    assert answer.status == 200
    assert answer.body[ENTERPRISE] == {"department": "Labs"}


def test_members_are_added_once_and_the_group_answers_204(full):
    ann, bob = create_user(full, "ann"), create_user(full, "bob")
    group = create_group(full, "Pilots", ann)
    path = f"/Groups/{group}"
    add = {
        "op": "Add",
        "path": "members",
        "value": [{"$ref": None, "value": bob}, {"$ref": None, "value": ann}],
    }

    first = full.patch(path, add)
    version = full.send("GET", path).headers["etag"]
    second = full.patch(path, add)

    assert [first.status, second.status] == [204, 204]
    assert first.body is None
    assert members_of(full, group) == [ann, bob]
    assert full.send("GET", path).headers["etag"] == version


def test_a_group_and_a_user_can_be_members(full):
    ann = create_user(full, "ann")
    inner = create_group(full, "Inner", ann)
    outer = create_group(full, "Outer", inner, ann)

    shown = full.send("GET", f"/Groups/{outer}").body["members"]

    assert [(member["type"], member["$ref"].rpartition("/scim/v2/")[2]) for member in shown] == [
        ("Group", f"Groups/{inner}"),
        ("User", f"Users/{ann}"),
    ]
    groups = full.send("GET", f"/Users/{ann}").body["groups"]
    assert [group["value"] for group in groups] == [inner, outer]


@pytest.mark.parametrize(
    "removal",
    [
        {"op": "Remove", "path": "members", "value": [{"$ref": None, "value": "BOB"}]},
        {"op": "Remove", "path": "members", "value": [{"value": "BOB"}]},
        {"op": "Remove", "path": "members", "value": {"value": "BOB", "type": "User"}},
        {"op": "Remove", "path": "members", "value": "BOB"},
        {"op": "remove", "path": 'members[value eq "BOB"]'},
    ],
)
def test_removing_one_member_leaves_the_others(full, removal):
    ann, bob = create_user(full, "ann"), create_user(full, "bob")
    group = create_group(full, "Pilots", ann, bob)

    answer = full.patch(f"/Groups/{group}", json.loads(json.dumps(removal).replace("BOB", bob)))

    assert answer.status == 204
    assert members_of(full, group) == [ann]


@pytest.mark.parametrize(
    "change",
    [
        {"op": "Remove", "path": "members", "value": None},
        {"op": "Remove", "path": "members", "value": {}},
        {"op": "Remove", "path": "members", "value": [{"$ref": None}]},
        {"op": "Remove", "path": "members", "value": [{"id": "x"}]},
        {"op": "Remove", "path": "members", "value": [7]},
        {"op": "Remove", "path": 'members[id eq "x"]'},
        {"op": "Remove", "path": "members[value eq]"},
        {"op": "Replace", "path": "members", "value": {}},
        {"op": "Replace", "path": "members", "value": [{"display": "x"}]},
        {"op": "Replace", "value": {"members": [{}]}},
        {"op": "Replace", "path": f"{GROUP}:members", "value": 7},
        {"op": "Remove"},
    ],
)
def test_a_change_that_was_not_understood_never_empties_a_group(full, change):
    ann, bob = create_user(full, "ann"), create_user(full, "bob")
    group = create_group(full, "Pilots", ann, bob)

    answer = full.patch(f"/Groups/{group}", change)

    assert answer.status == 400
    assert members_of(full, group) == [ann, bob]


@pytest.mark.parametrize(
    "change",
    [
        {"op": "Remove", "path": "members", "value": []},
        {"op": "Remove", "path": "members", "value": [{"value": "nobody"}]},
        {"op": "Remove", "path": 'members[value eq "nobody"]'},
        {"op": "Remove", "path": "people"},
    ],
)
def test_removing_somebody_who_is_no_member_changes_nothing(full, change):
    ann = create_user(full, "ann")
    group = create_group(full, "Pilots", ann)

    assert full.patch(f"/Groups/{group}", change).status == 204
    assert members_of(full, group) == [ann]


def test_a_member_brought_back_in_the_same_patch_stays(full):
    ann = create_user(full, "ann")
    group = create_group(full, "Pilots", ann)

    full.patch(
        f"/Groups/{group}",
        {"op": "Remove", "path": f'members[value eq "{ann}"]'},
        {"op": "Add", "path": "members", "value": [{"value": ann}]},
    )

    assert members_of(full, group) == [ann]


def test_a_removal_of_all_members_that_says_so_is_obeyed(full):
    group = create_group(full, "Pilots", create_user(full, "ann"))

    assert full.patch(f"/Groups/{group}", {"op": "Remove", "path": "members"}).status == 204
    assert members_of(full, group) == []


def test_a_member_that_does_not_exist_is_refused(full):
    group = create_group(full, "Pilots")
    add = {"op": "Add", "path": "members", "value": [{"value": "nobody"}]}

    answer = full.patch(f"/Groups/{group}", add)

    assert answer.status == 400
    assert answer.body["scimType"] == "invalidValue"


def test_two_groups_may_have_one_name_and_are_read_without_members(full):
    first = create_group(full, "Pilots", create_user(full, "ann"))
    second = create_group(full, "pilots")

    answer = full.send(
        "GET", "/Groups", query="excludedAttributes=members&filter=displayName%20eq%20%22PILOTS%22"
    )

    assert [group["id"] for group in answer.body["Resources"]] == [first, second]
    assert all("members" not in group for group in answer.body["Resources"])


def test_a_deleted_user_leaves_the_groups_and_the_people_managed(full):
    boss = create_user(full, "boss")
    clerk = create_user(full, "clerk", **{ENTERPRISE: {"manager": boss}})
    group = create_group(full, "Pilots", boss, clerk)

    assert full.send("DELETE", f"/Users/{boss}").status == 204

    assert members_of(full, group) == [clerk]
    assert ENTERPRISE not in full.send("GET", f"/Users/{clerk}").body
    assert full.find("/Groups", f'members eq "{boss}"').body["totalResults"] == 0


def test_a_role_inside_a_text_is_unwrapped(full):
    user = create_user(full, "ann")
    value = [{"value": '{"id":"18","value":"Admin","displayName":"Administrator"}'}]

    answer = full.patch(f"/Users/{user}", {"op": "Add", "path": "roles", "value": value})

    assert answer.body["roles"] == [{"value": "Admin", "display": "Administrator"}]


def test_the_primary_role_is_found_by_a_text(full):
    user = create_user(full, "ann", roles=[{"value": "Admin", "primary": True}])

    answer = full.patch(
        f"/Users/{user}", {"op": "replace", "path": 'roles[primary eq "True"].display', "value": "X"}
    )

    assert answer.body["roles"] == [{"value": "Admin", "primary": True, "display": "X"}]


def test_what_the_validator_sends_as_a_boolean_is_refused_politely(full):
    user = create_user(full, "ann")

    answer = full.patch(
        f"/Users/{user}",
        {"op": "replace", "path": 'phoneNumbers[type eq "untyped"].primary', "value": "1-648-555-0100"},
    )

    assert answer.status == 400


def test_null_clears_one_part_of_a_name_and_keeps_the_other(full):
    user = create_user(full, "ann", name={"givenName": "Ann", "familyName": "Lee"})

    answer = full.patch(f"/Users/{user}", {"op": "replace", "path": "name", "value": {"familyName": None}})

    assert answer.body["name"] == {"givenName": "Ann"}


def test_a_password_is_neither_answered_nor_stored(full, tmp_path):
    user = create_user(full, "ann", password="correct horse battery")

    full.patch(f"/Users/{user}", {"op": "replace", "path": "password", "value": "staple tractor wheel"})

    assert "password" not in full.send("GET", f"/Users/{user}", query="attributes=password").body
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("full.db*"))
    assert b"correct horse" not in stored
    assert b"staple tractor" not in stored


def test_a_stale_etag_is_refused(full):
    user = create_user(full, "ann")
    etag = full.send("GET", f"/Users/{user}").headers["etag"]
    full.patch(f"/Users/{user}", {"op": "replace", "path": "title", "value": "Pilot"})
    headers = {"if-match": etag}

    assert full.send("DELETE", f"/Users/{user}", headers=headers).status == 412
    assert full.send("GET", f"/Users/{user}", headers={"if-none-match": etag}).status == 200
