"""`provisor demo`: the main job from end to end on this machine.

What it plays on is imported when it is asked for, because that takes as long as all other commands together.
"""

from __future__ import annotations

import pathlib
from typing import Annotated

import typer

from provisor.settings import DEFAULT_FOLDER


def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="End after the verification.")] = False,
    users: Annotated[int, typer.Option(help="People in the company.", min=20, max=100_000)] = 1000,
    throttled: Annotated[
        bool,
        typer.Option(
            "--throttled",
            help="Keep to 300 reads and 1,000 writes a minute, on both ends; takes some 4 minutes.",
        ),
    ] = False,
    folder: Annotated[
        pathlib.Path, typer.Option(help="Where to work; emptied first if an earlier demo made it.")
    ] = DEFAULT_FOLDER / "demo",
) -> None:
    """Show the main job from end to end: a company, RingCentral, a plan, two cycles, and the proof.

    Starts a RingCentral-profile SCIM service on a loopback port, loads a company from CSV files, provisions it, lets
    a day of changes pass, provisions them, and verifies with reads of its own that RingCentral equals the directory.
    Then both stay up until Ctrl-C, so that you can try more. Exit status: 0 when they are equal, 1 when anything
    differs or failed. Your own database is not touched.
    """
    from provisor.cli import demonstration  # noqa: PLC0415 - see above

    raise typer.Exit(demonstration.play(people=users, throttled=throttled, folder=folder, once=once))
