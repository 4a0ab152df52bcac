"""What happens to extensions when a directory writes users: the storage rules of the `ringcentral` profile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import sqlalchemy
from scim2_models import ForbiddenException, NotFoundException, Resource
from sqlalchemy import bindparam, select, update

from provisor.ringcentral.account import activity, seats, states
from provisor.ringcentral.account.activity import Event, Kind
from provisor.ringcentral.account.knobs import (
    CreateNotFound,
    IdReuse,
    ListedUsers,
    WelcomeMail,
)
from provisor.ringcentral.account.settings import Settings
from provisor.ringcentral.account.states import Activity, ExtensionStatus
from provisor.ringcentral.resources.ringcentral import User
from provisor.ringcentral.storage import tables
from provisor.ringcentral.storage.filter_sql import Condition
from provisor.ringcentral.storage.resource_rules import ResourceRules
from provisor.ringcentral.storage.sql_storage import SqlStorage

_seats = tables.seats
_SEAT_OF = select(_seats).where(_seats.c.extension_id == bindparam("of")).with_for_update()
_SET_STATUS = (
    update(_seats).where(_seats.c.extension_id == bindparam("of")).values(status=bindparam("becomes"))
)
_NOT_LISTED = {
    ListedUsers.ALL: (),
    ListedUsers.NO_DISABLED: (ExtensionStatus.DISABLED, ExtensionStatus.FROZEN),
    ListedUsers.NO_NOT_ACTIVATED: (ExtensionStatus.NOT_ACTIVATED,),
    ListedUsers.ENABLED: (ExtensionStatus.DISABLED, ExtensionStatus.FROZEN, ExtensionStatus.NOT_ACTIVATED),
}


class SeatRules(ResourceRules):
    """A seat becomes each user; its state follows `active`."""

    def __init__(self, settings: Callable[[], Settings], clock: Callable[[], dt.datetime]) -> None:
        self._settings = settings
        self._clock = clock

    def new_id(self, connection: sqlalchemy.Connection, resource: Resource[Any]) -> str:
        """The extension id of the seat that becomes the user.

        :raises ForbiddenException: when no seat with a digital line is left.
        """
        settings = self._settings()
        user = _user(resource)
        status = states.after_creation(Activity.of(user.active), settings.knobs)
        taken = seats.take(connection, status, settings.default_role)
        if taken is None:
            if settings.knobs.create_not_found is CreateNotFound.NO_SEAT:
                raise NotFoundException(detail="No unassigned extension was found.")
            raise ForbiddenException(detail="License limit has been reached.")
        extension_id, numbers = taken
        user.active = status is ExtensionStatus.ENABLED
        if user.active:
            seats.give_numbers(user, numbers)
        mail = settings.knobs.welcome_mail
        if mail in (WelcomeMail.CREATE, WelcomeMail.BOTH) or (user.active and mail is WelcomeMail.ACTIVATE):
            self._welcome(connection, extension_id, user)
        return extension_id

    def updating(
        self, connection: sqlalchemy.Connection, resource: Resource[Any], stored: Resource[Any]
    ) -> None:
        user, knobs = _user(resource), self._settings().knobs
        if user.active == _user(stored).active and not user.is_deactivated:
            return
        seat = seats.seat_of(connection.execute(_SEAT_OF, {"of": user.id}).one())
        try:
            status = states.after_write(seat.status, Activity.of(user.active), knobs)
        except states.FrozenError as error:
            raise ForbiddenException(
                detail="The extension is frozen; an administrator of the account has to unfreeze it."
            ) from error
        if status is not seat.status:
            connection.execute(_SET_STATUS, {"of": user.id, "becomes": status.value})
        if user.active:
            seats.give_numbers(user, seat)
            is_first = seat.status is ExtensionStatus.NOT_ACTIVATED
            if is_first and knobs.welcome_mail in (WelcomeMail.ACTIVATE, WelcomeMail.BOTH):
                self._welcome(connection, seat.extension_id, user)

    def deleted(
        self,
        connection: sqlalchemy.Connection,
        storage: SqlStorage,  # noqa: ARG002 - nothing refers to a RingCentral user
        resource_id: str,
    ) -> None:
        reuses = self._settings().knobs.id_reuse is IdReuse.SAME
        seats.free(connection, resource_id, becomes=resource_id if reuses else seats.next_id(connection))

    def listed(self) -> Condition | None:
        hidden = _NOT_LISTED[self._settings().knobs.listed_users]
        if not hidden:
            return None
        of_hidden = select(_seats.c.extension_id).where(_seats.c.status.in_([each.value for each in hidden]))
        return tables.resources.c.id.not_in(of_hidden)

    def _welcome(self, connection: sqlalchemy.Connection, extension_id: str, user: User) -> None:
        event = Event(
            at=self._clock(),
            kind=Kind.WELCOME_MAIL,
            extension_id=extension_id,
            actor=activity.DIRECTORY,
            detail={"to": user.user_name or ""},
        )
        activity.record(connection, event)


def _user(resource: Resource[Any]) -> User:
    if not isinstance(resource, User):
        raise TypeError(f"the ringcentral profile has users only, not {type(resource).__name__}")
    return resource
