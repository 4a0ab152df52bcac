"""The connection to the provider's database, and its transactions."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

import sqlalchemy
from sqlalchemy import event

from provisor.ringcentral.storage import migrations, tables


class Access(StrEnum):
    """What a transaction is opened for; the values are SQLite's own words."""

    READ = "DEFERRED"
    WRITE = "IMMEDIATE"


class _Open(threading.local):
    """The transaction a thread is inside, if any, and how many blocks share it."""

    def __init__(self) -> None:
        self.depth = 0
        self.connection: sqlalchemy.Connection | None = None


class Database:
    """Transactions on the provider's own tables, in SQLite or PostgreSQL.

    :param url: an SQLAlchemy URL, such as `sqlite:///provider.db` or `postgresql+psycopg://host/name`. A plain
        `postgresql://` URL is read with psycopg.
    """

    def __init__(self, url: str) -> None:
        parsed = sqlalchemy.make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self._engine = sqlalchemy.create_engine(parsed)
        if self.is_sqlite:
            event.listen(self._engine, "connect", _prepare_sqlite)
            event.listen(self._engine, "begin", _begin_sqlite)
        self._engines = {
            access: self._engine.execution_options(sqlite_begin=access.value) for access in Access
        }
        self._open = _Open()

    def create_tables(self) -> None:
        """Bring the tables up to date; those of an earlier release keep what is in them.

        :raises migrations.NewerDatabaseError: when a later release wrote them.
        """
        with self._engines[Access.READ].begin() as connection:
            if migrations.current_revision(connection) == migrations.HEAD:
                return
        with self._engines[Access.WRITE].begin() as connection:
            migrations.upgrade(connection)

    def drop_tables(self) -> None:
        """Drop the provider's tables with everything in them."""
        with self._engines[Access.WRITE].begin() as connection:
            tables.metadata.drop_all(connection)
            migrations.forget(connection)

    @contextmanager
    def unit(self) -> Iterator[None]:
        """Make every `transaction` inside the block the same one, committed at its end, rolled back on an error.

        The database is only touched at the first `transaction`, whose access decides how it begins.
        """
        self._open.depth += 1
        try:
            yield
        except BaseException:
            self._close(rollback=True)
            raise
        finally:
            self._open.depth -= 1
            if self._open.depth == 0:
                self._close(rollback=False)

    @contextmanager
    def transaction(self, access: Access) -> Iterator[sqlalchemy.Connection]:
        """A connection inside a transaction: that of the enclosing `unit`, or one of its own."""
        if self._open.depth == 0:
            with self._engines[access].begin() as connection:
                yield connection
            return
        if self._open.connection is None:
            connection = self._engines[access].connect()
            connection.begin()
            self._open.connection = connection
        yield self._open.connection

    def close(self) -> None:
        """Give every connection back."""
        self._engine.dispose()

    def _close(self, *, rollback: bool) -> None:
        connection, self._open.connection = self._open.connection, None
        if connection is None:
            return
        try:
            if rollback:
                connection.rollback()
            else:
                connection.commit()
        finally:
            connection.close()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # SQLAlchemy says BEGIN, not the driver, so that a writer can ask for the lock at once.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        # What is committed is in the operating system's hands before the answer leaves, so kill -9 loses nothing.
        # Only a power cut can take the last commits back, and it never corrupts: FULL would guard against that at
        # 0.7 ms a write, a third of its time. Where that matters, use PostgreSQL.
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=30000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sqlalchemy.Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options()['sqlite_begin']}")
