"""Why a person or group is, or is not, in an application, and the smallest change that would alter it.

Pure: everything it says follows from a `Standing`, which is read from the store; the target is not asked.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from provisor.core import deciding, explanation_advice, log_entry
from provisor.core.application import Application, ProvisioningScope
from provisor.core.changes import EXPLANATIONS, Create, Decision, Delete, Fail, Reason, Skip
from provisor.core.escrow import Escrow
from provisor.core.explanation_advice import FilterGroup, Way
from provisor.core.identifiers import PlanId
from provisor.core.links import LinkOrigin, LinkState, ListedLink
from provisor.core.objects import Lifecycle, ObjectType
from provisor.core.plan import RowState
from provisor.core.provisioning_log import LogRecord
from provisor.core.scoping import InScope, OutOfScope, OutOfScopeReason, Undecided
from provisor.core.steps import Finding, Mark


class Answer(enum.StrEnum):
    """How an object stands with an application."""

    IN = "in"
    """In scope, with an account that is in use."""
    COMING = "coming"
    """In scope, and its account is still to be made or enabled, or something keeps it from being so."""
    DISABLED = "disabled"
    """Out of scope, with an account that was disabled."""
    REMAINING = "remaining"
    """Out of scope, with an account that is still in use."""
    OUT = "out"
    """Out of scope, without an account that we know of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why the job does not run cycles now, in words, and what lets it."""

    told: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Everything known of one object and one application.

    `ways` are all ways in which it holds a role, `filters` the groups of the scoping filter with the clauses that fail,
    `nested` the ways it would have if roles reached through nested groups. `held` is the plan that holds a change of it,
    `awaited` whether the next cycle looks at it, `newest` its latest log entry. `case` is None where the application
    provisions no objects of this type.
    """

    application: Application
    case: deciding.Case | None
    subject_name: str
    kind: ObjectType
    source: str
    lifecycle: Lifecycle
    enabled: bool
    ways: tuple[Way, ...] = ()
    nested: tuple[Way, ...] = ()
    assigned_groups: tuple[str, ...] = ()
    filters: tuple[FilterGroup, ...] = ()
    link: ListedLink | None = None
    escrow: Escrow | None = None
    held: PlanId | None = None
    awaited: bool = False
    newest: LogRecord | None = None
    obstacle: Obstacle | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The answer in a sentence, every condition in order, further facts, and what would alter it.

    Any one of `changes` is enough. `first_failing` is the condition that decides, if one fails.
    """

    answer: Answer
    sentence: str
    conditions: tuple[Finding, ...]
    first_failing: str | None
    facts: tuple[str, ...]
    changes: tuple[str, ...]


def explain(standing: Standing) -> Explanation:
    """Why the object is, or is not, in the application."""
    conditions = tuple(_conditions(standing))
    failing = next((item.text for item in conditions if item.mark is Mark.NO), None)
    answer = _answer(standing)
    reason, changes = _reasoned(standing, answer)
    return Explanation(
        answer=answer,
        sentence=f"{standing.subject_name} {_HEADLINES[answer]} {standing.application.name}: {reason}.",
        conditions=conditions,
        first_failing=failing,
        facts=tuple(_facts(standing)),
        changes=changes,
    )


_HEADLINES = {
    Answer.IN: "is in",
    Answer.COMING: "belongs into",
    Answer.DISABLED: "is not in",
    Answer.REMAINING: "still has an account in use in",
    Answer.OUT: "is not in",
}


def _answer(standing: Standing) -> Answer:
    link = standing.link.link if standing.link else None
    if standing.case is not None and isinstance(standing.case.verdict, InScope):
        return Answer.IN if link is not None and link.state is LinkState.ACTIVE else Answer.COMING
    if link is None:
        return Answer.OUT
    return Answer.DISABLED if link.state is LinkState.DISABLED else Answer.REMAINING


# -- conditions ------------------------------------------------------------


def _conditions(standing: Standing) -> Iterator[Finding]:
    """Each condition in the order in which they are judged."""
    yield _finding(standing.case is not None, f"The application provisions {standing.kind} objects")
    yield _finding(standing.lifecycle is Lifecycle.ACTIVE, "Not deleted in the directory")
    yield _finding(standing.enabled, "Enabled in the directory")
    everybody = standing.application.settings.scope is ProvisioningScope.ALL
    if everybody:
        yield Finding(Mark.YES, "Everybody is in scope (scope=all), assigned or not")
    else:
        yield _finding(bool(standing.ways), "Assigned to the application")
        yield _finding(any(way.provisions for way in standing.ways), "With a role that provisions")
    for way in standing.ways:
        yield Finding(Mark.NEITHER, f"holds {way.told}")
    if not standing.filters:
        yield Finding(Mark.NEITHER, "No scoping filter")
    for group in standing.filters:
        for clause in group.clauses:
            yield _finding(clause.passed, f"Scoping filter {group.name}: {clause.label}")


def _finding(passed: object, text: str) -> Finding:
    return Finding(Mark.YES if passed else Mark.NO, text)


# -- the answer and what would alter it --------------------------------------


def _reasoned(standing: Standing, answer: Answer) -> tuple[str, tuple[str, ...]]:
    match answer:
        case Answer.IN:
            return _why_in(standing), explanation_advice.to_take_out(
                standing.subject_name, standing.kind, standing.ways, standing.filters, _scope(standing)
            )
        case Answer.COMING:
            return _why_not_yet(standing)
        case Answer.DISABLED:
            return _why_disabled(standing), _to_admit(standing)
        case Answer.REMAINING:
            return _why_still_there(standing), _to_admit(standing)
        case Answer.OUT:
            return _why_out(standing), _to_admit(standing)
        case _:
            assert_never(answer)


def _why_in(standing: Standing) -> str:
    reasons = [f"holds {way.told}" for way in standing.ways if way.provisions]
    if not reasons:
        return "everybody is in scope (scope=all)"
    return " and ".join(reasons)


def _why_not_yet(standing: Standing) -> tuple[str, tuple[str, ...]]:
    """In scope and yet without an account in use: what stands in the way."""
    if standing.escrow is not None:
        return _failed(standing.escrow), (f"mend the cause: {standing.escrow.message}",)
    decision = _decision(standing)
    if isinstance(decision, Fail | Skip):
        return _prevented(decision)
    if standing.held is not None:
        return f"the change waits for a person in the plan {standing.held}", (
            f"allow it with `provisor job apply --plan {standing.held}`",
        )
    if standing.obstacle is not None:
        return f"nothing is done now: {standing.obstacle.told}", (standing.obstacle.remedy,)
    verb = "made or found" if isinstance(decision, Create) else "enabled again"
    return f"the account is {verb} by the next cycle", (
        "wait for the next cycle, or `provisor job on-demand` now",
    )


def _prevented(decision: Fail | Skip) -> tuple[str, tuple[str, ...]]:
    match decision:
        case Fail(_, message, _):
            return f"the account cannot be made: {message}", (message,)
        case Skip(Reason.CREATE_IS_OFF | Reason.UPDATE_IS_OFF as reason):
            action = "Create" if reason is Reason.CREATE_IS_OFF else "Update"
            return EXPLANATIONS[reason], (
                f"switch the target object action {action} on in the object mapping",
            )
        case Skip(reason):
            return EXPLANATIONS[reason], ()


def _why_disabled(standing: Standing) -> str:
    assert standing.link is not None  # noqa: S101 - the answer says so
    link = standing.link.link
    because = EXPLANATIONS[Reason(link.disabled_because)] if link.disabled_because else "a person said so"
    told = f"the account {link.target_id} was disabled because: {because}"
    now = _why_out(standing)
    if now != because:
        told += f"; now: {now}"
    if link.delete_due is not None:
        told += f"; the account is deleted on {_date(link.delete_due)}"
    return told


def _why_still_there(standing: Standing) -> str:
    out = _why_out(standing)
    decision = _decision(standing)
    match decision:
        case Skip(reason):
            return f"{out}, but {EXPLANATIONS[reason]}"
        case Fail(_, message, _):
            return f"{out}, but the account cannot be disabled: {message}"
        case _:
            pass
    if standing.escrow is not None:
        return f"{out}, but {_failed(standing.escrow)}"
    if standing.held is not None:
        return f"{out}, but the guard holds the change in the plan {standing.held} until a person decides"
    if standing.obstacle is not None:
        return f"{out}, but {standing.obstacle.told}"
    verb = "deleted" if isinstance(decision, Delete) else "disabled"
    return f"{out}, and the account is {verb} by the next cycle"


def _why_out(standing: Standing) -> str:
    """Goes on after the object's name."""
    if standing.case is None:
        return f"cannot be there, for the object mapping of {standing.kind} objects is switched off"
    match standing.case.verdict:
        case InScope():
            return "belongs into it"
        case OutOfScope(reason, _):
            told = EXPLANATIONS[Reason(reason)]
            failing = explanation_advice.failing(standing.filters)
            filtered = reason in (OutOfScopeReason.FILTERED_OUT, OutOfScopeReason.DROPPED_EARLY)
            return f"{told} ({failing})" if filtered and failing else told
        case Undecided(message, _):
            return f"cannot be judged: {message}"


def _decision(standing: Standing) -> Decision | None:
    """What a cycle would decide without asking the target; for whoever has no link: as if no account matched."""
    case = standing.case
    if case is None:
        return None
    step = deciding.consider(case)
    match step:
        case deciding.AskMatch():
            return deciding.after_match(case, deciding.Unmatched())
        case deciding.AskRead():
            return None
        case _:
            return step


def _to_admit(standing: Standing) -> tuple[str, ...]:
    """What would bring the object in: everything that fails must be mended, each in the cheapest way."""
    steps: list[tuple[str, ...]] = []
    name = standing.subject_name
    if standing.case is None:
        steps.append((f"switch the object mapping for {standing.kind} objects on",))
    if standing.lifecycle is Lifecycle.HARD_DELETED:
        steps.append((f"create {name} again in the source {standing.source!r}",))
    elif standing.lifecycle is Lifecycle.SOFT_DELETED:
        steps.append((f"restore {name}: have the source {standing.source!r} deliver them again",))
    if not standing.enabled:
        steps.append((f"enable {name} in the source {standing.source!r} (accountEnabled = true)",))
    if _scope(standing) is ProvisioningScope.ASSIGNED and not any(way.provisions for way in standing.ways):
        steps.append(
            explanation_advice.to_entitle(
                standing.application, name, standing.ways, standing.nested, standing.assigned_groups
            )
        )
    filter_change = explanation_advice.to_pass(standing.filters)
    if filter_change is not None:
        steps.append((filter_change,))
    return explanation_advice.combined(steps)


def _scope(standing: Standing) -> ProvisioningScope:
    return standing.application.settings.scope


# -- facts -------------------------------------------------------------------


def _facts(standing: Standing) -> Iterator[str]:
    if standing.link is not None:
        link = standing.link.link
        yield f"account {link.target_id}, {_ORIGINS[link.origin]}, linked since {_date(standing.link.since)}"
        if link.delete_due is not None:
            yield f"the account is to be deleted on {_date(link.delete_due)}"
    if standing.newest is not None:
        yield _told(standing.newest)
    if standing.escrow is not None:
        yield _failed(standing.escrow)
    if standing.held is not None:
        yield f"a change is held in the plan {standing.held}"
    if standing.obstacle is not None:
        yield standing.obstacle.told
    if standing.awaited:
        yield "something changed since the last cycle, so the next one looks here"


_ORIGINS = {
    LinkOrigin.CREATED: "made by Provisor",
    LinkOrigin.MATCHED: "found there by a matching attribute",
    LinkOrigin.ADOPTED: "found there when it was to be made",
    LinkOrigin.BY_HAND: "linked by hand",
}


def _told(record: LogRecord) -> str:
    main = record.main
    when = _date(main.finished) if main.finished else "not finished"
    outcome = main.error_message or log_entry.reason(record)
    failed = " failed" if main.state is RowState.FAILED else ""
    return f"latest log entry: {when}, {log_entry.action(record).value}{failed}, {outcome}"


def _failed(escrow: Escrow) -> str:
    """Goes on after a name and a colon."""
    attempts = f"{escrow.failures} failed"
    following = (
        "no more are made"
        if escrow.given_up is not None
        else f"the next attempt is due {_date(escrow.next_attempt)}"
    )
    return f"the last attempt failed ({attempts} in a row: {escrow.code.value}: {escrow.message}), and {following}"


def _date(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")
