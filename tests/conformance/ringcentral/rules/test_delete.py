"""RFC 7644 section 3.6: deleting resources. Each test is named after its rule in docs/scim-conformance.md."""

import pytest

from support.scim_http import ENTERPRISE, USER, unused


def test_c13_01_a_deletion_answers_204_without_a_body(scim):
    answer = scim.send("DELETE", f"/Users/{scim.user().id}")

    assert (answer.status, answer.body) == (204, None)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_c13_02_every_operation_on_a_deleted_resource_is_a_404(scim, method):
    user = scim.user()
    scim.send("DELETE", f"/Users/{user.id}")
    body = {"PUT": {"schemas": [USER], "userName": "back"}}.get(method)

    if method == "PATCH":
        answer = scim.patch(f"/Users/{user.id}", {"op": "replace", "path": "title", "value": "Ghost"})
    else:
        answer = scim.send(method, f"/Users/{user.id}", body)

    assert answer.error == (404, None)


def test_c13_03_a_deleted_user_is_in_no_list_and_no_search(scim):
    name = unused("leaver")
    scim.send("DELETE", f"/Users/{scim.user(userName=name).id}")

    assert scim.find("/Users", f'userName eq "{name}"').body["totalResults"] == 0
    listed = scim.get("/Users", query="count=1000").body["Resources"]
    assert name not in [user["userName"] for user in listed]


def test_c13_04_deleting_twice_is_a_404_the_second_time(scim):
    user = scim.user().id

    assert [scim.send("DELETE", f"/Users/{user}").status for _ in range(2)] == [204, 404]


def test_c13_05_the_user_name_of_a_deleted_user_is_free_again(scim):
    name = unused("returner")
    first = scim.user(userName=name)
    scim.send("DELETE", f"/Users/{first.id}")

    assert scim.user(userName=name).id != first.id


def test_c13_06_a_stale_if_match_refuses_a_deletion(scim):
    user = scim.user()
    scim.patch(f"/Users/{user.id}", {"op": "add", "path": "title", "value": "Pilot"})

    stale = scim.send("DELETE", f"/Users/{user.id}", headers={"If-Match": user.etag})
    current = scim.get(f"/Users/{user.id}")

    assert stale.error == (412, None)
    assert current.status == 200
    assert scim.send("DELETE", f"/Users/{user.id}", headers={"If-Match": current.etag}).status == 204


def test_c13_07_a_deleted_user_leaves_groups_and_the_people_managed(scim):
    boss = scim.user().id
    other = scim.user().id
    group = scim.group(boss, other)
    clerk = scim.user(**{ENTERPRISE: {"manager": {"value": boss}, "department": "Labs"}}).id

    scim.send("DELETE", f"/Users/{boss}")

    after = scim.get(f"/Groups/{group.id}")
    assert [member["value"] for member in after.body["members"]] == [other]
    assert after.etag != group.etag
    assert scim.get(f"/Users/{clerk}").body[ENTERPRISE] == {"department": "Labs"}
