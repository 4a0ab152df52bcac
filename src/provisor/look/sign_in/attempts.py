"""How long whoever typed wrong passwords has to wait before the next try is looked at.

The wait doubles with each failure and is counted twice: for a name from one address, soon and long; for a name from
anywhere, later and shortly, so that many addresses do not guess faster and a stranger cannot lock the owner out for long.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

import sqlalchemy
from sqlalchemy import delete, insert, select, update

from provisor.look.sign_in.tables import SignInTables

FORGOTTEN_AFTER = dt.timedelta(hours=24)
_MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How failures turn into waiting.

    :param free: failures without any wait.
    :param longest: the longest wait.
    """

    free: int
    longest: dt.timedelta

    def wait(self, failures: int) -> dt.timedelta:
        """The wait after so many failures: one second, doubled each time."""
        if failures <= self.free:
            return dt.timedelta(0)
        return min(dt.timedelta(seconds=2 ** min(failures - self.free - 1, 20)), self.longest)


FROM_ONE_ADDRESS = Patience(free=3, longest=dt.timedelta(minutes=15))
FROM_ANYWHERE = Patience(free=20, longest=dt.timedelta(minutes=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Somebody trying to sign in.

    :param name: the name in the form it is compared in.
    :param address: where the request came from.
    """

    name: str
    address: str

    def counters(self) -> dict[str, Patience]:
        """What is counted of it, by the digest it is counted under."""
        return {
            _digest(f"{self.name}\0{self.address}"): FROM_ONE_ADDRESS,
            _digest(self.name): FROM_ANYWHERE,
        }


def wait(connection: sqlalchemy.Connection, tables: SignInTables, attempt: Attempt, now: int) -> dt.timedelta:
    """How long an attempt still has to wait; zero when it may be looked at.

    :param now: microseconds since 1970.
    """
    counters = attempt.counters()
    rows = connection.execute(select(tables.attempts).where(tables.attempts.c.subject.in_(counters))).all()
    waits: list[dt.timedelta] = [
        row.last_failure * _MICROSECOND + counters[row.subject].wait(row.failures) - now * _MICROSECOND
        for row in rows
    ]
    return max([dt.timedelta(0), *waits])


def count_failure(
    connection: sqlalchemy.Connection, tables: SignInTables, attempt: Attempt, now: int
) -> None:
    """Remember that an attempt failed, and forget old ones."""
    oldest = now - FORGOTTEN_AFTER // _MICROSECOND
    connection.execute(delete(tables.attempts).where(tables.attempts.c.last_failure < oldest))
    for subject in attempt.counters():
        counted = connection.execute(
            update(tables.attempts)
            .where(tables.attempts.c.subject == subject)
            .values(failures=tables.attempts.c.failures + 1, last_failure=now)
        )
        if counted.rowcount == 0:
            connection.execute(
                insert(tables.attempts), {"subject": subject, "failures": 1, "last_failure": now}
            )


def forget(connection: sqlalchemy.Connection, tables: SignInTables, attempt: Attempt) -> None:
    """Start anew, after the right password."""
    connection.execute(delete(tables.attempts).where(tables.attempts.c.subject.in_(attempt.counters())))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()
