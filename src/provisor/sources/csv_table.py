"""A CSV file as records of attributes: what its header means, and what its cells hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from provisor.core.objects import Value
from provisor.ports.source import Completeness
from provisor.sources import csv_rows
from provisor.sources.csv_rows import refusal
from provisor.sources.graph_attributes import ValueKind, Vocabulary

_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The attributes that one row gives, by their names; an empty cell is an absent attribute."""

    file: str
    line: int
    values: Mapping[str, Value]

    def text(self, attribute: str) -> str:
        """The value of a required text attribute."""
        return str(self.values[attribute])


class CsvTable:
    """One CSV file of a folder, which can be read again.

    A second reading that finds other bytes than the first is refused at its end: what was validated is not what was
    read.
    """

    def __init__(
        self, stream: BinaryIO, *, file: str, vocabulary: Vocabulary, completeness: Completeness
    ) -> None:
        self.file = file
        self._stream = stream
        self._vocabulary = vocabulary
        self._completeness = completeness
        self._digest: bytes | None = None

    def records(self) -> Iterator[Record]:
        """The file's records, from its beginning.

        Raises `InvalidInputError` with the physical line where the file is unusable, and where a full read finds a
        header and nothing else.
        """
        reading = csv_rows.CsvRows(self._stream, file=self.file, completeness=self._completeness)
        columns = self._columns(reading.header)
        # A semicolon that divides cells cannot divide the values inside one without quotation marks everywhere.
        separator = ";" if reading.delimiter == "," else "|"
        empty = True
        for row in reading.rows():
            empty = False
            yield self._record(row, columns, separator)
        if empty and self._completeness is Completeness.COMPLETE:
            raise refusal(
                self.file,
                f"there is a header and no row: {self._vocabulary.emptied}",
                "Export the file again, leave it out of the folder, or import the folder as a partial read.",
                line=reading.header.line,
            )
        self._refuse_other_content(reading.digest)

    def _columns(self, header: csv_rows.Row) -> tuple[str, ...]:
        columns: list[str] = []
        spelled = [cell.strip() for cell in header.cells]
        for number, cell in enumerate(spelled, start=1):
            if not cell:
                problem, remedy = (
                    f"column {number} has no name",
                    "Name the column, or remove it from every line.",
                )
                raise refusal(self.file, problem, remedy, line=header.line)
            attribute = self._vocabulary.attribute(cell)
            if attribute in columns:
                first = columns.index(attribute)
                problem = f"columns {first + 1} ({spelled[first]}) and {number} ({cell}) are both {attribute}"
                raise refusal(self.file, problem, "Keep one of the two columns.", line=header.line)
            columns.append(attribute)
        for required in self._vocabulary.required:
            if required not in columns:
                problem = f"the header has no column {required}; its columns are {', '.join(spelled)}"
                remedy = "The first line names the columns, divided by commas or semicolons: add the column."
                raise refusal(self.file, problem, remedy, line=header.line)
        return tuple(columns)

    def _record(self, row: csv_rows.Row, columns: tuple[str, ...], separator: str) -> Record:
        values: dict[str, Value] = {
            attribute: cell for attribute, cell in zip(columns, row.cells, strict=True) if cell
        }
        for required in self._vocabulary.required:
            if required not in values:
                raise refusal(self.file, f"{required} is empty", "Every row needs one.", line=row.line)
        for attribute in self._vocabulary.identifying & values.keys():
            self._refuse_blanks_around(str(values[attribute]), attribute, row.line)
        for attribute, kind in self._vocabulary.converted.items():
            if attribute in values:
                values[attribute] = self._value(str(values[attribute]), kind, attribute, row.line, separator)
        return Record(file=self.file, line=row.line, values=values)

    def _refuse_blanks_around(self, cell: str, attribute: str, line: int) -> None:
        if cell != cell.strip():
            problem = (
                f"{attribute} {cell!r} begins or ends with blanks, so it would be another one than without"
            )
            raise refusal(self.file, problem, "Remove the blanks.", line=line)

    def _value(self, cell: str, kind: ValueKind, attribute: str, line: int, separator: str) -> Value:
        match kind:
            case ValueKind.BOOLEAN:
                value = _BOOLEANS.get(cell.strip().casefold())
                if value is None:
                    problem, remedy = (
                        f"{attribute} is {cell!r}",
                        "Write true or false, or leave the cell empty.",
                    )
                    raise refusal(self.file, problem, remedy, line=line)
                return value
            case ValueKind.MULTIVALUED:
                return tuple(part for each in cell.split(separator) if (part := each.strip())) or None

    def _refuse_other_content(self, digest: bytes) -> None:
        if self._digest is not None and digest != self._digest:
            raise refusal(
                self.file, "the file changed while it was being read", "Import it again once it is whole."
            )
        self._digest = digest
