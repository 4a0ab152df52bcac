"""Secrets the provider keeps to itself."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "provider_secrets",
        sa.Column("name", _text, primary_key=True),
        sa.Column("value", _text, nullable=False),
    )
