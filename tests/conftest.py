"""Databases for whoever needs one: SQLite always, PostgreSQL wherever a server answers."""

import shutil

import psycopg
import pytest
import sqlalchemy as sa

from provisor.store import tables, unit_of_work
from provisor.store.database import Database
from provisor.store.migrations import upgrade
from support import postgres


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory):
    """A database file with an up-to-date schema, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_url():
    """A PostgreSQL database of this session's own, its schema up to date."""
    with postgres.fresh_database_url() as url:
        database = Database(url)
        upgrade(database)
        database.dispose()
        yield url


@pytest.fixture
def sqlite_url(empty_sqlite, tmp_path):
    path = tmp_path / "provisor.db"
    shutil.copy(empty_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture
def emptied_postgres_url(postgres_url):
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        for table in reversed(tables.metadata.sorted_tables):
            if table.name not in ("change_counter", "tenant"):
                connection.execute(f"DELETE FROM {table.name}")
        connection.execute("UPDATE change_counter SET value = 0, signals = 0")
    return postgres_url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request):
    """An empty database with an up-to-date schema, of each kind that there is."""
    name = "sqlite_url" if request.param == "sqlite" else "emptied_postgres_url"
    return request.getfixturevalue(name)


@pytest.fixture
def key_file(tmp_path):
    return tmp_path / "provisor.key"


@pytest.fixture
def store(database_url, key_file):
    opened = unit_of_work.open_store(database_url, secret_key=None, key_file=key_file)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(sqlite_url, key_file):
    opened = unit_of_work.open_store(sqlite_url, secret_key=None, key_file=key_file)
    yield opened
    opened.close()


@pytest.fixture
def connection(store):
    """A look past the port, for what must not be readable there."""
    with store._database.writing() as opened:
        assert isinstance(opened, sa.Connection)
        yield opened
