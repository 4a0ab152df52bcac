"""What rows of plans write, attribute by attribute, with the names of whom they refer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from provisor.core import log_entry
from provisor.core.identifiers import ObjectId
from provisor.core.plan import RecordedRow
from provisor.ports.store import UnitOfWork

MOST_REFERENCES = 20
"""Members of a group named in one row; how many more there are is told."""


@dataclass(frozen=True, slots=True)
class Modification:
    """One attribute with what stands there before and after; None is nothing."""

    path: str
    old: str | None
    new: str | None


def names(unit: UnitOfWork, recorded: Iterable[RecordedRow]) -> Mapping[str, str]:
    """What those are called whom the rows refer to, as far as they are shown."""
    wanted = {found for item in recorded for found in item.row.details.references[:MOST_REFERENCES]}
    return {str(item.id): item.display_name for item in unit.directory.many(sorted(wanted))}


def of_row(recorded: RecordedRow, known: Mapping[str, str]) -> Sequence[Modification]:
    """What a row writes; references beyond the first ones are left out."""
    written = len(recorded.row.details.modifications) + MOST_REFERENCES
    items = list(log_entry.modified_properties(recorded))[:written]
    return [
        Modification(
            short(item["displayName"] or ""),
            _named(item["oldValue"], known),
            _named(item["newValue"], known),
        )
        for item in items
    ]


def left_out(recorded: RecordedRow) -> int:
    """How many references are not shown."""
    return max(0, len(recorded.row.details.references) - MOST_REFERENCES)


def short(path: str) -> str:
    """An attribute's path without the URN of its schema."""
    return path.rpartition(":")[2] if path.startswith("urn:") else path


def _named(value: str | None, known: Mapping[str, str]) -> str | None:
    return None if value is None else known.get(str(ObjectId(value)), value)
