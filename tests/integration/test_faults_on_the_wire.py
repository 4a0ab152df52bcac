"""Faults that are about the connection and about time, over real HTTP."""

import asyncio
import time

import aiohttp
import pytest

from provisor.ringcentral import background
from provisor.ringcentral.faults import parsing
from provisor.ringcentral.faults.board import FaultBoard
from provisor.ringcentral.faults.model import FaultScript

ADA = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "userName": "ada@example.com",
    "name": {"givenName": "Ada", "familyName": "Moss"},
    "emails": [{"type": "work", "value": "ada@example.com"}],
}


@pytest.fixture
def board():
    return FaultBoard()


@pytest.fixture
def provider(tmp_path, board):
    with background.running_provider(
        database_url=f"sqlite:///{tmp_path}/provider.db", profile="ringcentral", faults=board
    ) as running:
        yield running


@pytest.fixture
async def client(provider):
    async with aiohttp.ClientSession(headers=provider.headers) as session:
        yield session


def meets(board, *texts):
    board.set(FaultScript(faults=tuple(map(parsing.fault, texts))))


async def total(client, provider):
    async with client.get(f"{provider.base_url}/Users") as answer:
        return (await answer.json())["totalResults"]


@pytest.mark.parametrize(("when", "there"), [("before commit", 0), ("after commit", 1)])
async def test_a_dropped_connection_ends_without_an_answer(provider, board, client, when, there):
    meets(board, f"drop {when} on POST")

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.post(f"{provider.base_url}/Users", json=ADA)

    assert await total(client, provider) == there


async def test_not_a_single_byte_comes_over_a_dropped_connection(provider, board):
    meets(board, "drop after commit")
    host, port = provider.base_url.split("/")[2].split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET /scim/v2/Users HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())

    assert await reader.read() == b""
    writer.close()


async def test_a_connection_that_breaks_during_the_body_delivers_half_of_it(provider, board, client):
    meets(board, "drop during body on POST")

    async with client.post(f"{provider.base_url}/Users", json=ADA) as answer:
        assert answer.status == 201
        with pytest.raises(aiohttp.ClientPayloadError):
            await answer.read()

    assert await total(client, provider) == 1


async def test_a_closed_connection_is_no_error_of_the_server(provider, board, client, capfd):
    for text in ("drop before commit, once", "drop after commit, once"):
        meets(board, text)
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await client.post(f"{provider.base_url}/Users", json=ADA)

    assert capfd.readouterr().err == ""


async def test_slow_headers_come_late_and_their_request_is_carried_out_at_once(provider, board, client):
    meets(board, "slow headers by 1 h on POST")

    with pytest.raises(TimeoutError):
        await client.post(f"{provider.base_url}/Users", json=ADA, timeout=aiohttp.ClientTimeout(total=0.3))

    assert await total(client, provider) == 1


async def test_a_slow_body_comes_after_its_headers(provider, board, client):
    meets(board, "slow body by 300 ms")
    began = time.monotonic()

    async with client.get(f"{provider.base_url}/Users") as answer:
        headers_after = time.monotonic() - began
        assert (await answer.json())["totalResults"] == 0

    assert headers_after < 0.3 <= time.monotonic() - began


async def test_other_requests_do_not_wait_for_a_slow_one(provider, board, client):
    meets(board, "slow headers by 1 h on POST")
    slow = asyncio.create_task(client.post(f"{provider.base_url}/Users", json=ADA))

    while await total(client, provider) == 0:
        assert not slow.done()
    slow.cancel()


async def test_faults_are_changed_while_it_runs(provider, board, client):
    for text, status in (("503", 503), ("429", 429)):
        meets(board, text)
        assert (await client.get(f"{provider.base_url}/Users")).status == status
    board.clear()
    assert (await client.get(f"{provider.base_url}/Users")).status == 200
