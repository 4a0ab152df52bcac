"""Many rows in one statement.

The rows travel as one JSON text that the database takes apart (`json_each` on SQLite, `json_to_recordset` on
PostgreSQL). A driver's `executemany` comes back to Python for every row; this does not, so it is faster by itself and,
in a thread, leaves the interpreter to the requests that are under way.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

import orjson
import sqlalchemy as sa

Columns = tuple[tuple[str, str], ...]
"""Names and types of the columns: `text`, `integer` or `boolean`."""


def statement(before: str, columns: Columns, after: str) -> _Statement:
    """A statement around a set of rows named `r`: `before`, then `FROM` the rows, then `after`."""
    return _Statement(before, columns, after)


def among(
    connection: sa.Connection, column: sa.ColumnElement[str], values: Iterable[str]
) -> sa.ColumnElement[bool]:
    """The condition that a column has one of many values, given as one parameter however many there are."""
    listed = sa.literal(orjson.dumps(list(values)).decode(), sa.Text)
    if connection.dialect.name == "sqlite":
        elements = sa.func.json_each(listed).table_valued("value")
    else:
        elements = sa.func.json_array_elements_text(sa.cast(listed, sa.JSON)).table_valued("value")
    return column.in_(sa.select(elements.c.value))


def elements(connection: sa.Connection, parameter: str) -> str:
    """A subquery, for SQL that is written as text, of the texts in a parameter that holds a JSON array."""
    if connection.dialect.name == "sqlite":
        return f"SELECT value FROM json_each(:{parameter})"
    return f"SELECT value FROM json_array_elements_text(CAST(:{parameter} AS json))"


class _Statement:
    """A statement that is run with any number of rows at once."""

    def __init__(self, before: str, columns: Columns, after: str) -> None:
        self._before = before
        self._columns = columns
        self._after = after
        self._names = tuple(name for name, _ in columns)

    def run(self, connection: sa.Connection, rows: Sequence[Sequence[object]], **values: object) -> int:
        """Run with rows given as tuples in the order of the columns; returns the number of rows affected."""
        if not rows:
            return 0
        sqlite = connection.dialect.name == "sqlite"
        given = rows if sqlite else [dict(zip(self._names, row, strict=True)) for row in rows]
        text = orjson.dumps(given).decode()
        return connection.execute(self._compiled(sqlite), {"rows": text, **values}).rowcount

    @functools.lru_cache(maxsize=2)  # noqa: B019 - statements live as long as the module that states them
    def _compiled(self, sqlite: bool) -> sa.TextClause:  # noqa: FBT001 - which of the two databases
        source = _sqlite_rows(self._columns) if sqlite else _postgresql_rows(self._columns)
        return sa.text(f"{self._before} FROM {source} {self._after}")


def _sqlite_rows(columns: Columns) -> str:
    picked = ", ".join(
        f"json_extract(value, '$[{index}]') AS {name}" for index, (name, _) in enumerate(columns)
    )
    # WHERE true keeps SQLite from reading a following ON CONFLICT as the ON of a join
    return f"(SELECT {picked} FROM json_each(:rows)) AS r WHERE true"


def _postgresql_rows(columns: Columns) -> str:
    types = {"integer": "bigint"}
    declared = ", ".join(f"{name} {types.get(kind, kind)}" for name, kind in columns)
    return f"json_to_recordset(CAST(:rows AS json)) AS r({declared}) WHERE true"
