"""The entrance of a console: making administrators, signing in and out, and recognising who is inside."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy
from sqlalchemy import delete, func, insert, select, update

from provisor.look import protection
from provisor.look.sign_in import attempts
from provisor.look.sign_in.attempts import Attempt
from provisor.look.sign_in.passwords import PasswordHasher
from provisor.look.sign_in.register import Register
from provisor.look.sign_in.roles import Role
from provisor.look.sign_in.sessions import IDLE, LONGEST, Session, Transactions, key_of
from provisor.look.sign_in.tables import SignInTables

INVITATION = dt.timedelta(hours=24)
"""How long the link that makes an administrator works."""
LONGEST_NAME = 64

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_SEEN_AGAIN = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """The password was right; the session begins."""

    session: Session


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongPassword:
    """No such administrator, or another password: which of both is not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TooManyAttempts:
    """Nothing was looked at: the next try is after `wait`."""

    wait: dt.timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class NameTaken:
    """Nothing was made: somebody of another role has the name. The link still works."""


class Entrance:
    """Administrators and their sessions, in the tables of one console.

    :ivar register: who the administrators are, to be read and changed.
    """

    def __init__(
        self, transactions: Transactions, tables: SignInTables, clock: Callable[[], dt.datetime]
    ) -> None:
        self._transactions = transactions
        self._tables = tables
        self._clock = clock
        self._passwords = PasswordHasher()
        self._one_at_a_time = threading.Lock()
        self.register = Register(transactions, tables, clock)

    def has_administrator(self) -> bool:
        with self._transactions.reading() as connection:
            counted = select(func.count()).select_from(self._tables.administrators)
            return bool(connection.execute(counted).scalar_one())

    def invite(self, role: Role = Role.OWNER) -> str:
        """The secret of a new link that makes an administrator of a role; links made before stop working."""
        secret = protection.new_secret()
        expires = self._now() + INVITATION // dt.timedelta(microseconds=1)
        with self._transactions.writing() as connection:
            connection.execute(delete(self._tables.invitations))
            connection.execute(
                insert(self._tables.invitations),
                {"digest": protection.digest_of(secret), "role": role.value, "expires": expires},
            )
        return secret

    def is_invited(self, secret: str) -> bool:
        """Whether a link still works."""
        with self._transactions.reading() as connection:
            return self._invited_role(connection, secret) is not None

    def accept(self, secret: str, name: str, password: str) -> Session | NameTaken | None:
        """Make the administrator an invitation is for, and sign them in; None when the link works no more.

        Where the name is known, its password is replaced and its sessions end: the way back in for who forgot it.
        Only a link for the role they have does that, or whoever is invited to read could take an owner's place.
        """
        hashed = self._passwords.hash(password)
        with self._transactions.writing() as connection:
            role = self._invited_role(connection, secret)
            if role is None:
                return None
            key = key_of(name)
            row = {
                "key": key,
                "name": name,
                "password_hash": hashed,
                "role": role.value,
                "created": self._now(),
            }
            known = connection.execute(self._administrator(key)).one_or_none()
            if known is not None and known.role != role.value:
                return NameTaken()
            connection.execute(delete(self._tables.invitations))
            administrators = self._tables.administrators
            connection.execute(
                delete(self._tables.sessions).where(self._tables.sessions.c.administrator == key)
            )
            connection.execute(delete(administrators).where(administrators.c.key == key))
            connection.execute(insert(administrators), row)
            return self._open(connection, name, role)

    def sign_in(self, name: str, password: str, address: str) -> SignedIn | WrongPassword | TooManyAttempts:
        """Look at a name and a password, unless too many were wrong before.

        One at a time, so that many tries at once are counted as many tries.
        """
        with self._one_at_a_time:
            return self._sign_in(name, password, address)

    def _sign_in(self, name: str, password: str, address: str) -> SignedIn | WrongPassword | TooManyAttempts:
        attempt = Attempt(name=key_of(name), address=address)
        with self._transactions.reading() as connection:
            wait = attempts.wait(connection, self._tables, attempt, self._now())
            known = connection.execute(self._administrator(attempt.name)).one_or_none()
        if wait:
            return TooManyAttempts(wait=wait)
        is_right = self._passwords.is_right(password, known.password_hash if known is not None else None)
        with self._transactions.writing() as connection:
            if not is_right or known is None:
                attempts.count_failure(connection, self._tables, attempt, self._now())
                return WrongPassword()
            attempts.forget(connection, self._tables, attempt)
            return SignedIn(session=self._open(connection, known.name, Role(known.role)))

    def session(self, secret: str) -> Session | None:
        """The session a cookie belongs to, while it lasts."""
        sessions, administrators = self._tables.sessions, self._tables.administrators
        digest = protection.digest_of(secret)
        found = (
            select(sessions, administrators.c.name, administrators.c.role)
            .join(administrators, administrators.c.key == sessions.c.administrator)
            .where(sessions.c.digest == digest)
        )
        with self._transactions.reading() as connection:
            row = connection.execute(found).one_or_none()
        if row is None or self._is_over(row):
            return None
        if self._now() - row.last_seen > _SEEN_AGAIN // dt.timedelta(microseconds=1):
            with self._transactions.writing() as connection:
                connection.execute(
                    update(sessions).where(sessions.c.digest == digest).values(last_seen=self._now())
                )
        return Session(secret=secret, administrator=row.name, role=Role(row.role))

    def sign_out(self, session: Session) -> None:
        """End a session; its cookie means nothing any more."""
        digest = protection.digest_of(session.secret)
        with self._transactions.writing() as connection:
            connection.execute(delete(self._tables.sessions).where(self._tables.sessions.c.digest == digest))

    def leave_notice(self, session: Session, tone: str, text: str) -> None:
        """Keep a sentence for the next page of a session."""
        sessions = self._tables.sessions
        of_session = sessions.c.digest == protection.digest_of(session.secret)
        with self._transactions.writing() as connection:
            kept = connection.execute(select(sessions.c.notices).where(of_session)).scalar_one_or_none()
            notices = [*json.loads(kept or "[]"), [tone, text]]
            connection.execute(update(sessions).where(of_session).values(notices=json.dumps(notices)))

    def take_notices(self, session: Session) -> Sequence[tuple[str, str]]:
        """What was kept for the next page, once: pairs of tone and text."""
        sessions = self._tables.sessions
        of_session = sessions.c.digest == protection.digest_of(session.secret)
        with self._transactions.reading() as connection:
            kept = connection.execute(select(sessions.c.notices).where(of_session)).scalar_one_or_none()
        if not kept:
            return []
        with self._transactions.writing() as connection:
            connection.execute(update(sessions).where(of_session).values(notices=None))
        return [(tone, text) for tone, text in json.loads(kept)]

    def _open(self, connection: sqlalchemy.Connection, name: str, role: Role) -> Session:
        sessions = self._tables.sessions
        now = self._now()
        oldest = now - LONGEST // dt.timedelta(microseconds=1)
        connection.execute(delete(sessions).where(sessions.c.created < oldest))
        secret = protection.new_secret()
        connection.execute(
            insert(sessions),
            {
                "digest": protection.digest_of(secret),
                "administrator": key_of(name),
                "created": now,
                "last_seen": now,
            },
        )
        return Session(secret=secret, administrator=name, role=role)

    def _is_over(self, row: sqlalchemy.Row[Any]) -> bool:
        age = dt.timedelta(microseconds=self._now() - row.created)
        silence = dt.timedelta(microseconds=self._now() - row.last_seen)
        return age > LONGEST or silence > IDLE

    def _invited_role(self, connection: sqlalchemy.Connection, secret: str) -> Role | None:
        """The role of the administrator a link makes; None where the link works no more."""
        invitations = self._tables.invitations
        found = select(invitations).where(invitations.c.digest == protection.digest_of(secret))
        row = connection.execute(found).one_or_none()
        return Role(row.role) if row is not None and self._now() < row.expires else None

    def _administrator(self, key: str) -> sqlalchemy.Select[Any]:
        administrators = self._tables.administrators
        return select(administrators).where(administrators.c.key == key)

    def _now(self) -> int:
        return (self._clock() - _EPOCH) // dt.timedelta(microseconds=1)
