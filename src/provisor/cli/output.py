"""Results on standard output, as a table, as JSON or as CSV; everything said to a person goes to standard error.

Listings are written while they are read, so that their length costs no memory (a table holds no more than it shows).
"""

from __future__ import annotations

import csv
import enum
import itertools
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from provisor.core import spreadsheets

Document = Mapping[str, Any]
"""One thing as JSON; its names are camelCase and stable."""

SCREENFUL = 50
"""How many lines a table has unless it is told otherwise."""

_UNLIMITED_WIDTH = 100_000


class OutputFormat(enum.StrEnum):
    """How a result is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table or of CSV: the key in the document (also the CSV header), and the title in a table."""

    key: str
    title: str


def columns(*pairs: tuple[str, str]) -> tuple[Column, ...]:
    """Columns from (key, title) pairs."""
    return tuple(Column(key, title) for key, title in pairs)


def write_listing(
    form: OutputFormat, shown: Sequence[Column], items: Iterable[Document], *, limit: int | None = None
) -> None:
    """A listing: an array in JSON, one line for each item in CSV and in a table.

    `limit` of None is a screenful in a table and everything otherwise; 0 is everything.
    """
    match form:
        case OutputFormat.JSON:
            write_array(first(items, limit))
        case OutputFormat.CSV:
            write_csv(shown, first(items, limit))
        case OutputFormat.TABLE:
            write_table(shown, items, limit=SCREENFUL if limit is None else limit)


def write_record(form: OutputFormat, document: Document, table: Callable[[], None]) -> None:
    """One thing: an object in JSON, a header and one line in CSV, and whatever `table` prints for a person.

    In CSV, what is nested gets dotted names (`plan.counts.create`); arrays stay JSON.
    """
    match form:
        case OutputFormat.JSON:
            write_json(document)
        case OutputFormat.CSV:
            flat = dict(_flattened(document))
            write_csv(tuple(Column(key, key) for key in flat), [flat])
        case OutputFormat.TABLE:
            table()


def write_report(form: OutputFormat, document: Document, sentence: str) -> None:
    """What a command did: a sentence for a person, a document for a script."""
    write_record(form, document, lambda: print_line(sentence))


def write_json(document: Any) -> None:
    """A document, indented."""
    _write(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n")


def write_array(items: Iterable[Document]) -> None:
    """An array, one item a line."""
    _write("[")
    _write_items(items)
    _write("]\n")


def write_lines(items: Iterable[Document]) -> None:
    """One document a line (NDJSON)."""
    for item in items:
        _write(orjson.dumps(item).decode() + "\n")


def write_json_with_rows(document: Document, key: str, items: Iterable[Document]) -> None:
    """A document whose last member is a long array, written while it is read."""
    head = orjson.dumps(document, option=orjson.OPT_INDENT_2).decode().removesuffix("\n}")
    _write(f'{head},\n  "{key}": [')
    _write_items(items)
    _write("]\n}\n")


def first(items: Iterable[Document], limit: int | None) -> Iterator[Document]:
    """The first items; None and 0 are all of them."""
    return itertools.islice(items, limit or None)


def write_csv(shown: Sequence[Column], items: Iterable[Document]) -> None:
    """A header of keys and one line for each item."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([column.key for column in shown])
    writer.writerows([spreadsheets.cell(item.get(column.key)) for column in shown] for item in items)


def write_table(
    shown: Sequence[Column], items: Iterable[Document], *, limit: int = 0, title: str | None = None
) -> None:
    """A table for a person; `limit` of 0 shows every item, otherwise a note says when there are more."""
    iterator = iter(items)
    table = Table(box=SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False)
    for column in shown:
        table.add_column(Text(column.title), overflow="fold")
    for item in itertools.islice(iterator, limit or None):
        table.add_row(*(table_cell(item.get(column.key)) for column in shown))
    if not table.row_count:
        note("Nothing to show.")
        return
    _print(table)
    if limit and next(iterator, None) is not None:
        note(f"The first {limit} are shown; --limit 0 shows all of them.")


def write_facts(facts: Iterable[tuple[str, object]]) -> None:
    """Names and values, one a line, for a person; what has no value is left out."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold")
    grid.add_column(overflow="fold")
    for name, value in facts:
        if value not in (None, "", [], (), {}):
            grid.add_row(Text(name), table_cell(value))
    _print(grid)


def print_tree(tree: Tree) -> None:
    """A tree for a person; its labels are plain text."""
    _print(tree)


def print_line(sentence: str) -> None:
    """A sentence on standard output."""
    _write(printable(sentence) + "\n")


def note(sentence: str) -> None:
    """A sentence for a person, on standard error."""
    sys.stderr.write(printable(sentence) + "\n")
    sys.stderr.flush()


def table_cell(value: object) -> Text:
    """A value as a table shows it: as text that is never read as markup and moves no cursor."""
    match value:
        case None:
            return Text("")
        case bool():
            return Text("yes" if value else "no")
        case list() | tuple():
            return Text(", ".join(table_cell(item).plain for item in value))
        case dict():
            return Text(", ".join(f"{key}: {table_cell(item).plain}" for key, item in value.items()))
        case _:
            return Text(printable(str(value)))


def printable(text: str) -> str:
    """The text without control characters, which could write anywhere on a terminal."""
    if text.isprintable():
        return text
    return "".join(" " if unicodedata.category(letter) in ("Cc", "Cf", "Cs") else letter for letter in text)


def _flattened(document: Document, prefix: str = "") -> Iterator[tuple[str, object]]:
    for key, value in document.items():
        if isinstance(value, dict):
            yield from _flattened(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _write_items(items: Iterable[Document]) -> None:
    separator = "\n"
    for item in items:
        _write(separator + orjson.dumps(item).decode())
        separator = ",\n"
    _write("\n" if separator != "\n" else "")


def _print(table: Table | Tree) -> None:
    """On a terminal as wide as that; elsewhere nothing is folded, so that a line stays a line."""
    console = Console(
        file=sys.stdout,
        width=None if sys.stdout.isatty() else _UNLIMITED_WIDTH,
        markup=False,
        emoji=False,
        highlight=False,
    )
    with console.capture() as printed:
        console.print(table)
    _write("".join(line.rstrip() + "\n" for line in printed.get().splitlines()))


def _write(text: str) -> None:
    sys.stdout.write(text)
