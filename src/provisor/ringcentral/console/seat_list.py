"""The seats in the order they are taken, page by page, each with who has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import and_, select

from provisor.ringcentral.account import seats
from provisor.ringcentral.account.seats import Seat
from provisor.ringcentral.account.states import ExtensionStatus
from provisor.ringcentral.storage import tables
from provisor.ringcentral.storage.database import Access, Database

_seats, _resources = tables.seats, tables.resources


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSeat:
    """A seat and the user name of who has it; `number` is its place in the order."""

    number: int
    seat: Seat
    user_name: str | None


def page(
    database: Database, status: ExtensionStatus | None, *, after: int = -1, limit: int = 50
) -> Sequence[HeldSeat]:
    """Seats after a place in the order, of a state where one is given."""
    holder = and_(_resources.c.id == _seats.c.extension_id, _resources.c.type == "User")
    query = (
        select(_seats, _resources.c.document)
        .outerjoin_from(_seats, _resources, holder)
        .where(_seats.c.number > after)
        .order_by(_seats.c.number)
        .limit(limit)
    )
    if status is not None:
        query = query.where(_seats.c.status == status.value)
    with database.transaction(Access.READ) as connection:
        return [
            HeldSeat(
                number=row.number,
                seat=seats.seat_of(row),
                user_name=None if row.document is None else orjson.loads(row.document).get("userName"),
            )
            for row in connection.execute(query)
        ]
