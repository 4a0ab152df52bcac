import pytest

from support import provisioning, scripted_target


@pytest.fixture
async def peer():
    async with scripted_target.scripted_target() as target:
        yield target


@pytest.fixture
def company(store, peer):
    """A company without people and without an application."""
    return provisioning.Provisioning(store=store, peer=peer)
