"""The main job as a story: from a directory to RingCentral, planned before it is applied, and proved at the end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from provisor.core import errors, plan
from provisor.core.application import Application
from provisor.core.changes import ChangeKind
from provisor.core.job import Retries
from provisor.core.provisioning_log import LogQuery
from provisor.demo import asking, company, company_day, mishap, preparation, reading, telling, verification
from provisor.demo.presentation import Stage, Watcher
from provisor.demo.scene import READS_PER_MINUTE, Limits, Scene
from provisor.engine import cycle

_GROUPS = 60
_COMPANY_SEED = 1
_DAY_SEED = 7
_DIFFERENCES_TOLD = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the story did, as far as its proof needs it: who was assigned, and the directory before and after."""

    grants: tuple[preparation.Grant, ...]
    morning: verification.Files
    evening: verification.Files


def provision(scene: Scene, stage: Stage) -> Told:
    """Tell everything up to the proof. Raises `ProvisorError` where something cannot be done."""
    preparation.introduce_ringcentral(scene, stage)
    employer = company.generate(scene.choices.people, _GROUPS, _COMPANY_SEED)
    preparation.load(scene, stage, employer)
    application = preparation.add_application(scene, stage)
    grants = preparation.assign(scene, stage, application, employer)
    application = preparation.connect(scene, stage, application)
    made = _plan(scene, stage, application)
    _initial_cycle(scene, stage, application, made)
    morning = verification.read_files(scene.csv_folder)
    evening = _let_a_day_pass(scene, stage, employer)
    incremental = _incremental_cycle(scene, stage, application)
    _explain(scene, stage, application, incremental)
    mishap.happen(scene, stage, application, evening)
    asking.ask(scene, stage, application, made)
    return Told(grants=grants, morning=morning, evening=verification.read_files(scene.csv_folder))


def verify(scene: Scene, stage: Stage, told: Told) -> verification.Verification:
    """Read every account and hold it against the directory; tell the finding, with every difference."""
    stage.step(
        "Prove it",
        "Nobody has to believe Provisor: a client of its own, with a token of its own, reads every account from "
        "RingCentral. What should be there is worked out a second time, from the company's files and the assigned "
        "groups alone.",
    )
    in_force = scene.choices.limits is Limits.IN_FORCE
    with stage.watch("accounts read") as watcher:
        found = reading.every_account(
            scene.provider.base_url,
            scene.audit_token,
            spacing=60 / READS_PER_MINUTE * 1.01 if in_force else 0,
            progress=watcher,
        )
    groups = [grant.group for grant in told.grants if grant.role is not None]
    verdict = verification.compare(verification.expected(told.morning, told.evening, groups), found)
    for difference in verdict.differences[:_DIFFERENCES_TOLD]:
        stage.trouble(difference)
    if (more := len(verdict.differences) - _DIFFERENCES_TOLD) > 0:
        stage.say(f"… and {more:,} more differences")
    (stage.trouble if verdict.differences else stage.result)(verdict.sentence)
    return verdict


def _plan(scene: Scene, stage: Stage, application: Application) -> plan.Plan:
    stage.step(
        "Plan",
        "Before anything is written, the administrator looks at what would be: every change of every object, with "
        "its reason. Nothing has reached RingCentral yet.",
    )
    made = _make_plan(scene, stage, application)
    with scene.services.store.read() as unit:
        stage.table((" Objects", "Change", "Reason"), telling.counts(unit, made.id))
        rows = [telling.example(item) for item in telling.examples(unit, made.id, 2)]
    stage.table(("For example", "Who", "Reason"), rows)
    return made


def _make_plan(scene: Scene, stage: Stage, application: Application) -> plan.Plan:
    """A plan that may be applied. Raises `ProvisorError` where there is none."""
    with stage.watch("objects considered") as watcher:
        made = asyncio.run(
            cycle.make_plan(
                scene.services,
                application.id,
                retries=Retries.ALL,
                progress=lambda _what, done, total: watcher(done, total),
            )
        )
    if made is None:
        raise errors.ProvisorError(
            "Nothing is to be done in RingCentral; take a larger company with --users."
        )
    if made.state is plan.PlanState.HELD:
        raise errors.ProvisorError(f"The plan is held for a person: {made.hold_reason}")
    return made


def _apply(scene: Scene, application: Application, made: plan.Plan, watcher: Watcher) -> cycle.Applied:
    outcome = asyncio.run(
        cycle.apply_plan(
            scene.services,
            application.id,
            made,
            progress=lambda _what, done, total: watcher(done, total),
        )
    )
    if not isinstance(outcome, cycle.Applied):
        raise errors.ProvisorError("The cycle did not come to its end.")
    return outcome


def _initial_cycle(scene: Scene, stage: Stage, application: Application, made: plan.Plan) -> None:
    stage.step("Initial cycle", "The administrator applies the plan: exactly these changes, and no others.")
    with stage.watch("plan rows done") as watcher:
        outcome = _apply(scene, application, made, watcher)
    _tell_outcome(scene, stage, outcome)


def _tell_outcome(scene: Scene, stage: Stage, outcome: cycle.Applied) -> None:
    applied = outcome.plan
    seconds = (applied.ended - applied.began).total_seconds() if applied.ended and applied.began else 0.0
    with scene.services.store.read() as unit:
        done = [
            f"{count:,} {words}"
            for kind, words in (
                (ChangeKind.CREATE, "accounts created"),
                (ChangeKind.UPDATE, "updated"),
                (ChangeKind.ENABLE, "enabled"),
                (ChangeKind.DISABLE, "disabled"),
            )
            if (count := telling.number_done(unit, applied.id, kind))
        ]
        failures = unit.log(applied.application_id).entries(
            LogQuery(states=(plan.RowState.FAILED,), plan_id=applied.id), limit=3
        )
    for entry in failures:
        stage.trouble(f"{entry.main.row.details.name}: {entry.main.error_message}")
    tell = stage.trouble if outcome.failures else stage.result
    tell(f"{', '.join(done)} in {seconds:.1f} s, {outcome.failures:,} failed")


def _let_a_day_pass(scene: Scene, stage: Stage, employer: company.Company) -> company.Company:
    stage.step(
        "A day passes in the company",
        "People join, move and leave; the administrator imports the evening's files.",
    )
    later, day = company_day.next_day(employer, _DAY_SEED)
    told = (
        ("join", day.joiners),
        ("move", day.movers),
        ("leave", day.leavers),
        ("are disabled", day.disabled),
        ("are enabled", day.enabled),
        ("take another name", day.renamed),
        ("changes of groups", day.group_changes),
    )
    rows = [(f"{len(stories):,}", what, stories[-1].story) for what, stories in told if stories]
    stage.table((" Events", "What", "For example"), rows)
    later.write(scene.csv_folder)
    summary = preparation.import_files(scene)
    stage.result(
        f"directory: {summary.created:,} objects created, {summary.updated:,} updated, "
        f"{summary.soft_deleted:,} soft-deleted, {summary.memberships_added + summary.memberships_ended:,} "
        "memberships changed"
    )
    return later


def _incremental_cycle(scene: Scene, stage: Stage, application: Application) -> plan.Plan:
    stage.step(
        "Incremental cycle",
        "Only who changed since the last cycle is looked at. The administrator plans again, and applies.",
    )
    made = _make_plan(scene, stage, application)
    with scene.services.store.read() as unit:
        stage.table((" Objects", "Change", "Reason"), telling.counts(unit, made.id))
    with stage.watch("plan rows done") as watcher:
        outcome = _apply(scene, application, made, watcher)
    _tell_outcome(scene, stage, outcome)
    return outcome.plan


def _explain(scene: Scene, stage: Stage, application: Application, incremental: plan.Plan) -> None:
    stage.step(
        "What changed, and why",
        "The administrator reads the provisioning log: one entry for each object, with old and new values.",
    )
    wanted = (
        (ChangeKind.CREATE, 1),
        (ChangeKind.UPDATE, 3),
        (ChangeKind.ENABLE, 1),
        (ChangeKind.DISABLE, 3),
        (ChangeKind.SKIP, 1),
    )
    for kind, number in wanted:
        with scene.services.store.read() as unit:
            query = LogQuery(kinds=(kind,), plan_id=incremental.id)
            entries = unit.log(application.id).entries(query, limit=100)
        for entry in telling.varied([item.main for item in entries], number):
            _, who, why = telling.example(entry)
            stage.entry(kind.value, f"{who}: {why}", telling.modified(entry, 4))
