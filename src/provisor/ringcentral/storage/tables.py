"""The provider's own tables: resources as documents, their attribute values as rows to search, tokens, seats."""

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

metadata = MetaData()

# Compared by code point in both databases: SQLite does so by itself, PostgreSQL with its "C" collation.
_text = Text().with_variant(Text(collation="C"), "postgresql")
# SQLite only fills an INTEGER primary key by itself.
_sequence = BigInteger().with_variant(Integer(), "sqlite")

resources = Table(
    "provider_resources",
    metadata,
    Column("sequence", _sequence, primary_key=True, autoincrement=True),
    Column("type", _text, nullable=False),
    Column("id", _text, nullable=False),
    # Counts the writes; the ETag is made of it.
    Column("version", Integer, nullable=False),
    # Microseconds since 1970.
    Column("created", BigInteger, nullable=False),
    Column("last_modified", BigInteger, nullable=False),
    # The resource in its JSON form, without `id` and `meta`.
    Column("document", LargeBinary, nullable=False),
    Index("provider_resources_by_id", "id", "type", unique=True),
    # Serves lists in order, and the few resources of a type a filter found. No other index may begin with the type:
    # SQLite would prefer it and read every resource of that type.
    Index("provider_resources_in_order", "type", "sequence"),
    # An id is never given twice, not even after the last resource was deleted (RFC 7643 section 3.1).
    sqlite_autoincrement=True,
)

# One row for each value of each attribute, in the form comparisons use. A complex value has, besides the rows of
# its sub-attributes, one row of its own that says it exists and, by `number`, whether it holds anything.
attribute_values = Table(
    "provider_attribute_values",
    metadata,
    Column("resource", ForeignKey(resources.c.sequence, ondelete="CASCADE"), nullable=False),
    Column("type", _text, nullable=False),
    Column("path", _text, nullable=False),
    # Which value of a multi-valued attribute this row belongs to; 0 for a single-valued one.
    Column("element", Integer, nullable=False),
    # At most `attribute_index.KEY_LENGTH` characters; a longer text ends in its digest here and stands whole in `text`.
    Column("key", _text),
    Column("text", _text),
    # Numbers, booleans as 0 and 1, timestamps as microseconds since 1970.
    Column("number", Double),
    # Whether this value orders the resource when it is sorted: the primary one, or else the first.
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

tokens = Table(
    "provider_tokens",
    metadata,
    Column("digest", _text, primary_key=True),
    Column("profile", _text, nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
)

# The last number given out of each numbered series, such as RingCentral's extension ids.
counters = Table(
    "provider_counters",
    metadata,
    Column("name", _text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# A seat is RingCentral's unassigned extension: an extension number, sometimes a direct number, and room for one user.
seats = Table(
    "provider_seats",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("extension_number", _text, nullable=False),
    Column("direct_number", _text),
    Column("user_id", _text),
    UniqueConstraint("user_id", name="provider_seats_by_user"),
    Index("provider_seats_unassigned", "user_id", "number"),
)
