"""The register of a console: who its administrators are, what each may do, and where they are signed in."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import sqlalchemy
from sqlalchemy import delete, func, select, update

from provisor.look import protection
from provisor.look.sign_in import attempts
from provisor.look.sign_in.attempts import Attempt
from provisor.look.sign_in.passwords import PasswordHasher
from provisor.look.sign_in.roles import Role
from provisor.look.sign_in.sessions import IDLE, LONGEST, Session, Transactions, key_of
from provisor.look.sign_in.tables import SignInTables

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Administrator:
    """Somebody who may sign in.

    :param id: stands for their name in addresses, whatever characters the name has.
    :param sessions: how many of their sessions last.
    :param last_seen: when a session of theirs that lasts was used; None where there is none.
    """

    id: str
    name: str
    role: Role
    created: dt.datetime
    sessions: int
    last_seen: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A session that lasts, and whether it is the one that asks."""

    began: dt.datetime
    last_seen: dt.datetime
    is_own: bool


class Outcome(Enum):
    """How a change of the register ended."""

    DONE = "done"
    UNKNOWN = "unknown"
    """There is no such administrator any more."""
    LAST_OWNER = "last owner"
    """Nothing changed: nobody would be left who decides who may sign in."""
    WRONG_PASSWORD = "wrong password"  # noqa: S105 - the name of an outcome
    """Nothing changed: that is not their password."""
    TOO_MANY_ATTEMPTS = "too many attempts"
    """Nothing was looked at: too many passwords were wrong a moment ago."""


class Register:
    """Changes administrators; every change is one transaction, and none leaves a console without an owner."""

    def __init__(
        self, transactions: Transactions, tables: SignInTables, clock: Callable[[], dt.datetime]
    ) -> None:
        self._transactions = transactions
        self._tables = tables
        self._clock = clock
        self._passwords = PasswordHasher()

    def administrators(self) -> Sequence[Administrator]:
        """Everybody who may sign in, by name; one query whatever their number."""
        people, sessions = self._tables.administrators, self._tables.sessions
        found = (
            select(
                people.c.key,
                people.c.name,
                people.c.role,
                people.c.created,
                func.count(sessions.c.digest).label("sessions"),
                func.max(sessions.c.last_seen).label("last_seen"),
            )
            .outerjoin(sessions, sqlalchemy.and_(sessions.c.administrator == people.c.key, self._lasts()))
            .group_by(people.c.key, people.c.name, people.c.role, people.c.created)
            .order_by(people.c.key)
        )
        with self._transactions.reading() as connection:
            return [_administrator(row) for row in connection.execute(found)]

    def find(self, administrator_id: str) -> Administrator | None:
        """The administrator an address means."""
        return next((item for item in self.administrators() if item.id == administrator_id), None)

    def set_role(self, name: str, role: Role) -> Outcome:
        """Give somebody another role, which counts from their next request on; links not used yet stop working."""
        people, key = self._tables.administrators, key_of(name)
        with self._transactions.writing() as connection:
            refusal = self._refusal(connection, key, role)
            if refusal is not None:
                return refusal
            connection.execute(update(people).where(people.c.key == key).values(role=role.value))
            connection.execute(delete(self._tables.invitations))
        return Outcome.DONE

    def remove(self, name: str) -> Outcome:
        """Let somebody in no more: their sessions end at once, and links not used yet stop working."""
        people, sessions, key = self._tables.administrators, self._tables.sessions, key_of(name)
        with self._transactions.writing() as connection:
            refusal = self._refusal(connection, key, None)
            if refusal is not None:
                return refusal
            connection.execute(delete(sessions).where(sessions.c.administrator == key))
            connection.execute(delete(people).where(people.c.key == key))
            connection.execute(delete(self._tables.invitations))
        return Outcome.DONE

    def sessions(self, session: Session) -> Sequence[OpenSession]:
        """The sessions that last of whoever asks, the one used last first."""
        sessions, own = self._tables.sessions, protection.digest_of(session.secret)
        found = (
            select(sessions)
            .where(sessions.c.administrator == key_of(session.administrator), self._lasts())
            .order_by(sessions.c.last_seen.desc(), sessions.c.digest)
        )
        with self._transactions.reading() as connection:
            return [
                OpenSession(
                    began=_moment(row.created), last_seen=_moment(row.last_seen), is_own=row.digest == own
                )
                for row in connection.execute(found)
            ]

    def end_sessions(self, name: str, *, but: Session | None = None) -> int:
        """End somebody's sessions, all but one if it is told; says how many there were."""
        sessions = self._tables.sessions
        ended = sessions.c.administrator == key_of(name)
        if but is not None:
            ended &= sessions.c.digest != protection.digest_of(but.secret)
        with self._transactions.writing() as connection:
            return connection.execute(delete(sessions).where(ended)).rowcount

    def change_password(self, session: Session, current: str, new: str, address: str) -> Outcome:
        """Replace the password of whoever asks, who has to know the one they have; their other sessions end.

        Wrong ones are counted as they are at the sign-in page: who found an open browser does not get to guess.
        """
        people, key = self._tables.administrators, key_of(session.administrator)
        attempt, now = Attempt(name=key, address=address), self._now()
        with self._transactions.reading() as connection:
            if attempts.wait(connection, self._tables, attempt, now):
                return Outcome.TOO_MANY_ATTEMPTS
            known = connection.execute(select(people.c.password_hash).where(people.c.key == key)).scalar()
        if not self._passwords.is_right(current, known):
            with self._transactions.writing() as connection:
                attempts.count_failure(connection, self._tables, attempt, now)
            return Outcome.WRONG_PASSWORD
        hashed = self._passwords.hash(new)
        with self._transactions.writing() as connection:
            # whoever replaced the password meanwhile, by a link for instance, is not overruled
            same = (people.c.key == key) & (people.c.password_hash == known)
            changed = connection.execute(update(people).where(same).values(password_hash=hashed))
        if changed.rowcount == 0:
            return Outcome.UNKNOWN
        self.end_sessions(session.administrator, but=session)
        return Outcome.DONE

    def _refusal(self, connection: sqlalchemy.Connection, key: str, role: Role | None) -> Outcome | None:
        """Why somebody may not get a role, or none; the owners stay locked until the transaction ends."""
        people = self._tables.administrators
        owners = connection.execute(
            select(people.c.key)
            .where(people.c.role == Role.OWNER.value)
            .order_by(people.c.key)
            .with_for_update()
        )
        others = set(owners.scalars()) - {key}
        if connection.execute(select(people.c.key).where(people.c.key == key)).one_or_none() is None:
            return Outcome.UNKNOWN
        return Outcome.LAST_OWNER if role is not Role.OWNER and not others else None

    def _lasts(self) -> sqlalchemy.ColumnElement[bool]:
        """Whether a session is not over yet."""
        sessions, now = self._tables.sessions, self._now()
        return sqlalchemy.and_(
            sessions.c.created >= now - LONGEST // _MICROSECOND,
            sessions.c.last_seen >= now - IDLE // _MICROSECOND,
        )

    def _now(self) -> int:
        return (self._clock() - _EPOCH) // _MICROSECOND


def _administrator(row: sqlalchemy.Row[Any]) -> Administrator:
    return Administrator(
        id=hashlib.sha256(row.key.encode(errors="surrogatepass")).hexdigest()[:32],
        name=row.name,
        role=Role(row.role),
        created=_moment(row.created),
        sessions=row.sessions,
        last_seen=None if row.last_seen is None else _moment(row.last_seen),
    )


def _moment(microseconds: int) -> dt.datetime:
    return _EPOCH + microseconds * _MICROSECOND
