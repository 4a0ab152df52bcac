"""Settings, described tokens, extensions with states, activity, OAuth."""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FIRST_USER_ID = 1_600_000_101

_text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_sequence = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _describe_tokens()
    _make_extensions_of_seats()
    _create_settings_and_activity()
    _create_oauth()


def _describe_tokens() -> None:
    with op.batch_alter_table("provider_tokens") as tokens:
        for name in ("id", "description", "created_by"):
            tokens.add_column(sa.Column(name, _text, nullable=False, server_default=""))
        for name in ("expires", "last_used", "revoked"):
            tokens.add_column(sa.Column(name, sa.BigInteger))
    op.execute("UPDATE provider_tokens SET id = substr(digest, 1, 12)")
    with op.batch_alter_table("provider_tokens") as tokens:
        for name in ("id", "description", "created_by"):
            tokens.alter_column(name, server_default=None)
    op.create_index("provider_tokens_by_id", "provider_tokens", ["id"], unique=True)


def _make_extensions_of_seats() -> None:
    connection = op.get_bind()
    states = dict(_user_states(connection))
    held = connection.execute(
        sa.text("SELECT number, extension_number, direct_number, user_id FROM provider_seats ORDER BY number")
    ).all()
    op.drop_table("provider_seats")
    seats = op.create_table(
        "provider_seats",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("extension_id", _text, nullable=False),
        sa.Column("status", _text, nullable=False),
        sa.Column("has_digital_line", sa.Boolean, nullable=False),
        sa.Column("extension_number", _text, nullable=False),
        sa.Column("direct_number", _text),
        sa.Column("device_id", _text),
        sa.Column("role", _text),
        sa.Column("site", _text),
    )
    op.create_index("provider_seats_by_extension", "provider_seats", ["extension_id"], unique=True)
    op.create_index("provider_seats_by_extension_number", "provider_seats", ["extension_number"], unique=True)
    op.create_index("provider_seats_by_status", "provider_seats", ["status", "has_digital_line", "number"])
    if not held:
        return
    last = connection.execute(
        sa.text("SELECT value FROM provider_counters WHERE name = 'User'")
    ).scalar_one_or_none()
    following = (last if last is not None else FIRST_USER_ID - 1) + 1
    rows = []
    for seat in held:
        extension_id = seat.user_id
        if extension_id is None:
            extension_id = str(following)
            following += 1
        rows.append(
            {
                "number": seat.number,
                "extension_id": extension_id,
                "status": states.get(seat.user_id, "NotActivated") if seat.user_id else "Unassigned",
                "has_digital_line": True,
                "extension_number": seat.extension_number,
                "direct_number": seat.direct_number,
            }
        )
    op.bulk_insert(seats, rows)
    connection.execute(sa.text("DELETE FROM provider_counters WHERE name = 'User'"))
    connection.execute(
        sa.text("INSERT INTO provider_counters (name, value) VALUES ('User', :value)"),
        {"value": following - 1},
    )


def _user_states(connection: sa.Connection) -> Iterator[tuple[str, str]]:
    """The state of each user who holds a seat.

    0.2.0 gave a user the numbers of the seat at the first activation, so whoever has them and is not active was
    disabled later.
    """
    users = connection.execute(
        sa.text(
            "SELECT id, document FROM provider_resources "
            "WHERE type = 'User' AND id IN (SELECT user_id FROM provider_seats WHERE user_id IS NOT NULL)"
        )
    )
    for user in users:
        document = json.loads(bytes(user.document))
        numbers = {number.get("type") for number in document.get("phoneNumbers") or []}
        if document.get("active"):
            yield user.id, "Enabled"
        else:
            yield user.id, "Disabled" if numbers & {"work", "other"} else "NotActivated"


def _create_settings_and_activity() -> None:
    op.create_table(
        "provider_settings",
        sa.Column("profile", _text, primary_key=True),
        sa.Column("name", _text, primary_key=True),
        sa.Column("value", _text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.Column("updated_by", _text, nullable=False),
    )
    op.create_table(
        "provider_activity",
        sa.Column("sequence", _sequence, primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("kind", _text, nullable=False),
        sa.Column("extension_id", _text),
        sa.Column("actor", _text, nullable=False),
        sa.Column("detail", _text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("provider_activity_by_extension", "provider_activity", ["extension_id", "sequence"])


def _create_oauth() -> None:
    op.create_table(
        "provider_oauth_clients",
        sa.Column("id", _text, primary_key=True),
        sa.Column("name", _text, nullable=False),
        sa.Column("secret_digest", _text),
        sa.Column("redirect_uris", _text, nullable=False),
        sa.Column("scopes", _text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("revoked", sa.BigInteger),
    )
    op.create_table(
        "provider_oauth_sessions",
        sa.Column("id", _text, primary_key=True),
        _client(),
        sa.Column("subject", _text, nullable=False),
        sa.Column("scopes", _text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("revoked", sa.BigInteger),
    )
    op.create_index(
        "provider_oauth_sessions_by_client", "provider_oauth_sessions", ["client_id", "subject", "created"]
    )
    op.create_table(
        "provider_oauth_codes",
        sa.Column("digest", _text, primary_key=True),
        _client(),
        sa.Column("subject", _text, nullable=False),
        sa.Column("redirect_uri", _text, nullable=False),
        sa.Column("scopes", _text, nullable=False),
        sa.Column("challenge", _text),
        sa.Column("challenge_method", _text),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("session_id", _text),
    )
    op.create_table(
        "provider_oauth_tokens",
        sa.Column("digest", _text, primary_key=True),
        sa.Column(
            "session_id",
            _text,
            sa.ForeignKey("provider_oauth_sessions.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("kind", _text, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("first_used", sa.BigInteger),
    )
    op.create_index("provider_oauth_tokens_by_session", "provider_oauth_tokens", ["session_id", "generation"])


def _client() -> sa.Column[str]:
    return sa.Column(
        "client_id",
        _text,
        sa.ForeignKey("provider_oauth_clients.id", ondelete="CASCADE"),
        nullable=False,
    )
