"""`provisor ringcentral`: a SCIM service provider that behaves like RingCentral's, to try and to test against.

It is imported where it is used, because it takes as long to import as all other commands together.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Annotated

import typer

from provisor.cli import (
    output,
    ringcentral_clients,
    ringcentral_console,
    ringcentral_database,
    ringcentral_description,
    ringcentral_extensions,
    ringcentral_faults,
    ringcentral_log,
    ringcentral_profiles,
    ringcentral_tokens,
)
from provisor.cli import ringcentral_options as options
from provisor.cli.manual import FormatOption, command_group, examples
from provisor.cli.output import OutputFormat
from provisor.cli.ringcentral_console import AdministratorRole, ConsoleOption, RoleOption
from provisor.cli.ringcentral_database import DatabaseOption
from provisor.cli.ringcentral_description import StrictOption
from provisor.cli.ringcentral_extensions import ChoiceOption, ExtensionOption, RequiredExtensionOption
from provisor.cli.ringcentral_faults import FaultOption, FaultSeedOption, FaultsOption
from provisor.cli.ringcentral_log import RequestLogOption
from provisor.cli.ringcentral_options import (
    HeavyLimitOption,
    KnobOption,
    LightLimitOption,
    PenaltyOption,
    ProfileOption,
    SeatsOption,
    ThrottlingOption,
    WindowOption,
)
from provisor.ringcentral.profile_names import ProfileName

if TYPE_CHECKING:
    from provisor.ringcentral.account.throttling import Throttling

commands = command_group(
    "ringcentral",
    "Run a SCIM service provider that behaves like RingCentral's, to try Provisor and to test against.",
)
commands.add_typer(ringcentral_tokens.commands)
commands.add_typer(ringcentral_clients.commands)
commands.command("profiles", epilog=examples("provisor ringcentral profiles"))(
    ringcentral_profiles.list_profiles
)
commands.command(
    "knobs", epilog=examples("provisor ringcentral knobs", "provisor ringcentral knobs --language fr")
)(ringcentral_profiles.list_knobs)

commands.command(
    "openapi",
    epilog=examples(
        "provisor ringcentral openapi > ringcentral.json", "provisor ringcentral openapi --profile full"
    ),
)(ringcentral_description.openapi)


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
        "provisor ringcentral serve --knob active-on-create=not-activated --knob filter-attributes=externalId",
        "provisor ringcentral serve --profile aws-identity-center",
        "provisor ringcentral serve --strict all",
    )
)
def serve(
    *,
    profile: ProfileOption = ProfileName.RINGCENTRAL,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8080,
    database: DatabaseOption = None,
    throttling: ThrottlingOption = True,
    light_limit: LightLimitOption = None,
    heavy_limit: HeavyLimitOption = None,
    window: WindowOption = None,
    penalty: PenaltyOption = None,
    seats: SeatsOption = None,
    knob: KnobOption = None,
    fault: FaultOption = None,
    fault_seed: FaultSeedOption = None,
    faults: FaultsOption = None,
    console: ConsoleOption = True,
    request_log: RequestLogOption = True,
    extension: ExtensionOption = None,
    required_extension: RequiredExtensionOption = None,
    choice: ChoiceOption = None,
    strict: StrictOption = None,
) -> None:
    """Serve SCIM 2.0 under /scim/v2 and the admin console under /admin until Ctrl-C or SIGTERM.

    At the first start it prints a link that makes the administrator of the console; it works once.

    Make a token with `provisor ringcentral token`, and enter it with the tenant URL that is printed into an application
    made from the template ringcentral (or scim, for the full profile).
    """
    from provisor.ringcentral import serving  # noqa: PLC0415 - see the module's first lines

    limits = options.throttling(
        profile, throttling, light=light_limit, heavy=heavy_limit, window=window, penalty=penalty
    )
    board = ringcentral_faults.board(fault, fault_seed, faults)
    chosen = ringcentral_extensions.choose(profile.value, choice)
    extras = ringcentral_extensions.read(profile.value, extension, required_extension)
    overrides = options.overrides(knob)
    understood = ringcentral_description.tolerances(profile, strict)
    url = ringcentral_database.url(database, profile)
    with options.told():
        in_force = serving.limits_in_force(url, profile, limits)
    _tell_service(profile, in_force, host, port)
    for report in board.reports() if board is not None else ():
        output.note(f"Requests meet a fault: {report.text}.")
    with options.told(), contextlib.suppress(KeyboardInterrupt):
        if console:
            ringcentral_console.tell(url, host, port)
        serving.serve(
            database_url=url,
            profile=profile,
            host=host,
            port=port,
            throttling=limits,
            seats=seats,
            overrides=overrides,
            faults=board,
            console=ringcentral_console.wanted(console),
            retention=ringcentral_log.retention(request_log),
            extensions=extras,
            choices=chosen,
            tolerances=understood,
        )


@commands.command(
    "admin-link",
    epilog=examples(
        "provisor ringcentral admin-link",
        "provisor ringcentral admin-link --url https://scim.example.com",
        "provisor ringcentral admin-link --role reader",
    ),
)
def admin_link(
    url: Annotated[str, typer.Option(help="Where the service provider answers.")] = "http://127.0.0.1:8080",
    profile: ProfileOption = ProfileName.RINGCENTRAL,
    database: DatabaseOption = None,
    role: RoleOption = AdministratorRole.OWNER,
    form: FormatOption = OutputFormat.TABLE,
) -> None:
    """Make a one-time link that names an administrator of the console, or gives a known one a new password."""
    with options.told():
        made = ringcentral_console.link(ringcentral_database.url(database, profile), url, role)
    output.write_report(form, {"link": made}, made)


commands.command("log", epilog=ringcentral_log.EXAMPLES)(ringcentral_log.log)


def _tell_service(profile: ProfileName, limits: Throttling | None, host: str, port: int) -> None:
    from provisor.ringcentral import serving  # noqa: PLC0415 - see the module's first lines

    told = (
        f"{limits.light} reads and {limits.heavy} writes in {limits.window.total_seconds():g} seconds for each token"
        if limits
        else "no request limits"
    )
    output.note(
        f"Serving the {profile.value} profile at http://{host}:{port}{serving.BASE_PATH} with {told}. Ctrl-C ends it."
    )
