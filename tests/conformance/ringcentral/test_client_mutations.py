"""What clients send, distorted: no answer that is not described, no member who leaves unsaid, no filter misread."""

import contextlib
import copy
import json
import pathlib
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisor.ringcentral.background import running_provider
from provisor.ringcentral.profiles import PROFILES
from provisor.ringcentral.protocol.description import document
from support import description, recordings
from support.recordings import GROUP, Line, Stage

MODERATE = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
PROFILE_NAMES = ("ringcentral", "full")
WRITES = [
    (recording, request)
    for recording in recordings.read(pathlib.Path(__file__).parent / "clients")
    for request in recording.requests
    if not recording.together and {"body", "echo"} & set(request)
]
ON_GROUPS = [(recording, request) for recording, request in WRITES if "/Groups/<pilots>" in request["line"]]


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    """A line to a running provider of each profile."""
    with contextlib.ExitStack() as running:
        opened = {}
        for profile in PROFILE_NAMES:
            url = f"sqlite:///{tmp_path_factory.mktemp(profile)}/{profile}.db"
            served = running.enter_context(running_provider(database_url=url, profile=profile))
            opened[profile] = Line(base_url=served.base_url, token=served.token)
            running.callback(opened[profile].close)
        yield opened


DESCRIBED = {
    profile: json.loads(json.dumps(document.of(PROFILES[profile]), default=str)) for profile in PROFILE_NAMES
}


@st.composite
def distorted(draw, value):
    """A JSON value with up to three of its parts changed."""
    value = copy.deepcopy(value)
    for _ in range(draw(st.integers(1, 3))):
        holder, key = draw(st.sampled_from(places({"": value})))
        change = draw(st.sampled_from(CHANGES))
        change(draw, holder, key)
    return value


def places(value):
    """Every part of a JSON value, by what holds it and where."""
    found = []
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in parts:
        if key != "":
            found.append((value, key))
        if isinstance(part, dict | list):
            found += places(part)
    return found or [({"": None}, "")]


def another_type(draw, holder, key):
    holder[key] = draw(st.sampled_from(others(holder[key])))


def others(old):
    """Values of other types that stand where one was."""
    return [None, "", 7, -1.5, True, "True", [], {}, [old], [[old]], {"value": old}, [None], [{}], str(old)]


def gone(_draw, holder, key):
    del holder[key]


def another_case(draw, holder, key):
    style = draw(st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
    if isinstance(holder, dict):
        holder[style(key)] = holder.pop(key)
    elif isinstance(holder[key], str):
        holder[key] = style(holder[key])


WORDS = ["Move", "remove", "Remove ", "replace", "members", "MEMBERS", "members.value", "members[value pr]", "members[", f"{GROUP}:members",
         "displayName", "nothing", "", ".", "\u0000", "😀", "x" * 300]  # fmt: skip


def another_text(draw, holder, key):
    holder[key] = draw(st.sampled_from(WORDS))


def twice(_draw, holder, key):
    if isinstance(holder, list):
        holder.append(copy.deepcopy(holder[key]))


CHANGES = [another_type, another_type, gone, another_case, another_text, twice]


@pytest.mark.parametrize("profile", PROFILE_NAMES)
@MODERATE
@given(data=st.data())
def test_no_distorted_request_is_answered_otherwise_than_described(profile, lines, data):
    recording, request = data.draw(st.sampled_from(WRITES))
    stage = staged(lines[profile], profile, recording)
    line = stage.filled(request["line"])
    body = data.draw(distorted(stage.content(request)))

    answer = stage.line.send(line, body)

    assert answer.status != 500
    assert description.faults(DESCRIBED[profile], line, answer) == [], answer.body


@MODERATE
@given(data=st.data())
def test_no_distorted_request_takes_out_members_it_does_not_name(lines, data):
    _, request = data.draw(st.sampled_from(ON_GROUPS))
    stage = piloted(lines["full"])

    assert_only_the_meant_leave(stage, request, data.draw(distorted(stage.content(request))))


@pytest.mark.parametrize(
    "request_", [pytest.param(request, id=recording.id) for recording, request in ON_GROUPS]
)
def test_no_part_of_an_operation_takes_out_members_it_does_not_name(lines, request_):
    """Every part of every operation, in the place of each the values of other types, other words, and nothing."""
    stage = piloted(lines["full"])
    body = stage.content(request_)
    for position in range(len(places({"": body}))):
        for change in range(len(others(None)) + len(WORDS) + 1):
            distortion = copy.deepcopy(body)
            holder, key = places({"": distortion})[position]
            put_there(holder, key, change)
            if assert_only_the_meant_leave(stage, request_, distortion):
                stage = piloted(lines["full"])


def put_there(holder, key, change):
    wanted = [*others(holder[key]), *WORDS]
    if change == len(wanted):
        del holder[key]
    else:
        holder[key] = wanted[change]


def piloted(line):
    stage = Stage(line, has_groups=True)
    stage.clear()
    users = {name: {} for name in ("ada", "bob", "cora", "dan", "eva", "finn")}
    stage.set({"users": users, "groups": {"pilots": {"members": ["ada", "bob"]}}})
    return stage


def assert_only_the_meant_leave(stage, request, body):
    """Send a body, and tell whether anybody left or joined."""
    line = stage.filled(request["line"])
    before = {stage.ids["ada"], stage.ids["bob"]}

    answer = stage.line.send(line, body)

    after = {each["value"] for each in stage.shown("pilots").body.get("members", [])}
    assert before - after <= meant(line, body, before), (body, answer)
    assert after == before or answer.status < 300
    return after != before


def staged(line, profile, recording):
    stage = Stage(line, has_groups=profile == "full")
    stage.clear()
    stage.set(recording.given)
    return stage


def meant(line, body, members):
    """Who of the members a request says may leave, read as narrowly as it can be read."""
    body = named(body)
    if line.startswith("PUT"):
        return instead(body.get("members"), members)
    operations = body.get("operations")
    each_of = operations if isinstance(operations, list) else []
    return set().union(*(by_operation(named(each), members) for each in each_of))


def by_operation(operation, members):
    op = str(operation.get("op")).casefold()
    path = operation.get("path")
    value = operation.get("value")
    if path is None and op == "replace":
        whole = named(value)
        key = next((key for key in whole if key.removeprefix(f"{GROUP}:".casefold()) == "members"), None)
        return instead(whole[key], members) if key is not None else set()
    name = str(path).strip().casefold().removeprefix(f"{GROUP}:".casefold())
    if name.startswith("members["):
        return members if " pr" in name else {each for each in members if each in str(path)}
    if name != "members":
        return set()
    if op == "remove":
        return members if "value" not in operation else set(listed(value) or ()) & members
    return instead(value, members) if op == "replace" else set()


def instead(value, members):
    """Who leaves when a list takes the place of the members; nobody, where it is no list of members."""
    if value is None:
        return members
    found = listed(value)
    return members - set(found) if found is not None else set()


def listed(value):
    """The ids of a list of members; None for what is none."""
    entries = value if isinstance(value, list) else [value]
    ids = [each if isinstance(each, str) else named(each).get("value") for each in entries]
    return ids if all(isinstance(each, str) for each in ids) else None


def named(value):
    return {key.casefold(): each for key, each in value.items()} if isinstance(value, dict) else {}


BROKEN = [
    'userName equals "{}"', 'userName = "{}"', 'userName eqq "{}"', "userName eq", 'eq "{}"', 'userName "{}"',
    'shoeSize eq "{}"', 'userName.part eq "{}"', 'emails.shoe eq "{}"', 'emails[shoe eq "{}"]',
    'userName eq "{}', 'userName eq {}"', 'userName eq "{}" and', 'userName eq "{}" or userName', '(userName eq "{}"',
    'userName eq "{}")', 'userName eq "{}" "x"', 'not userName eq "{}"', 'emails[type eq "work" eq "{}"', "[]", '"{}"',
    'active eq "{}"', "active gt true", 'active co "{}"', 'userName eq "{}" xor active eq true', "userName", "userName eq 'x'",
    'userName eq "{}" and shoeSize pr', 'urn:example:nothing:userName eq "{}"', 'emails[type eq "work"].shoe eq "{}"',
    'userName eq "{}\\q"', 'userName in ("{}")', 'userName eq "{}"; drop table users', 'userName eq ["{}"]',
]  # fmt: skip


@pytest.mark.parametrize("profile", PROFILE_NAMES)
@pytest.mark.parametrize("text", BROKEN)
def test_a_filter_that_is_not_understood_is_never_an_empty_list(profile, text, lines):
    stage = Stage(lines[profile], has_groups=profile == "full")
    stage.clear()
    stage.set({"users": {"ada": {}}})
    text = text.replace("{}", "ada@example.com")

    by_get = stage.line.send(f"GET /Users?filter={quote(text)}")
    by_post = stage.line.send(
        "POST /Users/.search",
        {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": text},
    )

    for answer in (by_get, by_post):
        assert (answer.status, answer.body.get("scimType")) == (400, "invalidFilter"), answer.body
