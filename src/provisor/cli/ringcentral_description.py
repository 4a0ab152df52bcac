"""`provisor ringcentral openapi` and `serve --strict`: what the service provider can be asked, and how exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from provisor.cli import output
from provisor.cli.ringcentral_extensions import ExtensionOption, RequiredExtensionOption
from provisor.cli.ringcentral_extensions import read as read_extensions
from provisor.cli.ringcentral_options import ProfileOption
from provisor.ringcentral.profile_names import ProfileName

if TYPE_CHECKING:
    from provisor.ringcentral.protocol.tolerances import Tolerances

StrictOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="TOLERANCE",
        help="A habit of clients to refuse as the RFCs say, such as opCase; all for every one. "
        "docs/ringcentral-clients.md has the list.",
        show_default=False,
    ),
]


def openapi(
    profile: ProfileOption = ProfileName.RINGCENTRAL,
    url: Annotated[
        str, typer.Option(help="The SCIM base URL the description names.")
    ] = "http://127.0.0.1:8080/scim/v2",
    extension: ExtensionOption = None,
    required_extension: RequiredExtensionOption = None,
) -> None:
    """Print what a profile can be asked as an OpenAPI 3.1 document, which it also serves at /scim/v2/openapi.json."""
    from provisor.ringcentral import profiles  # noqa: PLC0415 - see provisor.cli.ringcentral
    from provisor.ringcentral.protocol.description import document  # noqa: PLC0415

    extras = read_extensions(profile.value, extension, required_extension)
    described = profiles.with_extensions(profiles.PROFILES[profile], extras)
    output.write_json(document.of(described, url))


def tolerances(profile: ProfileName, refused: list[str] | None) -> Tolerances | None:
    """The habits that are still understood; None for the profile's own.

    :raises typer.BadParameter: for a habit nobody knows.
    """
    from provisor.ringcentral import profiles  # noqa: PLC0415 - see provisor.cli.ringcentral
    from provisor.ringcentral.protocol.tolerances import STRICT, Tolerance  # noqa: PLC0415

    if not refused:
        return None
    if "all" in refused:
        return STRICT
    known = {each.value.casefold(): each for each in Tolerance}
    for name in refused:
        if name.casefold() not in known:
            raise typer.BadParameter(
                f"There is no tolerance {name!r}; all, or one of {', '.join(each.value for each in Tolerance)}."
            )
    return profiles.PROFILES[profile].tolerances.without(*(known[name.casefold()] for name in refused))
