"""The users SCIM tokens belong to."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "provider_token_owners",
        sa.Column("token_id", _text, primary_key=True),
        sa.Column("user_id", _text, nullable=False),
    )
