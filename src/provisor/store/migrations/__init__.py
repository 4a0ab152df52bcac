"""The schema's history, replayed by Alembic whenever a store is opened."""

from __future__ import annotations

import pathlib

import alembic.command
import alembic.config
import sqlalchemy as sa

from provisor.store.database import Database

_LOCK = 0x50524F56  # "PROV": one process at a time brings the schema of a PostgreSQL database up to date


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema up to date; several processes may do so at once."""
    config = alembic.config.Config()
    config.set_main_option("script_location", str(pathlib.Path(__file__).parent))
    with database.writing() as connection:
        if database.dialect == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, revision)
