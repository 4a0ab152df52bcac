import random

import pytest

from provisor.targets import profile, scim_target
from support import scripted_target, told_clock


@pytest.fixture
def time():
    return told_clock.ToldClock()


@pytest.fixture
async def peer():
    async with scripted_target.scripted_target() as target:
        yield target


@pytest.fixture
async def connect(peer, time):
    """Makes clients of the scripted target, from the settings that a test wants different."""
    clients = []

    def connected(*, url=None, token=scripted_target.TOKEN, **settings):
        client = scim_target.ScimTarget(
            tenant_url_text=url or peer.url,
            token=token,
            settings=profile.TargetProfile(**{"read_timeout": 5.0, **settings}),
            time=time,
            random=random.Random(4),
        )
        clients.append(client)
        return client

    yield connected
    for client in clients:
        await client.aclose()


@pytest.fixture
def client(connect):
    return connect()
