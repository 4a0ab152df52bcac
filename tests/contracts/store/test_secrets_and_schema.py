"""What the store promises about secrets and about its own tables."""

import pathlib
import stat

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from provisor import bootstrap, gallery
from provisor.core.errors import InvalidInputError
from provisor.engine import applications
from provisor.settings import Settings
from provisor.store import tables
from provisor.store.database import Database
from support import postgres

TOKEN = "a-token-that-nobody-may-read"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def settings(request, tmp_path):
    key_file = tmp_path / "provisor.key"
    if request.param == "sqlite":
        yield Settings(database_url=f"sqlite:///{tmp_path}/provisor.db", key_file=key_file)
        return
    with postgres.fresh_database_url() as url:
        yield Settings(database_url=url, key_file=key_file)


def enter_credentials(services):
    made = applications.add(
        services.store, gallery.template("scim"), "Scim", clock=services.clock, new_id=services.new_id
    )
    applications.enter_credentials(services.store, made, "https://scim.example/v2", TOKEN)
    return made


def test_a_token_comes_back_and_is_nowhere_in_the_database(settings):
    with bootstrap.services(settings) as services:
        made = enter_credentials(services)
        with services.store.read() as unit:
            assert unit.applications.secret_token(made.id) == TOKEN
    database = Database(settings.database_url)
    with database.reading() as connection:
        stored = connection.execute(sa.select(tables.secrets.c.value)).scalars().all()
    database.dispose()
    assert stored
    assert not any(TOKEN in value for value in stored)
    if settings.database_url.startswith("sqlite"):
        folder = pathlib.Path(settings.database_url.removeprefix("sqlite:///")).parent
        assert not any(TOKEN.encode() in path.read_bytes() for path in folder.glob("provisor.db*"))


def test_the_key_is_readable_by_its_owner_only(settings):
    with bootstrap.services(settings):
        assert stat.S_IMODE(settings.secret_key_file.stat().st_mode) == 0o600


def test_without_the_key_a_secret_is_refused_in_words(settings):
    with bootstrap.services(settings) as services:
        made = enter_credentials(services)
    settings.secret_key_file.unlink()
    with (
        bootstrap.services(settings) as services,
        services.store.read() as unit,
        pytest.raises(InvalidInputError, match="cannot be decrypted"),
    ):
        unit.applications.secret_token(made.id)


def test_replayed_migrations_equal_the_declared_tables(settings):
    with bootstrap.services(settings):
        pass
    database = Database(settings.database_url)
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
    database.dispose()


def test_an_error_of_the_database_does_not_tell_what_was_written(settings):
    with bootstrap.services(settings):
        pass
    database = Database(settings.database_url)
    try:
        with database.writing() as connection, pytest.raises(sa.exc.DBAPIError) as failed:
            connection.execute(tables.audit.insert(), {"id": "Ada Secretive", "at": "now"})
    finally:
        database.dispose()
    assert "Ada Secretive" not in str(failed.value).partition("DETAIL")[0]
