"""Saving a schema from the command line: its effect is shown first, and the guard's word counts before it is saved."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping
from typing import Annotated, Any

import orjson
import typer

from provisor.cli import effects, invocation, output
from provisor.cli.exit_status import ExitStatus
from provisor.cli.output import OutputFormat
from provisor.core.application import Application
from provisor.core.errors import InvalidInputError
from provisor.core.identifiers import ApplicationId
from provisor.engine import applications, preview
from provisor.engine.services import Services
from provisor.ports.store import Store

YesOption = Annotated[
    bool,
    typer.Option(
        "--yes", "-y", help="Save it although it would take away more accounts than the guard allows."
    ),
]
PreviewOption = Annotated[bool, typer.Option("--preview", help="Show the effect, and save nothing.")]


def save(
    services: Services,
    application: Application,
    document: Mapping[str, Any],
    form: OutputFormat,
    *,
    yes: bool,
    only_preview: bool = False,
) -> None:
    """Show what a schema brings about, then save it.

    Leaves with exit status 4, and saves nothing, where the guard would hold the next cycle and `yes` was not said.
    """
    with effects.foresee(services, application, preview.ProposedChange(schema=document)) as found:
        held = found.made.held is not None
        saved = not only_preview and (yes or not held)
        if saved:
            applications.save_schema(services.store, application, document, by=invocation.actor())
        if form is OutputFormat.TABLE:
            effects.write(form, application, found, None)
        else:
            summary = {**effects.of_preview(application, found.made), "saved": saved}
            output.write_record(form, summary, lambda: None)
    if saved:
        output.note(
            f"Saved. {application.name!r} works like this from its next cycle on, which looks at everybody."
        )
        advise(services.store, application.id)
    elif held:
        output.note(
            "Not saved: the next cycle would take away more accounts than the guard allows."
            + (
                ""
                if only_preview
                else " Save it all the same with --yes; the guard then holds the plan for a person."
            )
        )
        raise typer.Exit(ExitStatus.HELD)
    else:
        output.note("Nothing was saved.")


def advise(store: Store, application_id: ApplicationId) -> None:
    """Say what goes together badly; it is saved all the same."""
    for sentence in applications.advice(store, application_id):
        output.note(f"Note: {sentence}")


def parsed(file: pathlib.Path) -> Mapping[str, Any]:
    """The schema document in a file. Raises `InvalidInputError` where there is none."""
    try:
        document = orjson.loads(file.read_bytes())
    except OSError as error:
        raise InvalidInputError(
            f"{file} cannot be read: {error.strerror}. The schema stays as it is."
        ) from error
    except orjson.JSONDecodeError as error:
        raise InvalidInputError(f"{file} is not JSON: {error}. The schema stays as it is.") from error
    if not isinstance(document, dict):
        raise InvalidInputError(
            f"{file} holds no JSON object, so it is no schema. The schema stays as it is."
        )
    return document
