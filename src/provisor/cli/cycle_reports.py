"""What became of a cycle, for a person and for scripts; and what a held plan waits for."""

from __future__ import annotations

import collections
import shlex
from collections.abc import Mapping
from typing import Any, assert_never

import typer

from provisor.cli import output, plan_documents
from provisor.cli.exit_status import ExitStatus
from provisor.cli.output import OutputFormat, columns
from provisor.core import plan
from provisor.core.application import Application
from provisor.core.changes import ChangeKind
from provisor.core.errors import NotFoundError
from provisor.engine import cycle


def finish(
    services: cycle.Services, application: Application, outcome: cycle.CycleOutcome, form: OutputFormat
) -> None:
    """Print what became of a cycle, and leave with its exit status."""
    made = None if isinstance(outcome, cycle.NothingToDo) else outcome.plan
    applied = _applied(outcome)
    failures = 0 if applied is None else applied.failures
    document = {
        "result": _result(outcome),
        "applicationId": application.id,
        "application": application.name,
        "failures": failures,
        "plan": current(services, made),
        "applied": _of_applied(services, applied),
    }
    output.write_record(form, document, lambda: _print_outcome(services, application, outcome))
    if failures:
        output.note(
            f"{failures} objects failed: `provisor log {quoted(application.name)} --status failure` tells why."
        )
    match outcome:
        case cycle.NothingToDo():
            return
        case cycle.Held(held):
            tell_held(application, held)
            raise typer.Exit(ExitStatus.HELD)
        case cycle.Paused():
            output.note("The job was paused before the end; `provisor job start` lets it go on.")
            raise typer.Exit(ExitStatus.FAILED)
        case cycle.Applied(failures=0):
            return
        case cycle.Applied():
            raise typer.Exit(ExitStatus.DONE_WITH_FAILURES)
        case _:
            assert_never(outcome)


def _applied(outcome: cycle.CycleOutcome) -> cycle.Applied | None:
    match outcome:
        case cycle.Applied():
            return outcome
        case cycle.Held(_, applied):
            return applied
        case _:
            return None


def _of_applied(services: cycle.Services, applied: cycle.Applied | None) -> dict[str, Any] | None:
    """What a cycle has done, beside what it holds: the rows of its plan that are done, by kind."""
    if applied is None:
        return None
    with services.store.read() as unit:
        totals = unit.plans.totals(applied.plan.id)
    done: collections.Counter[str] = collections.Counter()
    for _, kind, _, state, count in totals:
        if state is plan.RowState.DONE:
            done[kind.value] += count
    return {
        "planId": applied.plan.id,
        "done": done.total(),
        "failed": applied.failures,
        "counts": {kind.value: done[kind.value] for kind in ChangeKind},
    }


def _result(outcome: cycle.CycleOutcome) -> str:
    match outcome:
        case cycle.NothingToDo():
            return "nothingToDo"
        case cycle.Held():
            return "held"
        case cycle.Applied():
            return "applied"
        case cycle.Paused():
            return "paused"
        case _:
            assert_never(outcome)


def current(services: cycle.Services, made: plan.Plan | None) -> dict[str, Any] | None:
    """A plan with the states its rows have now."""
    if made is None:
        return None
    with services.store.read() as unit:
        return plan_documents.of_plan(unit, unit.plans.get(made.id) or made)


def stored(services: cycle.Services, application: Application, plan_id: str) -> plan.Plan:
    """A plan of the application by its id. Raises `NotFoundError`."""
    with services.store.read() as unit:
        found = unit.plans.get(plan_id.strip().lower())
    if found is None or found.application_id != application.id:
        raise NotFoundError(
            f"{application.name!r} has no plan {plan_id!r}; `provisor job plans {quoted(application.name)}` lists its "
            "plans."
        )
    return found


def _print_outcome(services: cycle.Services, application: Application, outcome: cycle.CycleOutcome) -> None:
    if isinstance(outcome, cycle.NothingToDo):
        output.print_line(f"Nothing to do: nothing that concerns {application.name!r} has changed.")
        return
    applied = _applied(outcome)
    told = (
        [outcome.plan]
        if applied is None or applied.plan.id == outcome.plan.id
        else [applied.plan, outcome.plan]
    )
    for made in told:
        document = current(services, made)
        if document is not None:
            print_summary(document)


def print_summary(document: Mapping[str, Any]) -> None:
    """A plan without its rows, for a person."""
    guard = document["guard"]
    verdict = guard["reason"] or f"passes: {guard['disables']} disabled, {guard['deletes']} deleted"
    output.write_facts(
        [
            ("Plan", document["id"]),
            ("State", document["state"]),
            ("Cycle", document["kind"]),
            ("Guard", verdict),
            ("Changes", nonzero(document["counts"])),
        ]
    )
    output.write_table(
        columns(
            ("objectType", "Object"),
            ("kind", "Change"),
            ("reason", "Reason"),
            ("state", "State"),
            ("count", "Rows"),
        ),
        document["totals"],
    )


def nonzero(counts: Mapping[str, int]) -> dict[str, int]:
    """The counts that are worth telling."""
    return {name: count for name, count in counts.items() if count}


def tell_held(application: Application, held: plan.Plan) -> None:
    """What is held, why, and what a person can do."""
    name = quoted(application.name)
    chosen = f"{name} --plan {held.id}"
    output.note(
        f"Held: {held.hold_reason} Look at them with `provisor job plan {chosen}`; allow them with `provisor job apply "
        f"{chosen}`, or drop them with `provisor job drop {chosen}`. Both take --object, --kind and --reason for a part."
    )


def quoted(name: str) -> str:
    """A name as it can be typed into a shell."""
    return shlex.quote(name)
