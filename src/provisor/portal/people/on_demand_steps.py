"""Provision on demand told step by step in the visitor's language, from the report's own facts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from provisor.core import on_demand
from provisor.core.changes import ChangeKind
from provisor.core.on_demand import Look, Report, Result, Search
from provisor.core.plan import RecordedRow, RowState
from provisor.core.provisioning_log import LogRecord
from provisor.core.steps import Mark, Step, StepStatus, StepType
from provisor.look.catalogues import mark as _
from provisor.look.visit import Visit
from provisor.portal import modifications, reasons
from provisor.portal.logs import steps
from provisor.portal.modifications import Modification

RESULTS: Mapping[Result, tuple[str, str]] = {
    Result.SUCCESS: ("success", _("Success")),
    Result.WARNING: ("warning", _("Warning")),
    Result.SKIPPED: ("", _("Skipped")),
    Result.FAILURE: ("danger", _("Failure")),
}
"""Tone and words of how it ended."""

FORESEEN: Mapping[ChangeKind, str] = {
    ChangeKind.CREATE: _("The account would be created."),
    ChangeKind.UPDATE: _("The account would be updated."),
    ChangeKind.ENABLE: _("The account would be enabled."),
    ChangeKind.DISABLE: _("The account would be disabled."),
    ChangeKind.DELETE: _("The account would be deleted."),
    ChangeKind.LINK: _("The account would be linked, without a change to it."),
    ChangeKind.UNLINK: _("The link would be ended; the account stays."),
}
_OPEN = (RowState.PENDING, RowState.APPLYING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A step as the page shows it; `quoted` is what somebody else said, in its own language."""

    title: str
    status: StepStatus
    sentence: str
    quoted: str = ""
    recommendation: str = ""
    findings: Sequence[tuple[Mark, str]] = ()
    changes: Sequence[Modification] = ()


def told(visit: Visit, report: Report) -> list[Told]:
    """The steps of a report, in the order in which they were taken."""
    record = report.record
    if record is None:
        return [_unreachable(visit, report)] if report.refusal is not None else []
    rows = iter((*record.following, *report.others))
    return [_told(visit, report, record, step, rows) for step in on_demand.steps(report)]


def _unreachable(visit: Visit, report: Report) -> Told:
    refusal = report.refusal
    assert refusal is not None  # noqa: S101 - whoever asks has looked
    return Told(
        title=visit.text(_("Test Connection")),
        status=StepStatus.FAILURE,
        sentence=visit.text(_("The connection to the application does not work.")),
        quoted=refusal.message,
        recommendation=visit.text(reasons.RECOMMENDATIONS[refusal.code]),
    )


def _told(visit: Visit, report: Report, record: LogRecord, step: Step, rows: Iterator[RecordedRow]) -> Told:
    match step.type:
        case StepType.IMPORT:
            findings = [(Mark.NEITHER, f"{name}: {value}") for name, value in step.details.items()]
            return _plain(visit, step, visit.text(_("The object was read from the directory.")), findings)
        case StepType.SCOPING:
            scoped = steps.scoped(visit, step, record.main)
            marked = [(Mark.YES if passed else Mark.NO, text) for passed, text in scoped.findings]
            return _plain(visit, step, scoped.sentence, marked)
        case StepType.MATCHING:
            return _matched(visit, report, record, step)
        case StepType.EXPORT:
            return _acted(visit, report, record, step)
        case StepType.REFERENCE_RESOLUTION:
            row = next(rows, None)
            return _left_out(visit, report, step) if row is None else _referenced(visit, report, step, row)
        case None:
            return _unreachable(visit, report)
        case never:
            assert_never(never)


def _plain(visit: Visit, step: Step, sentence: str, findings: Sequence[tuple[Mark, str]] = ()) -> Told:
    assert step.type is not None  # noqa: S101 - testing the connection is told elsewhere
    return Told(
        title=visit.text(steps.TITLES[step.type]), status=step.status, sentence=sentence, findings=findings
    )


def _matched(visit: Visit, report: Report, record: LogRecord, step: Step) -> Told:
    if step.status is StepStatus.SKIPPED:
        sentence, quoted = visit.text(_("The application was not asked for an account.")), ""
    else:
        sentence, quoted = steps.matched(visit, step, record.main)
    return Told(
        title=visit.text(steps.TITLES[StepType.MATCHING]),
        status=step.status,
        sentence=sentence,
        quoted=quoted,
        findings=list(_questions(visit, report)),
    )


def _questions(visit: Visit, report: Report) -> Iterator[tuple[Mark, str]]:
    """What was asked, in the order of the questions, and which matching attributes were not asked for."""
    searched = {item.attribute for item in report.asked if isinstance(item, Search)}
    for item in report.asked:
        match item:
            case Look(target_id=account, problem=None):
                yield Mark.YES, visit.text(_("The linked account %(id)s was read."), id=account)
            case Look(target_id=account, problem=problem):
                yield Mark.NO, visit.text(_("The linked account %(id)s: "), id=account) + str(problem)
            case Search():
                yield _searched(visit, item)
            case never:
                assert_never(never)
    for name, value in report.matching if searched else ():
        if name not in searched:
            why = _("not needed any more") if value else _("has no value, so it could not be searched")
            yield Mark.NEITHER, f"{name}: {visit.text(why)}"


def _searched(visit: Visit, item: Search) -> tuple[Mark, str]:
    query = f"{item.attribute} eq {json.dumps(item.value, ensure_ascii=False)}"
    if item.problem is not None:
        return Mark.NO, f"{query} → {item.problem}"
    match item.hits:
        case ():
            told = visit.text(_("no account"))
            return Mark.NEITHER, f"{query} → {told}"
        case (one,):
            told = visit.text(_("the account %(id)s"), id=one)
            return Mark.YES, f"{query} → {told}"
        case several:
            told = visit.text(_("%(count)d accounts"), count=len(several))
            return Mark.NO, f"{query} → {told} ({', '.join(several)})"


def _acted(visit: Visit, report: Report, record: LogRecord, step: Step) -> Told:
    main = record.main
    recommendation = ""
    if main.state not in _OPEN:
        sentence, quoted = steps.exported(visit, step, main)
        if main.error_message and main.error_code is not None:
            recommendation = visit.text(reasons.RECOMMENDATIONS[main.error_code])
    elif report.refusal is not None:
        sentence, quoted = visit.text(_("It is left to the next cycle.")), report.refusal.message
    else:
        sentence, quoted = visit.text(FORESEEN.get(main.row.kind, _("Something would be written."))), ""
    why = visit.text(_("Why:"))
    return Told(
        title=visit.text(steps.TITLES[StepType.EXPORT]),
        status=step.status,
        sentence=f"{sentence} {why} {visit.text(reasons.REASONS[main.row.reason])}.",
        quoted=quoted,
        recommendation=recommendation,
        changes=modifications.of_row(main, {str(key): name for key, name in report.names.items()}),
    )


def _referenced(visit: Visit, report: Report, step: Step, row: RecordedRow) -> Told:
    """References of the object, or of a group that it is a member of, which is told by the group's name."""
    if row.state not in _OPEN:
        sentence, quoted = steps.referenced(visit, row)
    elif report.refusal is not None:
        sentence, quoted = visit.text(_("It is left to the next cycle.")), report.refusal.message
    else:
        sentence, quoted = visit.text(_("The references would be written.")), ""
    return Told(
        title=f"{visit.text(steps.TITLES[StepType.REFERENCE_RESOLUTION])}: {row.row.details.name}",
        status=step.status,
        sentence=sentence,
        quoted=quoted,
        changes=modifications.of_row(row, {str(key): name for key, name in report.names.items()}),
    )


def _left_out(visit: Visit, report: Report, step: Step) -> Told:
    findings = [
        (Mark.NEITHER, visit.text(_("%(name)s has no account yet; the membership waits for one."), name=name))
        for name in report.without_account
    ]
    if report.reports:
        message = _("People who report here: %(count)d. The next cycle writes their manager.")
        findings.append((Mark.NEITHER, visit.text(message, count=report.reports)))
    return _plain(visit, step, visit.text(_("What concerns other objects is left to later.")), findings)
