"""A service provider in a process of its own, filled to a size, and a quick client to ask it.

`python -m benchmarks.provider_stage ours URL` serves the `full` profile on a database; `… library` serves scim2-server's
own server with its storage in memory, as a yardstick. Both print their port and serve until their standard input ends.
"""

import asyncio
import contextlib
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

import orjson
import uvicorn
from scim2_models import (
    Bulk,
    ChangePassword,
    EnterpriseUser,
    ETag,
    Filter,
    Group,
    GroupMember,
    Patch,
    ResourceType,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    User,
)
from scim2_server.applications.asgi import ASGIApplication
from scim2_server.memory import AsyncInMemoryStorage
from starlette.applications import Starlette
from starlette.routing import Mount

from provisor.engine import concurrently
from provisor.ringcentral import serving
from provisor.ringcentral.profiles import FULL
from provisor.ringcentral.storage.database import Access, Database
from provisor.ringcentral.storage.sql_storage import SqlStorage
from provisor.targets import connection

AT_ONCE = 8
_PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


def document(number):
    """A user as a client creates one."""
    return {
        "schemas": [_USER],
        "userName": f"user{number}@example.com",
        "externalId": f"hr-{number}",
        "name": {"givenName": f"Given{number}", "familyName": f"Family{number}"},
        "emails": [{"type": "work", "value": f"user{number}@example.com", "primary": True}],
        "title": "Engineer",
        "active": True,
    }


def member_added(user_id):
    return {
        "schemas": [_PATCH],
        "Operations": [{"op": "add", "path": "members", "value": [{"value": user_id}]}],
    }


def fill(url, users, group_sizes):
    """Users and groups straight into the storage; the ids of the users and of the groups."""
    database = Database(url)
    serving.prepare(database, FULL.name, serving.utc_now)
    storage = SqlStorage(
        database, FULL.provider, clock=serving.utc_now, rules=FULL.rules(None, serving.utc_now)
    )
    user_type, group_type = FULL.provider.resource_types
    models = [FULL.provider.model_for(each) for each in (user_type, group_type)]
    with database.unit(), database.transaction(Access.WRITE):
        ids = [
            storage.create(user_type, models[0].model_validate(document(number))).id
            for number in range(users)
        ]
        groups = [
            storage.create(
                group_type,
                models[1](
                    display_name=f"group of {size}", members=[GroupMember(value=each) for each in ids[:size]]
                ),
            ).id
            for size in group_sizes
        ]
    database.close()
    return ids, groups


@contextlib.contextmanager
def provider(*words):
    """The SCIM base URL of a provider that runs in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.provider_stage", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/scim/v2"
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()


@contextlib.contextmanager
def ours(users, group_sizes=()):
    """Our provider with so many users: its address, a token, and the ids of its users and groups."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{pathlib.Path(folder) / 'provider.db'}"
        ids, groups = fill(url, users, group_sizes)
        token = serving.create_token(url, "full")
        with provider("ours", url) as address:
            yield address, token, ids, groups


async def ask(token, requests, *, expect):
    """Seconds that the requests (method, address, body) take, several at once, and the documents of their answers."""
    client = connection.Connection(
        token=connection.BearerToken(token), concurrency=AT_ONCE, connect_timeout=10.0, read_timeout=60.0
    )
    answers = []
    try:

        async def one(request):
            method, address, body = request
            answer = await client.exchange(method, address, None if body is None else orjson.dumps(body))
            assert answer.status == expect, (answer.status, answer.body)
            answers.append(answer.body)

        began = time.perf_counter()
        await concurrently.each(requests, one, at_once=AT_ONCE)
        return time.perf_counter() - began, answers
    finally:
        await client.aclose()


def _library():
    models = [User[EnterpriseUser], Group]
    known = ScimProvider(
        models=[User, Group, EnterpriseUser],
        resource_types=[ResourceType.from_resource(model) for model in models],
        config=ServiceProviderConfig(
            patch=Patch(supported=True),
            bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
            filter=Filter(supported=True, max_results=1000),
            change_password=ChangePassword(supported=False),
            sort=Sort(supported=True),
            etag=ETag(supported=True),
        ),
    )
    return Starlette(routes=[Mount("/scim", app=ASGIApplication(AsyncInMemoryStorage(), known))])


def _main():
    kind, *rest = sys.argv[1:]
    app = (
        serving.create_app(database_url=rest[0], profile="full", throttling=None)
        if kind == "ours"
        else _library()
    )
    config = serving.server_config(app, host="127.0.0.1", port=0)
    config.lifespan = "on"
    server = uvicorn.Server(config)

    def tell_and_wait():
        while not server.started:
            time.sleep(0.01)
        print(server.servers[0].sockets[0].getsockname()[1], flush=True)
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=tell_and_wait, daemon=True).start()
    asyncio.run(server.serve())


if __name__ == "__main__":
    _main()
