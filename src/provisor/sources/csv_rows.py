"""The rows of a CSV file (RFC 4180, comma or semicolon, UTF-8), or a refusal that names the line.

What cannot be read with certainty is refused: a row that slid by one cell would give people each other's attributes.
"""

from __future__ import annotations

import csv
import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from provisor.core import errors
from provisor.ports.source import Completeness

LONGEST_LINE = 1024 * 1024
"""Bytes in one physical line; past it the file is not what it should be, and memory would not stay flat."""

_OTHER_KINDS = (
    (b"PK\x03\x04", "an Excel workbook (.xlsx) or another ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook of the old kind (.xls)"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"%PDF", "a PDF document"),
    (b"<", "an HTML or XML document"),
)
_BYTE_ORDER_MARK = "\ufeff"
_AS_UTF_8 = 'Save it again as "CSV UTF-8".'


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record of the file; `line` is the physical line it begins on, counted from 1."""

    line: int
    cells: list[str]


def refusal(file: str, problem: str, remedy: str, *, line: int | None = None) -> errors.InvalidInputError:
    """The error to raise for a file that cannot be used."""
    where = file if line is None else f"{file}, line {line}"
    return errors.InvalidInputError(f"{where}: {problem}. Nothing was imported. {remedy}")


class CsvRows:
    """One reading of one CSV file from its beginning.

    `delimiter` and `header` are known at once, the other rows come from `rows`; `digest` is that of the bytes read so
    far. Lines that are empty are passed over. Raises `InvalidInputError` with the physical line wherever the file
    turns out to be unusable. A complete reading refuses a last line without a line break: it may have been cut short.
    """

    def __init__(self, stream: BinaryIO, *, file: str, completeness: Completeness) -> None:
        self._stream = stream
        self._file = file
        self._completeness = completeness
        self._hash = hashlib.blake2b(digest_size=16)
        self._at_end = False
        stream.seek(0)
        self._refuse_other_kinds(stream.read(4))
        stream.seek(0)
        first, lines = self._first_line()
        self.delimiter = _delimiter(first)
        self._reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        self.header = self._next_row()

    @property
    def digest(self) -> bytes:
        """The digest of the bytes read so far: equal for two whole readings of the same content."""
        return self._hash.digest()

    def rows(self) -> Iterator[Row]:
        """The rows after the header, each with as many cells as the header."""
        width = len(self.header.cells)
        while True:
            try:
                row = self._next_row()
            except StopIteration:
                return
            if len(row.cells) != width:
                raise refusal(
                    self._file,
                    f"this row has {len(row.cells)} cells where the header has {width}",
                    f"Give the row {width} cells, and put quotation marks around a value that contains {self.delimiter!r}.",
                    line=row.line,
                )
            yield row

    def _next_row(self) -> Row:
        while True:
            line = self._reader.line_num + 1
            try:
                cells = next(self._reader)
            except csv.Error as error:
                raise self._malformed(line, error) from None
            if cells:
                return Row(line=line, cells=cells)

    def _malformed(self, line: int, error: csv.Error) -> errors.InvalidInputError:
        if self._at_end:
            problem = "the row that begins here opens a quotation mark that is never closed"
        else:
            problem = (
                f"the row that begins here is not well-formed CSV (line {self._reader.line_num}: {error})"
            )
        return refusal(
            self._file,
            problem,
            "Close each quotation mark, and write a quotation mark inside a quoted value twice.",
            line=line,
        )

    def _first_line(self) -> tuple[str, Iterator[str]]:
        lines = self._lines()
        passed = []
        for line in lines:
            passed.append(line)
            if line.strip("\r\n"):
                return line, itertools.chain(passed, lines)
        raise refusal(self._file, "the file is empty", "Export it again; its first line names the columns.")

    def _lines(self) -> Iterator[str]:
        number = 0
        while raw := self._stream.readline(LONGEST_LINE + 1):
            number += 1
            self._hash.update(raw)
            self._refuse_unusable(raw, number)
            text = self._decoded(raw, number)
            yield text.removeprefix(_BYTE_ORDER_MARK) if number == 1 else text
        self._at_end = True

    def _refuse_unusable(self, raw: bytes, number: int) -> None:
        if (position := raw.find(b"\0")) >= 0:
            problem = f"byte {position + 1} of the line is NUL, which no text contains: the file is binary or damaged"
            raise refusal(self._file, problem, _AS_UTF_8, line=number)
        if len(raw) > LONGEST_LINE:
            problem = (
                f"the line is longer than {LONGEST_LINE} bytes, so this is no CSV file of people or groups"
            )
            raise refusal(self._file, problem, "Export it again.", line=number)
        complete = raw.endswith(b"\n") or raw == _BYTE_ORDER_MARK.encode()
        if self._completeness is Completeness.COMPLETE and not complete:
            raise refusal(
                self._file,
                "the last line has no line break, so the file may have been cut short, "
                "and a full read would remove whoever is missing",
                "Copy the file again; if it is whole, add a line break at its end or import it as a partial read.",
                line=number,
            )

    def _decoded(self, raw: bytes, number: int) -> str:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            problem = f"byte {error.start + 1} of the line (0x{raw[error.start]:02X}) is not UTF-8"
            raise refusal(self._file, problem, _AS_UTF_8, line=number) from None

    def _refuse_other_kinds(self, beginning: bytes) -> None:
        for signature, kind in _OTHER_KINDS:
            if beginning.startswith(signature):
                raise refusal(self._file, f"this is not a CSV file but {kind}", _AS_UTF_8, line=1)


def _delimiter(header: str) -> str:
    """The delimiter of a file by its header line: whichever of comma and semicolon stands there more often."""
    unquoted = "".join(header.split('"')[::2])
    return ";" if unquoted.count(";") > unquoted.count(",") else ","
