"""RFC 9967: asynchronous requests, which the provider answers synchronously. Each test is named after its rule."""

import pytest

from support.scim_http import USER, unused


@pytest.mark.parametrize("preference", ["respond-async", "respond-async, wait=1", "wait=1"])
def test_c20_01_c20_03_and_c20_05_a_preference_for_later_is_answered_at_once(scim, preference):
    sent = {"Prefer": preference}
    created = scim.send("POST", "/Users", {"schemas": [USER], "userName": unused("later")}, headers=sent)

    replaced = scim.send("PUT", f"/Users/{created.id}", {**created.body, "title": "Pilot"}, headers=sent)

    assert (created.status, replaced.status) == (201, 200)
    assert replaced.body["title"] == "Pilot"
    for answer in (created, replaced):
        assert not {"preference-applied", "set-txn"} & set(answer.headers)
    bulk = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]}
    operation = {"method": "DELETE", "path": f"/Users/{created.id}"}
    answer = scim.send("POST", "/Bulk", {**bulk, "Operations": [operation]}, headers=sent)
    assert (answer.status, answer.body["Operations"][0]["status"]) == (200, "204")
