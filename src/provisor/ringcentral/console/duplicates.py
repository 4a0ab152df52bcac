"""E-mail addresses that more than one user has: an account with any cannot be given to a directory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import func, select

from provisor.ringcentral.storage import tables
from provisor.ringcentral.storage.database import Access, Database

MOST_SHOWN = 200
"""Users the page lists; the download has them all."""

_values, _resources = tables.attribute_values, tables.resources


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """A user whose e-mail another user has too."""

    email: str
    id: str
    user_name: str
    name: str


def find(database: Database, *, limit: int | None = None) -> Sequence[Duplicate]:
    """Users with a shared e-mail, those who share one next to each other."""
    of_emails = (_values.c.type == "User", _values.c.path == "emails.value")
    shared = (
        select(_values.c.key)
        .where(*of_emails)
        .group_by(_values.c.key)
        .having(func.count(_values.c.resource.distinct()) > 1)
    )
    having = (
        select(_values.c.key, _resources.c.id, _resources.c.document)
        .join(_resources, _resources.c.sequence == _values.c.resource)
        .where(*of_emails, _values.c.key.in_(shared))
        .distinct()
        .order_by(_values.c.key, _resources.c.id)
        .limit(limit)
    )
    with database.transaction(Access.READ) as connection:
        return [_duplicate(row.key, row.id, row.document) for row in connection.execute(having)]


def _duplicate(key: str, resource_id: str, document: bytes) -> Duplicate:
    user = orjson.loads(document)
    name = user.get("name") or {}
    emails = [each.get("value") or "" for each in user.get("emails") or []]
    return Duplicate(
        email=next((each for each in emails if each.casefold() == key.casefold()), key),
        id=resource_id,
        user_name=user.get("userName") or "",
        name=" ".join(filter(None, (name.get("givenName"), name.get("familyName")))),
    )
