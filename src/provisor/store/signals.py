"""The one counter: numbers for changes of the directory, and a signal for everything a service must react to."""

from __future__ import annotations

import sqlalchemy as sa

from provisor.store import tables

_counter = tables.change_counter


def take(connection: sa.Connection, count: int) -> range:
    """The next `count` sequence numbers; the counter stays locked until the transaction ends."""
    last = connection.execute(
        _counter.update()
        .values(value=_counter.c.value + count, signals=_counter.c.signals + 1)
        .returning(_counter.c.value)
    ).scalar_one()
    return range(last - count + 1, last + 1)


def raise_signal(connection: sa.Connection) -> None:
    """Tell running services that something they act on was changed."""
    connection.execute(_counter.update().values(signals=_counter.c.signals + 1))


def current(connection: sa.Connection) -> int:
    """The number of the latest signal."""
    return int(connection.execute(sa.select(_counter.c.signals)).scalar_one())
