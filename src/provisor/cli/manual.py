"""What the help texts of all commands share: examples, and the options that mean the same everywhere."""

from __future__ import annotations

from typing import Annotated

import typer

from provisor.cli.output import OutputFormat


def command_group(name: str, purpose: str) -> typer.Typer:
    """A group of commands that explains itself when it is called without one."""
    return typer.Typer(name=name, help=purpose, no_args_is_help=True, rich_markup_mode="markdown")


def examples(*lines: str) -> str:
    """The epilog of a command: each line is a command that can be typed as it stands."""
    return "\n".join(["Examples:", "", "```text", *(f"$ {line}" for line in lines), "```"])


FormatOption = Annotated[
    OutputFormat,
    typer.Option(
        "--format",
        "-f",
        help="How to print the result. json and csv go to scripts: their names are stable, and nothing else is "
        "written to standard output.",
    ),
]

ApplicationArgument = Annotated[
    str, typer.Argument(metavar="APP", help="The application, by name or id.", show_default=False)
]

LimitOption = Annotated[
    int | None,
    typer.Option(
        "--limit",
        min=0,
        help="Print at most so many; 0 for all. Without it a table stops at a screenful, json and csv print all.",
        show_default=False,
    ),
]
