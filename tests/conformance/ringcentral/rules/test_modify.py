"""RFC 7644 section 3.5.2: modifying resources with PATCH. Each test is named after its rule."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from support.scim_http import ENTERPRISE, PATCH, USER, ScimHttp, unused

EMAILS = [
    {"value": "work@x.example", "type": "work", "primary": True},
    {"value": "home@y.example", "type": "home"},
]


def changed(scim, before, *operations):
    """What a user is after a PATCH that must succeed."""
    answer = scim.patch(f"/Users/{before.id}", *operations)
    assert answer.status == 200, answer.body
    return scim.get(f"/Users/{before.id}").body


def refusal(scim, before, *operations):
    """How a PATCH of a user is refused; nothing may have changed."""
    answer = scim.patch(f"/Users/{before.id}", *operations)
    assert scim.get(f"/Users/{before.id}").body == before.body
    return answer.error


def members(scim, group):
    return [each["value"] for each in scim.get(f"/Groups/{group.id}").body.get("members", [])]


def by_type(values):
    return {each.get("type"): each for each in values}


def test_c12_01_the_configuration_says_that_patch_is_supported(scim):
    assert scim.get("/ServiceProviderConfig").body["patch"] == {"supported": True}


@pytest.mark.parametrize("schemas", [None, [], [USER], "absent"])
def test_c12_02_a_body_without_the_patch_schema_is_refused(scim, schemas):
    user = scim.user()
    body = {"schemas": schemas, "Operations": [{"op": "add", "path": "title", "value": "Pilot"}]}
    if schemas == "absent":
        del body["schemas"]

    assert scim.send("PATCH", f"/Users/{user.id}", body).error == (400, "invalidSyntax")


@pytest.mark.parametrize("operations", [[], None, {}, "absent", [7], ["add"]])
def test_c12_03_operations_must_be_a_list_of_at_least_one(scim, operations):
    user = scim.user()
    body = {"schemas": [PATCH], "Operations": operations}
    if operations == "absent":
        del body["Operations"]

    assert scim.send("PATCH", f"/Users/{user.id}", body).error == (400, "invalidSyntax")


@pytest.mark.parametrize("op", ["move", "", None, 7, ["add"]])
def test_c12_04_an_operation_is_add_remove_or_replace(scim, op):
    user = scim.user()

    assert refusal(scim, user, {"op": op, "path": "title", "value": "x"}) == (400, "invalidSyntax")
    assert refusal(scim, user, {"path": "title", "value": "x"}) == (400, "invalidSyntax")


@pytest.mark.parametrize("op", ["Replace", "REPLACE", "replace", "Add"])
def test_c12_05_the_case_of_an_operation_does_not_matter(scim, op):
    assert changed(scim, scim.user(), {"op": op, "path": "title", "value": "Pilot"})["title"] == "Pilot"


def test_c12_06_operations_are_applied_in_order(scim):
    after = changed(
        scim,
        scim.user(),
        {"op": "add", "path": "title", "value": "Pilot"},
        {"op": "add", "path": "nickName", "value": "Ann"},
        {"op": "replace", "path": "nickName", "value": "Bob"},
        {"op": "remove", "path": "title"},
    )

    assert "title" not in after
    assert after["nickName"] == "Bob"


@pytest.mark.parametrize(
    "bad",
    [
        {"op": "replace", "path": "userName", "value": None},
        {"op": "replace", "path": "active", "value": 7},
        {"op": "add", "path": 'emails[type eq "x" and', "value": "y"},
        {"op": "replace", "path": "id", "value": "4711"},
    ],
)
def test_c12_07_one_operation_that_fails_leaves_everything_as_it_was(scim, bad):
    user = scim.user(title="Pilot", emails=EMAILS)

    status, _ = refusal(
        scim,
        user,
        {"op": "replace", "path": "title", "value": "Captain"},
        {"op": "add", "path": "emails", "value": [{"value": "third@x.example"}]},
        bad,
    )

    assert status == 400


def test_c12_07_a_clash_at_the_end_leaves_everything_as_it_was(scim):
    other = scim.user()
    user = scim.user(title="Pilot")

    refused = refusal(
        scim,
        user,
        {"op": "replace", "path": "title", "value": "Captain"},
        {"op": "replace", "path": "userName", "value": other.body["userName"]},
    )

    assert refused == (409, "uniqueness")


def test_c12_08_a_user_is_answered_with_200_and_a_group_with_204(scim):
    user, group = scim.user(), scim.group()

    of_user = scim.patch(f"/Users/{user.id}", {"op": "add", "path": "title", "value": "Pilot"})
    of_group = scim.patch(f"/Groups/{group.id}", {"op": "replace", "path": "displayName", "value": "New"})

    assert (of_user.status, of_user.body) == (200, scim.get(f"/Users/{user.id}").body)
    assert (of_group.status, of_group.body) == (204, None)


@pytest.mark.parametrize("parameter", ["attributes=displayName", "excludedAttributes=members"])
def test_c12_09_the_answer_is_200_when_attributes_are_asked_for(scim, parameter):
    group = scim.group(scim.user().id)

    answer = scim.patch(
        f"/Groups/{group.id}", {"op": "replace", "path": "displayName", "value": "New"}, query=parameter
    )

    assert answer.status == 200
    assert answer.body["displayName"] == "New"
    assert "members" not in answer.body


@pytest.mark.parametrize("path", [{"path": "title"}, {"path": "emails"}, {}])
def test_c12_10_an_add_needs_a_value(scim, path):
    assert refusal(scim, scim.user(), {"op": "add", **path}) == (400, "invalidValue")


def test_c12_11_an_add_without_a_path_merges_attributes(scim):
    user = scim.user(title="Pilot", emails=EMAILS[:1])

    after = changed(scim, user, {"op": "add", "value": {"nickName": "Ann", "emails": EMAILS[1:]}})

    assert (after["title"], after["nickName"]) == ("Pilot", "Ann")
    assert [each["value"] for each in after["emails"]] == ["work@x.example", "home@y.example"]


def test_c12_12_an_add_to_a_single_value_replaces_it(scim):
    after = changed(scim, scim.user(title="Pilot"), {"op": "add", "path": "title", "value": "Captain"})

    assert after["title"] == "Captain"


def test_c12_13_an_add_to_many_values_appends(scim):
    after = changed(scim, scim.user(emails=EMAILS[:1]), {"op": "add", "path": "emails", "value": EMAILS[1:]})

    assert after["emails"] == EMAILS


@pytest.mark.parametrize("value", [{"value": "a@x.example"}, [{"value": "a@x.example"}]])
def test_c12_14_an_add_to_many_values_takes_one_or_a_list(scim, value):
    after = changed(scim, scim.user(), {"op": "add", "path": "emails", "value": value})

    assert after["emails"] == [{"value": "a@x.example"}]


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "add", "path": "emails", "value": EMAILS[1:]},
        {"op": "add", "path": "emails", "value": EMAILS[1]},
        {"op": "add", "path": "title", "value": "Pilot"},
        {"op": "add", "value": {"title": "Pilot", "emails": EMAILS}},
        {"op": "add", "path": "name", "value": {"familyName": "Moss"}},
        {"op": "add", "path": ENTERPRISE, "value": {"department": "Labs"}},
    ],
)
def test_c12_15_adding_what_is_there_changes_nothing(scim, operation):
    user = scim.user(
        title="Pilot", emails=EMAILS, name={"familyName": "Moss"}, **{ENTERPRISE: {"department": "Labs"}}
    )

    assert changed(scim, user, operation) == user.body


def test_c12_15_adding_a_member_who_is_there_changes_nothing(scim):
    ann, bob = scim.user().id, scim.user().id
    group = scim.group(ann, bob)

    answer = scim.patch(
        f"/Groups/{group.id}", {"op": "add", "path": "members", "value": [{"value": bob}, {"value": ann}]}
    )

    assert (answer.status, answer.etag) == (204, group.etag)
    assert scim.get(f"/Groups/{group.id}").body == group.body


def test_c12_16_an_add_to_a_complex_value_merges(scim):
    user = scim.user(name={"familyName": "Moss", "givenName": "Ada"})

    after = changed(scim, user, {"op": "add", "path": "name", "value": {"middleName": "J"}})

    assert after["name"] == {"familyName": "Moss", "givenName": "Ada", "middleName": "J"}


def test_c12_17_an_immutable_value_that_is_not_set_may_be_added(scim):
    group, member = scim.group(), scim.user().id

    scim.patch(
        f"/Groups/{group.id}",
        {"op": "add", "path": "members", "value": [{"value": member, "type": "User"}]},
    )

    assert members(scim, group) == [member]


@pytest.mark.parametrize("op", ["add", "replace"])
@pytest.mark.parametrize("form", ["path", "value"])
def test_c12_17_and_c12_39_an_immutable_attribute_is_set_once(scim_with_extension, op, form):
    scim, urn = scim_with_extension
    user = scim.user()

    def write(key):
        if form == "path":
            return scim.patch(f"/Users/{user.id}", {"op": op, "path": f"{urn}:payrollKey", "value": key})
        return scim.patch(f"/Users/{user.id}", {"op": op, "value": {urn: {"payrollKey": key}}})

    key = unused("key")
    assert write(key).body[urn] == {"payrollKey": key}
    assert write("other").error == (400, "mutability")
    assert write(key).status == 200
    removal = scim.patch(f"/Users/{user.id}", {"op": "remove", "path": f"{urn}:payrollKey"})
    assert removal.error == (400, "mutability")
    assert scim.get(f"/Users/{user.id}").body[urn] == {"payrollKey": key}


def test_c12_18_an_add_whose_filter_matches_nothing_creates_the_entry(scim):
    operation = {"op": "add", "path": 'emails[type eq "work"].value', "value": "a@x.example"}

    assert changed(scim, scim.user(), operation)["emails"] == [{"type": "work", "value": "a@x.example"}]


def test_c12_19_a_remove_without_a_path_has_no_target(scim):
    assert refusal(scim, scim.user(title="Pilot"), {"op": "remove"}) == (400, "noTarget")
    assert refusal(scim, scim.user(title="Pilot"), {"op": "remove", "path": ""}) == (400, "noTarget")


@pytest.mark.parametrize("path", ["title", "name", "name.familyName", f"{ENTERPRISE}:department"])
def test_c12_20_a_remove_unassigns_a_single_value(scim, path):
    user = scim.user(title="Pilot", name={"familyName": "Moss"}, **{ENTERPRISE: {"department": "Labs"}})

    after = changed(scim, user, {"op": "remove", "path": path})

    gone = {"title": "title", "name": "name", "name.familyName": "name"}.get(path, ENTERPRISE)
    assert set(user.body) - set(after) == {gone}


def test_c12_21_a_remove_without_a_filter_clears_all_values(scim):
    group = scim.group(scim.user().id, scim.user().id)

    assert scim.patch(f"/Groups/{group.id}", {"op": "remove", "path": "members"}).status == 204
    assert members(scim, group) == []
    assert "emails" not in changed(scim, scim.user(emails=EMAILS), {"op": "remove", "path": "emails"})


def test_c12_22_a_remove_with_a_filter_removes_what_matches(scim):
    ann, bob = scim.user().id, scim.user().id
    group = scim.group(ann, bob)

    scim.patch(f"/Groups/{group.id}", {"op": "remove", "path": f'members[value eq "{ann}"]'})

    assert members(scim, group) == [bob]


def test_c12_23_a_remove_with_a_compound_filter_removes_what_matches(scim):
    emails = [*EMAILS, {"value": "work@y.example", "type": "work"}]

    after = changed(
        scim,
        scim.user(emails=emails),
        {"op": "remove", "path": 'emails[type eq "work" and value ew "y.example"]'},
    )

    assert after["emails"] == EMAILS


def test_c12_24_a_remove_of_a_sub_attribute_of_what_matches(scim):
    addresses = [{"type": "work", "region": "CA", "locality": "Oakland"}, {"type": "home", "region": "NY"}]

    after = changed(
        scim, scim.user(addresses=addresses), {"op": "remove", "path": 'addresses[type eq "work"].region'}
    )

    assert by_type(after["addresses"]) == {
        "work": {"type": "work", "locality": "Oakland"},
        "home": {"type": "home", "region": "NY"},
    }


@pytest.mark.parametrize("removal", ["filter", "list"])
def test_c12_25_removing_somebody_who_is_no_member_succeeds_and_changes_nothing(scim, removal):
    group, stranger = scim.group(scim.user().id), scim.user().id
    operation = {"op": "remove", "path": f'members[value eq "{stranger}"]'}
    if removal == "list":
        operation = {"op": "remove", "path": "members", "value": [{"value": stranger}]}

    answer = scim.patch(f"/Groups/{group.id}", operation)

    assert (answer.status, answer.etag) == (204, group.etag)
    assert scim.get(f"/Groups/{group.id}").body == group.body


@pytest.mark.parametrize("path", ["userName", "id", "meta", "meta.created", "groups", f"{USER}:userName"])
def test_c12_26_what_is_required_or_read_only_cannot_be_removed(scim, path):
    assert refusal(scim, scim.user(), {"op": "remove", "path": path}) == (400, "mutability")


def test_c12_26_the_name_of_a_group_cannot_be_removed(scim):
    group = scim.group()

    answer = scim.patch(f"/Groups/{group.id}", {"op": "remove", "path": "displayName"})

    assert answer.error == (400, "mutability")


def test_c12_27_a_remove_with_a_list_removes_only_those(scim):
    ann, bob, eve = (scim.user().id for _ in range(3))
    group = scim.group(ann, bob, eve)

    scim.patch(
        f"/Groups/{group.id}",
        {"op": "remove", "path": "members", "value": [{"value": ann}, {"value": eve}]},
    )

    assert members(scim, group) == [bob]


def test_c12_28_a_replace_without_a_path_changes_only_what_it_lists(scim):
    user = scim.user(active=True, title="Pilot")

    after = changed(scim, user, {"op": "replace", "value": {"active": False, "nickName": "Ann"}})

    assert (after["active"], after["title"], after["nickName"]) == (False, "Pilot", "Ann")


def test_c12_29_a_replace_of_a_single_value(scim):
    name = unused("renamed")

    assert (
        changed(scim, scim.user(), {"op": "replace", "path": "userName", "value": name})["userName"] == name
    )


@pytest.mark.parametrize("path", [{"path": "emails"}, {}])
def test_c12_30_a_replace_of_many_values_swaps_them_all(scim, path):
    value = [{"value": "c@x.example"}]
    operation = {"op": "replace", **path, "value": value if path else {"emails": value}}

    assert changed(scim, scim.user(emails=EMAILS), operation)["emails"] == value


def test_c12_30_a_replace_of_members_swaps_them_all(scim):
    ann, bob, eve = (scim.user().id for _ in range(3))
    group = scim.group(ann, bob)

    answer = scim.patch(
        f"/Groups/{group.id}",
        {"op": "replace", "path": "members", "value": [{"value": bob}, {"value": eve}]},
    )

    assert answer.status == 204
    assert members(scim, group) == [bob, eve]


@pytest.mark.parametrize("path", [{"path": "members"}, {}])
def test_c12_31_a_replace_with_an_empty_list_clears(scim, path):
    group = scim.group(scim.user().id)

    answer = scim.patch(
        f"/Groups/{group.id}", {"op": "replace", **path, "value": [] if path else {"members": []}}
    )

    assert answer.status == 204
    assert members(scim, group) == []


@pytest.mark.parametrize(
    ("path", "value"), [("title", "Pilot"), ("name.familyName", "Moss"), ("emails", EMAILS)]
)
def test_c12_32_a_replace_of_what_is_not_set_adds_it(scim, path, value):
    after = changed(scim, scim.user(), {"op": "replace", "path": path, "value": value})

    assert after.get(path) or after["name"]["familyName"] == value


def test_c12_33_a_replace_of_a_complex_value_keeps_what_it_does_not_name(scim):
    user = scim.user(name={"familyName": "Moss", "givenName": "Ada"})

    after = changed(scim, user, {"op": "replace", "path": "name", "value": {"familyName": "Lee"}})

    assert after["name"] == {"familyName": "Lee", "givenName": "Ada"}


def test_c12_34_a_replace_with_a_filter_changes_every_match(scim):
    addresses = [
        {"type": "work", "region": "CA"},
        {"type": "home", "region": "NY"},
        {"type": "work", "region": "WA"},
    ]

    after = changed(
        scim,
        scim.user(addresses=addresses),
        {"op": "replace", "path": 'addresses[type eq "work"]', "value": {"locality": "Oakland"}},
    )

    changed_addresses = [each for each in after["addresses"] if each.get("locality") == "Oakland"]
    assert [each["type"] for each in changed_addresses] == ["work", "work"]


def test_c12_35_a_replace_of_a_sub_attribute_of_what_matches(scim):
    operation = {"op": "replace", "path": 'emails[type eq "work"].value', "value": "new@x.example"}

    after = changed(scim, scim.user(emails=EMAILS), operation)

    assert after["emails"] == [{**EMAILS[0], "value": "new@x.example"}, EMAILS[1]]


@pytest.mark.parametrize(
    "path", ['emails[type eq "other"]', 'emails[value ew "z.example"].value', 'emails[not (type eq "work")]']
)
def test_c12_36_a_replace_whose_filter_describes_no_entry_has_no_target(scim, path):
    user = scim.user(emails=EMAILS[:1])
    value = {"display": "x"} if path.endswith("]") else "new@x.example"
    if "other" in path:
        path, value = 'emails[type co "oth"]', {"value": "x"}

    assert refusal(scim, user, {"op": "replace", "path": path, "value": value}) == (400, "noTarget")


def test_c12_36_a_replace_whose_filter_matches_nothing_creates_the_entry_unless_it_is_strict(
    scim, strict_scim
):
    operation = {"op": "replace", "path": 'emails[type eq "home"].value', "value": "a@x.example"}

    assert changed(scim, scim.user(), operation)["emails"] == [{"type": "home", "value": "a@x.example"}]
    assert refusal(strict_scim, strict_scim.user(), operation) == (400, "noTarget")


@pytest.mark.parametrize("path", ["foo", "foo.bar", "name.foo"])
def test_c12_42_a_strict_provider_refuses_a_path_no_schema_declares(strict_scim, path):
    operation = {"op": "replace", "path": path, "value": "x"}

    assert refusal(strict_scim, strict_scim.user(), operation) == (400, "invalidPath")


@pytest.mark.parametrize("path", ["title", "emails", "name", "name.familyName", f"{ENTERPRISE}:department"])
def test_c12_37_a_replace_with_null_unassigns(scim, path):
    user = scim.user(
        title="Pilot", emails=EMAILS, name={"familyName": "Moss"}, **{ENTERPRISE: {"department": "Labs"}}
    )

    after = changed(scim, user, {"op": "replace", "path": path, "value": None})

    assert len(set(user.body) - set(after)) == 1


def test_c12_37_members_replaced_with_null_are_none(scim):
    group = scim.group(scim.user().id)

    scim.patch(f"/Groups/{group.id}", {"op": "replace", "path": "members", "value": None})

    assert members(scim, group) == []


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "id", "value": "4711"},
        {"op": "add", "path": "id", "value": "4711"},
        {"op": "replace", "path": "meta.created", "value": "2001-01-01T00:00:00Z"},
        {"op": "replace", "path": "meta", "value": {"version": 'W/"9"'}},
        {"op": "add", "path": "groups", "value": [{"value": "4711"}]},
        {"op": "replace", "value": {"id": "4711"}},
        {"op": "replace", "path": f"{ENTERPRISE}:manager.displayName", "value": "Boss"},
    ],
)
def test_c12_38_what_is_read_only_cannot_be_changed(scim, operation):
    user = scim.user(**{ENTERPRISE: {"manager": {"value": scim.user().id}}})

    assert refusal(scim, user, operation) == (400, "mutability")


def test_c12_38_an_id_sent_along_unchanged_is_tolerated(scim):
    group = scim.group()

    answer = scim.patch(
        f"/Groups/{group.id}", {"op": "replace", "value": {"id": group.id, "displayName": "Renamed"}}
    )

    assert answer.status == 204
    assert scim.get(f"/Groups/{group.id}").body["displayName"] == "Renamed"


@pytest.mark.parametrize("sub", ["value", "type"])
def test_c12_39_what_is_immutable_and_set_cannot_be_changed(scim, sub):
    ann, bob = scim.user().id, scim.user().id
    group = scim.group(ann)

    answer = scim.patch(
        f"/Groups/{group.id}",
        {
            "op": "replace",
            "path": f'members[value eq "{ann}"].{sub}',
            "value": bob if sub == "value" else "Group",
        },
    )

    assert answer.error == (400, "mutability")
    assert members(scim, group) == [ann]


@pytest.mark.parametrize(
    "path",
    [
        "emails[type eq",
        "a..b",
        "emails[",
        "emails]",
        "name.",
        ".title",
        "title title",
        "emails[].value",
        "1x",
    ],
)
def test_c12_40_a_malformed_path_is_refused(scim, path):
    status, scim_type = refusal(scim, scim.user(), {"op": "replace", "path": path, "value": "x"})

    assert status == 400
    assert scim_type in ("invalidPath", "invalidFilter")
    if "[" not in path:
        assert scim_type == "invalidPath"


@pytest.mark.parametrize("path", ['emails[type zz "x"].value', "emails[type eq x y].value", "emails[type]"])
def test_c12_41_a_bad_filter_inside_a_path_is_refused(scim, path):
    user = scim.user(emails=EMAILS)

    assert refusal(scim, user, {"op": "replace", "path": path, "value": "x"}) == (400, "invalidFilter")


@pytest.mark.parametrize("path", ["foo", "foo.bar", "name.foo", "urn:example:nothing:1.0:Thing:foo"])
def test_c12_42_a_path_to_an_attribute_no_schema_declares_is_ignored(scim, path):
    user = scim.user()

    assert changed(scim, user, {"op": "replace", "path": path, "value": "x"}) == user.body


def test_c12_33_a_sub_attribute_replaced_with_null_is_cleared_and_the_others_stay(scim):
    user = scim.user(name={"familyName": "Moss", "givenName": "Ada"})

    after = changed(scim, user, {"op": "replace", "path": "name", "value": {"givenName": None}})

    assert after["name"] == {"familyName": "Moss"}


def test_c12_10_an_add_of_null_is_refused(scim):
    user = scim.user(title="Pilot")

    assert refusal(scim, user, {"op": "add", "path": "title", "value": None}) == (400, "invalidValue")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("active", 7),
        ("active", "perhaps"),
        ("title", {"a": 1}),
        ("title", ["a"]),
        ("emails", "a@x.example"),
        ("name", "Ada"),
        ("name.familyName", {"x": "y"}),
        (ENTERPRISE, "Labs"),
    ],
)
def test_c12_43_a_value_of_another_type_is_refused(scim, path, value):
    assert refusal(scim, scim.user(), {"op": "replace", "path": path, "value": value}) == (
        400,
        "invalidValue",
    )


@pytest.mark.parametrize("op", ["add", "replace"])
def test_c12_44_a_path_may_carry_the_core_schema(scim, op):
    operation = {"op": op, "path": f"{USER}:name.givenName", "value": "Ada"}

    assert changed(scim, scim.user(), operation)["name"] == {"givenName": "Ada"}


def test_c12_45_a_path_may_carry_an_extension_schema(scim):
    boss = scim.user().id

    after = changed(
        scim,
        scim.user(),
        {"op": "add", "path": f"{ENTERPRISE}:manager.value", "value": boss},
        {"op": "add", "path": f"{ENTERPRISE}:department", "value": "Labs"},
    )

    assert after[ENTERPRISE]["manager"]["value"] == boss
    assert after[ENTERPRISE]["department"] == "Labs"


def test_c12_46_a_path_may_be_a_whole_extension(scim):
    user = scim.user(**{ENTERPRISE: {"department": "Labs", "costCenter": "7"}})

    after = changed(scim, user, {"op": "replace", "path": ENTERPRISE, "value": {"department": "Ships"}})
    assert after[ENTERPRISE] == {"department": "Ships", "costCenter": "7"}

    without = changed(scim, user, {"op": "remove", "path": ENTERPRISE})
    assert ENTERPRISE not in without
    assert without["schemas"] == [USER]


def test_c12_47_an_extension_that_is_set_is_listed_in_schemas(scim):
    user = scim.user()

    after = changed(scim, user, {"op": "add", "path": f"{ENTERPRISE}:department", "value": "Labs"})

    assert user.body["schemas"] == [USER]
    assert after["schemas"] == [USER, ENTERPRISE]


@pytest.mark.parametrize(
    "value", [{ENTERPRISE: {"department": "Labs"}}, {f"{ENTERPRISE}:department": "Labs"}]
)
@pytest.mark.parametrize("op", ["add", "replace"])
def test_c12_48_a_value_without_a_path_may_name_an_extension(scim, op, value):
    assert changed(scim, scim.user(), {"op": op, "value": value})[ENTERPRISE] == {"department": "Labs"}


def test_c12_49_dotted_names_without_a_path_are_understood(scim):
    user = scim.user(name={"familyName": "Moss"})

    after = changed(scim, user, {"op": "replace", "value": {"name.givenName": "Ada"}})

    assert after["name"] == {"familyName": "Moss", "givenName": "Ada"}


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": 'emails[type eq "home"].primary', "value": True},
        {"op": "add", "path": 'emails[type eq "home"]', "value": {"primary": True}},
    ],
)
def test_c12_50_what_becomes_primary_takes_it_from_the_others(scim, operation):
    after = changed(scim, scim.user(emails=EMAILS), operation)

    assert {each["type"]: each.get("primary", False) for each in after["emails"]} == {
        "work": False,
        "home": True,
    }


def test_c12_50_an_added_primary_value_takes_it_from_the_others(scim):
    value = {"value": "new@x.example", "type": "other", "primary": True}

    after = changed(scim, scim.user(emails=EMAILS), {"op": "add", "path": "emails", "value": [value]})

    assert [each["type"] for each in after["emails"] if each.get("primary")] == ["other"]


def test_c12_51_names_in_paths_are_read_in_any_case(scim):
    operation = {"op": "Replace", "path": 'Emails[Type eq "work"].VALUE', "value": "new@x.example"}

    after = changed(scim, scim.user(emails=EMAILS), operation)

    assert by_type(after["emails"])["work"]["value"] == "new@x.example"


@pytest.mark.parametrize("path", ["emails[0]", "emails[0].value"])
def test_c12_52_values_are_not_addressed_by_number(scim, path):
    status, scim_type = refusal(scim, scim.user(emails=EMAILS), {"op": "remove", "path": path})

    assert status == 400
    assert scim_type in ("invalidPath", "invalidFilter")


def test_c12_53_anothers_user_name_clashes(scim):
    other = scim.user()
    operation = {"op": "replace", "path": "userName", "value": other.body["userName"].upper()}

    assert refusal(scim, scim.user(), operation) == (409, "uniqueness")


@pytest.mark.parametrize("op", ["add", "replace"])
def test_c12_54_a_required_sub_attribute_must_be_there(scim, op):
    group = scim.group(scim.user().id)

    answer = scim.patch(f"/Groups/{group.id}", {"op": op, "path": "members", "value": [{"display": "Ann"}]})

    assert answer.error == (400, "invalidValue")
    assert scim.get(f"/Groups/{group.id}").body == group.body


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "title", "value": "Pilot"},
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": "work@x.example"},
        {"op": "replace", "path": "emails", "value": EMAILS[::-1]},
        {"op": "replace", "value": {"title": "Pilot"}},
        {"op": "remove", "path": "nickName"},
        {"op": "replace", "path": "nickName", "value": None},
    ],
)
def test_c12_55_a_patch_that_changes_nothing_keeps_version_and_time(scim, operation):
    user = scim.user(title="Pilot", emails=EMAILS)

    answer = scim.patch(f"/Users/{user.id}", operation)

    assert (answer.status, answer.etag) == (200, user.etag)
    assert scim.get(f"/Users/{user.id}").body["meta"] == user.body["meta"]


@pytest.mark.parametrize("endpoint", ["/Users", "/Groups"])
def test_c12_56_an_unknown_id_is_a_404(scim, endpoint):
    operation = {"op": "replace", "path": "displayName", "value": "x"}

    assert scim.patch(f"{endpoint}/4711", operation).error == (404, None)


def test_c12_57_a_thousand_members_are_added_and_removed_in_one_operation(scim):
    people = []
    for _ in range(10):
        operations = [
            {
                "method": "POST",
                "path": "/Users",
                "bulkId": str(number),
                "data": {"schemas": [USER], "userName": unused("many")},
            }
            for number in range(100)
        ]
        results = scim.bulk(*operations).body["Operations"]
        people += [result["location"].rpartition("/")[2] for result in results]
    group = scim.group()
    listed = [{"value": each} for each in people]

    added = scim.patch(f"/Groups/{group.id}", {"op": "add", "path": "members", "value": listed})
    assert added.status == 204
    assert members(scim, group) == people

    removed = scim.patch(f"/Groups/{group.id}", {"op": "remove", "path": "members", "value": listed[1:]})
    assert removed.status == 204
    assert members(scim, group) == people[:1]


def test_c12_58_members_added_at_the_same_time_are_all_there(provider, scim):
    people = [scim.user().id for _ in range(8)]
    group = scim.group()
    start = Barrier(len(people))

    def add(person):
        client = ScimHttp(base_url=provider.base_url, token=provider.token)
        start.wait()
        answer = client.patch(
            f"/Groups/{group.id}", {"op": "add", "path": "members", "value": [{"value": person}]}
        )
        client.close()
        return answer.status

    with ThreadPoolExecutor(len(people)) as pool:
        assert set(pool.map(add, people)) == {204}
    assert set(members(scim, group)) == set(people)
