"""What the pages of the console work on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy

from provisor.look.visit import Visit
from provisor.ringcentral.account.extensions import Extensions
from provisor.ringcentral.account.settings import SettingsStore
from provisor.ringcentral.account.throttling import Throttle
from provisor.ringcentral.faults.board import FaultBoard
from provisor.ringcentral.profiles import Profile
from provisor.ringcentral.request_log.log import RequestLog
from provisor.ringcentral.storage.database import Access, Database
from provisor.ringcentral.storage.sql_storage import Clock


class Transactions:
    """The provider's database as the sign-in room wants it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def reading(self) -> Iterator[sqlalchemy.Connection]:
        with self._database.transaction(Access.READ) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlalchemy.Connection]:
        with self._database.transaction(Access.WRITE) as connection:
            yield connection


@dataclass(frozen=True, slots=True)
class Provider:
    """The running service provider, seen from its console.

    :param account: seats and users as an administrator sees them; None where users need no seat.
    :param scim_path: where SCIM is served on the same host.
    """

    database: Database
    profile: Profile
    settings: SettingsStore
    faults: FaultBoard
    account: Extensions | None
    throttle: Throttle
    log: RequestLog
    clock: Clock
    scim_path: str


def actor_of(visit: Visit) -> str:
    """Who does what a visit asks for, as changes are recorded by."""
    return visit.session.administrator if visit.session is not None else ""
