"""The members of groups, out of the groups' documents into rows of their own."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "provider_members",
        sa.Column(
            "resource",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.ForeignKey("provider_resources.sequence", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("value", _text),
        sa.Column("document", sa.LargeBinary, nullable=False),
    )
    op.create_index("provider_members_by_value", "provider_members", ["resource", "value"])
    connection = op.get_bind()
    resources = sa.table("provider_resources", *map(sa.column, ("sequence", "type", "document")))
    members = sa.table("provider_members", *map(sa.column, ("resource", "number", "value", "document")))
    groups = connection.execute(sa.select(resources.c.sequence).where(resources.c.type == "Group")).scalars()
    for sequence in groups.all():
        own = resources.c.sequence == sequence
        document = json.loads(connection.execute(sa.select(resources.c.document).where(own)).scalar_one())
        held = document.pop("members", None)
        if not held:
            continue
        rows = [
            {"resource": sequence, "number": number, "value": member.get("value"), "document": _bytes(member)}
            for number, member in enumerate(held)
        ]
        connection.execute(members.insert(), rows)
        connection.execute(resources.update().where(own).values(document=_bytes(document)))


def _bytes(document: dict[str, object]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
