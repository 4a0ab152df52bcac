"""What happens to extensions when a directory writes users: the storage rules of the `ringcentral` profile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy
from scim2_models import ForbiddenException, NotFoundException, Resource
from sqlalchemy import bindparam, select, update

from provisor.ringcentral.account import seats, states, user_rules
from provisor.ringcentral.account.knobs import CreateNotFound, IdReuse
from provisor.ringcentral.account.seats import Numbers
from provisor.ringcentral.account.settings import Settings
from provisor.ringcentral.account.states import Activity, ExtensionStatus
from provisor.ringcentral.resources.ringcentral import PhoneNumber, User
from provisor.ringcentral.storage import tables
from provisor.ringcentral.storage.sql_storage import ResourceRules, SqlStorage

_seats = tables.seats
_SEAT_OF = select(_seats).where(_seats.c.extension_id == bindparam("of")).with_for_update()
_SET_STATUS = (
    update(_seats).where(_seats.c.extension_id == bindparam("of")).values(status=bindparam("becomes"))
)


class SeatRules(ResourceRules):
    """A seat becomes each user; its state follows `active`."""

    def __init__(self, settings: Callable[[], Settings]) -> None:
        self._settings = settings

    def new_id(self, connection: sqlalchemy.Connection, resource: Resource[Any]) -> str:
        """The extension id of the seat that becomes the user.

        :raises ForbiddenException: when no seat with a digital line is left.
        """
        settings = self._settings()
        active = isinstance(resource, User) and resource.active
        status = states.after_creation(Activity.of(active), settings.knobs)
        taken = seats.take(connection, status, settings.default_role)
        if taken is None:
            if settings.knobs.create_not_found is CreateNotFound.NO_SEAT:
                raise NotFoundException(detail="No unassigned extension was found.")
            raise ForbiddenException(detail="License limit has been reached.")
        extension_id, numbers = taken
        if isinstance(resource, User):
            resource.active = status is ExtensionStatus.ENABLED
            if resource.active:
                _give_numbers(resource, numbers)
        return extension_id

    def updating(
        self, connection: sqlalchemy.Connection, resource: Resource[Any], stored: Resource[Any]
    ) -> None:
        if not isinstance(resource, User) or not isinstance(stored, User):
            return
        if resource.active == stored.active:
            return
        row = connection.execute(_SEAT_OF, {"of": resource.id}).one()
        seat = seats.seat_of(row)
        try:
            status = states.after_write(seat.status, Activity.of(resource.active), self._settings().knobs)
        except states.FrozenError as error:
            raise ForbiddenException(
                detail="The extension is frozen; an administrator of the account has to unfreeze it."
            ) from error
        if status is not seat.status:
            connection.execute(_SET_STATUS, {"of": resource.id, "becomes": status.value})
        if resource.active and not _has_numbers(resource):
            _give_numbers(
                resource,
                Numbers(extension_number=seat.extension_number, direct_number=seat.direct_number),
            )

    def deleted(
        self,
        connection: sqlalchemy.Connection,
        storage: SqlStorage,  # noqa: ARG002 - nothing refers to a RingCentral user
        resource_id: str,
    ) -> None:
        reuses = self._settings().knobs.id_reuse is IdReuse.SAME
        becomes = resource_id if reuses else seats.next_id(connection)
        seats.free(connection, resource_id, becomes=becomes)


def _has_numbers(user: User) -> bool:
    return any(number.type in user_rules.SERVER_OWNED_NUMBERS for number in user.phone_numbers or [])


def _give_numbers(user: User, numbers: Numbers) -> None:
    given = [PhoneNumber(type="other", value=numbers.extension_number)]
    if numbers.direct_number is not None:
        given.insert(0, PhoneNumber(type="work", value=numbers.direct_number))
    user.phone_numbers = given + (user.phone_numbers or [])
