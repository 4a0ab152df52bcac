"""A night's export of the personnel system that lost departments: what the guard makes of it, and how it ends."""

from __future__ import annotations

import asyncio
import dataclasses
from collections import Counter

from provisor.core import errors, plan
from provisor.core.application import Application
from provisor.core.changes import ChangeKind
from provisor.core.job import Retries
from provisor.demo import preparation, telling
from provisor.demo.company import Company
from provisor.demo.presentation import Stage
from provisor.demo.scene import Scene
from provisor.engine import cycle

_LOST_AT_LEAST = 25
"""People whose rows are missing: enough to pass the guard's limits, of 10 accounts and of 10 percent."""

_LOST_SHARE = 0.2


def happen(scene: Scene, stage: Stage, application: Application, employer: Company) -> None:
    """Tell of the import, the plan that is held, and the complete import that lets it close by itself.

    A company too small to lose so many people is spared.
    """
    broken, lost = _without_some_departments(employer)
    if len(broken.people) < _LOST_AT_LEAST:
        return
    stage.step(
        "A mishap",
        "The personnel system's export breaks off: whole departments are missing from the files. The import is well "
        "formed, so it is taken, and the scheduled cycle runs.",
    )
    broken.write(scene.csv_folder)
    summary = preparation.import_files(scene)
    stage.result(f"directory: {summary.soft_deleted:,} people soft-deleted ({', '.join(lost)})")
    _tell_held(scene, stage, _run(scene, application))
    stage.say("The administrator sees why, has the export repaired, and imports the complete files.")
    employer.write(scene.csv_folder)
    restored = preparation.import_files(scene).restored
    _tell_closed(scene, stage, application, restored)


def _without_some_departments(employer: Company) -> tuple[Company, list[str]]:
    """The company without its largest departments, and their names."""
    wanted = max(_LOST_AT_LEAST, round(len(employer.people) * _LOST_SHARE))
    sizes = Counter(person.department for person in employer.people if person.department)
    lost: list[str] = []
    for department, _ in sizes.most_common():
        if sum(sizes[name] for name in lost) >= wanted:
            break
        lost.append(department)
    gone = {person.id for person in employer.people if person.department in lost}
    broken = dataclasses.replace(
        employer,
        people=tuple(person for person in employer.people if person.id not in gone),
        memberships=tuple(item for item in employer.memberships if item.member not in gone),
    )
    return broken, lost


def _run(scene: Scene, application: Application) -> cycle.CycleOutcome:
    return asyncio.run(
        cycle.run(
            scene.services,
            application.id,
            origin=plan.Origin.SCHEDULE,
            retries=Retries.DUE,
            progress=lambda *_: None,
        )
    )


def _tell_held(scene: Scene, stage: Stage, outcome: cycle.CycleOutcome) -> None:
    if not isinstance(outcome, cycle.Held):
        raise errors.ProvisorError("The guard let a mishap pass; please report this.")
    with scene.services.store.read() as unit:
        stage.table(
            (" Objects", "Held", "Reason"), telling.counts_in(unit, outcome.plan.id, plan.RowState.HELD)
        )
        disabled = telling.number_done(unit, outcome.plan.id, ChangeKind.DISABLE)
    stage.say(f"Held: {outcome.plan.hold_reason}")
    stage.result(f"{disabled:,} accounts disabled; whatever else a cycle finds to do goes on meanwhile")


def _tell_closed(scene: Scene, stage: Stage, application: Application, restored: int) -> None:
    outcome = _run(scene, application)
    with scene.services.store.read() as unit:
        held = unit.jobs.get(application.id, application.settings.interval_seconds).held_plan
    if held is not None or isinstance(outcome, cycle.Held):
        raise errors.ProvisorError("The held plan did not close; please report this.")
    stage.result(
        f"directory: {restored:,} people restored; the held plan closed by itself, nobody noticed anything"
    )
