"""Over real HTTP: two servers on one database, and a server that is asked to end."""

import http.client
import json
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
