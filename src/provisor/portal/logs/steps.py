"""The steps of a log entry in the visitor's language: what each found, told from the entry's own facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from provisor.core import log_steps
from provisor.core.changes import ChangeKind
from provisor.core.plan import RecordedRow
from provisor.core.provisioning_log import LogRecord
from provisor.core.scoping import Conditions
from provisor.core.steps import Step, StepStatus, StepType
from provisor.look.catalogues import mark as _
from provisor.look.visit import Visit
from provisor.portal import reasons

TITLES: Mapping[StepType, str] = {
    StepType.IMPORT: _("Import"),
    StepType.SCOPING: _("Determine if in scope"),
    StepType.MATCHING: _("Match between directory and application"),
    StepType.EXPORT: _("Perform the action"),
    StepType.REFERENCE_RESOLUTION: _("Resolve references"),
}

WRITTEN: Mapping[ChangeKind, str] = {
    ChangeKind.CREATE: _("The account was created."),
    ChangeKind.UPDATE: _("The account was updated."),
    ChangeKind.ENABLE: _("The account was enabled."),
    ChangeKind.DISABLE: _("The account was disabled."),
    ChangeKind.DELETE: _("The account was deleted."),
    ChangeKind.UNLINK: _("The link was ended; the account stays."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A step as a page shows it; `quoted` is what the application or an expression said, in its own language."""

    title: str
    status: StepStatus
    sentence: str
    quoted: str = ""
    findings: Sequence[tuple[bool, str]] = ()
    details: Mapping[str, object] | None = None


def told(visit: Visit, record: LogRecord) -> list[Told]:
    """The steps of an entry, in the order in which they were taken."""
    rows = iter([item for item in (record.main, *record.following) if item.row.details.references])
    return [_told(visit, step, record.main, rows) for step in log_steps.steps(record)]


def _told(visit: Visit, step: Step, main: RecordedRow, rows: Iterator[RecordedRow]) -> Told:
    match step.type:
        case StepType.IMPORT:
            sentence, quoted = visit.text(_("The object was read from the directory.")), ""
        case StepType.SCOPING:
            return scoped(visit, step, main)
        case StepType.MATCHING:
            sentence, quoted = matched(visit, step, main)
        case StepType.EXPORT:
            sentence, quoted = exported(visit, step, main)
        case StepType.REFERENCE_RESOLUTION:
            sentence, quoted = referenced(visit, next(rows, main))
        case None:
            sentence, quoted = "", step.description
        case never:
            assert_never(never)
    title = visit.text(TITLES[step.type]) if step.type is not None else step.name
    return Told(title=title, status=step.status, sentence=sentence, quoted=quoted, details=step.details)


def scoped(visit: Visit, step: Step, main: RecordedRow) -> Told:
    """The scoping step: every condition and every clause of the scoping filter."""
    conditions = main.row.details.conditions
    sentence = (
        visit.text(_("The object is in scope."))
        if step.status is StepStatus.SUCCESS
        else visit.text(
            _("The object is out of scope: %(why)s."), why=visit.text(reasons.REASONS[main.row.reason])
        )
    )
    return Told(
        title=visit.text(TITLES[StepType.SCOPING]),
        status=step.status,
        sentence=sentence,
        findings=list(_conditions(visit, conditions)) if conditions is not None else (),
    )


def _conditions(visit: Visit, conditions: Conditions) -> Iterator[tuple[bool, str]]:
    yield conditions.active, visit.text(_("Active in the source system"))
    yield conditions.assigned, visit.text(_("Assigned to the application"))
    yield conditions.has_required_role, visit.text(_("Has the required role"))
    if conditions.filter_passed is not None:
        yield conditions.filter_passed, visit.text(_("Passes the scoping filter"))
    for clause, passed in dict(conditions.filter_results).items():
        yield bool(passed), str(clause)


def matched(visit: Visit, step: Step, main: RecordedRow) -> tuple[str, str]:
    """What the matching step found, and what was said beside it."""
    row, details = main.row, main.row.details
    if step.status is StepStatus.FAILURE:
        return visit.text(_("No single account could be recognised.")), details.error_message or ""
    if details.matched_on is not None:
        message = _("The account %(id)s matches by %(attribute)s.")
        return visit.text(message, id=row.target_id, attribute=details.matched_on), ""
    if row.kind is ChangeKind.CREATE:
        return visit.text(_("No account of the application matches.")), ""
    return visit.text(_("The object is linked to the account %(id)s."), id=row.target_id), ""


def exported(visit: Visit, step: Step, main: RecordedRow) -> tuple[str, str]:
    """What became of the action, and what was said beside it."""
    if step.status is StepStatus.SKIPPED and not main.error_message:
        why = visit.text(reasons.REASONS[main.row.reason])
        return visit.text(_("Nothing was written: %(why)s."), why=why), ""
    if main.error_message:
        return visit.text(_("The action failed.")), main.error_message
    return visit.text(WRITTEN.get(main.row.kind, _("The account is linked."))), "; ".join(main.warnings)


def referenced(visit: Visit, item: RecordedRow) -> tuple[str, str]:
    """What became of references, and what was said beside it."""
    count = len(item.row.details.references)
    match item.row.kind:
        case ChangeKind.ADD_MEMBERS:
            done = visit.text(_("Members added: %(count)d."), count=count)
        case ChangeKind.REMOVE_MEMBERS:
            done = visit.text(_("Members removed: %(count)d."), count=count)
        case _other:
            done = visit.text(_("%(attribute)s was set."), attribute=item.row.details.attribute or "")
    if item.error_message:
        return visit.text(_("The references could not be written.")), item.error_message
    return done, "; ".join(item.warnings)
