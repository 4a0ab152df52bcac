"""Over real HTTP: many clients at once, two servers on one database, and a server that is killed."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier
from urllib.parse import urlsplit

import pytest

from provisor.ringcentral import serving
from provisor.ringcentral.background import running_provider
from support import postgres

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

KILLED = """
import sys
from provisor.ringcentral.background import running_provider
with running_provider(database_url=sys.argv[1], profile="full") as provider:
    print(provider.base_url, provider.token, flush=True)
    sys.stdin.read()
"""
SERVED = """
import sys
from provisor.ringcentral import serving
serving.serve(database_url=sys.argv[1], profile="ringcentral", port=int(sys.argv[2]), throttling=None, seats=5)
"""


def send(base_url, token, method, path, body=None):
    base = urlsplit(base_url)
    with closing(http.client.HTTPConnection(base.hostname, base.port, timeout=60)) as connection:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
        content = json.dumps(body) if body is not None else None
        connection.request(method, base.path + path, content, headers)
        response = connection.getresponse()
        raw = response.read()
        return response.status, json.loads(raw) if raw else None


def at_once(count, task):
    barrier = Barrier(count)

    def run(number):
        barrier.wait()
        return task(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def user(name):
    return {"schemas": [USER], "userName": name}


def test_of_fifty_creates_of_one_user_name_exactly_one_succeeds(tmp_path):
    with running_provider(database_url=f"sqlite:///{tmp_path}/provider.db", profile="full") as provider:
        answers = at_once(
            50,
            lambda number: send(
                provider.base_url, provider.token, "POST", "/Users", user("ann" if number % 2 else "ANN")
            ),
        )

    statuses = [status for status, _ in answers]
    assert statuses.count(201) == 1
    assert statuses.count(409) == 49


def members_added_through_two_servers(url):
    with (
        running_provider(database_url=url, profile="full") as one,
        running_provider(database_url=url, profile="full") as other,
    ):
        people = [
            send(one.base_url, one.token, "POST", "/Users", user(f"user{n}"))[1]["id"] for n in range(24)
        ]
        group = send(
            one.base_url, one.token, "POST", "/Groups", {"schemas": [GROUP], "displayName": "Pilots"}
        )[1]["id"]

        def add(number):
            provider = (one, other)[number % 2]
            operation = {"op": "add", "path": "members", "value": [{"value": people[number]}]}
            body = {"schemas": [PATCH], "Operations": [operation]}
            return send(provider.base_url, provider.token, "PATCH", f"/Groups/{group}", body)[0]

        statuses = at_once(len(people), add)
        members = send(one.base_url, one.token, "GET", f"/Groups/{group}")[1]["members"]
    assert set(statuses) == {204}
    assert {member["value"] for member in members} == set(people)


def test_members_added_at_once_are_all_there_on_sqlite(tmp_path):
    members_added_through_two_servers(f"sqlite:///{tmp_path}/provider.db")


@pytest.mark.postgres
def test_members_added_at_once_are_all_there_on_postgresql():
    with postgres.fresh_database_url() as url:
        members_added_through_two_servers(url)


@pytest.mark.postgres
def test_two_servers_never_give_one_seat_twice():
    with (
        postgres.fresh_database_url() as url,
        running_provider(database_url=url, profile="ringcentral", seats=10) as one,
        running_provider(database_url=url, profile="ringcentral", seats=10) as other,
    ):

        def create(number):
            provider = (one, other)[number % 2]
            address = f"user{number}@example.com"
            body = user(address) | {
                "name": {"givenName": "Ann", "familyName": "Lee"},
                "emails": [{"type": "work", "value": address}],
                "active": True,
            }
            return send(provider.base_url, provider.token, "POST", "/Users", body)

        answers = at_once(24, create)

    created = [body for status, body in answers if status == 201]
    assert len(created) == 10
    assert sorted(status for status, _ in answers if status != 201) == [403] * 14
    numbers = [number["value"] for body in created for number in body["phoneNumbers"]]
    assert len(set(numbers)) == 20


def test_nothing_that_was_answered_is_lost_when_the_server_is_killed(tmp_path):
    url = f"sqlite:///{tmp_path}/provider.db"
    server = subprocess.Popen(
        [sys.executable, "-c", KILLED, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with server:
        base_url, token = server.stdout.readline().split()
        created = []
        for number in range(40):
            status, body = send(base_url, token, "POST", "/Users", user(f"user{number}"))
            assert status == 201
            created.append(body["id"])
        os.kill(server.pid, signal.SIGKILL)

    assert server.returncode == -signal.SIGKILL
    with running_provider(database_url=url, profile="full") as provider:
        listed = send(provider.base_url, token, "GET", "/Users?count=100")[1]
    assert [found["id"] for found in listed["Resources"]] == created


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_served_provider_ends_by_itself_when_asked(tmp_path, number):
    url = f"sqlite:///{tmp_path}/provider.db"
    token = serving.create_token(url, "ringcentral")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with subprocess.Popen([sys.executable, "-c", SERVED, url, str(port)]) as server:
        while server.poll() is None:
            try:
                status, listed = send(f"http://127.0.0.1:{port}/scim/v2", token, "GET", "/Users")
                break
            except ConnectionRefusedError:
                continue
        server.send_signal(number)

    assert (status, listed["totalResults"]) == (200, 0)
    assert server.returncode in (0, -number)
