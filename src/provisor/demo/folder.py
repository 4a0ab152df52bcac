"""The folder the demonstration works in: made and marked by it, and emptied only where it bears the mark."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from provisor.core import errors

MARK = ".made-by-provisor-demo"
"""The file whose presence says that a folder's contents are the demonstration's to remove."""


@contextlib.contextmanager
def fresh(folder: Path) -> Iterator[Path]:
    """The folder, made or emptied, and kept from other demonstrations until the block ends.

    Raises `InvalidInputError` where the folder holds something that no demonstration made, cannot be written, or is
    used by a demonstration that still runs.
    """
    try:
        _refuse_strange(folder)
        folder.mkdir(parents=True, exist_ok=True)
        mark = (folder / MARK).open("a", encoding="utf-8")
    except OSError as error:
        raise errors.InvalidInputError(
            f"The demonstration cannot work in {folder}: {error.strerror}. Name a folder that it can make with --folder."
        ) from error
    with mark:
        _hold(mark, folder)
        _empty(folder)
        yield folder


def _refuse_strange(folder: Path) -> None:
    if folder.exists() and not (folder / MARK).is_file() and any(folder.iterdir()):
        raise errors.InvalidInputError(
            f"{folder} holds files that the demonstration did not make, so it does not touch them. "
            "Name a folder that is empty or does not exist with --folder."
        )


def _hold(mark: IO[str], folder: Path) -> None:
    """Lock the mark; the lock goes with the process, however that ends."""
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise errors.InvalidInputError(
            f"Another demonstration is running in {folder}. End it with Ctrl-C, or name another folder with --folder."
        ) from None


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name == MARK:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
