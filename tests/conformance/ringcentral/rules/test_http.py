"""RFC 7644 sections 3.2, 3.8, 3.12 and 3.13: HTTP itself. Each test is named after its rule in docs/scim-conformance.md."""

import http.client
import json
from urllib.parse import urlsplit

import pytest

from provisor.ringcentral.protocol.request_limits import LIMITS
from support.scim_http import USER, unused

SCIM_JSON = "application/scim+json"


def body(**attributes):
    return {"schemas": [USER], "userName": unused("user"), **attributes}


def test_c3_01_texts_come_back_as_they_were_sent(scim):
    name = {"givenName": "Žofie 🦊", "familyName": "O\u2019Mālley-Ōno 李\u0301"}
    raw = json.dumps(body(name=name), ensure_ascii=False).encode()

    user = scim.send("POST", "/Users", raw)

    assert user.status == 201
    assert scim.get(f"/Users/{user.id}").body["name"] == name


@pytest.mark.parametrize("accept", [SCIM_JSON, "application/scim+json;q=0.9, text/html", "*/*", None])
def test_c3_02_and_c3_04_answers_are_scim_json(scim, accept):
    answer = scim.get("/Users", query="count=1", headers={"Accept": accept})

    assert answer.status == 200
    assert answer.headers["content-type"].partition(";")[0] == SCIM_JSON


def test_c3_03_plain_json_is_accepted(scim):
    answer = scim.get("/Users", query="count=1", headers={"Accept": "application/json"})

    assert answer.status == 200
    assert answer.body["itemsPerPage"] == 1 or answer.body["totalResults"] == 0


@pytest.mark.parametrize(
    "content_type",
    [SCIM_JSON, f"{SCIM_JSON}; charset=utf-8", "application/json", 'application/json; charset="UTF-8"'],
)
def test_c3_05_both_types_of_json_are_read(scim, content_type):
    assert scim.send("POST", "/Users", body(), headers={"Content-Type": content_type}).status == 201


@pytest.mark.parametrize("content_type", ["text/xml", "application/x-www-form-urlencoded"])
def test_c3_06_other_types_are_refused(scim, content_type):
    answer = scim.send("POST", "/Users", body(), headers={"Content-Type": content_type})

    assert answer.error == (415, None)


@pytest.mark.parametrize(
    "accept", ["text/html", "application/xml, text/plain;q=0.5", "application/scim+json;q=0"]
)
def test_c3_07_what_cannot_be_answered_in_json_is_not_acceptable(scim, accept):
    assert scim.get("/Users", headers={"Accept": accept}).error == (406, None)


def test_c3_08_version_2_is_served_and_no_other(scim):
    base = urlsplit(scim.base_url)
    connection = http.client.HTTPConnection(base.hostname, base.port, timeout=30)
    statuses = {}
    for path in ("/scim/v2/Users", "/scim/v1/Users", "/scim/v3/Users"):
        connection.request("GET", path, headers={"Authorization": f"Bearer {scim.token}"})
        response = connection.getresponse()
        response.read()
        statuses[path] = response.status
    connection.close()

    assert statuses == {"/scim/v2/Users": 200, "/scim/v1/Users": 404, "/scim/v3/Users": 404}


def test_c3_09_put_never_creates(scim):
    assert scim.send("PUT", "/Users/nobody", body()).error == (404, None)
    assert scim.get("/Users/nobody").status == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("PATCH", "/Users", {"GET", "POST"}), ("POST", "/Users/1", {"GET", "PUT", "PATCH", "DELETE"})],
)
def test_c3_10_a_method_that_is_not_served_is_not_allowed(scim, method, path, allowed):
    answer = scim.send(method, path, body())

    assert answer.error == (405, None)
    assert set(answer.headers["allow"].split(", ")) == allowed


def test_c3_11_unknown_parameters_are_ignored(scim):
    name = unused("plain")
    scim.user(userName=name)

    answer = scim.get("/Users", query=f'foo=bar&filter=userName%20eq%20"{name}"&$top=5')
    assert answer.body["totalResults"] == 1


@pytest.mark.parametrize("tail", ["?", "?count=1&", "/", "/?count=1", "?&&count=1"])
def test_c3_12_a_trailing_sign_changes_nothing(scim, tail):
    scim.user()
    path, _, query = f"/Users{tail}".partition("?")

    answer = scim.get(path, query=query)
    assert answer.status == 200
    assert answer.body["totalResults"] > 0


def test_c3_13_a_created_resource_is_at_its_location(scim):
    user = scim.user()

    location = user.headers["location"]
    assert urlsplit(location).scheme == "http"
    assert scim.get(location.removeprefix(scim.base_url)).body == user.body


@pytest.mark.parametrize("text", [b'{"acve": tre}', b"", b"[1]", b'"text"', b"\xff\xfe", b'{"a":1,}'])
def test_c3_14_what_is_not_json_is_a_syntax_error(scim, text):
    assert scim.send("POST", "/Users", text).error == (400, "invalidSyntax")


def test_c3_15_a_body_that_is_too_large_is_refused(scim):
    filler = b" " * (LIMITS.body_bytes + 1)

    assert scim.send("POST", "/Users", json.dumps(body()).encode() + filler).error == (413, None)


def test_c3_16_a_suffix_is_no_format(scim):
    assert scim.get(f"/Users/{scim.user().id}.scim").error == (404, None)
