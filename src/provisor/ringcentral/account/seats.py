"""The pool of seats a RingCentral account pays for (sections A.9 and A.10).

A seat is an unassigned extension. Creating a user takes one with a digital line and makes it the user, whose id is its
extension id; deleting the user leaves a new unassigned extension with the same numbers. A deactivated user keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import sqlalchemy
from sqlalchemy import Integer, bindparam, cast, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from provisor.ringcentral.account.states import ExtensionStatus
from provisor.ringcentral.errors import ProviderError
from provisor.ringcentral.resources.ringcentral import PhoneNumber, User
from provisor.ringcentral.storage import tables

FIRST_EXTENSION_NUMBER = 101
FIRST_EXTENSION_ID = 1_600_000_101
"""Ids are numbers of ten digits; they are counted up and never given twice."""

FIRST_DEVICE_ID = 803_000_001

DIRECT_NUMBERS = 10_000
"""Seats with a direct number; seats beyond have an extension number only."""

SERVER_OWNED_NUMBERS = frozenset({"work", "other"})
"""The types of the numbers that come with the seat: the direct number and the extension number."""

_seats = tables.seats
_counters = tables.counters
_COUNTER = "User"

# Built once: a create runs the one, a deletion the other.
_COUNT_UP: dict[str, Any] = {
    dialect: module.insert(_counters)
    .values(name=_COUNTER, value=FIRST_EXTENSION_ID - 1 + bindparam("by", type_=_counters.c.value.type))
    .on_conflict_do_update(
        index_elements=[_counters.c.name],
        set_={"value": _counters.c.value + bindparam("by", type_=_counters.c.value.type)},
    )
    .returning(_counters.c.value)
    for dialect, module in (("sqlite", sqlite), ("postgresql", postgresql))
}
_TAKE = (
    update(_seats)
    .where(
        _seats.c.number
        == select(_seats.c.number)
        .where(_seats.c.status == ExtensionStatus.UNASSIGNED.value, _seats.c.has_digital_line)
        .order_by(_seats.c.number)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    .values(status=bindparam("becomes"), role=bindparam("its_role"))
    .returning(_seats.c.extension_id, _seats.c.extension_number, _seats.c.direct_number)
)
_FREE = (
    update(_seats)
    .where(_seats.c.extension_id == bindparam("of"))
    .values(extension_id=bindparam("becomes"), status=ExtensionStatus.UNASSIGNED.value, role=None)
)


class Line(Enum):
    """Whether a seat has a digital line; a directory's creates take only seats that have one."""

    DIGITAL = "digital"
    NONE = "none"


class DirectNumber(Enum):
    """Whether a seat has a direct number besides its extension number."""

    GIVEN = "given"
    NONE = "none"


class SeatError(ProviderError):
    """A seat that cannot be added; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What a user gets from the seat."""

    extension_number: str
    direct_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """An extension: a seat nobody has, or the user it became."""

    extension_id: str
    status: ExtensionStatus
    line: Line
    extension_number: str
    direct_number: str | None
    device_id: str | None
    role: str | None
    site: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatCount:
    """How many seats there are, by state.

    :param available: unassigned seats a directory can take: those with a digital line.
    """

    by_status: Mapping[ExtensionStatus, int]
    available: int

    @property
    def total(self) -> int:
        return sum(self.by_status.values())

    @property
    def unassigned(self) -> int:
        return self.by_status.get(ExtensionStatus.UNASSIGNED, 0)

    @property
    def assigned(self) -> int:
        return self.total - self.unassigned


def count(connection: sqlalchemy.Connection) -> SeatCount:
    """The state of the pool."""
    counted = (
        select(_seats.c.status, _seats.c.has_digital_line, func.count())
        .select_from(_seats)
        .group_by(_seats.c.status, _seats.c.has_digital_line)
    )
    by_status: dict[ExtensionStatus, int] = {}
    available = 0
    for name, has_line, number in connection.execute(counted):
        status = ExtensionStatus(name)
        by_status[status] = by_status.get(status, 0) + number
        if status is ExtensionStatus.UNASSIGNED and has_line:
            available += number
    return SeatCount(by_status=by_status, available=available)


def take(connection: sqlalchemy.Connection, status: ExtensionStatus, role: str) -> tuple[str, Numbers] | None:
    """The extension id and numbers of a seat that now is a user; None where no seat with a digital line is left."""
    seat = connection.execute(_TAKE, {"becomes": status.value, "its_role": role}).one_or_none()
    if seat is None:
        return None
    return seat.extension_id, Numbers(
        extension_number=seat.extension_number, direct_number=seat.direct_number
    )


def free(connection: sqlalchemy.Connection, extension_id: str, *, becomes: str) -> None:
    """Make the seat of a deleted user an unassigned extension with an id of its own."""
    connection.execute(_FREE, {"of": extension_id, "becomes": becomes})


def next_id(connection: sqlalchemy.Connection) -> str:
    """An extension id that was never given."""
    return str(_count_up(connection, 1))


def add(
    connection: sqlalchemy.Connection,
    *,
    how_many: int = 1,
    line: Line = Line.DIGITAL,
    direct: DirectNumber = DirectNumber.GIVEN,
    site: str | None = None,
    extension_number: str | None = None,
    direct_number: str | None = None,
) -> Sequence[Seat]:
    """Unassigned seats at the end of the pool.

    :param direct: whether they get direct numbers, as long as there are any.
    :param extension_number: 3 to 8 digits, for one seat; the next free ones where it is absent.
    :raises SeatError: for a number that is taken, or is not one.
    """
    if (extension_number is not None or direct_number is not None) and how_many != 1:
        raise SeatError("A number can be given to one seat only; add the seats one by one.")
    if extension_number is not None:
        _check_extension_number(connection, extension_number)
    rows = _new_rows(connection, how_many, line)
    for row in rows:
        row["site"] = site
        if direct is DirectNumber.NONE:
            row["direct_number"] = None
        if extension_number is not None:
            row["extension_number"] = extension_number
        if direct_number is not None:
            row["direct_number"] = direct_number
    if rows:
        connection.execute(insert(_seats), rows)
    return [seat_of(row) for row in rows]


def give_numbers(user: User, seat: Numbers | Seat) -> None:
    """Give a user the numbers of the seat, unless he has them."""
    if any(number.type in SERVER_OWNED_NUMBERS for number in user.phone_numbers or []):
        return
    given = [PhoneNumber(type="other", value=seat.extension_number)]
    if seat.direct_number is not None:
        given.insert(0, PhoneNumber(type="work", value=seat.direct_number))
    user.phone_numbers = given + (user.phone_numbers or [])


def resize(connection: sqlalchemy.Connection, size: int) -> None:
    """Make the pool hold this many seats. Seats that are taken stay, even above the new size."""
    total = count(connection).total
    if total < size:
        add(connection, how_many=size - total)
    elif total > size:
        superfluous = (
            select(_seats.c.number)
            .where(_seats.c.status == ExtensionStatus.UNASSIGNED.value)
            .order_by(_seats.c.number.desc())
            .limit(total - size)
        )
        connection.execute(delete(_seats).where(_seats.c.number.in_(superfluous)))


def seat_of(row: Any) -> Seat:
    """The seat a row of the table is."""
    values = row if isinstance(row, dict) else row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    return Seat(
        status=ExtensionStatus(values["status"]),
        line=Line.DIGITAL if values["has_digital_line"] else Line.NONE,
        **{
            name: values[name]
            for name in (
                "extension_id", "extension_number", "direct_number", "device_id", "role", "site",
            )
        },
    )  # fmt: skip


def _count_up(connection: sqlalchemy.Connection, by: int) -> int:
    counted = connection.execute(_COUNT_UP[connection.dialect.name], {"by": by})
    return int(counted.scalar_one())


def _check_extension_number(connection: sqlalchemy.Connection, number: str) -> None:
    if not (number.isascii() and number.isdigit() and 3 <= len(number) <= 8):
        raise SeatError(f"An extension number has 3 to 8 digits; {number!r} is none.")
    taken = select(_seats.c.number).where(_seats.c.extension_number == number)
    if connection.execute(taken).first() is not None:
        raise SeatError(f"Another seat has the extension number {number}.")


def _new_rows(connection: sqlalchemy.Connection, how_many: int, line: Line) -> list[dict[str, Any]]:
    first = connection.execute(select(func.coalesce(func.max(_seats.c.number), -1))).scalar_one() + 1
    last_id = _count_up(connection, how_many) if how_many else 0
    highest = select(func.max(cast(_seats.c.extension_number, Integer)))
    next_number = max((connection.execute(highest).scalar_one() or 0) + 1, FIRST_EXTENSION_NUMBER)
    return [
        {
            "number": first + index,
            "extension_id": str(last_id - how_many + 1 + index),
            "status": ExtensionStatus.UNASSIGNED.value,
            "has_digital_line": line is Line.DIGITAL,
            "extension_number": str(next_number + index),
            "direct_number": f"+1650555{first + index:04d}" if first + index < DIRECT_NUMBERS else None,
            "device_id": str(FIRST_DEVICE_ID + first + index) if line is Line.DIGITAL else None,
            "role": None,
            "site": None,
        }
        for index in range(how_many)
    ]
