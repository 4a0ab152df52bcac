"""What happened in the account besides requests: mails a real account would have sent, changes by administrators."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import sqlalchemy
from sqlalchemy import insert, select

from provisor.ringcentral import moments
from provisor.ringcentral.storage import tables

DIRECTORY = "directory"
"""The actor of what SCIM requests bring about."""

_INSERT = insert(tables.activity)


class Kind(StrEnum):
    """What can happen."""

    WELCOME_MAIL = "welcome-mail"
    SEATS_ADDED = "seats-added"
    STATUS_CHANGED = "status-changed"
    ROLE_CHANGED = "role-changed"
    SITE_CHANGED = "site-changed"
    USER_DELETED = "user-deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened.

    :param actor: who brought it about: an administrator, or `DIRECTORY`.
    :param detail: what there is to know besides, such as the address of a mail.
    """

    at: dt.datetime
    kind: Kind
    actor: str
    extension_id: str | None = None
    detail: Mapping[str, str] = field(default_factory=dict)


def record(connection: sqlalchemy.Connection, event: Event) -> None:
    """Write an event down, in the transaction of what it tells of."""
    connection.execute(
        _INSERT,
        {
            "at": moments.microseconds(event.at),
            "kind": event.kind.value,
            "extension_id": event.extension_id,
            "actor": event.actor,
            "detail": json.dumps(dict(event.detail)),
        },
    )


def latest(
    connection: sqlalchemy.Connection, *, extension_id: str | None = None, limit: int = 100
) -> Sequence[Event]:
    """The newest events first, of one extension or of all."""
    table = tables.activity
    query = select(table).order_by(table.c.sequence.desc()).limit(limit)
    if extension_id is not None:
        query = query.where(table.c.extension_id == extension_id)
    return [
        Event(
            at=moments.moment(row.at),
            kind=Kind(row.kind),
            actor=row.actor,
            extension_id=row.extension_id,
            detail=json.loads(row.detail),
        )
        for row in connection.execute(query)
    ]
