"""The provider's own tables: resources as documents, their attribute values as rows to search, and the account.

A change here needs a revision in `migrations/versions`. Moments are microseconds since 1970.
"""

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
)

from provisor.look.sign_in import tables as sign_in_tables

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

# The members of groups stand beside the groups' documents, in the order in which they became members.
members = Table(
    "provider_members",
    metadata,
    Column("resource", ForeignKey(resources.c.sequence, ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    # The id of the member, as the group's document would have it.
    Column("value", _text),
    # The member in its JSON form.
    Column("document", LargeBinary, nullable=False),
    Index("provider_members_by_value", "resource", "value"),
)

tokens = Table(
    "provider_tokens",
    metadata,
    Column("digest", _text, primary_key=True),
    Column("profile", _text, nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    # Names the token where it must not be shown.
    Column("id", _text, nullable=False),
    Column("description", _text, nullable=False),
    Column("created_by", _text, nullable=False),
    Column("expires", BigInteger),
    # Written at most once a minute.
    Column("last_used", BigInteger),
    Column("revoked", BigInteger),
    Index("provider_tokens_by_id", "id", unique=True),
)

# The user a token belongs to, for whom it may say `/Me`; most belong to nobody.
token_owners = Table(
    "provider_token_owners",
    metadata,
    Column("token_id", _text, primary_key=True),
    Column("user_id", _text, nullable=False),
)

# The last number given out of each numbered series, such as RingCentral's extension ids.
counters = Table(
    "provider_counters",
    metadata,
    Column("name", _text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# A seat is RingCentral's unassigned extension: it becomes a user, whose id is its extension id, and after that user
# is deleted another unassigned extension with the same numbers.
seats = Table(
    "provider_seats",
    metadata,
    # The order in which seats are taken.
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("extension_id", _text, nullable=False),
    Column("status", _text, nullable=False),
    Column("has_digital_line", Boolean, nullable=False),
    Column("extension_number", _text, nullable=False),
    Column("direct_number", _text),
    Column("device_id", _text),
    Column("role", _text),
    Column("site", _text),
    Index("provider_seats_by_extension", "extension_id", unique=True),
    Index("provider_seats_by_extension_number", "extension_number", unique=True),
    Index("provider_seats_by_status", "status", "has_digital_line", "number"),
)

# What an administrator can change while the provider runs, one JSON value each.
settings = Table(
    "provider_settings",
    metadata,
    Column("profile", _text, primary_key=True),
    Column("name", _text, primary_key=True),
    Column("value", _text, nullable=False),
    # Counts the writes, so that nobody overwrites what he has not seen.
    Column("version", Integer, nullable=False),
    Column("updated", BigInteger, nullable=False),
    Column("updated_by", _text, nullable=False),
)

# What happened in the account besides requests: mails that a real account would have sent, changes by administrators.
activity = Table(
    "provider_activity",
    metadata,
    Column("sequence", _sequence, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("kind", _text, nullable=False),
    Column("extension_id", _text),
    Column("actor", _text, nullable=False),
    Column("detail", _text, nullable=False),
    Index("provider_activity_by_extension", "extension_id", "sequence"),
    sqlite_autoincrement=True,
)

oauth_clients = Table(
    "provider_oauth_clients",
    metadata,
    Column("id", _text, primary_key=True),
    Column("name", _text, nullable=False),
    # Absent for a public client, which proves itself by PKCE only.
    Column("secret_digest", _text),
    # JSON lists of texts.
    Column("redirect_uris", _text, nullable=False),
    Column("scopes", _text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("revoked", BigInteger),
)

# One consent of one user to one client; at most five live at once.
oauth_sessions = Table(
    "provider_oauth_sessions",
    metadata,
    Column("id", _text, primary_key=True),
    Column("client_id", ForeignKey(oauth_clients.c.id, ondelete="CASCADE"), nullable=False),
    Column("subject", _text, nullable=False),
    Column("scopes", _text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("revoked", BigInteger),
    Index("provider_oauth_sessions_by_client", "client_id", "subject", "created"),
)

oauth_codes = Table(
    "provider_oauth_codes",
    metadata,
    Column("digest", _text, primary_key=True),
    Column("client_id", ForeignKey(oauth_clients.c.id, ondelete="CASCADE"), nullable=False),
    Column("subject", _text, nullable=False),
    Column("redirect_uri", _text, nullable=False),
    Column("scopes", _text, nullable=False),
    Column("challenge", _text),
    Column("challenge_method", _text),
    Column("expires", BigInteger, nullable=False),
    # The session a used code has opened; using the code again ends it.
    Column("session_id", _text),
)

oauth_tokens = Table(
    "provider_oauth_tokens",
    metadata,
    Column("digest", _text, primary_key=True),
    Column("session_id", ForeignKey(oauth_sessions.c.id, ondelete="CASCADE"), nullable=False),
    # `access` or `refresh`.
    Column("kind", _text, nullable=False),
    # Which pair of its session it belongs to.
    Column("generation", Integer, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("first_used", BigInteger),
    Index("provider_oauth_tokens_by_session", "session_id", "generation"),
)

# Administrators of the console and their sessions.
sign_in = sign_in_tables.declare(metadata, "provider_")

# What the provider keeps to itself, such as the secret that cursors are sealed with.
secrets = Table(
    "provider_secrets",
    metadata,
    Column("name", _text, primary_key=True),
    Column("value", _text, nullable=False),
)

# The log of requests: the last few thousand, redacted before they are written.
requests = Table(
    "provider_requests",
    metadata,
    Column("sequence", _sequence, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("profile", _text, nullable=False),
    Column("method", _text, nullable=False),
    Column("path", _text, nullable=False),
    Column("query", _text, nullable=False),
    # Absent where the connection was closed without an answer.
    Column("status", Integer),
    # Microseconds.
    Column("duration", BigInteger, nullable=False),
    Column("caller", _text),
    Column("client", _text),
    # One a line.
    Column("faults", _text),
    Column("rate_group", _text),
    Column("rate_remaining", Integer),
    Column("error", _text),
    Column("body", _text),
    Column("answer", _text),
    # Deleting the oldest is a range of this index or of the primary key.
    Index("provider_requests_by_time", "at"),
    # Ids never come again, so that a follower misses nothing after the log was emptied.
    sqlite_autoincrement=True,
)
