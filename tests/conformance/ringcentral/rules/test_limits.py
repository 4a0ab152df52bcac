"""How much one request may ask for, and how it is refused beyond. Nothing is done of what is refused."""

import http.client
from urllib.parse import quote, urlsplit

import pytest

from provisor.ringcentral.protocol.request_limits import LIMITS
from support.scim_http import PATCH, USER, unused


def nested(depth):
    """A value of so many objects within each other."""
    return b'{"a":' * depth + b"1" + b"}" * depth


def test_a_body_may_be_as_large_as_the_limit_and_not_larger(scim):
    body = b'{"schemas":["%s"],"userName":"%s","title":"' % (USER.encode(), unused("large").encode())
    fits = body + b"x" * (LIMITS.body_bytes - len(body) - 2) + b'"}'

    assert scim.send("POST", "/Users", fits).status == 201
    assert scim.send("POST", "/Users", fits + b" ").error == (413, None)


def test_a_body_that_goes_on_is_refused_before_it_ends(provider, scim):
    base = urlsplit(provider.base_url)
    connection = http.client.HTTPConnection(base.hostname, base.port, timeout=60)
    connection.putrequest("POST", f"{base.path}/Users")
    connection.putheader("Authorization", f"Bearer {scim.token}")
    connection.putheader("Content-Length", str(10 * LIMITS.body_bytes))
    connection.endheaders()
    for _ in range(2):
        connection.send(b" " * LIMITS.body_bytes)

    assert connection.getresponse().status == 413
    connection.close()


def test_json_may_be_nested_as_deep_as_the_limit_and_not_deeper(scim):
    head = b'{"schemas":["%s"],"userName":"%s","x":' % (USER.encode(), unused("deep").encode())

    assert scim.send("POST", "/Users", head + nested(LIMITS.json_depth - 1) + b"}").status == 201
    deeper = scim.send("POST", "/Users", head + nested(LIMITS.json_depth) + b"}")
    assert deeper.error == (400, "invalidSyntax")
    assert str(LIMITS.json_depth) in deeper.body["detail"]
    assert scim.send("POST", "/Users", head + nested(100_000) + b"}").error == (400, "invalidSyntax")


@pytest.mark.parametrize("length", [LIMITS.url_characters, 3 * LIMITS.url_characters])
def test_a_url_that_is_too_long_is_a_414_that_says_what_to_do(scim, length):
    answer = scim.find("/Users", f'userName eq "{"x" * length}"')

    assert answer.error == (414, None)
    assert ".search" in answer.body["detail"]


def test_what_the_http_server_does_not_read_is_a_scim_error_too(scim):
    assert scim.find("/Users", "x" * 100_000).error == (400, None)


def test_a_filter_may_be_as_long_as_the_limit_and_not_longer(scim):
    def search(characters):
        filled = f'userName eq "{"x" * (characters - 14)}"'
        assert len(filled) == characters
        return scim.send("POST", "/Users/.search", {"filter": filled})

    assert search(LIMITS.filter_characters).status == 200
    assert search(LIMITS.filter_characters + 1).error == (400, "invalidFilter")


@pytest.mark.parametrize(("opening", "depth"), [("not (", 32), ("emails[", 1)])
def test_a_filter_may_be_nested_as_deep_as_the_limit_and_not_deeper(scim, opening, depth):
    closing = "]" if opening.endswith("[") else ")"

    def search(times):
        filled = opening * times + ("value pr" if closing == "]" else "userName pr") + closing * times
        return scim.send("POST", "/Users/.search", {"filter": filled})

    assert search(depth - 1 if depth > 1 else depth).status == 200
    assert search(depth + 1).error == (400, "invalidFilter")
    assert search(1000).error == (400, "invalidFilter")


def test_parentheses_that_nest_nothing_are_limited_by_the_length_of_the_filter(scim):
    def search(times):
        return scim.send("POST", "/Users/.search", {"filter": "(" * times + "userName pr" + ")" * times})

    assert search(4000).status == 200
    assert search(4100).error == (400, "invalidFilter")


def test_parentheses_inside_of_a_text_are_not_nesting(scim):
    answer = scim.find("/Users", f'title eq "{"(" * 200}"')

    assert (answer.status, answer.body["totalResults"]) == (200, 0)


def test_a_filter_of_a_get_has_the_same_limits(scim):
    deep = "not (" * 200 + "userName pr" + ")" * 200

    assert scim.find("/Users", deep).error == (400, "invalidFilter")
    assert scim.get("/Groups", query=f"filter={quote('x' * 9000)}").error == (400, "invalidFilter")


def test_a_filter_may_have_a_hundred_comparisons(scim):
    def search(terms):
        return scim.send("POST", "/Users/.search", {"filter": " or ".join(['userName eq "x"'] * terms)})

    assert search(100).status == 200
    assert search(101).error == (400, "invalidFilter")


def test_a_patch_may_have_a_thousand_operations(scim):
    def patch(count):
        operations = [
            {"op": "replace", "path": "title", "value": f"Title {number}"} for number in range(count)
        ]
        return scim.send("PATCH", f"/Users/{user.id}", {"schemas": [PATCH], "Operations": operations})

    user = scim.user()

    refused = patch(LIMITS.patch_operations + 1)
    assert refused.error == (413, None)
    assert str(LIMITS.patch_operations) in refused.body["detail"]
    assert "title" not in scim.get(f"/Users/{user.id}").body
    assert patch(LIMITS.patch_operations).body["title"] == "Title 999"


@pytest.mark.parametrize(
    ("path", "scim_type"),
    [
        ("x" * (LIMITS.filter_characters + 1), "invalidPath"),
        (f"emails[{'not (' * 60}type pr{')' * 60}]", "invalidFilter"),
        ("[" * 200, "invalidPath"),
    ],
)
def test_a_path_that_is_too_long_or_nested_too_deeply_is_refused(scim, path, scim_type):
    answer = scim.patch(f"/Users/{scim.user().id}", {"op": "remove", "path": path})

    assert answer.error == (400, scim_type)
