"""The administrator asks about two people: why one is not in RingCentral, and why another is."""

from __future__ import annotations

from collections.abc import Iterator

from provisor.cli.marks import MARKS
from provisor.core import explanation
from provisor.core.application import Application
from provisor.core.changes import ChangeKind, Reason
from provisor.core.explanation import Explanation
from provisor.core.objects import DirectoryObject
from provisor.core.plan import Plan
from provisor.demo.presentation import Stage
from provisor.demo.scene import Scene
from provisor.engine import explaining

_LOOKED_THROUGH = 1000


def ask(scene: Scene, stage: Stage, application: Application, initial: Plan) -> None:
    """Tell why somebody with Default Access only is out, and why somebody with an account is in."""
    stage.step(
        "Ask why",
        "“Why has this colleague no account?” The administrator asks; RingCentral is not needed for the answer, nor is "
        "a log: it is worked out from how things stand now, with the smallest change that would alter it.",
    )
    for subject in _people(scene, initial):
        told = explanation.explain(explaining.standing(scene.services, application, subject))
        _tell(stage, told)


def _people(scene: Scene, initial: Plan) -> Iterator[DirectoryObject]:
    with scene.services.store.read() as unit:
        rows = [item.row for item in unit.plans.rows(initial.id, limit=_LOOKED_THROUGH)]
        wanted = (
            next((row for row in rows if row.reason is Reason.NOT_EFFECTIVELY_ENTITLED), None),
            next((row for row in rows if row.kind is ChangeKind.CREATE), None),
        )
        found = unit.directory.many([row.object_id for row in wanted if row is not None])
        people = {item.id: item for item in found}
    yield from (people[row.object_id] for row in wanted if row is not None)


def _tell(stage: Stage, told: Explanation) -> None:
    stage.entry("why", told.sentence, [(MARKS[item.mark], item.text) for item in told.conditions])
    for change in told.changes:
        stage.say(f"→ {change}")
