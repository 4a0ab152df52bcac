"""RFC 7644 section 3.11: the alias of the user a token belongs to. Each test is named after its rule."""

import datetime as dt

import pytest

from provisor.ringcentral.account import tokens
from provisor.ringcentral.background import running_provider
from provisor.ringcentral.storage.database import Database
from provisor.ringcentral.storage.token_owners import TokenOwners
from support.scim_http import USER, ScimHttp

NOW = dt.datetime(2026, 1, 5, 10, tzinfo=dt.UTC)
PILOT = {"op": "replace", "path": "title", "value": "Pilot"}


@pytest.fixture(scope="module")
def database_url(tmp_path_factory):
    return f"sqlite:///{tmp_path_factory.mktemp('provider')}/provider.db"


@pytest.fixture(scope="module")
def provider(database_url):
    with running_provider(database_url=database_url, profile="full") as running:
        yield running


@pytest.fixture
def own_client(provider, database_url):
    """Make a client whose token belongs to a user."""
    opened = []

    def make(user_id):
        database = Database(database_url)
        token = tokens.create(database, "full", NOW)
        TokenOwners(database).give(token.token.id, user_id)
        database.close()
        client = ScimHttp(base_url=provider.base_url, token=token.secret)
        opened.append(client)
        return client

    yield make
    for client in opened:
        client.close()


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "POST"])
def test_c17_01_for_a_token_that_belongs_to_nobody_it_is_not_supported(scim, method):
    body = None if method in ("GET", "DELETE") else {"schemas": [USER], "userName": "x"}

    assert scim.send(method, "/Me", body).error == (501, None)


def test_c17_03_the_location_is_that_of_the_user(scim, own_client):
    user = scim.user()

    answer = own_client(user.id).get("/Me")

    assert answer.headers["location"] == f"{scim.base_url}/Users/{user.id}"


def test_c17_03_it_is_served_as_the_user_is(scim, own_client):
    user = scim.user(title="Cook")
    me = own_client(user.id)

    assert me.get("/Me").body == user.body
    assert me.get("/Me", headers={"If-None-Match": user.etag}).status == 304
    assert set(me.get("/Me", query="attributes=title").body) == {"schemas", "id", "title"}

    patched = me.patch("/Me", PILOT)
    assert (patched.status, patched.body["title"]) == (200, "Pilot")
    stale = me.patch("/Me", PILOT, headers={"If-Match": user.etag})
    assert stale.error == (412, None)
    replaced = me.send("PUT", "/Me", {**patched.body, "title": "Captain"})
    assert scim.get(f"/Users/{user.id}").body["title"] == replaced.body["title"] == "Captain"
    for answer in (patched, replaced):
        assert answer.headers["location"] == f"{scim.base_url}/Users/{user.id}"


def test_c17_03_who_deletes_himself_is_not_there_any_more(scim, own_client):
    user = scim.user()
    me = own_client(user.id)

    assert me.send("DELETE", "/Me").status == 204
    assert scim.get(f"/Users/{user.id}").status == 404
    assert me.get("/Me").error == (404, None)
    assert me.patch("/Me", PILOT).error == (404, None)


def test_c17_03_nobody_registers_himself(scim, own_client):
    me = own_client(scim.user().id)

    assert me.send("POST", "/Me", {"schemas": [USER], "userName": "x"}).error == (501, None)


def test_c17_04_the_token_opens_what_any_other_does_and_each_its_own(scim, own_client):
    ann, bob = scim.user(), scim.user()

    assert own_client(ann.id).get("/Me").id == ann.id
    assert own_client(bob.id).get("/Me").id == bob.id
    assert own_client(ann.id).get(f"/Users/{bob.id}").id == bob.id
