"""A folder of CSV files as a source: `users.csv`, and optionally `groups.csv` and `memberships.csv`.

Every file is read twice: once to validate all of it, which keeps the anchors and nothing else, and once to deliver it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from provisor.core import errors
from provisor.core.objects import ObjectType
from provisor.ports.source import Completeness, SourcePage
from provisor.sources import csv_objects
from provisor.sources.csv_table import CsvTable
from provisor.sources.graph_attributes import GROUPS, MEMBERSHIPS, USERS

USERS_FILE = "users.csv"
GROUPS_FILE = "groups.csv"
MEMBERSHIPS_FILE = "memberships.csv"

_VOCABULARIES = MappingProxyType({USERS_FILE: USERS, GROUPS_FILE: GROUPS, MEMBERSHIPS_FILE: MEMBERSHIPS})
_PAGE_SIZE = 500

Item = TypeVar("Item")


class CsvFolder:
    """A folder of CSV files, as it is when this value is made: make a new one for every import.

    - Files are UTF-8 with or without a byte order mark, with commas or semicolons (by the header line), quoted as in
      RFC 4180, with either kind of line break. An empty cell is an absent attribute.
    - `users.csv` needs `userPrincipalName`. A user's anchor is `id` (or `objectId`), else `userPrincipalName`;
      `manager` is the anchor of another user, who may be in the directory already. `accountEnabled` is true or false,
      true where the cell is empty. `groups.csv` needs `displayName`; the anchor is `id`, else `displayName`.
      `memberships.csv` needs `group` and `member`, both by anchor; its other columns are not read.
    - Column names are Graph's, whatever their case. A column that Graph does not know becomes `extension_<column>`,
      unless it already begins with `extension_` or is `extensionAttribute1` to `15`. `id` is also given as `objectId`.
    - Values of `proxyAddresses` and other multi-valued attributes are divided by `;` in a file with commas, by `|` in
      a file with semicolons.

    A complete read says that whoever is not in the files is gone; of groups only where `groups.csv` is there, of
    memberships only where `memberships.csv` is.
    """

    def __init__(self, *, name: str, folder: Path, completeness: Completeness) -> None:
        self._name = name
        self._folder = folder
        self._completeness = completeness
        self._present = _present(folder)

    @property
    def name(self) -> str:
        """The source's name in the directory."""
        return self._name

    def objects_read(self, object_type: ObjectType) -> Completeness:
        """Complete in a complete read whose folder has the file for this type of object."""
        match object_type:
            case ObjectType.USER:
                return self._completeness_of(USERS_FILE)
            case ObjectType.GROUP:
                return self._completeness_of(GROUPS_FILE)

    @property
    def memberships_read(self) -> Completeness:
        """Complete in a complete read whose folder has memberships.csv."""
        return self._completeness_of(MEMBERSHIPS_FILE)

    def read(self) -> Iterator[SourcePage]:
        """The users, then the groups, then the memberships.

        Raises `InvalidInputError` before the first page where any of the files is unusable, and after it only where a
        file changed meanwhile.
        """
        self._refuse_other_folders()
        with contextlib.ExitStack() as opened:
            tables = {file: self._open(file, opened) for file in _VOCABULARIES if file in self._present}
            anchors = _validate(tables)
            yield from _pages(tables, anchors)

    def _completeness_of(self, file: str) -> Completeness:
        return self._completeness if file in self._present else Completeness.PARTIAL

    def _refuse_other_folders(self) -> None:
        try:
            found = sorted(path.name for path in islice(self._folder.iterdir(), 10))
        except OSError as error:
            raise errors.InvalidInputError(
                f"{self._folder} is not a folder that can be read: {error.strerror}. Nothing was imported. "
                f"Name the folder that contains {USERS_FILE}."
            ) from error
        if USERS_FILE not in self._present:
            raise errors.InvalidInputError(
                f"{self._folder} has no {USERS_FILE}; it contains {', '.join(found) or 'nothing'}. "
                "Nothing was imported. Put the users into a file of exactly this name."
            )

    def _open(self, file: str, opened: contextlib.ExitStack) -> CsvTable:
        try:
            stream = opened.enter_context((self._folder / file).open("rb"))
        except OSError as error:
            raise errors.InvalidInputError(
                f"{self._folder / file} cannot be opened: {error.strerror}. Nothing was imported. "
                "Make the file readable for the account that runs the import."
            ) from error
        return CsvTable(stream, file=file, vocabulary=_VOCABULARIES[file], completeness=self._completeness)


def _present(folder: Path) -> frozenset[str]:
    """The files of the folder that count; none where it cannot be read, which `read` then explains."""
    try:
        return frozenset(file for file in _VOCABULARIES if (folder / file).is_file())
    except OSError:
        return frozenset()


def _validate(tables: Mapping[str, CsvTable]) -> csv_objects.Anchors:
    """The anchors of every file, all of which has then been read once."""
    anchors = csv_objects.Anchors()
    for record in tables[USERS_FILE].records():
        anchors.add_user(record)
    if groups := tables.get(GROUPS_FILE):
        for record in groups.records():
            anchors.add_group(record)
    if memberships := tables.get(MEMBERSHIPS_FILE):
        for record in memberships.records():
            anchors.membership(record)
    return anchors


def _pages(tables: Mapping[str, CsvTable], anchors: csv_objects.Anchors) -> Iterator[SourcePage]:
    for users in _batches(map(csv_objects.user, tables[USERS_FILE].records())):
        yield SourcePage(objects=users)
    if table := tables.get(GROUPS_FILE):
        for groups in _batches(map(csv_objects.group, table.records())):
            yield SourcePage(objects=groups)
    if table := tables.get(MEMBERSHIPS_FILE):
        for memberships in _batches(map(anchors.membership, table.records())):
            yield SourcePage(memberships=memberships)


def _batches(items: Iterable[Item]) -> Iterator[tuple[Item, ...]]:
    iterator = iter(items)
    while batch := tuple(islice(iterator, _PAGE_SIZE)):
        yield batch
