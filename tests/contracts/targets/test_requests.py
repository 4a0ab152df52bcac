"""What the client asks for, and what it makes of proper answers."""

import pytest

from provisor.core import errors, objects
from provisor.core.changes import Modification
from provisor.scim import dialects, resources, urns
from provisor.targets import profile
from support import scripted_target
from support.scripted_target import Commit

USER, GROUP = objects.ObjectType.USER, objects.ObjectType.GROUP
WORK_EMAIL = 'emails[type eq "work"].value'
ADA = {
    "id": "2819",
    "userName": "Ada@Example.com",
    "active": True,
    "emails": [{"type": "work", "value": "ada.moss@example.com"}],
}
BO = {"id": "2820", "userName": "bo@example.com", "active": False, "externalId": "hr-2"}


def change(path, old, new, *, container=resources.Container.EXISTS):
    return Modification(path=path, old=old, new=new, container=container)


def fill(peer, count):
    peer.users.update(
        {str(n): {"id": str(n), "userName": f"user{n}@example.com"} for n in range(1, count + 1)}
    )


async def pages(client, kind=USER):
    return [page async for page in client.listing(kind)]


async def ids(client):
    return [resource.id for page in await pages(client) for resource in page.resources]


async def test_nothing_is_opened_before_the_first_request(connect, peer):
    client = connect()
    await client.aclose()
    assert peer.requests == []


async def test_every_request_carries_the_token_and_says_who_asks(client, peer):
    await client.create(USER, {"userName": "ada@example.com"})
    headers = peer.requests[0].headers
    assert headers["Authorization"] == f"Bearer {scripted_target.TOKEN}"
    assert headers["Content-Type"] == "application/scim+json"
    assert "application/scim+json" in headers["Accept"]
    assert headers["User-Agent"].startswith("provisor/")


async def test_the_word_bearer_before_a_pasted_token_does_no_harm(connect, peer):
    client = connect(token=f" Bearer {scripted_target.TOKEN}\n")
    await client.test_connection(USER, "userName")


async def test_finding_asks_with_an_escaped_filter(client, peer):
    peer.users["1"] = {"id": "1", "userName": 'o"neil+\\ß&x=1'}
    (found,) = await client.find(USER, "userName", 'O"NEIL+\\ß&X=1')
    assert found.id == "1"
    assert peer.requests[0].query == {"filter": 'userName eq "O\\"NEIL+\\\\ß&X=1"'}


@pytest.mark.parametrize("dialect", dialects.DIALECTS.values(), ids=dialects.DIALECTS)
async def test_finding_by_work_email_works_in_every_dialect(connect, peer, dialect):
    peer.users.update({"2819": ADA, "2820": BO})
    (found,) = await connect(dialect=dialect).find(USER, WORK_EMAIL, "ada.moss@example.com")
    assert found.document["userName"] == "Ada@Example.com"


async def test_a_target_may_know_an_attribute_by_another_name(connect, peer):
    peer.users.update({"2819": ADA, "2820": BO})
    client = connect(filter_names={WORK_EMAIL: "email"})
    (found,) = await client.find(USER, WORK_EMAIL, "ada.moss@example.com")
    assert found.id == "2819"
    assert peer.requests[0].query["filter"] == 'email eq "ada.moss@example.com"'


async def test_nobody_is_found_where_nobody_is(client, peer):
    peer.users["2820"] = BO
    assert await client.find(USER, "userName", "nobody@example.com") == ()


async def test_all_who_have_the_value_are_found(client, peer):
    peer.users["1"] = {"id": "1", "userName": "x", "externalId": "hr-9"}
    peer.users["2"] = {"id": "2", "userName": "y", "externalId": "HR-9"}
    assert [found.id for found in await client.find(USER, "externalId", "hr-9")] == ["1", "2"]


async def test_only_the_verified_are_found_where_the_filter_is_ignored(client, peer):
    peer.users.update({"2819": ADA, "2820": BO})
    peer.script(scripted_target.ignoring_the_filter())
    assert [found.id for found in await client.find(USER, "userName", "ada@example.com")] == ["2819"]


async def test_an_answer_with_only_others_proves_nothing(client, peer):
    peer.script(scripted_target.somebody_else(BO))
    with pytest.raises(errors.FilterNotHonouredError, match="does not honour the filter"):
        await client.find(USER, "userName", "ada@example.com")


async def test_a_refused_filter_proves_nothing(client, peer):
    peer.script(scripted_target.status(400, detail="unsupported", scim_type="invalidFilter"))
    with pytest.raises(errors.FilterNotHonouredError, match=r"unsupported.*invalidFilter") as caught:
        await client.find(USER, "externalId", "hr-9")
    assert caught.value.status == 400


async def test_a_count_without_resources_proves_nothing(client, peer):
    peer.script(scripted_target.status(200, body={"totalResults": 1, "Resources": []}))
    with pytest.raises(errors.FilterNotHonouredError):
        await client.find(USER, "userName", "ada@example.com")


async def test_a_value_that_listings_leave_out_is_verified_by_id(connect, peer):
    peer.users["2819"] = ADA
    short = {name: value for name, value in ADA.items() if name != "emails"}
    peer.script(scripted_target.somebody_else(short))
    client = connect(listing_omissions={USER: frozenset({"emails"})})
    (found,) = await client.find(USER, WORK_EMAIL, "ada.moss@example.com")
    assert found.document == ADA
    assert client.listing_omits(USER) == {"emails"}
    assert client.listing_omits(GROUP) == frozenset()


async def test_a_group_is_never_read_with_its_members(client, peer):
    peer.groups["7"] = {"id": "7", "displayName": "Crew", "members": [{"value": "2819"}]}
    (found,) = await client.find(GROUP, "displayName", "crew")
    read = await client.read(GROUP, "7")
    (page,) = await pages(client, GROUP)
    for resource in (found, read, *page.resources):
        assert "members" not in resource.document
    assert {request.query["excludedAttributes"] for request in peer.requests} == {"members"}


async def test_a_listing_goes_on_to_the_total(connect, peer):
    fill(peer, 5)
    client = connect(page_size=2)
    found = await pages(client)
    assert [[one.id for one in page.resources] for page in found] == [["1", "2"], ["3", "4"], ["5"]]
    assert {page.total for page in found} == {5}
    assert [(one.query["startIndex"], one.query["count"]) for one in peer.requests] == [
        ("1", "2"),
        ("3", "2"),
        ("5", "2"),
    ]


async def test_a_listing_of_nobody_is_one_empty_page(client):
    (page,) = await pages(client)
    assert (page.resources, page.total) == ((), 0)


async def test_a_target_with_smaller_pages_than_asked_for_is_read_whole(connect, peer):
    fill(peer, 5)

    async def three_at_most(target, request, perform):
        start = int(request.query["startIndex"])
        return target.list_response(list(peer.users.values())[start - 1 : start + 2], total=5)

    peer.always(three_at_most)
    assert await ids(connect(page_size=100)) == ["1", "2", "3", "4", "5"]


async def test_an_empty_page_ends_a_listing_that_claims_more(client, peer):
    fill(peer, 2)
    peer.script(
        scripted_target.status(200, body={"totalResults": 9, "Resources": list(peer.users.values())}),
        scripted_target.status(200, body={"totalResults": 9}),
    )
    found = await pages(client)
    assert [len(page.resources) for page in found] == [2, 0]
    assert found[-1].total == 9


async def test_a_page_that_comes_twice_does_not_disturb_the_rest(connect, peer):
    fill(peer, 6)
    peer.script(scripted_target.with_headers(), scripted_target.same_page_again())
    assert await ids(connect(page_size=2)) == ["1", "2", "1", "2", "5", "6"]


async def test_a_target_that_always_gives_its_first_page_is_not_asked_for_ever(connect, peer):
    fill(peer, 1000)
    peer.always(scripted_target.same_page_again())
    found = await ids(connect(page_size=2))
    assert set(found) == {"1", "2"}
    assert len(peer.requests) == 4


async def test_a_resource_is_read_by_its_encoded_id(client, peer):
    peer.script(scripted_target.status(200, body={"id": "a/b c", "userName": "x"}))
    assert (await client.read(USER, "a/b c")).document["userName"] == "x"
    assert peer.requests[0].path == "/Users/a/b c"


async def test_a_number_for_an_id_is_an_id(client, peer):
    peer.script(scripted_target.status(200, body={"id": 1271136020, "userName": "x"}))
    assert (await client.read(USER, "1271136020")).id == "1271136020"


async def test_another_resource_than_asked_for_stops_the_cycle(client, peer):
    peer.script(scripted_target.status(200, body=BO))
    with pytest.raises(errors.TargetUnusableError, match="another resource, 2820"):
        await client.read(USER, "2819")


async def test_a_creation_sends_the_values_and_answers_the_new_resource(client, peer):
    values = {"userName": "ada@example.com", "active": "True", f"{urns.ENTERPRISE_USER}:department": "Labs"}
    created = await client.create(USER, values)
    assert created.id == "1001"
    assert peer.users["1001"]["active"] is True
    assert peer.requests[0].body["schemas"] == [urns.USER, urns.ENTERPRISE_USER]


async def test_a_creation_that_echoes_nothing_is_known_by_its_location(client, peer):
    peer.script(
        scripted_target.status(201, headers={"Location": "http://elsewhere.example/x/Users/77%2F8?v=1"})
    )
    created = await client.create(USER, {"userName": "ada@example.com"})
    assert created.id == "77/8"
    assert created.document["userName"] == "ada@example.com"


async def test_a_creation_without_any_id_is_looked_up(client, peer):
    peer.script(scripted_target.without_content(201))
    with pytest.raises(errors.OutcomeUnknownError, match="neither the new id"):
        await client.create(USER, {"userName": "ada@example.com"})


async def test_an_update_is_one_request(client, peer):
    peer.users["2819"] = ADA
    changes = [
        change("userName", "Ada@Example.com", "moss@example.com"),
        change("active", True, "False"),
        change(WORK_EMAIL, "ada.moss@example.com", "moss@example.com"),
        change('addresses[type eq "work"].country', None, "NO", container=resources.Container.ABSENT),
    ]
    await client.update(USER, "2819", changes)
    assert [request.method for request in peer.requests] == ["PATCH"]
    assert peer.users["2819"] == {
        "id": "2819",
        "userName": "moss@example.com",
        "active": False,
        "emails": [{"type": "work", "value": "moss@example.com"}],
        "addresses": [{"type": "work", "country": "NO"}],
    }


async def test_an_update_answered_without_content_is_done(client, peer):
    peer.users["2819"] = ADA
    peer.script(scripted_target.without_content())
    await client.update(USER, "2819", [change("title", None, "Captain")])
    assert peer.users["2819"]["title"] == "Captain"


async def test_an_update_of_nothing_sends_nothing(client, peer):
    await client.update(USER, "2819", [change("title", None, None)])
    assert peer.requests == []


async def test_a_target_without_patch_is_given_the_whole_resource(connect, peer):
    peer.users["2819"] = {**ADA, "meta": {"version": "W/1"}, "photos": [{"type": "photo", "value": "p"}]}
    dialect = dialects.Dialect(name="put", update_method=dialects.UpdateMethod.PUT)
    await connect(dialect=dialect).update(
        USER, "2819", [change("title", None, "Captain"), change(WORK_EMAIL, "x", None)]
    )
    assert [request.method for request in peer.requests] == ["GET", "PUT"]
    body = peer.requests[1].body
    assert body["title"] == "Captain"
    assert body["emails"] == []
    assert body["photos"] == [{"type": "photo", "value": "p"}]
    assert "meta" not in body


async def test_putting_a_group_keeps_its_members(connect, peer):
    peer.groups["7"] = {"id": "7", "displayName": "Crew", "members": [{"value": "2819"}]}
    dialect = dialects.Dialect(name="put", update_method=dialects.UpdateMethod.PUT)
    await connect(dialect=dialect).update(GROUP, "7", [change("displayName", "Crew", "Staff")])
    assert peer.groups["7"]["members"] == [{"value": "2819"}]


@pytest.mark.parametrize("dialect", dialects.DIALECTS.values(), ids=dialects.DIALECTS)
async def test_only_the_named_members_change(connect, peer, dialect):
    peer.groups["7"] = {"id": "7", "members": [{"value": str(n)} for n in range(150)]}
    await connect(dialect=dialect).change_members("7", add=["900", "901"], remove=["3", "4"])
    left = {member["value"] for member in peer.groups["7"]["members"]}
    assert left == {str(n) for n in range(150)} - {"3", "4"} | {"900", "901"}
    assert len(peer.requests) == 1


async def test_a_member_that_is_gone_already_does_not_keep_the_others(client, peer):
    peer.groups["7"] = {"id": "7", "members": [{"value": "1"}, {"value": "2"}]}
    await client.change_members("7", add=["9"], remove=["1", "55"])
    assert peer.groups["7"]["members"] == [{"value": "2"}, {"value": "9"}]


async def test_no_members_is_no_request(client, peer):
    await client.change_members("7")
    assert peer.requests == []


async def test_a_target_without_member_patches_is_given_the_whole_list(connect, peer):
    peer.groups["7"] = {"id": "7", "displayName": "Crew", "members": [{"value": "1"}, {"value": "2"}]}
    client = connect(member_updates=profile.MemberUpdates.PUT)
    await client.change_members("7", add=["2", "9"], remove=["1"])
    assert peer.groups["7"]["members"] == [{"value": "2"}, {"value": "9"}]
    assert peer.groups["7"]["displayName"] == "Crew"


async def test_deleting_twice_is_deleting(client, peer):
    peer.users["2819"] = ADA
    await client.delete(USER, "2819")
    await client.delete(USER, "2819")
    assert peer.users == {}


async def test_the_flag_in_the_tenant_url_chooses_the_dialect_and_is_not_sent(connect, peer):
    peer.users["2819"] = ADA
    client = connect(url=f"{peer.url}/?aadOptscim062020&tenant=7")
    await client.update(USER, "2819", [change("active", True, False)])
    assert peer.requests[0].query == {"tenant": "7"}
    assert peer.requests[0].body["Operations"] == [{"op": "replace", "value": {"active": False}}]


async def test_the_profiles_dialect_goes_before_the_urls_flag(connect, peer):
    peer.users["2819"] = ADA
    client = connect(url=f"{peer.url}?AzureAdScimPatch2017", dialect=dialects.RFC)
    await client.update(USER, "2819", [change("active", True, False)])
    assert peer.requests[0].body["Operations"][0]["op"] == "replace"


async def test_the_probe_asks_for_a_value_that_nobody_has(client, peer):
    fill(peer, 3)
    await client.test_connection(USER, "userName")
    await client.test_connection(USER, "userName")
    first, second = (request.query["filter"] for request in peer.requests)
    assert first.startswith('userName eq "')
    assert first != second


async def test_the_probe_does_not_trust_a_target_that_answers_everybody(client, peer):
    fill(peer, 3)
    peer.script(scripted_target.ignoring_the_filter())
    with pytest.raises(errors.FilterNotHonouredError):
        await client.test_connection(USER, "userName")


async def test_the_client_counts_what_it_asked(client, peer):
    peer.users["2819"] = ADA
    await client.read(USER, "2819")
    peer.script(scripted_target.status(500, commit=Commit.DONE))
    await client.update(USER, "2819", [change("active", True, False)])
    assert (client.reads.requests, client.writes.requests) == (1, 2)
