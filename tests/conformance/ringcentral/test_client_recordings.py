"""What real identity providers and scripts send, replayed over HTTP against each profile, and strictly where it matters."""

import contextlib
import pathlib

import pytest

from provisor.ringcentral.background import running_provider
from provisor.ringcentral.protocol import tolerances
from support import recordings
from support.recordings import Line, Stage

RECORDINGS = recordings.read(pathlib.Path(__file__).parent / "clients")
PROVIDERS = ("ringcentral", "full", "strict")
CASES = [
    pytest.param(recording, provider, id=f"{recording.id}-{provider}")
    for provider in PROVIDERS
    for recording in RECORDINGS
    if recording.expectation(provider) is not None
]


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    """A line to a running provider of each kind, started when it is first asked for."""
    with contextlib.ExitStack() as running:
        opened = {}

        def line_to(provider):
            if provider not in opened:
                folder = tmp_path_factory.mktemp(provider)
                served = running.enter_context(start(provider, f"sqlite:///{folder}/{provider}.db"))
                opened[provider] = Line(base_url=served.base_url, token=served.token)
                running.callback(opened[provider].close)
            return opened[provider]

        yield line_to


def start(provider, url):
    if provider == "strict":
        return running_provider(database_url=url, profile="full", tolerances=tolerances.STRICT)
    return running_provider(database_url=url, profile=provider)


@pytest.mark.parametrize(("recording", "provider"), CASES)
def test_a_recorded_request_is_answered_as_recorded(recording, provider, lines):
    stage = Stage(lines(provider), has_groups=provider != "ringcentral")
    stage.clear()
    stage.set(recording.given)
    expected = stage.filled(recording.expectation(provider))

    answers = stage.play(recording)

    statuses = expected["status"] if isinstance(expected["status"], list) else [expected["status"]]
    assert [answer.status for answer in answers] == statuses, answers[-1].body
    last = answers[-1]
    if "scimType" in expected:
        assert last.body.get("scimType") == expected["scimType"], last.body
    assert recordings.differences(expected.get("body", {}), last.body or {}, "answer") == []
    assert recordings.differences(expected.get("headers", {}), last.headers, "headers") == []
    for name, state in expected.get("afterwards", {}).items():
        assert recordings.differences(in_order(state), in_order(shown(stage, name)), name) == []


def shown(stage, name):
    """What there is of a resource afterwards; members of a group by their ids alone."""
    answer = stage.shown(name)
    if answer.status != 200:
        return {"status": answer.status}
    return answer.body | {"members": [member["value"] for member in answer.body.get("members", [])]}


def in_order(state):
    return state | {"members": sorted(state["members"])} if "members" in state else state


def test_every_shape_has_one_recording():
    ids = [recording.id for recording in RECORDINGS]

    assert len(ids) == len(set(ids))
    assert all(recording.means for recording in RECORDINGS)
