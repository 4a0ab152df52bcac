"""The demonstration on a stage of its own: played, proved, and kept open to be tried."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pathlib
import shlex
import shutil
import sys
import traceback

from provisor import bootstrap
from provisor.cli.exit_status import ExitStatus
from provisor.core import errors
from provisor.demo import preparation, story
from provisor.demo.presentation import Stage
from provisor.demo.scene import Choices, Limits, Scene, opened
from provisor.demo.verification import Verification
from provisor.engine import commands
from provisor.portal import serving
from provisor.runner import service


def play(*, people: int, throttled: bool, folder: pathlib.Path, once: bool) -> ExitStatus:
    """How it ended; everything there is to say was said on standard output."""
    stage = Stage(sys.stdout)
    choices = Choices(people=people, limits=Limits.IN_FORCE if throttled else Limits.LIFTED, folder=folder)
    try:
        status = _perform(stage, choices, once=once)
    except errors.ProvisorError as error:
        stage.trouble(str(error))
        status = ExitStatus.FAILED
    except OSError as error:
        stage.trouble(f"The demonstration could not go on: {error}")
        status = ExitStatus.FAILED
    except KeyboardInterrupt:
        stage.trouble("Stopped before the end.")
        status = ExitStatus.INTERRUPTED
    except Exception:  # noqa: BLE001 - a fault of ours; its traceback goes into a file, for those who mend it
        fault = choices.folder / "fault.txt"
        fault.write_text(traceback.format_exc(), encoding="utf-8")
        stage.trouble(f"A fault in Provisor itself ended the demonstration; please report it with {fault}.")
        status = ExitStatus.FAILED
    return status


def exit_status(verdict: Verification) -> ExitStatus:
    """Done where the target equals the directory, failed where anything differs."""
    return ExitStatus.FAILED if verdict.differences else ExitStatus.DONE


def _perform(stage: Stage, choices: Choices, *, once: bool) -> ExitStatus:
    stage.open(
        "Provisor: from a directory to RingCentral, planned before it is applied",
        f"{choices.people:,} people, 60 groups, one machine, nothing bought.",
    )
    with opened(choices) as scene:
        status = exit_status(story.verify(scene, stage, story.provision(scene, stage)))
        if not once:
            _stay(scene, stage)
    return status


def _stay(scene: Scene, stage: Stage) -> None:
    """Keep both ends running until the process is told to end, with the portal beside them."""
    office, entrance = bootstrap.portal_office(scene.store)
    with serving.serving(office, entrance, host="127.0.0.1", port=0) as address:
        _invite(scene, stage, portal=f"{address}/welcome/{entrance.invite()}")
        with contextlib.suppress(KeyboardInterrupt):
            stage.say("Ctrl-C ends both.")
            asyncio.run(service.serve(scene.services))
    stage.result("Both ended.")


def _invite(scene: Scene, stage: Stage, *, portal: str) -> None:
    """Say where everything is, and what to try."""
    with scene.services.store.read() as unit:
        application = unit.applications.find(preparation.APPLICATION)
    if application is not None:
        commands.start(scene.services.store, application.id)
    stage.step(
        "Try it yourself",
        "The job is started and both ends stay up: whatever changes in the directory reaches RingCentral by itself.",
    )
    stage.say("The portal, and RingCentral's console; each link makes you its administrator, once:")
    stage.commands([portal, scene.console_link()])
    stage.facts(
        [
            ("RingCentral", scene.provider.base_url),
            ("Provisor", "watches the directory and runs a cycle as soon as something changes"),
            ("Database", f"{scene.choices.folder}/provisor.db"),
            ("Company", f"{scene.csv_folder}/users.csv, to be edited and imported"),
        ]
    )
    stage.say("In another terminal, in this folder:")
    command, csv = _command(), shlex.quote(str(scene.csv_folder))
    stage.commands(
        [
            f"export PROVISOR_DATABASE_URL={shlex.quote(scene.database_url)}",
            f"{command} directory import {csv} --source {preparation.SOURCE} --full",
            f"{command} log {preparation.APPLICATION}",
            f"{command} job status {preparation.APPLICATION}",
        ]
    )


def _command() -> str:
    """How this program is called from the working folder."""
    called = pathlib.Path(sys.argv[0])
    if called.name != "provisor" or shutil.which("provisor"):
        return "provisor"
    return os.path.relpath(called)
