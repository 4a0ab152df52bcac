"""RFC 7644 section 3.7: bulk requests. Each test is named after its rule in docs/scim-conformance.md."""

import json

import pytest

from support.scim_http import BULK, ENTERPRISE, ERROR, GROUP, PATCH, USER, unused

RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"


def create(bulk_id, **attributes):
    """An operation that creates a user."""
    data = {"schemas": [USER], "userName": unused("bulk"), **attributes}
    return {"method": "POST", "path": "/Users", "bulkId": bulk_id, "data": data}


def create_group(bulk_id, *members, **attributes):
    """An operation that creates a group."""
    listed = [{"value": member} for member in members]
    data = {"schemas": [GROUP], "displayName": unused("Bulk"), "members": listed, **attributes}
    return {"method": "POST", "path": "/Groups", "bulkId": bulk_id, "data": data}


def patch(path, *operations):
    """An operation that modifies a resource."""
    return {
        "method": "PATCH",
        "path": path,
        "data": {"schemas": [PATCH], "Operations": list(operations)},
    }


def set_title(path, title):
    return patch(path, {"op": "replace", "path": "title", "value": title})


def results(answer):
    """The results of a bulk request that was processed."""
    assert answer.status == 200, answer.body
    assert answer.body["schemas"] == [RESPONSE]
    return answer.body["Operations"]


def statuses(answer):
    return [each["status"] for each in results(answer)]


def id_of(result):
    return result["location"].rpartition("/")[2]


def members(scim, group_id):
    return [each["value"] for each in scim.get(f"/Groups/{group_id}").body.get("members", [])]


def count(scim, endpoint="/Users"):
    return scim.get(endpoint, query="count=0").body["totalResults"]


def test_c15_01_the_configuration_announces_bulk_with_its_limits(scim):
    assert scim.get("/ServiceProviderConfig").body["bulk"] == {
        "supported": True,
        "maxOperations": 1000,
        "maxPayloadSize": 1024 * 1024,
    }


@pytest.mark.parametrize("schemas", [None, [], [USER], "absent"])
def test_c15_02_a_body_without_the_bulk_schema_is_refused(scim, schemas):
    body = {"schemas": schemas, "Operations": [create("a")]}
    if schemas == "absent":
        del body["schemas"]

    assert scim.send("POST", "/Bulk", body).error == (400, "invalidSyntax")


@pytest.mark.parametrize("operations", [None, [], {}, "absent"])
def test_c15_02_a_body_without_operations_is_refused(scim, operations):
    body = {"schemas": [BULK], "Operations": operations}
    if operations == "absent":
        del body["Operations"]

    assert scim.send("POST", "/Bulk", body).error == (400, "invalidSyntax")


def test_c15_02_the_answer_has_the_schema_of_one(scim):
    assert scim.bulk(create("a")).body["schemas"] == [RESPONSE]


def test_c15_03_a_request_that_was_processed_is_a_200_whatever_failed(scim):
    answer = scim.bulk({"method": "DELETE", "path": "/Users/4711"})

    assert (answer.status, statuses(answer)) == (200, ["404"])


def test_c15_04_each_result_says_what_was_done_and_where(scim):
    user, leaver = scim.user(), scim.user()

    created, replaced, patched, deleted, failed = results(
        scim.bulk(
            create("a"),
            {"method": "PUT", "path": f"/Users/{user.id}", "data": {**user.body, "title": "Pilot"}},
            set_title(f"/Users/{user.id}", "Captain"),
            {"method": "DELETE", "path": f"/Users/{leaver.id}"},
            create("b", userName=user.body["userName"]),
        )
    )

    assert (created["method"], created["status"], created["bulkId"]) == ("POST", "201", "a")
    assert created["location"] == f"{scim.base_url}/Users/{id_of(created)}"
    assert created["version"] == scim.get(f"/Users/{id_of(created)}").etag
    location = f"{scim.base_url}/Users/{user.id}"
    assert (replaced["method"], replaced["status"], replaced["location"]) == ("PUT", "200", location)
    assert (patched["method"], patched["status"], patched["location"]) == ("PATCH", "200", location)
    assert patched["version"] == scim.get(f"/Users/{user.id}").etag != replaced["version"]
    assert (deleted["method"], deleted["status"]) == ("DELETE", "204")
    assert deleted["location"] == f"{scim.base_url}/Users/{leaver.id}"
    assert (failed["method"], failed["status"], failed["bulkId"]) == ("POST", "409", "b")
    assert "location" not in failed


def test_c15_05_a_failed_result_carries_the_error(scim):
    taken = scim.user().body["userName"]

    clash, missing = results(
        scim.bulk(create("a", userName=taken), {"method": "DELETE", "path": "/Users/4711"})
    )

    assert clash["response"]["schemas"] == missing["response"]["schemas"] == [ERROR]
    assert (clash["response"]["status"], clash["response"]["scimType"]) == ("409", "uniqueness")
    assert missing["response"]["status"] == "404"
    assert "scimType" not in missing["response"]


@pytest.mark.parametrize("method", ["GET", "post", "", None, 7])
def test_c15_06_an_operation_has_one_of_the_four_methods(scim, method):
    result, good = results(scim.bulk({**create("a"), "method": method}, create("b")))

    assert result["status"] == "400"
    assert result["response"]["scimType"] in ("invalidSyntax", "invalidValue")
    assert good["status"] == "201"


def test_c15_07_a_creation_needs_a_bulk_id_of_its_own(scim):
    without = {name: value for name, value in create("x").items() if name != "bulkId"}

    outcome = results(scim.bulk(without, create("a"), create("a"), create("b")))

    assert [each["status"] for each in outcome] == ["400", "201", "400", "201"]
    assert outcome[0]["response"]["scimType"] == outcome[2]["response"]["scimType"] == "invalidValue"


@pytest.mark.parametrize("path", [None, "", "/", "/Users/1", "/Nothing", "/Me", "/Bulk", "/Users/.search", 7])
def test_c15_08_a_creation_is_sent_to_an_endpoint(scim, path):
    before = count(scim)

    bad, good = results(scim.bulk({**create("a"), "path": path}, create("b")))

    assert bad["status"] in ("400", "404", "405")
    assert good["status"] == "201"
    assert count(scim) == before + 1


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/Users", "/Me", "/", "/Schemas/x", "/Users/4711/emails"])
def test_c15_08_other_operations_are_sent_to_a_resource(scim, method, path):
    data = {
        "PUT": {"schemas": [USER], "userName": "x"},
        "PATCH": {"schemas": [PATCH], "Operations": [{"op": "remove", "path": "title"}]},
        "DELETE": None,
    }

    (bad,) = results(scim.bulk({"method": method, "path": path, "data": data[method]}))

    assert bad["status"] in ("400", "404", "405")


@pytest.mark.parametrize("data", [None, "absent", [], "text", {}])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_c15_09_what_is_written_needs_data(scim, method, data):
    user = scim.user()
    operation = {
        "method": method,
        "path": "/Users" if method == "POST" else f"/Users/{user.id}",
        "data": data,
    }
    if data == "absent":
        del operation["data"]

    (bad,) = results(scim.bulk({**operation, "bulkId": "a"}))

    assert bad["status"] == "400"
    assert bad["response"]["scimType"] in ("invalidSyntax", "invalidValue")
    assert scim.get(f"/Users/{user.id}").etag == user.etag


def test_c15_10_a_reference_becomes_the_id_of_what_was_created(scim):
    user, group = results(scim.bulk(create("u1"), create_group("g1", "bulkId:u1")))

    assert members(scim, id_of(group)) == [id_of(user)]


def test_c15_10_references_in_patches_become_ids(scim):
    group = scim.group()
    user, _ = results(
        scim.bulk(
            create("u1"),
            patch(f"/Groups/{group.id}", {"op": "add", "path": "members", "value": [{"value": "bulkId:u1"}]}),
        )
    )

    assert members(scim, group.id) == [id_of(user)]


@pytest.mark.parametrize("manager", [{"value": "bulkId:boss"}, "bulkId:boss"])
def test_c15_11_references_in_extensions_become_ids(scim, manager):
    boss, clerk = results(scim.bulk(create("boss"), create("clerk", **{ENTERPRISE: {"manager": manager}})))

    assert scim.get(f"/Users/{id_of(clerk)}").body[ENTERPRISE]["manager"]["value"] == id_of(boss)


def test_c15_12_a_path_may_name_what_was_created(scim):
    created, patched, deleted = results(
        scim.bulk(
            create("u1"),
            set_title("/Users/bulkId:u1", "Pilot"),
            {"method": "DELETE", "path": "/Users/bulkId:u1"},
        )
    )

    assert (created["status"], patched["status"], deleted["status"]) == ("201", "200", "204")
    assert patched["location"] == deleted["location"] == created["location"]
    assert scim.get(f"/Users/{id_of(created)}").status == 404


def test_c15_13_a_group_may_come_before_its_members(scim):
    group, ann, bob = results(
        scim.bulk(create_group("g1", "bulkId:u1", "bulkId:u2"), create("u1"), create("u2"))
    )

    assert (group["bulkId"], ann["bulkId"], bob["bulkId"]) == ("g1", "u1", "u2")
    assert members(scim, id_of(group)) == [id_of(ann), id_of(bob)]


def test_c15_13_a_long_chain_of_references_is_followed(scim):
    chain = [create_group(f"g{number}", f"bulkId:g{number + 1}") for number in range(60)]

    outcome = results(scim.bulk(*chain, create_group("g60")))

    assert {each["status"] for each in outcome} == {"201"}
    assert members(scim, id_of(outcome[0])) == [id_of(outcome[1])]


def test_c15_14_two_groups_may_hold_each_other(scim):
    first, second = results(scim.bulk(create_group("g1", "bulkId:g2"), create_group("g2", "bulkId:g1")))

    assert (first["status"], second["status"]) == ("201", "201")
    assert members(scim, id_of(first)) == [id_of(second)]
    assert members(scim, id_of(second)) == [id_of(first)]
    for result in (first, second):
        assert scim.get(f"/Groups/{id_of(result)}").etag == result["version"]


def test_c15_14_people_may_manage_each_other_and_themselves(scim):
    def managed(bulk_id, by):
        return create(bulk_id, title=bulk_id, **{ENTERPRISE: {"manager": {"value": by}, "department": by}})

    ann, bob, eve = results(
        scim.bulk(
            create("ann", **{ENTERPRISE: {"manager": {"value": "bulkId:bob"}, "department": "Labs"}}),
            create("bob", active=False, **{ENTERPRISE: {"manager": {"value": "bulkId:ann"}}}),
            create("eve", **{ENTERPRISE: {"manager": {"value": "bulkId:eve"}}}),
        )
    )

    def manager(result):
        return scim.get(f"/Users/{id_of(result)}").body[ENTERPRISE]["manager"]["value"]

    assert [manager(each) for each in (ann, bob, eve)] == [id_of(bob), id_of(ann), id_of(eve)]
    assert scim.get(f"/Users/{id_of(ann)}").body[ENTERPRISE]["department"] == "Labs"
    assert scim.get(f"/Users/{id_of(bob)}").body["active"] is False


def test_c15_14_a_circle_keeps_the_members_who_are_not_part_of_it(scim):
    ann = scim.user().id

    first, _, bob = results(
        scim.bulk(
            create_group("g1", ann, "bulkId:g2", "bulkId:bob"), create_group("g2", "bulkId:g1"), create("bob")
        )
    )

    assert ann in members(scim, id_of(first))
    assert id_of(bob) in members(scim, id_of(first))
    assert len(members(scim, id_of(first))) == 3


def test_c15_14_a_circle_of_which_one_fails_leaves_nothing_behind(scim):
    before = count(scim, "/Groups")
    broken = create_group("g3", "bulkId:g1")
    del broken["data"]["displayName"]

    outcome = results(
        scim.bulk(create_group("g1", "bulkId:g2"), create_group("g2", "bulkId:g1", "4711"), create("u1"))
    )
    assert [each["status"] for each in outcome] == ["409", "400", "201"]
    assert "g2" in outcome[0]["response"]["detail"]

    outcome = results(scim.bulk(create_group("g1", "bulkId:g3"), broken))
    assert [each["status"] for each in outcome] == ["409", "400"]
    assert count(scim, "/Groups") == before


def test_c15_15_a_reference_to_nothing_fails_that_operation_only(scim):
    nothing, taken, follower, good = results(
        scim.bulk(
            create_group("g1", "bulkId:none"),
            create("u1", userName=scim.user().body["userName"]),
            create_group("g2", "bulkId:u1"),
            create_group("g3"),
        )
    )

    assert [each["status"] for each in (nothing, taken, follower, good)] == ["409", "409", "409", "201"]
    assert "none" in nothing["response"]["detail"]
    assert "u1" in follower["response"]["detail"]


def test_c15_16_without_a_limit_of_errors_all_operations_run(scim):
    before = count(scim)
    operations = [create(str(number)) for number in range(10)]
    for bad in (2, 5, 9):
        del operations[bad]["data"]["userName"]

    outcome = statuses(scim.bulk(*operations))

    assert [number for number, status in enumerate(outcome) if status == "400"] == [2, 5, 9]
    assert outcome.count("201") == 7
    assert count(scim) == before + 7


@pytest.mark.parametrize(("limit", "done"), [(1, 2), (2, 4), (3, 6)])
def test_c15_17_after_so_many_errors_nothing_more_is_done(scim, limit, done):
    before = count(scim)
    bad = {"method": "DELETE", "path": "/Users/4711"}

    answer = scim.bulk(create("a"), bad, create("b"), bad, create("c"), create("d"), failOnErrors=limit)

    assert len(results(answer)) == done
    assert count(scim) == before + statuses(answer).count("201")


@pytest.mark.parametrize("limit", ["many", -1, 1.5, {}])
def test_c15_17_a_limit_of_errors_is_a_number(scim, limit):
    assert scim.bulk(create("a"), failOnErrors=limit).error == (400, "invalidValue")


def test_c15_18_a_name_that_is_freed_can_be_taken_in_the_same_request(scim):
    old = scim.user()
    group = scim.group(old.id)

    deleted, created, patched = results(
        scim.bulk(
            {"method": "DELETE", "path": f"/Users/{old.id}"},
            create("u1", userName=old.body["userName"]),
            patch(f"/Groups/{group.id}", {"op": "add", "path": "members", "value": [{"value": "bulkId:u1"}]}),
        )
    )

    assert (deleted["status"], created["status"], patched["status"]) == ("204", "201", "200")
    assert members(scim, group.id) == [id_of(created)]


def test_c15_18_waiting_for_a_creation_does_not_bring_it_before_a_deletion(scim):
    old, group = scim.user(), scim.group()

    outcome = results(
        scim.bulk(
            patch(f"/Groups/{group.id}", {"op": "add", "path": "members", "value": [{"value": "bulkId:u1"}]}),
            {"method": "DELETE", "path": f"/Users/{old.id}"},
            create("u1", userName=old.body["userName"]),
        )
    )

    assert [each["status"] for each in outcome] == ["200", "204", "201"]


def test_c15_18_a_deletion_does_not_come_before_what_names_the_resource(scim):
    leaver = scim.user()

    outcome = results(
        scim.bulk(
            create_group("g1", leaver.id, "bulkId:u1"),
            {"method": "DELETE", "path": f"/Users/{leaver.id}"},
            create("u1"),
        )
    )

    assert [each["status"] for each in outcome] == ["201", "204", "201"]
    assert members(scim, id_of(outcome[0])) == [id_of(outcome[2])]


def test_c15_19_more_operations_than_announced_are_refused(scim):
    before = count(scim)

    answer = scim.bulk(*({"method": "DELETE", "path": f"/Users/{number}"} for number in range(1001)))

    assert answer.error == (413, None)
    assert "1000" in answer.body["detail"]
    assert count(scim) == before


def test_c15_20_a_larger_body_than_announced_is_refused(scim):
    answer = scim.bulk(create("a", title="x" * 1024 * 1024))

    assert answer.error == (413, None)
    assert str(1024 * 1024) in answer.body["detail"]


def test_c15_21_an_operation_may_be_for_one_version_only(scim):
    user = scim.user()
    at = {"version": user.etag}

    outcome = results(
        scim.bulk(
            set_title(f"/Users/{user.id}", "Pilot") | at,
            set_title(f"/Users/{user.id}", "Captain") | at,
            {"method": "PUT", "path": f"/Users/{user.id}", "data": user.body} | at,
            {"method": "DELETE", "path": f"/Users/{user.id}"} | at,
        )
    )

    assert [each["status"] for each in outcome] == ["200", "412", "412", "412"]
    assert scim.get(f"/Users/{user.id}").body["title"] == "Pilot"


def test_c15_22_operations_on_one_resource_run_in_order(scim):
    user, group = scim.user(), scim.group()

    scim.bulk(*(set_title(f"/Users/{user.id}", f"Title {number}") for number in range(20)))
    assert scim.get(f"/Users/{user.id}").body["title"] == "Title 19"

    path = f"/Groups/{group.id}"
    scim.bulk(
        patch(path, {"op": "add", "path": "members", "value": [{"value": "bulkId:u1"}]}),
        patch(path, {"op": "remove", "path": "members"}),
        create("u1"),
    )
    assert members(scim, group.id) == []


def test_c15_24_no_reference_is_ever_stored(scim):
    scim.bulk(
        create("u1", **{ENTERPRISE: {"manager": {"value": "bulkId:u2"}}}),
        create("u2", **{ENTERPRISE: {"manager": {"value": "bulkId:nobody"}}}),
        create_group("g1", "bulkId:u1", "bulkId:g1"),
    )

    for endpoint in ("/Users", "/Groups"):
        assert "bulkId:" not in json.dumps(scim.get(endpoint, query="count=1000").body)


def test_an_operation_that_fails_after_others_leaves_their_work_and_none_of_its_own(scim):
    taken = scim.user().body["userName"]
    user = scim.user()

    outcome = statuses(
        scim.bulk(
            set_title(f"/Users/{user.id}", "Pilot"),
            patch(
                f"/Users/{user.id}",
                {"op": "replace", "path": "title", "value": "Captain"},
                {"op": "replace", "path": "userName", "value": taken},
            ),
            patch(f"/Users/{user.id}", {"op": "add", "path": "nickName", "value": "Ann"}),
        )
    )

    after = scim.get(f"/Users/{user.id}").body
    assert outcome == ["200", "409", "200"]
    assert (after["title"], after["nickName"], after["userName"]) == ("Pilot", "Ann", user.body["userName"])


@pytest.mark.parametrize("row", [None, 7, "text", [], {}])
def test_an_operation_that_is_no_object_fails_alone(scim, row):
    bad, good = results(scim.bulk(row, create("a")))

    assert (bad["status"], good["status"]) == ("400", "201")


def test_the_data_of_an_operation_is_read_as_the_single_request_would_be(scim):
    user, group = scim.user(), scim.group()
    outcome = results(
        scim.bulk(
            create("a", userName=""),
            create_group("b")
            | {"data": {"schemas": [GROUP], "displayName": "x", "members": [{"display": "y"}]}},
            patch(f"/Users/{user.id}", {"op": "move", "path": "title", "value": "x"}),
            patch(f"/Users/{user.id}", {"op": "Replace", "path": "active", "value": "False"}),
            patch(f"/Groups/{group.id}", {"op": "Add", "path": "members", "value": user.id}),
        )
    )

    assert [each["status"] for each in outcome] == ["400", "400", "400", "200", "200"]
    assert scim.get(f"/Users/{user.id}").body["active"] is False
    assert members(scim, group.id) == [user.id]


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_bulk_takes_nothing_but_post(scim, method):
    answer = scim.send(method, "/Bulk")

    assert answer.error == (405, None)
    assert answer.headers["allow"] == "POST"
