"""Authentication, security and tenancy (section C.18). Each test is named after its rule in docs/scim-conformance.md."""

import datetime as dt
import unicodedata

import pytest

from provisor.ringcentral import serving
from provisor.ringcentral.account import tokens
from provisor.ringcentral.account.throttling import Throttling
from provisor.ringcentral.background import running_provider
from provisor.ringcentral.storage.database import Database
from support.scim_http import GROUP, PATCH, USER, ScimHttp, unused

NOW = dt.datetime(2026, 1, 5, 10, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("provider")


@pytest.fixture(scope="module")
def database_url(folder):
    return f"sqlite:///{folder}/provider.db"


@pytest.fixture(scope="module")
def provider(database_url):
    with running_provider(database_url=database_url, profile="full") as running:
        yield running


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/Users"),
        ("POST", "/Users"),
        ("GET", "/Users/4711"),
        ("PUT", "/Users/4711"),
        ("PATCH", "/Users/4711"),
        ("DELETE", "/Users/4711"),
        ("GET", "/Groups"),
        ("POST", "/Groups"),
        ("POST", "/.search"),
        ("POST", "/Users/.search"),
        ("POST", "/Bulk"),
        ("GET", "/Me"),
        ("GET", "/Schemas"),
        ("GET", "/ResourceTypes"),
        ("GET", "/Nope"),
    ],
)
def test_c18_02_nothing_but_the_configuration_is_open(scim, method, path):
    assert scim.send(method, path, headers={"Authorization": None}).error == (401, None)
    assert scim.get("/ServiceProviderConfig", headers={"Authorization": None}).status == 200


def test_c18_03_a_refused_token_is_told_as_rfc_6750_has_it(scim):
    missing = scim.get("/Users", headers={"Authorization": None})
    wrong = scim.get("/Users", headers={"Authorization": "Bearer " + "x" * 43})

    assert missing.headers["www-authenticate"] == 'Bearer realm="SCIM"'
    assert wrong.headers["www-authenticate"] == 'Bearer realm="SCIM", error="invalid_token"'


def test_c18_04_a_token_in_the_url_opens_nothing(scim):
    answer = scim.get("/Users", query=f"access_token={scim.token}", headers={"Authorization": None})

    assert answer.error == (401, None)


def test_c18_05_a_token_is_long_and_stored_as_a_hash_only(scim, folder):
    assert len(scim.token) >= 43
    for path in folder.iterdir():
        assert scim.token.encode() not in path.read_bytes()


@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_c18_05_a_token_that_has_ended_opens_nothing(provider, database_url, end):
    database = Database(database_url)
    now = dt.datetime.now(dt.UTC)
    expires = now - dt.timedelta(seconds=1) if end == "expired" else None
    token = tokens.create(database, "full", now - dt.timedelta(days=1), expires=expires)
    if end == "revoked":
        tokens.revoke(database, "full", token.token.id, now)
    database.close()
    client = ScimHttp(base_url=provider.base_url, token=token.secret)

    assert client.get("/Users").error == (401, None)
    client.close()


def test_c18_06_a_rotated_token_works_beside_the_new_one(provider, database_url):
    database = Database(database_url)
    now = dt.datetime.now(dt.UTC)
    old = tokens.create(database, "full", now)
    new = tokens.rotate(database, "full", old.token.id, now, grace=dt.timedelta(hours=1))
    database.close()

    for token in (old, new):
        client = ScimHttp(base_url=provider.base_url, token=token.secret)
        assert client.get("/Users").status == 200
        client.close()


def test_c18_07_a_password_is_neither_shown_nor_kept(scim, folder, caplog):
    secret = "Tr0ub4dor-and-3"
    user = scim.user(password=secret)
    patched = scim.patch(f"/Users/{user.id}", {"op": "replace", "path": "password", "value": secret})
    replaced = scim.send("PUT", f"/Users/{user.id}", {**user.body, "password": secret})
    found = scim.find("/Users", f'password eq "{secret}"')
    refused = scim.send("POST", "/Users", {"schemas": [USER], "password": secret})
    scim.bulk(
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"schemas": [USER], "password": secret}}
    )

    for answer in (user, patched, replaced, scim.get(f"/Users/{user.id}", query="attributes=password")):
        assert answer.status in (200, 201)
        assert secret not in str(answer.body)
    assert found.body.get("totalResults", 0) == 0
    assert secret not in str(refused.body)
    assert secret not in caplog.text
    for path in folder.iterdir():
        assert secret.encode() not in path.read_bytes()


def test_c18_08_and_c18_09_what_one_tenant_has_another_does_not_see(scim, tmp_path):
    user = scim.user(externalId="hr-1")
    token = serving.create_token(f"sqlite:///{tmp_path}/other.db", "full")
    with running_provider(database_url=f"sqlite:///{tmp_path}/other.db", profile="full") as running:
        other = ScimHttp(base_url=running.base_url, token=token)
        assert other.user(userName=user.body["userName"], externalId="hr-1").status == 201
        assert other.get(f"/Users/{user.id}").error == (404, None)
        deletion = {"method": "DELETE", "path": f"/Users/{user.id}"}
        assert other.bulk(deletion).body["Operations"][0]["status"] == "404"
        assert other.find("/Users", f'id eq "{user.id}"').body["totalResults"] == 0
        group = {"schemas": [GROUP], "displayName": "x", "members": [{"value": user.id}]}
        assert other.send("POST", "/Groups", group).error == (400, "invalidValue")
        foreign = ScimHttp(base_url=running.base_url, token=scim.token)
        assert foreign.get("/Users").error == (401, None)
        foreign.close()
        other.close()
    assert scim.get(f"/Users/{user.id}").etag == user.etag


def test_c18_10_what_is_personal_can_stay_out_of_the_url(scim):
    user = scim.user()

    found = scim.send("POST", "/Users/.search", {"filter": f'userName eq "{user.body["userName"]}"'})

    assert [each["id"] for each in found.body["Resources"]] == [user.id]


@pytest.mark.parametrize(
    ("written", "sought"),
    [
        (unicodedata.normalize("NFC", "Zoë"), unicodedata.normalize("NFD", "Zoë")),
        (unicodedata.normalize("NFD", "Ångström"), unicodedata.normalize("NFC", "ångström")),
        ("\uff26\uff35\uff2c\uff2c", "full"),
    ],
)
def test_c18_11_texts_are_prepared_before_they_are_compared(scim, written, sought):
    mark = unused("")
    user = scim.user(userName=written + mark)

    clash = scim.send("POST", "/Users", {"schemas": [USER], "userName": sought + mark})
    found = scim.send("POST", "/Users/.search", {"filter": f'userName eq "{sought + mark}"'})

    assert clash.error == (409, "uniqueness")
    assert [each["id"] for each in found.body["Resources"]] == [user.id]


@pytest.mark.parametrize(
    "text",
    ["O'Brien", "x' OR '1'='1", 'a\\"b', "100%", "under_score", "*)(uid=*", "; DROP TABLE users; --", "\\"],
)
@pytest.mark.parametrize("operator", ["eq", "co", "sw", "ew"])
def test_c18_12_whatever_is_in_a_filter_is_data(scim, text, operator):
    user = scim.user(title=text, displayName=unused("injected"))
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')

    found = scim.find("/Users", f'title {operator} "{quoted}" and id eq "{user.id}"')
    others = scim.find("/Users", f'title {operator} "{quoted}"')

    assert [each["id"] for each in found.body["Resources"]] == [user.id]
    assert all(text.casefold() in each["title"].casefold() for each in others.body["Resources"])


def test_c18_13_one_clients_limits_are_not_anothers(tmp_path):
    url = f"sqlite:///{tmp_path}/provider.db"
    second = serving.create_token(url, "full")
    with running_provider(database_url=url, profile="full", throttling=Throttling()) as running:
        greedy = ScimHttp(base_url=running.base_url, token=running.token)
        modest = ScimHttp(base_url=running.base_url, token=second)
        statuses = [greedy.send("DELETE", "/Users/4711").status for _ in range(12)]
        assert statuses[-1] == 429
        assert modest.send("DELETE", "/Users/4711").status == 404
        greedy.close()
        modest.close()


def test_the_answers_carry_no_secrets_of_a_patch_that_is_refused(scim):
    operation = {"op": "replace", "path": "password", "value": {"nested": "s3cret-word"}}
    body = {"schemas": [PATCH], "Operations": [operation]}

    answer = scim.send("PATCH", f"/Users/{scim.user().id}", body)

    assert answer.status == 400
    assert "s3cret-word" not in str(answer.body)
