"""The options `provisor ringcentral` commands share: profile, limits, knobs; and how its errors are told."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from provisor.core.errors import ProvisorError
from provisor.ringcentral.errors import ProviderError
from provisor.ringcentral.profile_names import ProfileName

if TYPE_CHECKING:
    from provisor.ringcentral.account.settings import Overrides
    from provisor.ringcentral.account.throttling import Throttling
    from provisor.ringcentral.serving import AsStored

_LIFETIME = re.compile(r"(\d{1,6})\s*([smhdw])", re.IGNORECASE)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

ProfileOption = Annotated[
    ProfileName,
    typer.Option(
        help="ringcentral: users only, with RingCentral's documented limits, seats and errors. full: users and groups as "
        "the RFCs say. The others: full within the limits of another target; `provisor ringcentral profiles` tells them."
    ),
]
ThrottlingOption = Annotated[
    bool,
    typer.Option(
        "--throttling/--no-throttling",
        help="Answer 429 above the limits. The full profile has none unless limits are given.",
    ),
]
LightLimitOption = Annotated[
    int | None,
    typer.Option(min=1, help="Reads for each token in a window; documented: 50.", show_default=False),
]
HeavyLimitOption = Annotated[
    int | None,
    typer.Option(min=1, help="Writes for each token in a window; documented: 10.", show_default=False),
]
WindowOption = Annotated[
    float | None,
    typer.Option(min=0.001, help="The window, in seconds; documented: 60.", show_default=False),
]
PenaltyOption = Annotated[
    float | None,
    typer.Option(
        min=0, help="The silence asked for after a 429, in seconds; documented: 60.", show_default=False
    ),
]
SeatsOption = Annotated[
    int | None,
    typer.Option(
        min=0,
        help="How many seats there are for users; without it as many as before, 10,000 at first.",
        show_default=False,
    ),
]
KnobOption = Annotated[
    list[str] | None,
    typer.Option(
        "--knob",
        metavar="NAME=VALUE",
        help="How to behave where RingCentral's documentation is silent, above what the console stored; `provisor "
        "ringcentral knobs` tells all. May be given several times.",
        show_default=False,
    ),
]


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Let what goes wrong with the provider reach the user as any error of a command."""
    try:
        yield
    except ProviderError as error:
        raise ProvisorError(str(error)) from error


def lifetime(text: str | None) -> dt.timedelta | None:
    """A length of time such as `90d`; None where none is given.

    Raises `typer.BadParameter` naming the forms there are.
    """
    if text is None:
        return None
    length = _LIFETIME.fullmatch(text.strip())
    if length is None:
        raise typer.BadParameter(
            f"{text!r} is no length of time. Give a number and a unit: 30m, 12h, 90d, 52w."
        )
    return dt.timedelta(**{_UNITS[length[2].lower()]: int(length[1])})


def overrides(knobs: list[str] | None) -> Overrides:
    """What the command line decides, whatever is stored.

    Raises `typer.BadParameter` for a knob that does not exist, or a value it cannot have.
    """
    from provisor.ringcentral.account import knob_texts  # noqa: PLC0415 - see provisor.cli.ringcentral
    from provisor.ringcentral.account.settings import Overrides  # noqa: PLC0415

    try:
        return Overrides(knobs=knob_texts.assignments(knobs or ()))
    except knob_texts.InvalidKnobError as error:
        raise typer.BadParameter(str(error)) from None


def throttling(
    profile: ProfileName,
    wanted: bool,
    *,
    light: int | None,
    heavy: int | None,
    window: float | None,
    penalty: float | None,
) -> Throttling | AsStored | None:
    """The profile's own limits, changed as the options say; as stored where they say nothing, None for none."""
    from provisor.ringcentral import profiles  # noqa: PLC0415 - see provisor.cli.ringcentral
    from provisor.ringcentral.account.throttling import Throttling  # noqa: PLC0415
    from provisor.ringcentral.serving import AsStored  # noqa: PLC0415

    given = (light, heavy, window, penalty)
    if not wanted:
        if any(value is not None for value in given):
            raise typer.BadParameter("Limits make no sense with --no-throttling.")
        return None
    if all(value is None for value in given):
        return AsStored.LIMITS
    own = profiles.PROFILES[profile].throttling or Throttling()
    return Throttling(
        light=own.light if light is None else light,
        medium=own.medium,
        heavy=own.heavy if heavy is None else heavy,
        auth=own.auth,
        window=own.window if window is None else dt.timedelta(seconds=window),
        penalty=own.penalty if penalty is None else dt.timedelta(seconds=penalty),
    )
