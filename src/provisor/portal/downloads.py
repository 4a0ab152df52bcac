"""Listings as files, written while they are read, so that their length costs no memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from starlette.responses import Response, StreamingResponse

from provisor.core import spreadsheets

Document = Mapping[str, Any]

_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "ndjson": "application/x-ndjson"}


def attachment(name: str, form: str, parts: Iterable[str], now: datetime) -> Response:
    """An answer that the browser keeps as a file; `form` is csv, json or ndjson."""
    file = f"{name}-{now:%Y%m%d-%H%M%S}.{form}"
    return StreamingResponse(
        parts,
        media_type=_TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{file}"'},
    )


def csv_lines(columns: Sequence[str], rows: Iterable[Document]) -> Iterator[str]:
    """A header and one line for each row, safe to be opened in a spreadsheet."""
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([spreadsheets.cell(row[name]) for name in columns])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()


def array(documents: Iterable[Document]) -> Iterator[str]:
    """One array, an item a line."""
    before = "[\n"
    for document in documents:
        yield before + orjson.dumps(document).decode()
        before = ",\n"
    yield "\n]\n" if before != "[\n" else "[]\n"


def lines(documents: Iterable[Document]) -> Iterator[str]:
    """One document a line (NDJSON)."""
    for document in documents:
        yield orjson.dumps(document).decode() + "\n"
