"""The log in the provider's database: written in batches, read in pages, kept short."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy
from sqlalchemy import delete, func, insert, or_, select

from provisor.ringcentral import moments
from provisor.ringcentral.request_log.entry import Ending, LogEntry, LogQuery, Retention
from provisor.ringcentral.storage import tables
from provisor.ringcentral.storage.database import Access, Database

_table = tables.requests
_INSERT = insert(_table)


class RequestLogStorage:
    """The rows of the log. All of it may be called from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, rows: Sequence[dict[str, Any]]) -> None:
        """Append rows, all or none."""
        with self._database.transaction(Access.WRITE) as connection:
            connection.execute(_INSERT, rows)

    def newest(self) -> int:
        """The id of the newest entry; 0 where there is none."""
        with self._database.transaction(Access.READ) as connection:
            return connection.execute(select(func.max(_table.c.sequence))).scalar_one() or 0

    def entries(self, query: LogQuery, *, before: int | None = None, limit: int = 50) -> list[LogEntry]:
        """A page, the newest first; the next one is `before` the id of its last entry."""
        wanted = _wanted(query)
        if before is not None:
            wanted.append(_table.c.sequence < before)
        return self._read(wanted, _table.c.sequence.desc(), limit)

    def after(self, query: LogQuery, entry_id: int, *, limit: int = 50) -> list[LogEntry]:
        """What came after an entry, the oldest first."""
        return self._read([*_wanted(query), _table.c.sequence > entry_id], _table.c.sequence, limit)

    def entry(self, entry_id: int) -> LogEntry | None:
        """One entry; None where it is not kept any more."""
        found = self._read([_table.c.sequence == entry_id], _table.c.sequence, 1)
        return found[0] if found else None

    def forget(self, retention: Retention, now: dt.datetime) -> int:
        """Delete what is not to be kept any more; how many entries that were. Both conditions are ranges of an index."""
        oldest = moments.microseconds(now - retention.age)
        with self._database.transaction(Access.WRITE) as connection:
            last = connection.execute(select(func.max(_table.c.sequence))).scalar_one() or 0
            gone = delete(_table).where(
                or_(_table.c.sequence <= last - retention.entries, _table.c.at < oldest)
            )
            return connection.execute(gone).rowcount

    def _read(self, wanted: list[Any], order: Any, limit: int) -> list[LogEntry]:
        statement = select(_table).where(*wanted).order_by(order).limit(limit)
        with self._database.transaction(Access.READ) as connection:
            return [_entry(row) for row in connection.execute(statement)]


def _wanted(query: LogQuery) -> list[Any]:
    """Conditions; they are looked at row by row, for the log is short."""
    column = _table.c
    wanted: list[Any] = []
    if query.profile is not None:
        wanted.append(column.profile == query.profile)
    if query.since is not None:
        wanted.append(column.at >= moments.microseconds(query.since))
    if query.until is not None:
        wanted.append(column.at < moments.microseconds(query.until))
    if query.methods:
        wanted.append(column.method.in_(sorted(query.methods)))
    if query.path is not None:
        path = query.path.rstrip("/")
        wanted.append(or_(column.path == path, column.path.startswith(f"{path}/", autoescape=True)))
    if query.statuses:
        wanted.append(column.status.in_(sorted(query.statuses)))
    if query.caller is not None:
        wanted.append(column.caller == query.caller)
    if query.ending is not None:
        wanted.append(_ENDED[query.ending])
    return wanted


_ENDED: Mapping[Ending, Any] = {
    Ending.SUCCEEDED: _table.c.status < 400,
    Ending.REFUSED: or_(_table.c.status >= 400, _table.c.status.is_(None)),
    Ending.THROTTLED: _table.c.status == 429,
    Ending.FAULTY: _table.c.faults.is_not(None),
}


def _entry(row: sqlalchemy.Row[Any]) -> LogEntry:
    return LogEntry(
        id=row.sequence,
        at=moments.moment(row.at),
        profile=row.profile,
        method=row.method,
        path=row.path,
        query=row.query,
        status=row.status,
        duration=row.duration / 1000,
        caller=row.caller,
        client=row.client,
        faults=tuple(row.faults.split("\n")) if row.faults else (),
        group=row.rate_group,
        remaining=row.rate_remaining,
        error=row.error,
        body=row.body,
        answer=row.answer,
    )
