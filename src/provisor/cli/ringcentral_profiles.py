"""`provisor ringcentral profiles` and `knobs`: how a service provider can behave."""

from __future__ import annotations

from typing import Annotated

import typer

from provisor.cli import output
from provisor.cli.manual import FormatOption
from provisor.cli.output import OutputFormat

_PROFILE_COLUMNS = output.columns(("name", "Profile"), ("limits", "Limits"), ("source", "Source"))
_KNOB_COLUMNS = output.columns(
    ("name", "Knob"), ("values", "Values"), ("default", "Default"), ("meaning", "Meaning")
)
_LanguageOption = Annotated[
    str, typer.Option("--language", metavar="en|fr", help="The language of the meanings.")
]


def list_profiles(form: FormatOption = OutputFormat.TABLE) -> None:
    """Show the profiles `--profile` takes, and what each limits."""
    from provisor.ringcentral import profiles  # noqa: PLC0415 - see provisor.cli.ringcentral

    items = [
        {"name": profile.name.value, "limits": "; ".join(profile.limits) or "none", "source": profile.source}
        for profile in profiles.PROFILES.values()
    ]
    output.write_listing(form, _PROFILE_COLUMNS, items)


def list_knobs(language: _LanguageOption = "en", form: FormatOption = OutputFormat.TABLE) -> None:
    """Show the knobs `--knob` takes: how the ringcentral profile behaves where the documentation is silent."""
    from provisor.ringcentral.account import knob_texts  # noqa: PLC0415 - see provisor.cli.ringcentral

    if language not in ("en", "fr"):
        raise typer.BadParameter(f"The meanings are there in en and fr, not in {language!r}.")
    items = [
        {
            "name": knob.name,
            "values": list(knob.choices) or "a number from 1",
            "several": knob.is_set,
            "default": knob.text(knob.default),
            "meaning": knob.meaning[language],
            "section": knob.section,
        }
        for knob in knob_texts.KNOBS.values()
    ]
    output.write_listing(form, _KNOB_COLUMNS, items, limit=0)
