"""The options with which `provisor ringcentral serve` misbehaves on command."""

from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from provisor.ringcentral.faults.board import FaultBoard

FaultOption = Annotated[
    list[str] | None,
    typer.Option(
        "--fault",
        metavar="FAULT",
        help='A fault that requests meet, such as "503 after commit on POST /Users, 5% of requests"; docs/faults.md has '
        "all of them. May be given several times.",
        show_default=False,
    ),
]
FaultSeedOption = Annotated[
    int | None,
    typer.Option(
        "--fault-seed",
        min=0,
        help="What shares of requests are drawn from: the same seed and the same requests meet the same faults.",
        show_default=False,
    ),
]
FaultsOption = Annotated[
    pathlib.Path | None,
    typer.Option(
        "--faults",
        metavar="FILE",
        help="A script of faults: one a line, or YAML where the name ends in .yaml.",
        show_default=False,
    ),
]


def board(faults: list[str] | None, seed: int | None, file: pathlib.Path | None) -> FaultBoard | None:
    """The faults that the options name, those of the file first; None where they name none.

    Raises `typer.BadParameter` with the place of what cannot be understood.
    """
    from provisor.ringcentral.faults import parsing, scripts  # noqa: PLC0415 - see provisor.cli.ringcentral
    from provisor.ringcentral.faults.board import FaultBoard  # noqa: PLC0415
    from provisor.ringcentral.faults.model import FaultScript  # noqa: PLC0415
    from provisor.ringcentral.faults.wording import FaultSyntaxError  # noqa: PLC0415

    if file is None and not faults:
        if seed is not None:
            raise typer.BadParameter("--fault-seed needs faults: give --fault or --faults.")
        return None
    try:
        script = FaultScript() if file is None else scripts.of_file(file)
        typed = tuple(parsing.fault(text) for text in faults or ())
    except (FaultSyntaxError, scripts.FaultScriptError) as error:
        raise typer.BadParameter(str(error)) from None
    return FaultBoard(
        FaultScript(faults=(*script.faults, *typed), seed=script.seed if seed is None else seed)
    )
