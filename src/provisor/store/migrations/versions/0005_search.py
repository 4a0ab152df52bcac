"""What people and groups are found by when somebody types a part of a name."""

import json

import sqlalchemy as sa
from alembic import op

from provisor.core import searching

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_BATCH = 5_000


def upgrade() -> None:
    op.add_column("objects", sa.Column("search_text", sa.Text, nullable=False, server_default=""))
    objects = sa.table("objects", *map(sa.column, ("id", "display_name", "attributes", "search_text")))
    connection, last = op.get_bind(), ""
    while True:
        page = connection.execute(
            sa.select(objects.c.id, objects.c.display_name, objects.c.attributes)
            .where(objects.c.id > last)
            .order_by(objects.c.id)
            .limit(_BATCH)
        ).all()
        if not page:
            break
        connection.execute(
            objects.update()
            .where(objects.c.id == sa.bindparam("key"))
            .values(search_text=sa.bindparam("text")),
            [{"key": row.id, "text": _text(row.display_name, row.attributes)} for row in page],
        )
        last = page[-1].id
    op.create_index("ix_objects_search", "objects", ["object_type", "lookup_key", "id", "search_text"])


def _text(display_name: str, attributes: str) -> str:
    known = json.loads(attributes)
    return searching.folded(display_name, known.get("userPrincipalName"), known.get("mail"))
