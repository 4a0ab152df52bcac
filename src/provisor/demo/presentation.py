"""How the demonstration looks in a terminal, and in a file: numbered steps, calm tables, one line a result.

Everything can be read without colour; where the output is no terminal, progress is told in plain lines.
"""

from __future__ import annotations

import contextlib
import enum
import io
from collections.abc import Iterator, Sequence
from typing import Protocol, TextIO

from rich.console import Console, JustifyMethod, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

_WIDEST = 110
"""Columns; longer lines are tiring to read."""

_WITHOUT_TERMINAL = 100
_INDENT = 2
_QUARTERS = 4


class Watcher(Protocol):
    """Told how much is done of how much; None where that is not known."""

    def __call__(self, done: int, total: int | None) -> None: ...


class Stage:
    """Where the story is told."""

    def __init__(self, stream: TextIO) -> None:
        if isinstance(stream, io.TextIOWrapper):
            # a terminal that cannot show a name shows question marks rather than ending the demonstration
            stream.reconfigure(errors="replace")
        width = _WITHOUT_TERMINAL
        if stream.isatty():
            width = min(Console(file=stream).width, _WIDEST)
        self._console = Console(file=stream, markup=False, emoji=False, highlight=False, width=width)
        self._steps = 0
        self._last = _Block.HEADING

    def open(self, title: str, words: str) -> None:
        """Begin with a title and what it is about."""
        self._console.print(Text(title, style="bold"))
        self._console.print(Text(words))

    def step(self, title: str, words: str) -> None:
        """Begin a step: its heading, and what the administrator does."""
        self._steps += 1
        self._console.print()
        heading = Text.assemble((f"{self._steps} ", "bold cyan"), (title, "bold"))
        self._console.print(Rule(heading, align="left", style="dim"))
        self._console.print(_indented(Text(words, style="italic")))
        self._console.print()
        self._last = _Block.HEADING

    def say(self, words: str) -> None:
        """A sentence beside the results."""
        self._print(_Block.LINE, Text(words))

    def result(self, words: str) -> None:
        """What a step led to."""
        self._print(_Block.LINE, _table([("✓", words)], styles=("bold green", ""), gap=1))

    def trouble(self, words: str) -> None:
        """What did not go as it should."""
        self._print(_Block.LINE, _table([("✗", words)], styles=("bold red", ""), gap=1))

    def facts(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Names and their values."""
        self._print(_Block.TABLE, _table(pairs, styles=("dim", "")))

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Rows under headings; a heading that begins with a space is that of a number."""
        self._print(_Block.TABLE, _table(rows, styles=("",) * len(columns), columns=columns))

    def entry(self, kind: str, words: str, changes: Sequence[tuple[str, str]]) -> None:
        """Something that was done, and what it changed: names and values."""
        self._print(_Block.LINE, _table([(f"{kind:<7}", words)], styles=("bold", "")))
        if changes:
            self._console.print(
                Padding(_table(changes, styles=("dim", "")), (0, 0, 0, _INDENT + 9), expand=False)
            )

    def commands(self, lines: Sequence[str]) -> None:
        """What is to be copied: never wrapped."""
        self._console.print()
        for line in lines:
            self._console.print(Text(" " * 2 * _INDENT + line), soft_wrap=True)
        self._last = _Block.TABLE

    @contextlib.contextmanager
    def watch(self, words: str) -> Iterator[Watcher]:
        """Show how something goes on: as a bar, or where there is no terminal as a line each quarter."""
        if not self._console.is_terminal:
            yield _Quarters(self, words)
            return
        columns = (
            TextColumn(" " * (_INDENT - 1) + "{task.description}", markup=False),
            BarColumn(style="dim", complete_style="cyan", finished_style="green", pulse_style="dim cyan"),
            _Count(),
        )
        with Progress(*columns, console=self._console, transient=True) as progress:
            task = progress.add_task(words, total=None)
            yield lambda done, total: progress.update(task, completed=done, total=total)

    def _print(self, block: _Block, content: RenderableType) -> None:
        """Print a block; a table stands apart from what is before and after it."""
        if self._last is not _Block.HEADING and _Block.TABLE in (self._last, block):
            self._console.print()
        self._console.print(_indented(content))
        self._last = block


class _Block(enum.Enum):
    HEADING = enum.auto()
    LINE = enum.auto()
    TABLE = enum.auto()


class _Count(ProgressColumn):
    """How much is done, of how much where that is known."""

    def render(self, task: Task) -> Text:
        total = f" of {task.total:,.0f}" if task.total else ""
        return Text(f"{task.completed:,.0f}{total}" if task.completed else "")


class _Quarters:
    """Tells of each quarter once."""

    def __init__(self, stage: Stage, words: str) -> None:
        self._stage = stage
        self._words = words
        self._told = 0

    def __call__(self, done: int, total: int | None) -> None:
        quarter = _QUARTERS * done // total if total else 0
        if quarter > self._told:
            self._told = quarter
            self._stage.say(f"{self._words}: {done:,} of {total:,}")


def _indented(content: RenderableType) -> Padding:
    return Padding(content, (0, 0, 0, _INDENT), expand=False)


def _table(
    rows: Sequence[Sequence[str]], *, styles: Sequence[str], columns: Sequence[str] = (), gap: int = 2
) -> Table:
    table = Table(
        box=None, show_header=bool(columns), header_style="dim", pad_edge=False, padding=(0, gap, 0, 0)
    )
    for place, style in enumerate(styles):
        name = columns[place] if columns else ""
        justify: JustifyMethod = "right" if name.startswith(" ") else "left"
        table.add_column(name.strip(), style=style, justify=justify, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table
