"""A PostgreSQL database of one's own for a test session, wherever a server answers."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

VARIABLE = "PROVISOR_TEST_POSTGRES_URL"
LOCAL_SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"


def server_url() -> str:
    """The URL of a server that answers, with a role that may create databases; the test is skipped without one."""
    url = os.environ.get(VARIABLE) or LOCAL_SERVER
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL answers at {_without_password(url)}: set {VARIABLE} ({error})")
    return url


@contextmanager
def fresh_database_url() -> Iterator[str]:
    """The `postgresql://` URL of an empty database, dropped at the end with whatever still uses it."""
    url = server_url()
    name = f"provisor_test_{uuid.uuid4().hex[:16]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield _with_database(url, name)
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _with_database(url: str, name: str) -> str:
    head, _, tail = url.partition("?")
    scheme, _, rest = head.partition("://")
    address = rest.split("/", 1)[0]
    return f"{scheme}://{address}/{name}" + (f"?{tail}" if tail else "")


def _without_password(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
