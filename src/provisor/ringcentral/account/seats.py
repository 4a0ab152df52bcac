"""The pool of seats a RingCentral account pays for (sections A.9 and A.10).

Creating a user takes an unassigned seat, deleting one gives it back; a deactivated user keeps it. A seat's numbers
become the user's at the first activation, and stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy
from scim2_models import ForbiddenException, Resource, ResourceType
from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from provisor.ringcentral.account import user_rules
from provisor.ringcentral.resources.ringcentral import PhoneNumber, User
from provisor.ringcentral.storage import tables
from provisor.ringcentral.storage.sql_storage import ResourceRules, SqlStorage

FIRST_EXTENSION_NUMBER = 101
FIRST_USER_ID = 1_600_000_101
"""Ids are numbers, as the extension ids they stand for; they are counted up and never given twice."""

DIRECT_NUMBERS = 10_000
"""Seats with a direct number; seats beyond have an extension number only."""

_seats = tables.seats
_counters = tables.counters

# Built once: a create runs both.
_COUNT_UP: dict[str, Any] = {
    dialect: module.insert(_counters)
    .values(name=bindparam("name"), value=FIRST_USER_ID)
    .on_conflict_do_update(index_elements=[_counters.c.name], set_={"value": _counters.c.value + 1})
    .returning(_counters.c.value)
    for dialect, module in (("sqlite", sqlite), ("postgresql", postgresql))
}
_TAKE_SEAT = (
    update(_seats)
    .where(
        _seats.c.number
        == select(_seats.c.number)
        .where(_seats.c.user_id.is_(None))
        .order_by(_seats.c.number)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    .values(user_id=bindparam("by"))
    .returning(_seats.c.extension_number, _seats.c.direct_number)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatCount:
    """How many seats there are, and how many are taken."""

    total: int
    assigned: int

    @property
    def unassigned(self) -> int:
        return self.total - self.assigned


def count(connection: sqlalchemy.Connection) -> SeatCount:
    """The state of the pool."""
    total, assigned = connection.execute(
        select(func.count(), func.count(_seats.c.user_id)).select_from(_seats)
    ).one()
    return SeatCount(total=total, assigned=assigned)


def resize(connection: sqlalchemy.Connection, size: int) -> None:
    """Make the pool hold this many seats. Seats that are taken stay, even above the new size."""
    connection.execute(delete(_seats).where(_seats.c.number >= size, _seats.c.user_id.is_(None)))
    held = set(connection.execute(select(_seats.c.number)).scalars())
    missing = [_seat(number) for number in range(size) if number not in held]
    if missing:
        connection.execute(insert(_seats), missing)


def _seat(number: int) -> dict[str, Any]:
    has_direct_number = number < DIRECT_NUMBERS
    return {
        "number": number,
        "extension_number": str(FIRST_EXTENSION_NUMBER + number),
        "direct_number": f"+1650555{number:04d}" if has_direct_number else None,
        "user_id": None,
    }


class SeatRules(ResourceRules):
    """The rules of the `ringcentral` profile: numeric ids, and a seat for each user."""

    def new_id(self, connection: sqlalchemy.Connection, resource_type: ResourceType) -> str:
        counted = _COUNT_UP[connection.dialect.name]
        return str(connection.execute(counted, {"name": str(resource_type.name)}).scalar_one())

    def creating(self, connection: sqlalchemy.Connection, resource: Resource[Any]) -> None:
        seat = connection.execute(_TAKE_SEAT, {"by": resource.id}).one_or_none()
        if seat is None:
            raise ForbiddenException(detail="License limit has been reached.")
        if isinstance(resource, User) and resource.active:
            _give_numbers(resource, seat)

    def updating(
        self,
        connection: sqlalchemy.Connection,
        resource: Resource[Any],
        stored: Resource[Any],  # noqa: ARG002 - the new state says it all
    ) -> None:
        if not isinstance(resource, User) or not resource.active:
            return
        if any(number.type in user_rules.SERVER_OWNED_NUMBERS for number in resource.phone_numbers or []):
            return
        held = select(_seats.c.extension_number, _seats.c.direct_number).where(
            _seats.c.user_id == resource.id
        )
        _give_numbers(resource, connection.execute(held).one())

    def deleted(
        self,
        connection: sqlalchemy.Connection,
        storage: SqlStorage,  # noqa: ARG002 - nothing refers to a RingCentral user
        resource_id: str,
    ) -> None:
        connection.execute(update(_seats).where(_seats.c.user_id == resource_id).values(user_id=None))


def _give_numbers(user: User, seat: Any) -> None:
    numbers = [PhoneNumber(type="other", value=seat.extension_number)]
    if seat.direct_number is not None:
        numbers.insert(0, PhoneNumber(type="work", value=seat.direct_number))
    user.phone_numbers = numbers + (user.phone_numbers or [])
