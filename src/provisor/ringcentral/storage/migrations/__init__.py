"""The history of the provider's tables, replayed by Alembic whenever a provider's database is opened."""

from __future__ import annotations

import pathlib

import alembic.command
import alembic.config
import sqlalchemy

from provisor.ringcentral.errors import ProviderError

VERSION_TABLE = "provider_schema_version"
HEAD = "0007"
"""The newest revision: a database that is there is opened without starting Alembic."""

_LOCK = 0x52435052  # "RCPR": one process at a time brings the tables of a PostgreSQL database up to date


class NewerDatabaseError(ProviderError):
    """The database was written by a later release, whose tables this one does not know."""


def upgrade(connection: sqlalchemy.Connection, revision: str = HEAD) -> None:
    """Bring the tables up to date inside a transaction that may write; several processes may do so at once.

    A database that 0.2.0 made has the tables and no version; it is adopted as it is.

    :raises NewerDatabaseError: when the database is ahead of this release; nothing is changed.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sqlalchemy.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    current = current_revision(connection)
    if current == revision:
        return
    if current is not None and current > HEAD:
        raise NewerDatabaseError(
            f"The provider's database is at revision {current}, and this release knows {HEAD} at most. "
            "Start the release that wrote it, or give another --database."
        )
    config = alembic.config.Config()
    config.set_main_option("script_location", str(pathlib.Path(__file__).parent))
    config.attributes["connection"] = connection
    alembic.command.upgrade(config, revision)


def current_revision(connection: sqlalchemy.Connection) -> str | None:
    """The revision a database is at; None for an empty one and for one of 0.2.0."""
    if not sqlalchemy.inspect(connection).has_table(VERSION_TABLE):
        return None
    version = sqlalchemy.text(f"SELECT version_num FROM {VERSION_TABLE}")
    return connection.execute(version).scalar_one_or_none()


def forget(connection: sqlalchemy.Connection) -> None:
    """Drop the record of the revision, once the tables are dropped."""
    connection.execute(sqlalchemy.text(f"DROP TABLE IF EXISTS {VERSION_TABLE}"))
