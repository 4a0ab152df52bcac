"""Provision on demand: what was done and found out of one object, told step by step.

Source: Entra, *On-demand provisioning*: test connection (shown only where it fails), import, scoping, matching, action.
"""

from __future__ import annotations

import dataclasses
import enum
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from provisor.core import log_entry, log_steps
from provisor.core.application import Application
from provisor.core.changes import EXPLANATIONS, ChangeKind
from provisor.core.errors import ErrorCode
from provisor.core.identifiers import ObjectId, TargetId
from provisor.core.objects import DirectoryObject, ObjectType, Value
from provisor.core.plan import PlanRow, RecordedRow, RowState
from provisor.core.provisioning_log import LogRecord
from provisor.core.steps import Finding, Mark, Step, StepStatus, StepType


class Mode(enum.StrEnum):
    """Whether anything is written."""

    APPLY = "apply"
    DRY_RUN = "dryRun"


class Result(enum.StrEnum):
    """How it ended (Graph: `provisionOnDemand`, `result`)."""

    SUCCESS = "Success"
    WARNING = "Warning"
    SKIPPED = "Skipped"
    FAILURE = "Failure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The target was searched by one matching attribute; `problem` is why it gave no answer."""

    attribute: str
    value: str
    hits: tuple[TargetId, ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A linked account was read; `problem` is why that did not succeed."""

    target_id: TargetId
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why the target could not be used."""

    code: ErrorCode
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything there is to tell.

    `matching` are the matching attributes with their values, in order; `record` holds the rows of the object itself and
    `others` those of groups that it is a member of; `without_account` names chosen members that have none, and `reports`
    counts the people whose manager the next cycle writes. `refusal` is why the target could not be used: at the very
    beginning where there is no `record`, else while writing.
    """

    application: Application
    mode: Mode
    subject: DirectoryObject
    imported: Mapping[str, Value]
    began: datetime
    ended: datetime
    matching: tuple[tuple[str, str | None], ...] = ()
    asked: tuple[Search | Look, ...] = ()
    record: LogRecord | None = None
    others: tuple[RecordedRow, ...] = ()
    names: Mapping[ObjectId, str] = dataclasses.field(default_factory=dict)
    without_account: tuple[str, ...] = ()
    reports: int = 0
    refusal: Refusal | None = None

    @property
    def rows(self) -> tuple[RecordedRow, ...]:
        """Every row there is, that of the account first."""
        return () if self.record is None else (self.record.main, *self.record.following, *self.others)


_DONE = {
    ChangeKind.CREATE: "created",
    ChangeKind.UPDATE: "updated",
    ChangeKind.ENABLE: "enabled",
    ChangeKind.DISABLE: "disabled",
    ChangeKind.DELETE: "deleted",
    ChangeKind.LINK: "linked, without a change to it",
}
_OPEN = (RowState.PENDING, RowState.APPLYING)


def foreseen(row: PlanRow) -> RecordedRow:
    """A row as a dry run shows it: what needs no request has its result, everything else is still open."""
    details = row.details
    failing = row.kind is ChangeKind.FAIL
    states = {ChangeKind.FAIL: RowState.FAILED, ChangeKind.SKIP: RowState.SKIPPED}
    return RecordedRow(
        row=row,
        state=states.get(row.kind, RowState.PENDING),
        finished=None,
        duration_ms=None,
        error_code=(details.error_code or ErrorCode.INTERNAL_ERROR) if failing else None,
        error_message=details.error_message if failing else None,
        warnings=(),
    )


def result(report: Report) -> Result:
    """How it ended: the worst of the rows decides; one that was overtaken by events did not do what was asked."""
    rows = report.rows
    if report.refusal is not None or any(row.state in (RowState.FAILED, RowState.STALE) for row in rows):
        return Result.FAILURE
    if any(row.warnings for row in rows):
        return Result.WARNING
    effective = any(row.state in (RowState.DONE, *_OPEN) for row in rows)
    return Result.SUCCESS if effective else Result.SKIPPED


def steps(report: Report) -> list[Step]:
    """The steps in the order in which they were taken."""
    return list(_steps(report))


def _steps(report: Report) -> Iterator[Step]:
    record = report.record
    if record is None:
        if report.refusal is not None:
            yield _unreachable(report, report.refusal)
        return
    main = record.main
    yield _imported(report, main)
    if main.row.details.conditions is not None:
        step = log_steps.scoped(main, main.row.details.conditions)
        yield dataclasses.replace(step, findings=tuple(_conditions(step.details)))
    yield _matched(report, main)
    if not _ended_by_matching(main):
        yield _acted(report, main)
    for item in (*record.following, *report.others):
        yield _referenced(report, item)
    if report.without_account or report.reports:
        yield _left_to_others(report)


def _unreachable(report: Report, refusal: Refusal) -> Step:
    return Step(
        name="TestConnection",
        type=None,
        status=StepStatus.FAILURE,
        description=f"The connection to {report.application.name!r} does not work: {refusal.message}",
        details={"errorCode": refusal.code.value},
        taken=report.began,
    )


def _imported(report: Report, main: RecordedRow) -> Step:
    values = {name: _text(value) for name, value in sorted(report.imported.items()) if value is not None}
    return dataclasses.replace(
        log_steps.imported(main),
        details=values,
        taken=report.began,
    )


def _conditions(details: Mapping[str, str]) -> Iterator[Finding]:
    """Every condition of the scoping step, and every clause of its scoping filter."""
    for name, value in details.items():
        if name == "ScopeEvaluationResult":
            clauses = json.loads(value)
            for clause, passed in clauses.items():
                yield Finding(_mark(passed), clause)
            if not clauses:
                yield Finding(Mark.NEITHER, "no scoping filter")
        elif name == "Scoping filter evaluation passed":
            continue  # its clauses are told
        elif value in ("True", "False"):
            yield Finding(_mark(value), name)
        else:
            yield Finding(Mark.NEITHER, f"{name}: {value}")


def _mark(value: object) -> Mark:
    return Mark.YES if str(value).lower() == "true" else Mark.NO


def _matched(report: Report, main: RecordedRow) -> Step:
    found = log_steps.matched(main)
    findings = tuple(_findings(report))
    if found is not None:
        return dataclasses.replace(found, findings=findings)
    looked = next((item for item in report.asked if isinstance(item, Look)), None)
    if looked is not None:
        status, description = (
            StepStatus.SUCCESS,
            f"The object is linked to the account {looked.target_id}, which was read",
        )
    else:
        status, description = StepStatus.SKIPPED, "The application was not asked for an account"
    return Step(
        name="EntryImport",
        type=StepType.MATCHING,
        status=status,
        description=description,
        details={} if looked is None else {"targetId": looked.target_id},
        findings=findings,
    )


def _findings(report: Report) -> Iterator[Finding]:
    """What was asked, in the order of the questions, and which matching attributes were not asked for."""
    searched = {item.attribute for item in report.asked if isinstance(item, Search)}
    for item in report.asked:
        match item:
            case Look(target_id=target_id, problem=None):
                yield Finding(Mark.YES, f"linked to the account {target_id}, which was read")
            case Look(target_id=target_id, problem=problem):
                yield Finding(Mark.NO, f"linked to the account {target_id}: {problem}")
            case Search():
                yield _searched(item)
            case _:
                assert_never(item)
    if not searched:
        return
    for name, value in report.matching:
        if name not in searched:
            why = "not needed any more" if value else "has no value, so it could not be searched"
            yield Finding(Mark.NEITHER, f"{name}: {why}")


def _searched(item: Search) -> Finding:
    query = f"{item.attribute} eq {json.dumps(item.value, ensure_ascii=False)}"
    if item.problem is not None:
        return Finding(Mark.NO, f"{query}: {item.problem}")
    match item.hits:
        case ():
            return Finding(Mark.NEITHER, f"{query}: no account")
        case (one,):
            return Finding(Mark.YES, f"{query}: the account {one}")
        case several:
            return Finding(Mark.NO, f"{query}: {len(several)} accounts ({', '.join(several)})")


def _ended_by_matching(main: RecordedRow) -> bool:
    found = log_steps.matched(main)
    return found is not None and found.status is StepStatus.FAILURE


def _acted(report: Report, main: RecordedRow) -> Step:
    step = log_steps.exported(main)
    done = _DONE.get(main.row.kind)
    if done is not None and main.state in _OPEN:
        left = "is left to the next cycle" if report.refusal is not None else f"would be {done}"
        failing = report.refusal is not None
        step = dataclasses.replace(
            step,
            status=StepStatus.FAILURE if failing else StepStatus.SUCCESS,
            description=f"The account {left}: "
            + (report.refusal.message if report.refusal else EXPLANATIONS[main.row.reason]),
        )
    elif done is not None and main.state is RowState.DONE:
        step = dataclasses.replace(
            step, description=f"The account was {done}: {EXPLANATIONS[main.row.reason]}"
        )
    mark = {StepStatus.FAILURE: Mark.NO, StepStatus.SUCCESS: Mark.YES, StepStatus.WARNING: Mark.YES}
    return dataclasses.replace(
        step,
        findings=tuple(
            Finding(mark.get(step.status, Mark.NEITHER), f"{path}: {_changed(old, new)}")
            for path, old, new in _modifications(main)
        ),
        taken=main.finished or report.ended,
    )


def _modifications(item: RecordedRow) -> Iterator[tuple[str, str | None, str | None]]:
    for change in log_entry.modified_properties(item):
        yield change["displayName"] or "", change["oldValue"], change["newValue"]


def _changed(old: str | None, new: str | None) -> str:
    return _shown(new) if old is None else f"{_shown(old)} → {_shown(new)}"


def _shown(value: str | None) -> str:
    return "nothing" if value is None else value


def _referenced(report: Report, item: RecordedRow) -> Step:
    """A step for references; those of a group that the object is a member of are told by the group's name."""
    step = log_steps.referenced(item)
    if item.state in _OPEN:
        step = dataclasses.replace(
            step,
            status=StepStatus.FAILURE if report.refusal is not None else StepStatus.SUCCESS,
            description="left to the next cycle" if report.refusal is not None else "would be written",
        )
    mark = Mark.NO if step.status is StepStatus.FAILURE else Mark.YES
    signs = {ChangeKind.ADD_MEMBERS: "+ ", ChangeKind.REMOVE_MEMBERS: "- "}
    sign = signs.get(item.row.kind, f"{item.row.details.attribute}: ")
    return dataclasses.replace(
        step,
        description=f"{item.row.object_type.value} {item.row.details.name!r}: {step.description}",
        findings=tuple(
            Finding(mark, f"{sign}{report.names.get(found, found)}") for found in item.row.details.references
        ),
        taken=item.finished or report.ended,
    )


def _left_to_others(report: Report) -> Step:
    findings = [
        Finding(Mark.NEITHER, f"{name} has no account in the application, so membership waits for one")
        for name in report.without_account
    ]
    if report.reports:
        people = "person reports" if report.reports == 1 else "people report"
        findings.append(
            Finding(Mark.NEITHER, f"{report.reports} {people} here; the next cycle writes their manager")
        )
    kind = "members and reports" if report.subject.object_type is ObjectType.GROUP else "reports"
    return Step(
        name="EntryReferenceResolution",
        type=StepType.REFERENCE_RESOLUTION,
        status=StepStatus.SKIPPED,
        description=f"What concerns other objects ({kind}) is left to later",
        findings=tuple(findings),
        taken=report.ended,
    )


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return str(value)
    return "; ".join(value) if isinstance(value, tuple) else str(value)
