"""The service provider's own database, as its commands name it."""

from __future__ import annotations

import pathlib
from typing import Annotated

import typer

_SQLITE = "sqlite:///"

DEFAULT_DATABASE = f"{_SQLITE}.provisor/ringcentral.db"

DatabaseOption = Annotated[
    str,
    typer.Option(
        "--database",
        metavar="URL",
        envvar="PROVISOR_RINGCENTRAL_DATABASE_URL",
        help="The service provider's own database, which is not Provisor's store.",
    ),
]


def make_folder(database: str) -> None:
    """The folder of a SQLite file, readable by its owner only where it is new."""
    if database.startswith(_SQLITE):
        pathlib.Path(database.removeprefix(_SQLITE)).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
