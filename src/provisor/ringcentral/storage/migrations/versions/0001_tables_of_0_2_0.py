"""The tables of 0.2.0. That release kept no version, so those that are there are taken over as they are."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

metadata = MetaData()

_text = Text().with_variant(Text(collation="C"), "postgresql")
_sequence = BigInteger().with_variant(Integer(), "sqlite")

resources = Table(
    "provider_resources",
    metadata,
    Column("sequence", _sequence, primary_key=True, autoincrement=True),
    Column("type", _text, nullable=False),
    Column("id", _text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("last_modified", BigInteger, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Index("provider_resources_by_id", "id", "type", unique=True),
    Index("provider_resources_in_order", "type", "sequence"),
    sqlite_autoincrement=True,
)

attribute_values = Table(
    "provider_attribute_values",
    metadata,
    Column("resource", ForeignKey(resources.c.sequence, ondelete="CASCADE"), nullable=False),
    Column("type", _text, nullable=False),
    Column("path", _text, nullable=False),
    Column("element", Integer, nullable=False),
    Column("key", _text),
    Column("text", _text),
    Column("number", Double),
    Column("leading", Boolean, nullable=False),
    Column("is_unique", Boolean, nullable=False),
    Index("provider_values_by_key", "type", "path", "key"),
    Index("provider_values_by_resource", "resource", "path", "element"),
)
Index(
    "provider_values_unique",
    attribute_values.c.type,
    attribute_values.c.path,
    attribute_values.c.key,
    unique=True,
    sqlite_where=attribute_values.c.is_unique,
    postgresql_where=attribute_values.c.is_unique,
)

Table(
    "provider_tokens",
    metadata,
    Column("digest", _text, primary_key=True),
    Column("profile", _text, nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
)

Table(
    "provider_counters",
    metadata,
    Column("name", _text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

Table(
    "provider_seats",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("extension_number", _text, nullable=False),
    Column("direct_number", _text),
    Column("user_id", _text),
    UniqueConstraint("user_id", name="provider_seats_by_user"),
    Index("provider_seats_unassigned", "user_id", "number"),
)


def upgrade() -> None:
    metadata.create_all(op.get_bind(), checkfirst=True)
