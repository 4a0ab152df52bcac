"""`provisor ringcentral serve --extension --choice`: the full profile with schemas and decisions of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from provisor.ringcentral.profile_names import ProfileName

if TYPE_CHECKING:
    from provisor.ringcentral.choices import Choices
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

ChoiceOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE",
        help="How the full profile decides where the RFCs leave it open, such as group-names=unique; "
        "docs/scim-conformance.md has the list.",
        show_default=False,
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


def choose(profile: str, texts: Sequence[str] | None) -> Choices | None:
    """The decisions that are named; None for the profile's own.

    :raises typer.BadParameter: for one that is unknown, and for a profile that has none.
    """
    from provisor.ringcentral import choices, profiles  # noqa: PLC0415 - see above

    if not texts:
        return None
    try:
        made = choices.parse(texts)
        profiles.with_choices(profiles.PROFILES[ProfileName(profile)], made)
    except choices.InvalidChoiceError as error:
        raise typer.BadParameter(str(error)) from error
    return made
