"""The OpenAPI description holds: schemathesis asks every operation whatever it allows, and more."""

import contextlib
import json
import pathlib

import hypothesis
import pytest
import requests
import schemathesis
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from provisor.ringcentral.background import running_provider
from provisor.ringcentral.profiles import PROFILES
from provisor.ringcentral.protocol.description import document
from support import description, recordings
from support.recordings import Line, Stage, person


def no_fault_of_the_server(ctx, response, case):
    """No 5xx, but for 501, which /Me answers a token that belongs to nobody."""
    assert response.status_code < 500 or response.status_code == 501, response.text


CHECKS = [
    no_fault_of_the_server,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
REPEATABLE = hypothesis.settings(
    max_examples=10,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck),
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)
RINGCENTRAL = schemathesis.openapi.from_dict(document.of(PROFILES["ringcentral"]))
RECORDINGS = recordings.read(pathlib.Path(__file__).parent / "clients")
FULL = schemathesis.openapi.from_dict(document.of(PROFILES["full"]))


class Asked:
    """A running provider with a session to it, and resources that can be asked for by their id."""

    def __init__(self, served) -> None:
        self._served = served
        self._base_url = served.base_url
        self._session = requests.Session()
        self._session.headers.update(served.headers)
        self._known: dict[str, str] = {}

    def check(self, case) -> None:
        """Send a case, three times of four about a resource there is, and hold the answer to the description."""
        for name in ("id", "scimUserId"):
            if name in case.path_parameters and len(str(case.path_parameters[name])) % 4 != 1:
                case.path_parameters[name] = self._resource(case.path.split("/")[1])
        case.call_and_validate(base_url=self._base_url, session=self._session, checks=CHECKS)

    def _resource(self, endpoint: str) -> str:
        known = self._known.get(endpoint)
        if known is None or self._session.get(f"{self._base_url}/{endpoint}/{known}").status_code != 200:
            body = person("ada") if endpoint == "Users" else {"schemas": [], "displayName": "Pilots"}
            if endpoint == "Groups":
                body["schemas"] = ["urn:ietf:params:scim:schemas:core:2.0:Group"]
            answer = self._session.post(f"{self._base_url}/{endpoint}", json=body)
            assert answer.status_code == 201, answer.text
            self._known[endpoint] = answer.json()["id"]
        return self._known[endpoint]

    def line(self) -> Line:
        """A line on which requests are sent as they are."""
        return Line(base_url=self._base_url, token=self._served.token)

    def close(self) -> None:
        self._session.close()


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    with contextlib.ExitStack() as running:

        def of(profile):
            folder = tmp_path_factory.mktemp(profile)
            url = f"sqlite:///{folder}/{profile}.db"
            served = running.enter_context(running_provider(database_url=url, profile=profile))
            return running.enter_context(contextlib.closing(Asked(served)))

        yield {profile: of(profile) for profile in ("ringcentral", "full")}


@RINGCENTRAL.parametrize()
@REPEATABLE
def test_ringcentral_is_as_described(case, asked):
    asked["ringcentral"].check(case)


@FULL.parametrize()
@REPEATABLE
def test_full_is_as_described(case, asked):
    asked["full"].check(case)


@pytest.mark.parametrize(("profile", "schema"), [("ringcentral", RINGCENTRAL), ("full", FULL)])
def test_what_clients_are_answered_is_as_described(profile, schema, asked):
    """Successes too, which made-up bodies seldom reach."""
    with contextlib.closing(asked[profile].line()) as line:
        told = {
            f"{recording.id}: {fault}"
            for recording in RECORDINGS
            for request, answer in replayed(recording, line, has_groups=profile == "full")
            for fault in description.faults(schema.raw_schema, request, answer)
        }

    assert told == set()


def replayed(recording, line, *, has_groups):
    """Each request line of a recording with its answer."""
    stage = Stage(line, has_groups=has_groups)
    stage.clear()
    stage.set(recording.given)
    lines = [stage.filled(request["line"]) for request in recording.requests]
    return zip(lines, stage.play(recording), strict=True)


@pytest.mark.parametrize("profile", ["ringcentral", "full"])
def test_the_description_is_published(profile, asked):
    with contextlib.closing(asked[profile].line()) as line:
        answer = line.send("GET /openapi.json")
        stranger = line.send("GET /openapi.json", headers={"Authorization": None})

    expected = json.loads(json.dumps(document.of(PROFILES[profile], line.base_url)))
    assert answer.headers["content-type"] == "application/json"
    assert answer.body == expected
    assert stranger.status == (401 if profile == "ringcentral" else 200)


def test_ringcentral_declares_its_twelve_operations_and_their_errors():
    paths = document.of(PROFILES["ringcentral"])["paths"]
    declared = {
        operation["operationId"]: sorted(
            status for status, answer in operation["responses"].items() if "x-undeclared" not in answer
        )
        for path in paths.values()
        for method, operation in path.items()
        if method != "parameters"
    }

    read, write = ["400", "401", "403", "429", "500"], ["400", "401", "403", "404", "409", "429", "500"]
    assert declared == {
        "scimGetProviderConfig2": ["200"],
        "scimListResourceTypes2": ["200", "403"],
        "scimGetResourceType2": ["200", "404"],
        "scimListSchemas2": ["200", "403"],
        "scimGetSchema2": ["200", "404"],
        "scimSearchViaGet2": ["200", *read],
        "scimCreateUser2": ["201", *write],
        "scimSearchViaPost2": ["200", *read],
        "scimGetUser2": ["200", "401", "403", "404", "429", "500"],
        "scimUpdateUser2": ["200", *write],
        "scimPatchUser2": ["200", *write],
        "scimDeleteUser2": ["204", "401", "403", "404", "429", "500"],
    }


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_has_a_description_of_what_it_supports(name):
    described = document.of(PROFILES[name])

    schemathesis.openapi.from_dict(described)
    assert ("/Bulk" in described["paths"]) is PROFILES[name].provider.config.bulk.supported
