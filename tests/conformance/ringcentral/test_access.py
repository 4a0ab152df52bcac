"""Tokens, media types and what the two profiles answer to strangers."""

import hashlib
import sqlite3

import pytest


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_read_in_any_case(ringcentral, scheme):
    headers = {"authorization": f"{scheme} {ringcentral.token}"}

    assert ringcentral.send("GET", "/Users", headers=headers).status == 200


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic YTpi", "Bearer \xff"])
def test_without_a_known_token_the_answer_is_a_scim_401(ringcentral, value):
    answer = ringcentral.send("GET", "/Users", headers={"authorization": value})

    assert answer.status == 401
    assert answer.body["status"] == "401"
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_token_is_stored_as_its_hash_only(ringcentral, tmp_path):
    with sqlite3.connect(tmp_path / "ringcentral.db") as connection:
        stored = connection.execute("SELECT digest FROM provider_tokens").fetchall()
    connection.close()

    assert stored == [(hashlib.sha256(ringcentral.token.encode()).hexdigest(),)]


def test_a_token_of_one_profile_does_not_open_the_other(ringcentral, full):
    headers = {"authorization": f"Bearer {ringcentral.token}"}

    assert full.send("GET", "/Users", headers=headers).status == 401


def test_the_configuration_is_open_in_full_and_closed_in_ringcentral(ringcentral, full):
    headers = {"authorization": ""}

    assert full.send("GET", "/ServiceProviderConfig", headers=headers).status == 200
    assert ringcentral.send("GET", "/ServiceProviderConfig", headers=headers).status == 401


@pytest.mark.parametrize("media_type", ["application/json", "application/scim+json; charset=utf-8"])
def test_both_media_types_are_read(ringcentral, ada, media_type):
    answer = ringcentral.send("POST", "/Users", ada, headers={"content-type": media_type})

    assert answer.status == 201
    assert answer.headers["content-type"] == "application/scim+json"


def test_another_media_type_is_refused(ringcentral, ada):
    assert ringcentral.send("POST", "/Users", ada, headers={"content-type": "text/xml"}).status == 415


@pytest.mark.parametrize("body", [b'{"acve": tre}', b"", b"\xff", b"[1]", b'"x"', b"null", b"{"])
def test_a_body_that_is_not_a_json_object_is_invalid_syntax(ringcentral, body):
    answer = ringcentral.send("POST", "/Users", body)

    assert answer.status == 400
    assert answer.body["scimType"] == "invalidSyntax"


def test_a_body_above_the_limit_is_refused(full):
    answer = full.send("POST", "/Users", b'{"x":"' + b"a" * (10 * 1024 * 1024) + b'"}')

    assert answer.status == 413


def test_a_path_outside_the_base_path_is_a_scim_404(ringcentral):
    answer = ringcentral.send("GET", "", path_prefix="/scim/v1/Users")

    assert answer.status == 404
    assert answer.headers["content-type"] == "application/scim+json"
    assert answer.body["status"] == "404"
