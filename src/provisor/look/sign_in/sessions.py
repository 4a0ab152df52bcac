"""Sessions: who is inside a console, how long that lasts, and the database it is kept in."""

from __future__ import annotations

import datetime as dt
import unicodedata
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy

from provisor.look.sign_in.roles import Role

IDLE = dt.timedelta(hours=2)
"""How long a session lasts without a request."""
LONGEST = dt.timedelta(hours=12)
"""How long a session lasts at most."""


class Transactions(Protocol):
    """The database sign-in keeps its tables in."""

    def reading(self) -> AbstractContextManager[sqlalchemy.Connection]:
        """A transaction that only reads."""
        ...

    def writing(self) -> AbstractContextManager[sqlalchemy.Connection]:
        """A transaction that is committed at its end; an exception undoes all of it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody who is signed in.

    :param secret: what their cookie holds.
    :param administrator: their name as they typed it.
    :param role: what they may do, as it is now.
    """

    secret: str
    administrator: str
    role: Role


def key_of(name: str) -> str:
    """A name in the form it is compared in."""
    return unicodedata.normalize("NFKC", name).strip().casefold()
