"""The log of requests."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_sequence = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "provider_requests",
        sa.Column("sequence", _sequence, primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        *(sa.Column(name, _text, nullable=False) for name in ("profile", "method", "path", "query")),
        sa.Column("status", sa.Integer),
        sa.Column("duration", sa.BigInteger, nullable=False),
        *(sa.Column(name, _text) for name in ("caller", "client", "faults", "rate_group")),
        sa.Column("rate_remaining", sa.Integer),
        *(sa.Column(name, _text) for name in ("error", "body", "answer")),
        sqlite_autoincrement=True,
    )
    op.create_index("provider_requests_by_time", "provider_requests", ["at"])
