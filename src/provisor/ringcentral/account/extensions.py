"""What an administrator of the account sees and does: seats, users with their state, role and site (section B.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, cast

import sqlalchemy
from scim2_models import ResourceType
from sqlalchemy import or_, select, update

from provisor.ringcentral.account import activity, seats
from provisor.ringcentral.account.activity import Event, Kind
from provisor.ringcentral.account.seats import Line, Seat, SeatCount
from provisor.ringcentral.account.settings import ROLES
from provisor.ringcentral.account.states import ExtensionStatus
from provisor.ringcentral.errors import ProviderError
from provisor.ringcentral.resources.ringcentral import User
from provisor.ringcentral.storage import tables
from provisor.ringcentral.storage.database import Access, Database
from provisor.ringcentral.storage.sql_storage import SqlStorage

_seats = tables.seats
_resources = tables.resources

DELETABLE = frozenset({ExtensionStatus.DISABLED, ExtensionStatus.NOT_ACTIVATED, ExtensionStatus.FROZEN})
"""A user who can still sign in is disabled before he is deleted."""

SETTABLE = frozenset({ExtensionStatus.ENABLED, ExtensionStatus.DISABLED, ExtensionStatus.FROZEN})
"""The states an administrator can give a user."""


class ExtensionError(ProviderError):
    """An extension that does not exist, or cannot become what was asked; the message says what to do."""


class Having(Enum):
    """Which extensions are listed."""

    USER = "user"
    NOBODY = "nobody"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A seat and the user it became, if any."""

    seat: Seat
    user: User | None


class Extensions:
    """The extensions of one account. Each method is one transaction.

    :param user_type: the resource type of the users extensions become.
    :param clock: the moment changes are recorded at.
    """

    def __init__(
        self,
        database: Database,
        storage: SqlStorage,
        *,
        user_type: ResourceType,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._database = database
        self._storage = storage
        self._user_type = user_type
        self._clock = clock

    def counts(self) -> SeatCount:
        """How many seats there are in each state."""
        with self._database.transaction(Access.READ) as connection:
            return seats.count(connection)

    def page(
        self,
        *,
        having: Having = Having.ANY,
        status: ExtensionStatus | None = None,
        offset: int = 0,
        limit: int = 50,
    ) -> Sequence[Extension]:
        """Extensions in the order of the pool."""
        query = _joined().order_by(_seats.c.number).offset(offset).limit(limit)
        if having is not Having.ANY:
            nobody = _seats.c.status == ExtensionStatus.UNASSIGNED.value
            query = query.where(nobody if having is Having.NOBODY else ~nobody)
        if status is not None:
            query = query.where(_seats.c.status == status.value)
        return self._read(query)

    def find(self, text: str, *, limit: int = 50) -> Sequence[Extension]:
        """Extensions whose id, extension number, direct number or user name is a text."""
        columns = (_seats.c.extension_id, _seats.c.extension_number, _seats.c.direct_number)
        values = tables.attribute_values.c
        named = select(values.resource).where(
            values.type == "User", values.path == "userName", values.key == text.strip().lower()
        )
        conditions = [*(column == text.strip() for column in columns), _resources.c.sequence.in_(named)]
        query = _joined().where(or_(*conditions))
        return self._read(query.order_by(_seats.c.number).limit(limit))

    def get(self, extension_id: str) -> Extension:
        """One extension.

        :raises ExtensionError: where there is none of this id.
        """
        found = self._read(_joined().where(_seats.c.extension_id == extension_id))
        if not found:
            raise _unknown(extension_id)
        return found[0]

    def add_seats(
        self, *, by: str, how_many: int = 1, line: Line = Line.DIGITAL, **given: Any
    ) -> Sequence[Seat]:
        """New unassigned extensions; see `seats.add` for what can be given.

        :raises SeatError: for a number that is taken, or is not one.
        """
        with self._database.transaction(Access.WRITE) as connection:
            added = seats.add(connection, how_many=how_many, line=line, **given)
            self._record(
                connection, Kind.SEATS_ADDED, None, by, {"count": str(len(added)), "line": line.value}
            )
            return added

    def set_status(self, extension_id: str, status: ExtensionStatus, *, by: str) -> None:
        """Enable, disable or freeze a user; `active` of the SCIM user follows.

        :raises ExtensionError: for a seat nobody has, or a state nobody can be given.
        """
        if status not in SETTABLE:
            raise ExtensionError(
                f"An administrator enables, disables or freezes a user; {status} is none of these."
            )
        with self._database.transaction(Access.WRITE) as connection:
            seat = _user_seat(connection, extension_id)
            if seat.status is status:
                return
            _update(connection, extension_id, status=status.value)
            self._activate(connection, seat, status)
            self._record(
                connection, Kind.STATUS_CHANGED, extension_id, by, {"from": seat.status, "to": status}
            )

    def set_role(self, extension_id: str, role: str, *, by: str) -> None:
        """Give a user a role.

        :raises ExtensionError: for a seat nobody has, or a role the account has not.
        """
        if role not in ROLES:
            raise ExtensionError(f"There is no role {role!r}. There are: {', '.join(ROLES)}.")
        with self._database.transaction(Access.WRITE) as connection:
            seat = _user_seat(connection, extension_id)
            _update(connection, extension_id, role=role)
            self._record(
                connection, Kind.ROLE_CHANGED, extension_id, by, {"from": seat.role or "", "to": role}
            )

    def set_site(self, extension_id: str, site: str | None, *, by: str) -> None:
        """Put a seat or a user into a site, or into none.

        :raises ExtensionError: where there is no such extension.
        """
        with self._database.transaction(Access.WRITE) as connection:
            seat = _locked(connection, extension_id)
            _update(connection, extension_id, site=site)
            told = {"from": seat.site or "", "to": site or ""}
            self._record(connection, Kind.SITE_CHANGED, extension_id, by, told)

    def delete_user(self, extension_id: str, *, by: str) -> None:
        """Delete a user and all that is his; the seat becomes an unassigned extension with the same numbers.

        :raises ExtensionError: for a seat nobody has, or a user who is not disabled yet.
        """
        with self._database.unit(), self._database.transaction(Access.WRITE) as connection:
            seat = _user_seat(connection, extension_id)
            if seat.status not in DELETABLE:
                raise ExtensionError(f"The user {extension_id} is {seat.status}; disable the user first.")
            self._storage.delete(self._user_type, extension_id)
            self._record(connection, Kind.USER_DELETED, extension_id, by, {"from": seat.status})

    def events(self, extension_id: str | None = None, *, limit: int = 100) -> Sequence[Event]:
        """What happened, the newest first."""
        with self._database.transaction(Access.READ) as connection:
            return activity.latest(connection, extension_id=extension_id, limit=limit)

    def _activate(self, connection: sqlalchemy.Connection, seat: Seat, status: ExtensionStatus) -> None:
        def change(user: Any) -> None:
            user.active = status is ExtensionStatus.ENABLED
            if user.active:
                seats.give_numbers(user, seat)

        sequence = select(_resources.c.sequence).where(
            _resources.c.type == "User", _resources.c.id == seat.extension_id
        )
        self._storage.rewrite(connection, connection.execute(sequence).scalar_one(), change)

    def _record(
        self,
        connection: sqlalchemy.Connection,
        kind: Kind,
        extension_id: str | None,
        by: str,
        detail: dict[str, str],
    ) -> None:
        event = Event(at=self._clock(), kind=kind, extension_id=extension_id, actor=by, detail=detail)
        activity.record(connection, event)

    def _read(self, query: sqlalchemy.Select[Any]) -> Sequence[Extension]:
        with self._database.transaction(Access.READ) as connection:
            return [
                Extension(
                    seat=seats.seat_of(row),
                    user=None if row.document is None else cast("User", self._storage.decoded(row)),
                )
                for row in connection.execute(query)
            ]


def _joined() -> sqlalchemy.Select[Any]:
    of_user = (_resources.c.id == _seats.c.extension_id) & (_resources.c.type == "User")
    return select(_seats, _resources).outerjoin_from(_seats, _resources, of_user)


def _locked(connection: sqlalchemy.Connection, extension_id: str) -> Seat:
    query = select(_seats).where(_seats.c.extension_id == extension_id).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        raise _unknown(extension_id)
    return seats.seat_of(row)


def _user_seat(connection: sqlalchemy.Connection, extension_id: str) -> Seat:
    seat = _locked(connection, extension_id)
    if seat.status is ExtensionStatus.UNASSIGNED:
        raise ExtensionError(f"Nobody has the extension {extension_id}; it is an unassigned seat.")
    return seat


def _update(connection: sqlalchemy.Connection, extension_id: str, **values: Any) -> None:
    connection.execute(update(_seats).where(_seats.c.extension_id == extension_id).values(values))


def _unknown(extension_id: str) -> ExtensionError:
    return ExtensionError(f"There is no extension {extension_id!r}.")
