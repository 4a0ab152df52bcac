"""`provisor ringcentral serve --extension`: schemas of one's own for the full profile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from provisor.ringcentral.profile_names import ProfileName

if TYPE_CHECKING:
    from provisor.ringcentral.resources.extensions import ExtraSchema

ExtensionOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FILE",
        help="A schema document (JSON, RFC 7643 section 7) that adds attributes to the users or groups of the full profile; "
        "its URN ends in User or Group. The word demonstration stands for one that comes along.",
        show_default=False,
    ),
]
RequiredExtensionOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FILE", help="The same, and every user or group must have the extension.", show_default=False
    ),
]


def read(profile: str, optional: Sequence[str] | None, required: Sequence[str] | None) -> list[ExtraSchema]:
    """The schemas in the files, once the profile is known to take them.

    :raises typer.BadParameter: for a file that is no schema, and for a profile that takes none.
    """
    from provisor.ringcentral import profiles  # noqa: PLC0415 - it takes as long to import as all other commands together
    from provisor.ringcentral.resources import extensions  # noqa: PLC0415

    try:
        extras = [extensions.read(each) for each in optional or ()]
        extras += [extensions.read(each, extensions.Presence.REQUIRED) for each in required or ()]
        profiles.with_extensions(profiles.PROFILES[ProfileName(profile)], extras)
    except extensions.ExtensionError as error:
        raise typer.BadParameter(str(error)) from error
    return extras
