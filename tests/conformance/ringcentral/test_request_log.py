"""The log of requests: each is in it, redacted, and it stays short."""

import asyncio
import datetime as dt

import pytest

from provisor.ringcentral.account.throttling import Throttling
from provisor.ringcentral.faults import parsing
from provisor.ringcentral.faults.model import FaultScript
from provisor.ringcentral.request_log.entry import Ending, LogQuery, Retention
from provisor.ringcentral.storage import tables
from provisor.ringcentral.storage.database import Access
from support import postgres


def logged(wire, query=None, **page):
    """The entries, the newest first, once everything is written."""
    log = wire.app.state.request_log
    asyncio.run(log.flush())
    return log.storage.entries(query or LogQuery(), **page)


def test_a_request_is_logged_with_its_answer_token_and_rate_group(make_wire, ada):
    wire = make_wire("ringcentral", throttling=Throttling(light=50, heavy=10))
    wire.send("POST", "/Users", ada)

    [entry] = logged(wire)

    assert (entry.method, entry.path, entry.status, entry.profile) == ("POST", "/Users", 201, "ringcentral")
    assert (entry.group, entry.remaining) == ("heavy", 9)
    assert entry.caller is not None
    assert entry.caller not in wire.token
    assert entry.at == wire.clock.now
    assert 0 < entry.duration < 60_000
    assert '"userName":"•••"' in entry.body
    assert '"userName":"•••"' in entry.answer


def test_a_stranger_has_no_token_in_the_log(ringcentral):
    ringcentral.send("GET", "/Users", headers={"authorization": "Bearer hunter2"})

    [entry] = logged(ringcentral)

    assert (entry.status, entry.caller) == (401, None)
    assert entry.error


def test_nothing_about_a_person_and_no_secret_is_in_the_database(ringcentral, ada):
    created = ringcentral.send("POST", "/Users", ada)
    ringcentral.send("POST", "/Users", ada)
    ringcentral.find("/Users", 'userName eq "ada.moss@example.com"')
    ringcentral.send("GET", "/Users", query=f"access_token={ringcentral.token}")
    ringcentral.send("GET", "/Users/ada.moss@example.com")
    ringcentral.patch(
        f"/Users/{created.body['id']}", {"op": "replace", "path": "name.familyName", "value": "Moss"}
    )
    entries = logged(ringcentral)

    with ringcentral.app.state.database.transaction(Access.READ) as connection:
        rows = repr(connection.execute(tables.requests.select()).all())
    assert len(entries) == 6
    for said in ("Ada", "Moss", "moss", "example.com", "Oakland", "94607", "hr-4411", ringcentral.token):
        assert said not in rows, said


def test_a_fault_is_named_in_the_log_and_so_is_who_did_not_get_an_answer(full):
    full.app.state.faults.set(
        FaultScript(faults=(parsing.fault("503 after commit on GET, once"), parsing.fault("429 on POST")))
    )
    full.send("GET", "/Users")
    full.send("POST", "/Users", {})
    full.send("GET", "/Users")

    assert [(entry.status, entry.faults) for entry in logged(full)] == [
        (200, ()),
        (429, ("429 on POST",)),
        (503, ("503 after commit on GET, once",)),
    ]


def test_pages_go_on_before_the_last_entry_and_after_the_newest(full):
    for _ in range(5):
        full.send("GET", "/Users")
    first = logged(full, limit=2)
    second = logged(full, before=first[-1].id, limit=2)
    storage = full.app.state.request_log.storage

    assert [entry.id for entry in (*first, *second)] == [5, 4, 3, 2]
    assert [entry.id for entry in storage.after(LogQuery(), 3)] == [4, 5]
    assert storage.newest() == 5
    assert storage.entry(4) == first[1]
    assert storage.entry(99) is None


@pytest.fixture
def busy(full, ada):
    """Requests a minute apart."""
    full.app.state.faults.set(FaultScript(faults=(parsing.fault("429 on DELETE"),)))
    created = full.send("POST", "/Users", ada).body["id"]
    for method, path in (
        ("GET", "/Users"),
        ("GET", f"/Users/{created}"),
        ("GET", "/Usersx"),
        ("DELETE", "/Users/1"),
    ):
        full.clock.pass_seconds(60)
        full.send(method, path)
    return full


@pytest.mark.parametrize(
    ("wanted", "statuses"),
    [
        (LogQuery(), [429, 404, 200, 200, 201]),
        (LogQuery(methods=frozenset({"POST", "DELETE"})), [429, 201]),
        (LogQuery(path="/Users"), [429, 200, 200, 201]),
        (LogQuery(statuses=frozenset({201, 404})), [404, 201]),
        (LogQuery(ending=Ending.SUCCEEDED), [200, 200, 201]),
        (LogQuery(ending=Ending.REFUSED), [429, 404]),
        (LogQuery(ending=Ending.THROTTLED), [429]),
        (LogQuery(ending=Ending.FAULTY), [429]),
        (LogQuery(profile="ringcentral"), []),
        (LogQuery(caller="nobody"), []),
        (LogQuery(since=dt.datetime(2026, 1, 5, 10, 3, tzinfo=dt.UTC)), [429, 404]),
        (LogQuery(until=dt.datetime(2026, 1, 5, 10, 1, tzinfo=dt.UTC)), [201]),
    ],
    ids=[
        *("everything", "methods", "path", "statuses", "succeeded", "refused"),
        *("throttled", "faulty", "profile", "caller", "since", "until"),
    ],
)
def test_the_log_is_filtered(busy, wanted, statuses):
    assert [entry.status for entry in logged(busy, wanted)] == statuses


def test_only_the_last_entries_and_no_old_ones_are_kept(full):
    storage = full.app.state.request_log.storage
    for _ in range(6):
        full.send("GET", "/Users")
        full.clock.pass_seconds(3600)
    logged(full)
    now = full.clock.now

    assert storage.forget(Retention(entries=4), now) == 2
    assert [entry.id for entry in storage.entries(LogQuery())] == [6, 5, 4, 3]
    assert storage.forget(Retention(age=dt.timedelta(hours=2)), now) == 2
    assert [entry.id for entry in storage.entries(LogQuery())] == [6, 5]


def test_writing_forgets_by_itself(make_wire):
    wire = make_wire("full", retention=Retention(entries=3))
    for _ in range(5):
        wire.send("GET", "/Users")

    assert [entry.id for entry in logged(wire)] == [5, 4, 3]


def test_without_retention_nothing_is_logged(make_wire):
    wire = make_wire("full", retention=None)
    wire.send("GET", "/Users")

    assert logged(wire) == []


def test_a_database_that_does_not_take_entries_loses_them_and_says_so(full, caplog):
    full.send("GET", "/Users")
    full.app.state.database.drop_tables()

    asyncio.run(full.app.state.request_log.flush())

    assert "requests could not be logged: OperationalError" in caplog.text
    assert "the log of requests lacks 1, " in caplog.text


@pytest.mark.postgres
def test_the_log_is_kept_in_postgresql_too_whatever_is_asked(make_wire, ada):
    with postgres.fresh_database_url() as url:
        wire = make_wire("full", url=url, retention=Retention(entries=4))
        wire.send("POST", "/Users", {**ada, "title": "nul \0 inside"})
        wire.send("GET", "/Users/nul\0inside")
        wire.find("/Users", 'title eq "nul \0 inside" and nul\0 eq 1')
        wire.send("GET", "/Users", query="attributes=%00&%00=1")
        wire.send("POST", "/Users", b'{"nul\\u0000": "half \\ud800"}')

        found = logged(wire)

        assert len(found) == 4
        storage = wire.app.state.request_log.storage
        assert [entry.id for entry in storage.after(LogQuery(path="/Users"), 2, limit=2)] == [3, 4]
        assert storage.forget(Retention(age=dt.timedelta()), wire.clock.now + dt.timedelta(1)) == 4
        wire.app.state.database.close()


async def test_followers_are_told_what_was_written_since(make_app):
    app = make_app("full")
    log = app.state.request_log
    async with log.running():
        followed = log.follow(LogQuery(methods=frozenset({"POST"})))
        first = asyncio.ensure_future(anext(followed))
        while not first.done():
            await _ask(app, "GET")
            await _ask(app, "POST")
            await asyncio.wait([first], timeout=1)
        assert (await first).method == "POST"
        await _ask(app, "POST")
        assert (await anext(followed)).id > (await first).id
        await followed.aclose()


async def test_what_was_taken_in_is_written_when_the_provider_ends(make_app):
    app = make_app("full")
    log = app.state.request_log
    async with log.running():
        await _ask(app, "GET")

    assert [entry.method for entry in log.storage.entries(LogQuery())] == ["GET"]


@pytest.fixture
def make_app(make_wire):
    return lambda profile: make_wire(profile).app


async def _ask(app, method):
    scope = {
        "type": "http",
        "method": method,
        "path": "/scim/v2/Users",
        "root_path": "",
        "query_string": b"",
        "headers": [],
        "scheme": "http",
        "server": ("127.0.0.1", 80),
    }

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_message):
        pass

    await app(scope, receive, send)
