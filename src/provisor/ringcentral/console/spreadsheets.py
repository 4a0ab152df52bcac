"""Lists as files for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from starlette.responses import Response, StreamingResponse

_BYTE_ORDER_MARK = "\ufeff"
"""Tells spreadsheets that the text is UTF-8; without it they break accents."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def download(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """An answer that is saved as a CSV file, written while the rows are read."""
    return StreamingResponse(
        lines(header, rows),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a CSV file. A cell that a spreadsheet would run as a formula is quoted with an apostrophe."""
    yield _BYTE_ORDER_MARK + _line(header)
    for row in rows:
        yield _line([_harmless(cell) for cell in row])


def _line(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
