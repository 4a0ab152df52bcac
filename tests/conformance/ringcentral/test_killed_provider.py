"""A service provider that is killed while many clients write: what it has answered is done, and nothing is half done."""

import http.client
import os
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Lock

import pytest

from provisor.ringcentral.background import running_provider
from support import postgres
from support.scim_http import GROUP, USER, ScimHttp, unused

WRITERS = 8
ACKNOWLEDGED = 200
"""Answers after which the provider is killed."""

SERVE = """
import sys
from provisor.ringcentral.background import running_provider
with running_provider(database_url=sys.argv[1], profile="full") as provider:
    print(provider.base_url, provider.token, flush=True)
    sys.stdin.read()
"""
BROKEN = (ConnectionError, http.client.HTTPException, OSError)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/provider.db"
        return
    with postgres.fresh_database_url() as fresh:
        yield fresh


@dataclass(slots=True)
class Ledger:
    """What was answered, by everybody."""

    enough: Event = field(default_factory=Event)
    created: dict[str, str] = field(default_factory=dict)
    titled: dict[str, str] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    joined: set[str] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def note(self, kind):
        with self._lock:
            self.kinds[kind] += 1
            if self.kinds.total() >= ACKNOWLEDGED:
                self.enough.set()


def write_until_it_breaks(client, group, ledger):
    """Create people, give them titles, make them members, delete some, and create pairs of groups in bulk."""
    try:
        while True:
            user = client.user()
            ledger.created[user.id] = user.body["userName"]
            ledger.note("create")
            title = unused("Title ")
            client.patch(f"/Users/{user.id}", {"op": "add", "path": "title", "value": title})
            ledger.titled[user.id] = title
            ledger.note("patch")
            client.patch(f"/Groups/{group}", {"op": "add", "path": "members", "value": [{"value": user.id}]})
            ledger.joined.add(user.id)
            ledger.note("join")
            create_pair(client)
            ledger.note("bulk")
            if ledger.kinds["create"] % 3 == 0:
                ledger.created.pop(user.id)
                client.send("DELETE", f"/Users/{user.id}")
                ledger.deleted.add(user.id)
                ledger.note("delete")
    except BROKEN:
        client.close()


def create_pair(client):
    """Two groups in each other, which are one transaction."""
    pair = unused("Pair ")
    operations = [
        {
            "method": "POST",
            "path": "/Groups",
            "bulkId": mine,
            "data": {"schemas": [GROUP], "displayName": pair, "members": [{"value": f"bulkId:{other}"}]},
        }
        for mine, other in (("a", "b"), ("b", "a"))
    ]
    assert [each["status"] for each in client.bulk(*operations).body["Operations"]] == ["201", "201"]


def everybody(client, endpoint):
    """Every resource of an endpoint by its id."""
    found, start = {}, 1
    while True:
        page = client.get(endpoint, query=f"startIndex={start}&count=100").body
        found |= {each["id"]: each for each in page.get("Resources", [])}
        start += 100
        if start > page["totalResults"]:
            return found


def killed_while_many_write(url):
    """What was answered before the kill, the group people joined, and a token that still works."""
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with server:
        base_url, token = server.stdout.readline().split()
        clients = [ScimHttp(base_url=base_url, token=token) for _ in range(WRITERS)]
        group = clients[0].group().id
        ledger = Ledger()
        with ThreadPoolExecutor(WRITERS) as pool:
            writers = [pool.submit(write_until_it_breaks, client, group, ledger) for client in clients]
            assert ledger.enough.wait(60)
            os.kill(server.pid, signal.SIGKILL)
            for writer in writers:
                writer.result(60)
    assert server.returncode == -signal.SIGKILL
    return ledger, group, token


def test_what_was_answered_is_done_and_nothing_is_half_done(url):
    ledger, group, token = killed_while_many_write(url)
    assert set(ledger.kinds) == {"create", "patch", "join", "bulk", "delete"}

    with running_provider(database_url=url, profile="full") as provider:
        client = ScimHttp(base_url=provider.base_url, token=token)
        users, groups = everybody(client, "/Users"), everybody(client, "/Groups")
        again = client.send(
            "POST", "/Users", {"schemas": [USER], "userName": next(iter(ledger.created.values()))}
        )
        client.close()

    assert {each: users[each]["userName"] for each in ledger.created} == ledger.created
    assert not ledger.deleted & set(users)
    for user, title in ledger.titled.items():
        assert user not in users or users[user]["title"] == title
    members = {each["value"] for each in groups[group]["members"]}
    assert ledger.joined & set(users) <= members <= set(users)
    pairs = Counter(each["displayName"] for each in groups.values() if each["displayName"].startswith("Pair"))
    assert set(pairs.values()) == {2}
    assert pairs.total() >= 2 * ledger.kinds["bulk"]
    for each in groups.values():
        assert each["id"] == group or len(each["members"]) == 1
    assert again.error == (409, "uniqueness")
