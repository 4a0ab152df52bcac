"""RFC 7644 section 3.12: refusals. Each test is named after its rule in docs/scim-conformance.md."""

import json
from contextlib import ExitStack

import pytest

from provisor.ringcentral.account.settings import Name, Overrides, ScimService
from provisor.ringcentral.account.throttling import Throttling
from provisor.ringcentral.background import running_provider
from provisor.ringcentral.faults import parsing
from provisor.ringcentral.faults.board import FaultBoard
from provisor.ringcentral.faults.model import FaultScript
from support.scim_http import BULK, GROUP, PATCH, USER, ScimHttp

SCIM_TYPES = {
    "invalidFilter", "tooMany", "uniqueness", "mutability", "invalidSyntax", "invalidPath", "noTarget",
    "invalidValue", "invalidVers", "sensitive", "invalidCursor", "expiredCursor", "invalidCount",
}  # fmt: skip

REFUSED = [
    ("GET", "/Nope", None, 404),
    ("GET", "/Users/4711", None, 404),
    ("GET", "/Users/4711/emails", None, 404),
    ("POST", "/Nope/.search", {}, 404),
    ("DELETE", "/Users", None, 405),
    ("PUT", "/Users", {}, 405),
    ("PATCH", "/Groups", {}, 405),
    ("POST", "/Users/4711", {}, 405),
    ("POST", "/Schemas", {}, 405),
    ("PUT", "/ServiceProviderConfig", {}, 405),
    ("GET", "/Bulk", None, 405),
    ("BREW", "/Users", None, 400),
    ("POST", "/Users", b"{", 400),
    ("POST", "/Users", b"\xff\xfe", 400),
    ("POST", "/Users", [], 400),
    ("POST", "/Users", {"schemas": [USER]}, 400),
    ("POST", "/Users", {"schemas": [USER], "userName": {"a": 1}}, 400),
    ("POST", "/Groups", {"schemas": [GROUP], "displayName": "x", "members": [{"value": "4711"}]}, 400),
    ("PATCH", "/Users/4711", {"schemas": [PATCH], "Operations": [{"op": "move"}]}, 400),
    ("POST", "/Bulk", {"schemas": [BULK]}, 400),
    ("POST", "/Users/.search", {"filter": "x eq"}, 400),
    ("GET", "/Me", None, 501),
    ("GET", "/Schemas/nothing", None, 404),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), REFUSED)
def test_c16_01_to_c16_04_every_refusal_is_a_scim_error(scim, method, path, body, status):
    answer = scim.send(method, path, body)

    assert answer.error[0] == status
    assert answer.error[1] in SCIM_TYPES | {None}
    assert answer.body["detail"]


def test_c16_01_a_path_outside_of_scim_is_a_scim_error_too(provider, scim):
    outside = ScimHttp(base_url=provider.base_url.removesuffix("/scim/v2"), token=scim.token)

    for path in ("/", "/Users", "/scim/v1/Users", "/scim"):
        assert outside.get(path).error == (404, None)
    outside.close()


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/Users", "GET, POST"),
        ("POST", "/Users/4711", "DELETE, GET, PATCH, PUT"),
        ("PATCH", "/Schemas", "GET"),
        ("POST", "/ServiceProviderConfig", "GET"),
        ("GET", "/Bulk", "POST"),
        ("DELETE", "/", "GET"),
    ],
)
def test_a_405_says_what_is_allowed(scim, method, path, allowed):
    answer = scim.send(method, path)

    assert answer.error == (405, None)
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize("secret", ["sqlite", "Traceback", ".py", "SELECT", "provisor."])
def test_c16_03_no_refusal_tells_about_the_inside(scim, secret):
    for method, path, body, _ in REFUSED:
        assert secret not in json.dumps(scim.send(method, path, body).body)
    assert secret not in json.dumps(scim.find("/Users", "x" * 70_000).body)


@pytest.mark.parametrize(
    "body", [b"{", b"[1", b'{"a":tre}', b"nonsense", b"\xff", b'{"a": 1}}', b"", b"[]", b"null"]
)
@pytest.mark.parametrize("path", ["/Users", "/Groups", "/Bulk", "/Users/.search", "/.search"])
def test_c16_05_what_is_no_json_object_is_invalid_syntax(scim, path, body):
    answer = scim.send("POST", path, body, headers={"Content-Type": "application/scim+json"})

    assert answer.error == (400, "invalidSyntax")


@pytest.mark.parametrize("authorization", [None, "Bearer", "Bearer wrong", "Basic YTpi", "", "Bearer a b"])
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/Users"), ("POST", "/Bulk"), ("GET", "/Nope"), ("DELETE", "/Users/1")]
)
def test_c16_06_without_a_token_that_is_known_the_answer_is_401(scim, method, path, authorization):
    answer = scim.send(method, path, headers={"Authorization": authorization})

    assert answer.error == (401, None)
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("path", ["/Nope", "/Nope/4711", "/Users/4711", "/Groups/4711"])
def test_c16_08_what_is_not_there_is_a_404(scim, path):
    assert scim.get(path).error == (404, None)


@pytest.mark.parametrize("kind", ["user name", "user name in another case"])
def test_c16_09_what_is_there_already_is_a_409(scim, kind):
    name = scim.user(userName=f"Taken{kind}").body["userName"]
    sent = name.upper() if "case" in kind else name

    assert scim.send("POST", "/Users", {"schemas": [USER], "userName": sent}).error == (409, "uniqueness")


def test_c16_10_412_413_and_501_have_their_causes(scim):
    user = scim.user()

    assert scim.get(f"/Users/{user.id}", headers={"If-Match": '"no"'}).error == (412, None)
    assert scim.send("POST", "/Users", b"x" * (10 * 1024 * 1024 + 1)).error == (413, None)
    assert scim.get("/Me").error == (501, None)


@pytest.fixture
def provider_with(tmp_path):
    """Start a provider of its own, with some of its settings, and give a client of it."""
    with ExitStack() as opened:

        def start(**settings):
            running = opened.enter_context(
                running_provider(database_url=f"sqlite:///{tmp_path}/provider.db", profile="full", **settings)
            )
            client = ScimHttp(base_url=running.base_url, token=running.token)
            opened.callback(client.close)
            return client

        yield start


def test_c16_07_what_the_account_does_not_allow_is_a_403(provider_with):
    client = provider_with(overrides=Overrides(values={Name.SCIM_SERVICE: ScimService.DISABLED}))

    assert client.send("POST", "/Users", {"schemas": [USER], "userName": "ada"}).error == (403, None)
    assert client.get("/Users").error == (403, None)


def test_c16_11_a_500_is_a_scim_error(provider_with):
    board = FaultBoard()
    board.set(FaultScript(faults=(parsing.fault("500 on GET"),)))

    assert provider_with(faults=board).get("/Users").error == (500, None)


def test_c16_12_a_429_is_a_scim_error_that_says_when_to_come_again(provider_with):
    client = provider_with(throttling=Throttling())

    answers = [client.send("DELETE", "/Users/4711") for _ in range(11)]

    assert {answer.status for answer in answers[:10]} == {404}
    assert answers[10].error == (429, None)
    assert int(answers[10].headers["retry-after"]) > 0
