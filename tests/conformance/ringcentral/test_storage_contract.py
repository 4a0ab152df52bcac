"""scim2-server's own contract of a storage, against both databases."""

import datetime as dt
from collections.abc import Iterator

import pytest
from scim2_models import ScimProvider
from scim2_server.testing import ScimStorageContract

from provisor.ringcentral.storage.database import Database
from provisor.ringcentral.storage.sql_storage import SqlStorage
from support import postgres


class TickingClock:
    """A clock that is a second later each time it is read."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 1, 5, 10, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(seconds=1)
        return self.now


def opened(url: str, provider: ScimProvider) -> Iterator[SqlStorage]:
    database = Database(url)
    database.create_tables()
    yield SqlStorage(database, provider, clock=TickingClock())
    database.drop_tables()
    database.close()


@pytest.fixture(scope="module")
def postgres_url():
    with postgres.fresh_database_url() as url:
        yield url


class TestSqliteStorage(ScimStorageContract):
    @pytest.fixture
    def storage(self, tmp_path, provider):
        yield from opened(f"sqlite:///{tmp_path}/provider.db", provider)


@pytest.mark.postgres
class TestPostgresStorage(ScimStorageContract):
    @pytest.fixture
    def storage(self, postgres_url, provider):
        yield from opened(postgres_url, provider)
