"""The users as a list shows them: found by any part of what they are known by, page by page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy
from sqlalchemy import select

from provisor.ringcentral import moments
from provisor.ringcentral.account import seats
from provisor.ringcentral.account.seats import Seat
from provisor.ringcentral.account.states import ExtensionStatus
from provisor.ringcentral.storage import tables
from provisor.ringcentral.storage.database import Access, Database

_resources, _seats = tables.resources, tables.seats
_BATCH = 500
"""Rows read at a time: a search may have to look at everybody, and memory stays flat."""
_ESCAPED = re.compile(r'["\\\x00-\x1f]')
"""What stands otherwise in JSON than in the text it is of."""
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
"""Accents and other marks that are set upon a letter, as NFKD takes them off it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A user and the seat they have, if users need one.

    :param sequence: grows with time; pages go on after it.
    :param document: the SCIM user, without `id` and `meta`.
    """

    sequence: int
    id: str
    created: Any
    last_modified: Any
    document: Mapping[str, Any]
    seat: Seat | None

    @property
    def status(self) -> ExtensionStatus:
        """The state of the extension, or what `active` says where there is none."""
        if self.seat is not None:
            return self.seat.status
        return ExtensionStatus.ENABLED if self.document.get("active") else ExtensionStatus.DISABLED

    @property
    def user_name(self) -> str:
        return str(self.document.get("userName") or "")

    @property
    def name(self) -> str:
        """The full name, or the user name where there is none."""
        name = self.document.get("name") or {}
        parts = filter(None, (name.get("givenName"), name.get("familyName")))
        return " ".join(parts) or self.document.get("displayName") or self.user_name

    def first(self, attribute: str, kind: str | None = None) -> Mapping[str, Any]:
        """The first value of a multi-valued attribute, of a type where one is given; empty where there is none."""
        for value in self.document.get(attribute) or []:
            if kind is None or str(value.get("type") or "").casefold() == kind:
                return dict(value)
        return {}

    def words(self) -> str:
        """All a search looks at, without accents and in lower case."""
        seat = self.seat
        numbers = (seat.extension_number, seat.direct_number) if seat is not None else ()
        mails = [value.get("value") for value in self.document.get("emails") or []]
        known = (self.id, self.name, self.user_name, self.document.get("title"), *mails, *numbers)
        return folded(" ".join(str(each) for each in (*known, self.document.get("externalId")) if each))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which users: those who have every word of a search, in a state; nothing set means all."""

    search: str = ""
    status: ExtensionStatus | None = None


def page(database: Database, wanted: Wanted, *, after: int = 0, limit: int = 50) -> Sequence[Person]:
    """Users in the order they were created, those that come after a sequence number."""
    words = folded(wanted.search).split()
    found: list[Person] = []
    with database.transaction(Access.READ) as connection:
        for person in _everyone(connection, wanted.status, words, after):
            text = person.words() if words else ""
            if all(word in text for word in words):
                found.append(person)
                if len(found) == limit:
                    break
    return found


def everyone(database: Database, wanted: Wanted) -> Iterator[Person]:
    """All of them, read page by page, so that a long list holds up nobody."""
    after = 0
    while found := page(database, wanted, after=after, limit=_BATCH):
        yield from found
        after = found[-1].sequence


def find(database: Database, user_id: str) -> Person | None:
    """One user; None where there is none of this id."""
    with database.transaction(Access.READ) as connection:
        row = connection.execute(_joined().where(_resources.c.id == user_id)).one_or_none()
    return _person(row) if row is not None else None


def count(database: Database) -> int:
    """How many users there are."""
    counted = select(sqlalchemy.func.count()).select_from(_resources).where(_resources.c.type == "User")
    with database.transaction(Access.READ) as connection:
        return int(connection.execute(counted).scalar_one())


def folded(text: str) -> str:
    """A text in lower case and without accents."""
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))


def _everyone(
    connection: sqlalchemy.Connection, status: ExtensionStatus | None, words: list[str], after: int
) -> Iterator[Person]:
    """Users in a state who may have every word; whoever surely has not is passed over without being read."""
    while True:
        query = _joined().where(_resources.c.sequence > after)
        rows = connection.execute(query.order_by(_resources.c.sequence).limit(_BATCH)).all()
        for row in rows:
            if not _may_have(row, words):
                continue
            person = _person(row)
            if status is None or person.status is status:
                yield person
        if len(rows) < _BATCH:
            return
        after = rows[-1].sequence


def _may_have(row: sqlalchemy.Row[Any], words: list[str]) -> bool:
    """Whether the raw row has every word somewhere: a hundred times faster than reading it, and never wrongly no."""
    if not words:
        return True
    document = bytes(row.document)
    text = document.decode()
    raw = text.lower() if document.isascii() else folded(text)
    numbers = f"{row.id} {row.extension_number} {row.direct_number}"
    return all(_ESCAPED.search(word) or word in raw or word in numbers for word in words)


def _joined() -> sqlalchemy.Select[Any]:
    return (
        select(_resources, *(column for column in _seats.c))
        .outerjoin_from(_resources, _seats, _seats.c.extension_id == _resources.c.id)
        .where(_resources.c.type == "User")
    )


def _person(row: sqlalchemy.Row[Any]) -> Person:
    return Person(
        sequence=row.sequence,
        id=row.id,
        created=moments.moment(row.created),
        last_modified=moments.moment(row.last_modified),
        document=orjson.loads(row.document),
        seat=seats.seat_of(row) if row.extension_id is not None else None,
    )
