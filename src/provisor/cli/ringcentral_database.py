"""The service provider's own database, as its commands name it."""

from __future__ import annotations

import pathlib
from typing import Annotated

import typer

from provisor.ringcentral.profile_names import ProfileName

_SQLITE = "sqlite:///"

DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        envvar="PROVISOR_RINGCENTRAL_DATABASE_URL",
        help="The service provider's own database, which is not Provisor's store. Without it, .provisor/PROFILE.db in the "
        "working folder.",
        show_default=False,
    ),
]


def url(database: str | None, profile: ProfileName) -> str:
    """The database of a profile; the folder of a SQLite file is made, readable by its owner only where it is new."""
    named = database or f"{_SQLITE}.provisor/{profile}.db"
    if named.startswith(_SQLITE):
        pathlib.Path(named.removeprefix(_SQLITE)).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return named
