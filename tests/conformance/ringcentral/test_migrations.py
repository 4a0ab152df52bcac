"""The provider's tables: replayed migrations, and a database that release 0.2.0 made, with people in it."""

import pathlib
import sqlite3
from contextlib import closing

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from provisor.ringcentral.storage import migrations, tables
from provisor.ringcentral.storage.database import Access, Database
from support import postgres

OLD = pathlib.Path(__file__).with_name("database_of_0_2_0.sql")
OLD_TOKEN = "a-token-that-release-0-2-0-has-made-0123456"


def script():
    config = Config()
    config.set_main_option("script_location", str(pathlib.Path(migrations.__file__).parent))
    return ScriptDirectory.from_config(config)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/provider.db"
        return
    with postgres.fresh_database_url() as fresh:
        yield fresh


@pytest.fixture
def old_url(url, tmp_path):
    """A database as 0.2.0 left it: six seats, of which Ada, Bo and Cy have one; Di was deleted."""
    path = tmp_path / ("provider.db" if url.startswith("sqlite") else "old.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(OLD.read_text())
    if not url.startswith("sqlite"):
        copy(f"sqlite:///{path}", url)
    return url


def copy(source_url, target_url):
    metadata = script().get_revision("0001").module.metadata
    source = sa.create_engine(source_url)
    target = sa.create_engine(target_url.replace("postgresql://", "postgresql+psycopg://"))
    with source.connect() as reading, target.begin() as writing:
        metadata.create_all(writing)
        for table in metadata.sorted_tables:
            rows = [dict(row._mapping) for row in reading.execute(sa.select(table))]
            writing.execute(sa.insert(table), rows)
        writing.execute(sa.text("SELECT setval('provider_resources_sequence_seq', 4)"))
    source.dispose()
    target.dispose()


def opened(url):
    database = Database(url)
    database.create_tables()
    return database


def rows(database, query):
    with database.transaction(Access.READ) as connection:
        return connection.execute(query).all()


def differences(database):
    with database.transaction(Access.READ) as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": migrations.VERSION_TABLE,
                "include_name": lambda name, kind, _: kind != "table" or name.startswith("provider_"),
            },
        )
        return compare_metadata(context, tables.metadata)


def test_replayed_migrations_equal_the_declared_tables(url):
    database = opened(url)
    try:
        assert differences(database) == []
    finally:
        database.close()


def test_an_old_database_gets_the_declared_tables(old_url):
    database = opened(old_url)
    try:
        assert differences(database) == []
    finally:
        database.close()


def test_the_head_that_is_looked_for_is_the_newest_revision():
    assert script().get_current_head() == migrations.HEAD


def test_a_database_of_0_2_0_keeps_its_people_seats_and_tokens(old_url):
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(OLD.read_text())
        people = connection.execute(
            "SELECT id, version, document FROM provider_resources ORDER BY id"
        ).fetchall()
    database = opened(old_url)
    try:
        kept = tables.resources.c
        found = rows(database, sa.select(kept.id, kept.version, kept.document).order_by(kept.id))
        assert [(row.id, row.version, bytes(row.document)) for row in found] == people
        seats = tables.seats.c
        of_seats = sa.select(seats.extension_id, seats.status, seats.extension_number, seats.direct_number)
        assert [tuple(row) for row in rows(database, of_seats.order_by(seats.number))] == [
            ("1600000101", "Enabled", "101", "+16505550000"),
            ("1600000102", "NotActivated", "102", "+16505550001"),
            ("1600000103", "Disabled", "103", "+16505550002"),
            ("1600000105", "Unassigned", "104", "+16505550003"),
            ("1600000106", "Unassigned", "105", "+16505550004"),
            ("1600000107", "Unassigned", "106", "+16505550005"),
        ]
        [token] = rows(database, sa.select(tables.tokens))
        assert (token.profile, token.revoked, token.expires) == ("ringcentral", None, None)
        assert len(token.id) == 12
    finally:
        database.close()


def test_a_database_of_0_2_0_is_served_with_its_token(old_url, make_wire, ada):
    wire = make_wire("ringcentral", url=old_url, token=OLD_TOKEN)
    address = "em@example.com"

    listed = wire.send("GET", "/Users")
    created = wire.send(
        "POST", "/Users", ada | {"userName": address, "emails": [{"type": "work", "value": address}]}
    )

    assert [each["userName"] for each in listed.body["Resources"]] == [
        "ada@example.com", "bo@example.com", "cy@example.com",
    ]  # fmt: skip
    assert (created.status, created.body["id"]) == (201, "1600000105")


def test_a_database_of_a_later_release_is_left_alone(url):
    database = opened(url)
    with database.transaction(Access.WRITE) as connection:
        connection.execute(sa.text(f"UPDATE {migrations.VERSION_TABLE} SET version_num = '9999'"))
    try:
        with pytest.raises(migrations.NewerDatabaseError, match="revision 9999"):
            database.create_tables()
    finally:
        database.close()


def test_a_database_that_is_shared_with_others_keeps_what_is_theirs(url):
    database = Database(url)
    with database.transaction(Access.WRITE) as connection:
        connection.execute(sa.text("CREATE TABLE alembic_version (version_num TEXT)"))
        connection.execute(sa.text("INSERT INTO alembic_version VALUES ('theirs')"))
    database.create_tables()
    try:
        assert rows(database, sa.text("SELECT version_num FROM alembic_version")) == [("theirs",)]
    finally:
        database.close()


def test_people_of_0_2_0_are_found_by_what_this_release_indexes(old_url, make_wire):
    knobs = ["filter-attributes=externalId,active,id"]
    wire = make_wire("ringcentral", url=old_url, token=OLD_TOKEN, knobs=knobs)

    found = [
        [each["userName"] for each in wire.find("/Users", scim_filter).body["Resources"]]
        for scim_filter in ('externalId eq "hr-bo"', "active eq true", 'id eq "1600000103"')
    ]

    assert found == [["bo@example.com"], ["ada@example.com"], ["cy@example.com"]]
