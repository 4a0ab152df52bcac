"""Earlier versions of schemas, and drafts of the next ones."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "schema_versions",
        sa.Column(
            "application_id", sa.Text, sa.ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("saved", sa.Text),
        sa.Column("author", sa.Text),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_table(
        "schema_drafts",
        sa.Column(
            "application_id", sa.Text, sa.ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("author", sa.Text, primary_key=True),
        sa.Column("base", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
