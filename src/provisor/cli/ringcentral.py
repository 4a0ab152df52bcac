"""`provisor ringcentral`: a SCIM service provider that behaves like RingCentral's, to try and to test against.

It is imported where it is used, because it takes as long to import as all other commands together.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import enum
from typing import TYPE_CHECKING, Annotated

import typer

from provisor.cli import (
    output,
    ringcentral_console,
    ringcentral_database,
    ringcentral_extensions,
    ringcentral_faults,
    ringcentral_log,
)
from provisor.cli.manual import FormatOption, command_group, examples
from provisor.cli.output import OutputFormat
from provisor.cli.ringcentral_console import ConsoleOption
from provisor.cli.ringcentral_database import DEFAULT_DATABASE, DatabaseOption
from provisor.cli.ringcentral_extensions import ExtensionOption, RequiredExtensionOption
from provisor.cli.ringcentral_faults import FaultOption, FaultSeedOption, FaultsOption
from provisor.cli.ringcentral_log import RequestLogOption

if TYPE_CHECKING:
    from provisor.ringcentral.account.throttling import Throttling

commands = command_group(
    "ringcentral",
    "Run a SCIM service provider that behaves like RingCentral's, to try Provisor and to test against.",
)


class Profile(enum.StrEnum):
    """How the service provider behaves."""

    RINGCENTRAL = "ringcentral"
    FULL = "full"


_ProfileOption = Annotated[
    Profile,
    typer.Option(
        help="ringcentral: users only, with RingCentral's documented limits, seats and errors. full: users and groups as "
        "the RFCs say. Tokens, people and groups of the two are kept apart."
    ),
]
_LightLimitOption = Annotated[
    int | None,
    typer.Option(min=1, help="Reads for each token in a window; documented: 50.", show_default=False),
]
_HeavyLimitOption = Annotated[
    int | None,
    typer.Option(min=1, help="Writes for each token in a window; documented: 10.", show_default=False),
]
_WindowOption = Annotated[
    float | None,
    typer.Option(min=0.001, help="The window, in seconds; documented: 60.", show_default=False),
]
_PenaltyOption = Annotated[
    float | None,
    typer.Option(
        min=0, help="The silence asked for after a 429, in seconds; documented: 60.", show_default=False
    ),
]
_SeatsOption = Annotated[
    int | None,
    typer.Option(
        min=0, help="Seats that new users can take; without it the profile's own.", show_default=False
    ),
]


@commands.command(
    epilog=examples(
        "provisor ringcentral serve",
        "provisor ringcentral serve --port 9090 --no-throttling",
        "provisor ringcentral serve --profile full --port 8081",
        "provisor ringcentral serve --profile full --extension badges.json",
        "provisor ringcentral serve --light-limit 300 --heavy-limit 1000 --seats 25",
        'provisor ringcentral serve --fault "429 on POST /Users, 5% of requests, retry-after 2" --fault-seed 7',
        'provisor ringcentral serve --fault "drop after commit on POST, every 10 requests" --fault "ignore patch, once"',
        "provisor ringcentral serve --faults faults.yaml",
        "provisor ringcentral serve --no-console",
    )
)
def serve(
    *,
    profile: _ProfileOption = Profile.RINGCENTRAL,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8080,
    database: DatabaseOption = DEFAULT_DATABASE,
    throttling: Annotated[
        bool,
        typer.Option(
            "--throttling/--no-throttling",
            help="Answer 429 above the limits. The full profile has none unless limits are given.",
        ),
    ] = True,
    light_limit: _LightLimitOption = None,
    heavy_limit: _HeavyLimitOption = None,
    window: _WindowOption = None,
    penalty: _PenaltyOption = None,
    seats: _SeatsOption = None,
    fault: FaultOption = None,
    fault_seed: FaultSeedOption = None,
    faults: FaultsOption = None,
    console: ConsoleOption = True,
    request_log: RequestLogOption = True,
    extension: ExtensionOption = None,
    required_extension: RequiredExtensionOption = None,
) -> None:
    """Serve SCIM 2.0 under /scim/v2 and the admin console under /admin until Ctrl-C or SIGTERM.

    At the first start it prints a link that makes the administrator of the console; it works once.

    Make a token with `provisor ringcentral token`, and enter it with the tenant URL that is printed into an application
    made from the template ringcentral (or scim, for the full profile).
    """
    from provisor.ringcentral import serving  # noqa: PLC0415 - see the module's first lines

    limits = _throttling(
        profile, throttling, light=light_limit, heavy=heavy_limit, window=window, penalty=penalty
    )
    board = ringcentral_faults.board(fault, fault_seed, faults)
    extras = ringcentral_extensions.read(profile.value, extension, required_extension)
    ringcentral_database.make_folder(database)
    _tell_service(profile, limits, host, port)
    for report in board.reports() if board is not None else ():
        output.note(f"Requests meet a fault: {report.text}.")
    if console:
        ringcentral_console.tell(database, host, port)
    with contextlib.suppress(KeyboardInterrupt):
        serving.serve(
            database_url=database,
            profile=profile.value,
            host=host,
            port=port,
            throttling=limits,
            seats=seats,
            faults=board,
            console=ringcentral_console.wanted(console),
            retention=ringcentral_log.retention(request_log),
            extensions=extras,
        )


@commands.command(
    epilog=examples(
        "provisor ringcentral token",
        "provisor ringcentral token --profile full --format json",
        "provisor ringcentral token | provisor app credentials RingCentral --tenant-url http://127.0.0.1:8080/scim/v2",
    )
)
def token(
    profile: _ProfileOption = Profile.RINGCENTRAL,
    database: DatabaseOption = DEFAULT_DATABASE,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Make a SCIM token and print it; it is stored as a hash only, so it cannot be shown again."""
    from provisor.ringcentral import serving  # noqa: PLC0415 - see the module's first lines

    ringcentral_database.make_folder(database)
    made = serving.create_token(database, profile.value)
    output.write_report(form, {"profile": profile.value, "token": made}, made)


@commands.command(
    "admin-link",
    epilog=examples(
        "provisor ringcentral admin-link", "provisor ringcentral admin-link --url https://scim.example.com"
    ),
)
def admin_link(
    url: Annotated[str, typer.Option(help="Where the service provider answers.")] = "http://127.0.0.1:8080",
    database: DatabaseOption = DEFAULT_DATABASE,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Make a one-time link that names an administrator of the console, or gives a known one a new password."""
    ringcentral_database.make_folder(database)
    made = ringcentral_console.link(database, url)
    output.write_report(form, {"link": made}, made)


commands.command("log", epilog=ringcentral_log.EXAMPLES)(ringcentral_log.log)


def _tell_service(profile: Profile, limits: Throttling | None, host: str, port: int) -> None:
    from provisor.ringcentral import serving  # noqa: PLC0415 - see the module's first lines

    told = (
        f"{limits.light} reads and {limits.heavy} writes in {limits.window.total_seconds():g} seconds for each token"
        if limits
        else "no request limits"
    )
    output.note(
        f"Serving the {profile.value} profile at http://{host}:{port}{serving.BASE_PATH} with {told}. Ctrl-C ends it."
    )


def _throttling(
    profile: Profile,
    wanted: bool,
    *,
    light: int | None,
    heavy: int | None,
    window: float | None,
    penalty: float | None,
) -> Throttling | None:
    """The profile's own limits, changed as the options say; None for none."""
    from provisor.ringcentral import profiles  # noqa: PLC0415 - see the module's first lines
    from provisor.ringcentral.account.throttling import Throttling  # noqa: PLC0415

    given = (light, heavy, window, penalty)
    if not wanted:
        if any(value is not None for value in given):
            raise typer.BadParameter("Limits make no sense with --no-throttling.")
        return None
    own = profiles.PROFILES[profiles.ProfileName(profile.value)].throttling
    if own is None and all(value is None for value in given):
        return None
    own = own or Throttling()
    return Throttling(
        light=own.light if light is None else light,
        heavy=own.heavy if heavy is None else heavy,
        window=own.window if window is None else dt.timedelta(seconds=window),
        penalty=own.penalty if penalty is None else dt.timedelta(seconds=penalty),
    )
