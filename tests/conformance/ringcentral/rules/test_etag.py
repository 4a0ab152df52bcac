"""RFC 7644 section 3.14: versions and conditional requests. Each test is named after its rule."""

import re

import pytest

from support.scim_http import ENTERPRISE

PILOT = {"op": "replace", "path": "title", "value": "Pilot"}
METHODS = ["PUT", "PATCH", "DELETE"]


def write(scim, method, user, title, **headers):
    """One write of a user, under a condition."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if method == "PATCH":
        operation = {"op": "replace", "path": "title", "value": title}
        return scim.patch(f"/Users/{user.id}", operation, headers=sent)
    body = {**user.body, "title": title} if method == "PUT" else None
    return scim.send(method, f"/Users/{user.id}", body, headers=sent)


def test_c14_01_the_configuration_says_that_versions_are_supported(scim):
    assert scim.get("/ServiceProviderConfig").body["etag"] == {"supported": True}


@pytest.mark.parametrize("kind", ["user", "group"])
def test_c14_02_and_c14_03_every_answer_carries_the_version_twice(scim, kind):
    created = scim.user() if kind == "user" else scim.group()
    path = f"/{kind.title()}s/{created.id}"

    patched = scim.patch(path, {"op": "replace", "path": "displayName", "value": "New"})
    read = scim.get(path)
    replaced = scim.send("PUT", path, {**created.body, "displayName": "Newer"})

    for answer in (created, read, replaced):
        assert answer.etag == answer.body["meta"]["version"]
    assert patched.etag == read.etag
    assert len({created.etag, read.etag, replaced.etag}) == 3


def test_c14_03_resources_in_lists_carry_their_versions(scim):
    user = scim.user()

    listed = scim.find("/Users", f'userName eq "{user.body["userName"]}"').body["Resources"]

    assert [each["meta"]["version"] for each in listed] == [user.etag]


def test_c14_04_versions_are_weak(scim):
    assert re.fullmatch(r'W/"[^"]+"', scim.user().etag)


@pytest.mark.parametrize("tag", ["{}", "*", 'W/"0", {}', '"0"  ,{}'])
def test_c14_05_what_the_client_has_is_not_sent_again(scim, tag):
    user = scim.user()

    answer = scim.get(f"/Users/{user.id}", headers={"If-None-Match": tag.format(user.etag)})

    assert (answer.status, answer.body, answer.etag) == (304, None, user.etag)


def test_c14_05_what_changed_is_sent(scim):
    user = scim.user()
    scim.patch(f"/Users/{user.id}", PILOT)

    answer = scim.get(f"/Users/{user.id}", headers={"If-None-Match": user.etag})

    assert (answer.status, answer.body["title"]) == (200, "Pilot")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("tag", ['W/"0"', '"gone"', "nonsense", '""'])
def test_c14_06_a_write_on_another_version_is_refused(scim, method, tag):
    user = scim.user()

    assert write(scim, method, user, "Pilot", If_Match=tag).error == (412, None)
    assert scim.get(f"/Users/{user.id}").body == user.body


def test_c14_06_a_read_of_another_version_is_refused(scim):
    user = scim.user()

    assert scim.get(f"/Users/{user.id}", headers={"If-Match": 'W/"0"'}).error == (412, None)


@pytest.mark.parametrize("method", METHODS)
def test_c14_06_a_write_for_who_does_not_have_the_version_is_refused(scim, method):
    user = scim.user()

    assert write(scim, method, user, "Pilot", If_None_Match=user.etag).error == (412, None)
    assert write(scim, method, user, "Pilot", If_None_Match="*").error == (412, None)
    assert write(scim, method, user, "Pilot", If_None_Match='W/"0"').status in (200, 204)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("tag", ["{}", "*", 'W/"0", {}', '{} , W/"0"'])
def test_c14_07_and_c14_09_a_write_on_a_version_that_is_listed_succeeds(scim, method, tag):
    user = scim.user()

    assert write(scim, method, user, "Pilot", If_Match=tag.format(user.etag)).status in (200, 204)


@pytest.mark.parametrize("method", METHODS)
def test_c14_07_a_star_matches_nothing_where_nothing_is(scim, method):
    user = scim.user()
    scim.send("DELETE", f"/Users/{user.id}")

    assert write(scim, method, user, "Pilot", If_Match="*").error == (404, None)


def test_c14_08_the_version_changes_with_every_change_and_not_without(scim):
    user = scim.user()

    first = scim.patch(f"/Users/{user.id}", PILOT)
    second = scim.patch(f"/Users/{user.id}", PILOT)
    third = scim.send("PUT", f"/Users/{user.id}", first.body)
    fourth = scim.send("PUT", f"/Users/{user.id}", {**first.body, "nickName": "Ann"})

    assert len({user.etag, first.etag, fourth.etag}) == 3
    assert first.etag == second.etag == third.etag


def test_c14_08_the_version_is_that_of_the_stored_resource_whatever_is_shown(scim):
    user = scim.user(title="Pilot", **{ENTERPRISE: {"department": "Labs"}})

    shown = scim.get(f"/Users/{user.id}", query="attributes=title")

    assert shown.etag == user.etag


def test_c14_08_a_member_who_is_deleted_changes_the_version_of_the_group(scim):
    member = scim.user().id
    group = scim.group(member)
    scim.send("DELETE", f"/Users/{member}")

    operation = {"op": "replace", "path": "displayName", "value": "New"}
    stale = scim.patch(f"/Groups/{group.id}", operation, headers={"If-Match": group.etag})

    assert stale.error == (412, None)


@pytest.mark.parametrize("method", METHODS)
def test_c14_10_a_write_without_a_condition_is_allowed(scim, method):
    assert write(scim, method, scim.user(), "Pilot").status in (200, 204)
