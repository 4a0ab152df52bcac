"""Each limit of each preset, seen on the wire."""

import pytest

from provisor.ringcentral.profile_names import ProfileName
from provisor.ringcentral.profiles import FULL, PROFILES, RINGCENTRAL

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


def person(wire, name, **more):
    answer = wire.send("POST", "/Users", {"schemas": [USER], "userName": name, **more})
    assert answer.status == 201, answer.body
    return answer.body["id"]


def group(wire, *ids, name="Pilots"):
    return wire.send("POST", "/Groups", group_body(*ids, name=name))


def group_body(*ids, name="Pilots"):
    return {"schemas": [GROUP], "displayName": name, "members": [{"value": each} for each in ids]}


def add(wire, group_id, ids):
    value = [{"value": each} for each in ids]
    return wire.patch(f"/Groups/{group_id}", {"op": "add", "path": "members", "value": value})


@pytest.fixture
def aws(make_wire):
    return make_wire("aws-identity-center")


@pytest.fixture
def keycloak(make_wire):
    return make_wire("keycloak")


@pytest.fixture
def vcenter(make_wire):
    return make_wire("vcenter")


@pytest.fixture
def zitadel(make_wire):
    return make_wire("zitadel")


def test_every_name_has_its_profile():
    assert list(PROFILES) == list(ProfileName)


@pytest.mark.parametrize("name", [name for name in ProfileName if name is not ProfileName.FULL])
def test_a_preset_says_what_it_limits_and_where_that_is_known_from(name):
    assert PROFILES[name].limits
    assert PROFILES[name].source


@pytest.mark.parametrize("name", [each for each in ProfileName if each not in (RINGCENTRAL.name, FULL.name)])
def test_a_preset_creates_finds_and_deletes_a_user(make_wire, name):
    wire = make_wire(name)
    made = person(wire, "ada")

    found = wire.find("/Users", 'userName eq "ADA"').body["Resources"]

    assert [each["id"] for each in found] == [made]
    assert wire.send("DELETE", f"/Users/{made}").status == 204


def test_aws_takes_a_hundred_members_a_request_and_not_one_more(aws):
    ids = [person(aws, f"user{number}") for number in range(101)]

    refused = [group(aws, *ids), add(aws, group(aws, name="Empty").body["id"], ids)]
    taken = group(aws, *ids[:100], name="Hundred")

    assert [answer.status for answer in refused] == [400, 400]
    assert {answer.body["scimType"] for answer in refused} == {"tooMany"}
    assert taken.status == 201
    assert add(aws, taken.body["id"], ids[100:]).status == 204


def test_aws_counts_the_members_of_all_operations_together(aws):
    ids = [person(aws, f"user{number}") for number in range(102)]
    made = group(aws).body["id"]
    halves = [
        {"op": "add", "path": "members", "value": [{"value": each} for each in half]}
        for half in (ids[:51], ids[51:])
    ]

    assert aws.patch(f"/Groups/{made}", *halves).status == 400


def test_aws_never_lists_members_but_finds_a_group_by_one(aws):
    ada = person(aws, "ada")
    made = group(aws, ada)

    read = aws.send("GET", f"/Groups/{made.body['id']}")
    listed = aws.send("GET", "/Groups").body["Resources"]
    found = aws.find("/Groups", f'id eq "{made.body["id"]}" and members eq "{ada}"')
    missed = aws.find("/Groups", f'id eq "{made.body["id"]}" and members eq "{"0" * 32}"')

    assert all("members" not in body for body in (made.body, read.body, *listed))
    assert (found.body["totalResults"], missed.body["totalResults"]) == (1, 0)


def test_aws_changes_members_only_one_by_one(aws):
    ada, bo = person(aws, "ada"), person(aws, "bo")
    made = group(aws, ada).body["id"]
    named = {"op": "remove", "path": "members", "value": [{"value": ada}]}

    refused = [
        aws.patch(f"/Groups/{made}", {"op": "replace", "path": "members", "value": [{"value": bo}]}),
        aws.patch(f"/Groups/{made}", {"op": "replace", "value": {"members": [{"value": bo}]}}),
        aws.patch(f"/Groups/{made}", {"op": "remove", "path": "members"}),
    ]

    assert [answer.status for answer in refused] == [400, 400, 400]
    assert aws.patch(f"/Groups/{made}", named).status == 204
    assert aws.patch(f"/Groups/{made}", {"op": "replace", "path": "displayName", "value": "P"}).status == 204


@pytest.mark.parametrize(
    ("scim_filter", "status"),
    [
        ('userName eq "ada"', 200),
        ('userName eq "ada" and externalId eq "1"', 200),
        ('userName sw "ada"', 400),
        ('userName eq "ada" or userName eq "bo"', 400),
        ("userName pr", 400),
        ('emails[type eq "work"]', 400),
    ],
)
def test_aws_filters_with_eq_and_and_only(aws, scim_filter, status):
    answer = aws.find("/Users", scim_filter)

    assert answer.status == status
    assert status == 200 or answer.body["scimType"] == "invalidFilter"


def test_aws_pages_by_fifty_and_by_a_hundred_at_most(aws):
    for number in range(101):
        person(aws, f"user{number}")

    pages = [aws.send("GET", "/Users", query=query).body for query in ("", "count=500")]

    assert [page["itemsPerPage"] for page in pages] == [50, 100]
    assert aws.send("GET", "/Users", query="cursor=").body["nextCursor"]


@pytest.mark.parametrize("name", ["emails", "phoneNumbers", "addresses"])
def test_aws_holds_one_value_of_what_has_several(aws, name):
    key = "formatted" if name == "addresses" else "value"
    values = [
        {"type": kind, key: f"{kind}@example.com" if name == "emails" else "tel:+1"}
        for kind in ("work", "home")
    ]

    answer = aws.send("POST", "/Users", {"schemas": [USER], "userName": "ada", name: values})

    assert (answer.status, answer.body["scimType"]) == (400, "invalidValue")


@pytest.mark.parametrize(
    ("path", "status"), [("/Me", 404), ("/Users/.search", 404), ("/.search", 404), ("/Bulk", 501)]
)
def test_aws_has_neither_me_nor_search_nor_bulk(aws, path, status):
    assert aws.send("POST", path, {}).status == status


def test_keycloak_puts_no_members(keycloak):
    ada = person(keycloak, "ada")
    made = group(keycloak, ada).body["id"]

    assert keycloak.send("PUT", f"/Groups/{made}", group_body(ada)).status == 501
    bare = {"schemas": [GROUP], "displayName": "P"}
    assert keycloak.send("PUT", f"/Groups/{made}", bare).status == 200


def test_keycloak_takes_neither_brackets_nor_long_filters_nor_sorting_nor_bulk(keycloak):
    assert keycloak.find("/Users", 'emails[type eq "work"]').status == 400
    assert keycloak.find("/Users", f'userName eq "{"a" * 1000}"').status == 400
    assert keycloak.find("/Users", 'userName eq "a" or not (title pr)').status == 200
    assert keycloak.send("GET", "/Users", query="sortBy=userName").status == 501
    assert keycloak.send("POST", "/Bulk", {}).status == 501


@pytest.mark.parametrize("name", ["keycloak", "zitadel"])
def test_a_page_of_a_hundred(make_wire, name):
    wire = make_wire(name)
    for number in range(101):
        person(wire, f"user{number}")

    assert wire.send("GET", "/Users", query="count=200").body["itemsPerPage"] == 100


def test_zitadel_has_users_only(zitadel):
    types = zitadel.send("GET", "/ResourceTypes").body["Resources"]

    assert [each["name"] for each in types] == ["User"]
    assert zitadel.send("GET", "/Groups").status == 404
    assert group(zitadel).status == 404


def test_zitadel_takes_filters_of_a_thousand_characters(zitadel):
    head = 'userName eq "'
    fitting = head + "a" * (1000 - len(head) - 1) + '"'

    assert zitadel.find("/Users", fitting).status == 200
    refused = zitadel.find("/Users", fitting.replace("a", "aa", 1))
    assert refused.status == 400
    assert "1001 characters" in refused.body["detail"]


def test_vcenter_answers_a_put_with_204_and_has_no_patch(vcenter):
    ada = person(vcenter, "ada")
    made = group(vcenter, ada)
    put = vcenter.send("PUT", f"/Groups/{made.body['id']}", group_body(ada, name="P"))

    assert (put.status, put.body) == (204, None)
    assert "members" not in vcenter.send("GET", f"/Groups/{made.body['id']}").body
    assert add(vcenter, made.body["id"], [ada]).status == 501
    assert vcenter.send("GET", "/ServiceProviderConfig").body["patch"] == {"supported": False}


def test_members_that_are_not_listed_are_there_all_the_same(vcenter):
    ada = person(vcenter, "ada")
    made = group(vcenter, ada).body["id"]

    [membership] = vcenter.send("GET", f"/Users/{ada}").body["groups"]

    assert membership["value"] == made


def test_logfire_answers_one_resource_and_never_members(make_wire):
    wire = make_wire("logfire")
    ids = [person(wire, name) for name in ("ada", "bo")]
    group(wire, *ids)

    page = wire.send("GET", "/Users", query="count=10").body
    [shown] = wire.send("GET", "/Groups").body["Resources"]

    assert (page["totalResults"], page["itemsPerPage"]) == (2, 1)
    assert "members" not in shown


def test_eptura_takes_two_megabytes_and_five_hundred_requests(make_wire):
    wire = make_wire("eptura", throttling=PROFILES[ProfileName.EPTURA].throttling)
    body = {"schemas": [USER], "userName": "ada", "nickName": "a" * (2 * 1024 * 1024)}

    too_large = wire.send("POST", "/Users", body)

    assert too_large.status == 413
    assert too_large.headers["x-rate-limit-limit"] == "500"


def test_a_database_of_one_profile_is_not_served_as_another(make_wire, tmp_path):
    make_wire("keycloak")

    with pytest.raises(Exception, match="people of the profile keycloak"):
        make_wire("zitadel", url=f"sqlite:///{tmp_path}/keycloak.db")
