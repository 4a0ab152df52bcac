"""Connections and transactions on SQLite and PostgreSQL."""

from __future__ import annotations

import contextlib
import pathlib
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from provisor.core.errors import InvalidInputError


class Database:
    """One database; `reading` and `writing` give a connection inside a transaction.

    On SQLite a writing transaction takes the write lock at once (BEGIN IMMEDIATE), so that it cannot fail half-way
    because another process wrote meanwhile. `synchronous=FULL` makes a commit survive a power cut: what is about to be
    sent to a target is recorded before it is sent, and that record must not be lost.
    """

    def __init__(self, url: str) -> None:
        self.url = _normalised(url)
        self.engine = _engine(self.url)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextlib.contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection whose reads see one state of the database."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A connection in a transaction that is committed at the end, or rolled back by an exception."""
        with self.engine.connect() as plain:
            connection = plain.execution_options(provisor_writes=True)
            with connection.begin():
                yield connection

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def upsert(connection: sa.Connection, table: sa.Table) -> Any:
    """An INSERT of the connection's dialect, which can resolve conflicts."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def _normalised(url: str) -> str:
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    if url.startswith(("sqlite:///", "postgresql+psycopg://")):
        return url
    if "://" not in url:
        return f"sqlite:///{url}"
    scheme = url.split("://", 1)[0]
    raise InvalidInputError(
        f"A database of kind {scheme!r} cannot be used; give sqlite:///PATH or postgresql://USER@HOST/NAME."
    )


def _engine(url: str) -> sa.Engine:
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=5, hide_parameters=True)
    path = url.removeprefix("sqlite:///")
    pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
    # an error that is logged must not tell what was being written about people
    engine = sa.create_engine(url, connect_args={"timeout": 60}, hide_parameters=True)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not guessed by the driver
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=60000",
        "temp_store=MEMORY",
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("provisor_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
