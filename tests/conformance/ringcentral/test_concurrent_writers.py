"""Fifty clients at once, on two servers of one database: versions and names hold, and no write is lost."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

import pytest

from provisor.ringcentral.background import running_provider
from support import postgres
from support.scim_http import USER, ScimHttp

WRITERS = 50


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request, tmp_path_factory):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('provider')}/provider.db"
        return
    with postgres.fresh_database_url() as fresh:
        yield fresh


@pytest.fixture(scope="module")
def clients(url):
    """A client for each writer, half of them on either server."""
    with ExitStack() as opened:
        servers = [opened.enter_context(running_provider(database_url=url, profile="full")) for _ in range(2)]
        made = []
        for number in range(WRITERS):
            server = servers[number % 2]
            client = ScimHttp(base_url=server.base_url, token=server.token)
            opened.callback(client.close)
            made.append(client)
        yield made


def at_once(clients, task):
    """The answers of all clients to one task each, begun at the same moment."""
    start = Barrier(len(clients))

    def run(number):
        start.wait()
        return task(clients[number], number)

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(run, range(len(clients))))


def statuses(answers):
    return sorted(answer.status for answer in answers)


def members(client, group_id):
    return [each["value"] for each in client.get(f"/Groups/{group_id}").body.get("members", [])]


def test_of_fifty_creates_of_one_user_name_exactly_one_succeeds(clients):
    answers = at_once(
        clients,
        lambda client, number: client.send(
            "POST", "/Users", {"schemas": [USER], "userName": "wanted" if number % 2 else "WANTED"}
        ),
    )

    assert statuses(answers) == [201] + [409] * (WRITERS - 1)
    assert {answer.error for answer in answers if answer.status == 409} == {(409, "uniqueness")}
    assert clients[0].find("/Users", 'userName eq "wanted"').body["totalResults"] == 1


def test_of_fifty_renames_to_one_user_name_exactly_one_succeeds(clients):
    people = [clients[0].user().id for _ in clients]
    rename = {"op": "replace", "path": "userName", "value": "renamed"}

    answers = at_once(clients, lambda client, number: client.patch(f"/Users/{people[number]}", rename))

    assert statuses(answers) == [200] + [409] * (WRITERS - 1)


def test_of_fifty_patches_on_one_version_exactly_one_succeeds(clients):
    user = clients[0].user()

    def patch(client, number):
        operation = {"op": "replace", "path": "title", "value": f"Title {number}"}
        return client.patch(f"/Users/{user.id}", operation, headers={"If-Match": user.etag})

    answers = at_once(clients, patch)

    assert statuses(answers) == [200] + [412] * (WRITERS - 1)
    (winner,) = (answer for answer in answers if answer.status == 200)
    after = clients[1].get(f"/Users/{user.id}")
    assert (after.body["title"], after.etag) == (winner.body["title"], winner.etag)


def test_of_fifty_replacements_and_deletions_on_one_version_exactly_one_succeeds(clients):
    user = clients[0].user()

    def write(client, number):
        condition = {"If-Match": user.etag}
        if number % 5 == 0:
            return client.send("DELETE", f"/Users/{user.id}", headers=condition)
        body = {**user.body, "title": f"Title {number}"}
        return client.send("PUT", f"/Users/{user.id}", body, headers=condition)

    answers = at_once(clients, write)

    assert sum(answer.status in (200, 204) for answer in answers) == 1
    assert {answer.status for answer in answers} <= {200, 204, 404, 412}


def test_fifty_patches_of_different_attributes_are_all_kept(clients):
    user = clients[0].user()

    def patch(client, number):
        value = [{"type": f"kind{number}", "value": f"{number}@x.example"}]
        return client.patch(f"/Users/{user.id}", {"op": "add", "path": "emails", "value": value})

    answers = at_once(clients, patch)

    assert statuses(answers) == [200] * WRITERS
    after = clients[0].get(f"/Users/{user.id}")
    assert {each["type"] for each in after.body["emails"]} == {f"kind{number}" for number in range(WRITERS)}
    assert len({answer.etag for answer in answers}) == WRITERS


def test_fifty_members_added_at_once_are_all_there(clients):
    people = [clients[0].user().id for _ in clients]
    group = clients[0].group().id

    answers = at_once(
        clients,
        lambda client, number: client.patch(
            f"/Groups/{group}", {"op": "add", "path": "members", "value": [{"value": people[number]}]}
        ),
    )

    assert statuses(answers) == [204] * WRITERS
    assert set(members(clients[1], group)) == set(people)


def test_members_added_and_removed_at_once_are_those_that_should_be(clients):
    leaving = [clients[0].user().id for _ in range(WRITERS // 2)]
    coming = [clients[0].user().id for _ in range(WRITERS // 2)]
    group = clients[0].group(*leaving).id

    def change(client, number):
        if number % 2:
            path = f'members[value eq "{leaving[number // 2]}"]'
            return client.patch(f"/Groups/{group}", {"op": "remove", "path": path})
        value = [{"value": coming[number // 2]}]
        return client.patch(f"/Groups/{group}", {"op": "add", "path": "members", "value": value})

    answers = at_once(clients, change)

    assert statuses(answers) == [204] * WRITERS
    assert set(members(clients[0], group)) == set(coming)


def test_a_group_that_people_join_while_others_are_deleted_holds_who_is_there(clients):
    leaving = [clients[0].user().id for _ in range(WRITERS // 2)]
    coming = [clients[0].user().id for _ in range(WRITERS // 2)]
    group = clients[0].group(*leaving).id

    def change(client, number):
        if number % 2:
            return client.send("DELETE", f"/Users/{leaving[number // 2]}")
        value = [{"value": coming[number // 2]}]
        return client.patch(f"/Groups/{group}", {"op": "add", "path": "members", "value": value})

    answers = at_once(clients, change)

    assert statuses(answers) == [204] * WRITERS
    assert set(members(clients[0], group)) == set(coming)


def test_nobody_is_a_member_who_was_deleted_at_the_same_moment(clients):
    people = [clients[0].user().id for _ in range(WRITERS // 2)]
    group = clients[0].group().id

    def change(client, number):
        person = people[number // 2]
        if number % 2:
            return client.send("DELETE", f"/Users/{person}")
        value = [{"value": person}]
        return client.patch(f"/Groups/{group}", {"op": "add", "path": "members", "value": value})

    answers = at_once(clients, change)

    assert {answer.status for answer in answers[1::2]} == {204}
    assert {answer.status for answer in answers[::2]} <= {204, 400}
    assert members(clients[0], group) == []
