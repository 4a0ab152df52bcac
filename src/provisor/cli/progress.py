"""Progress of long commands: bars on standard error where that is a terminal, and silence where it is not."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

import rich.progress
from rich.console import Console

from provisor.engine.planning import Progress


@contextlib.contextmanager
def of_cycle() -> Iterator[Progress]:
    """A bar for each thing a cycle tells of; gone when the cycle is over."""
    if not sys.stderr.isatty():
        yield _silent
        return
    with _bars() as bars:
        tasks: dict[str, rich.progress.TaskID] = {}

        def report(doing: str, done: int, total: int | None) -> None:
            if doing not in tasks:
                tasks[doing] = bars.add_task(doing, total=total)
            bars.update(tasks[doing], completed=done, total=total)

        yield report


@contextlib.contextmanager
def of_import(source: str) -> Iterator[Callable[[int], None]]:
    """A counter of what an import has taken."""
    with of_cycle() as report:
        yield lambda taken: report(f"importing {source}", taken, None)


def _bars() -> rich.progress.Progress:
    return rich.progress.Progress(
        rich.progress.TextColumn("{task.description}", markup=False),
        rich.progress.BarColumn(),
        rich.progress.MofNCompleteColumn(),
        rich.progress.TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def _silent(_doing: str, _done: int, _total: int | None) -> None:
    pass
