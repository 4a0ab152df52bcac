"""Making the plan that takes a cycle's applied changes back; it is looked at and applied like any other plan."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from provisor.core import errors, inverse, plan
from provisor.core.application import Application
from provisor.core.audit import SYSTEM, Activity, Actor
from provisor.core.changes import ChangeKind, Reason
from provisor.core.identifiers import ObjectId, PlanId
from provisor.core.job import CycleKind
from provisor.core.links import Link
from provisor.core.objects import DirectoryObject
from provisor.core.requests import RequestCounts
from provisor.engine import auditing, lease, rows
from provisor.engine.services import Services
from provisor.ports.store import UnitOfWork

_PAGE = 500
_UNDOABLE = (plan.PlanState.APPLIED, plan.PlanState.CLOSING, plan.PlanState.ABANDONED)
_MEMBERSHIPS = (ChangeKind.ADD_MEMBERS, ChangeKind.REMOVE_MEMBERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """A plan that takes another back, and when what it takes back would be done again.

    An object that an ordinary cycle looks at is brought in line with the directory again: at once, where the object
    waits for the `next_cycle` already, otherwise when it changes, or in the `next_initial_cycle`.
    """

    plan: plan.Plan
    next_cycle: frozenset[ObjectId]
    next_initial_cycle: frozenset[ObjectId]


def make(
    services: Services,
    application: Application,
    undone: plan.Plan,
    *,
    objects: frozenset[ObjectId] | None,
    actor: Actor = SYSTEM,
) -> Undo:
    """A stored plan that takes back what a plan did, to these objects or to all; nothing is written to the application.

    Each change that cannot be taken back is a row that says why. Raises `InvalidInputError` where there is nothing to
    take back, and `JobBusyError` where a cycle is running.
    """
    if undone.state not in _UNDOABLE:
        raise errors.InvalidInputError(
            f"The plan {undone.id} is {undone.state.value}: only what was applied to its end, or given up after it was "
            "begun, can be taken back."
        )
    held = lease.take(services.store, services.clock, application.id, services.process)
    try:
        return _Undoing(services, application, undone, objects, held).make(actor)
    finally:
        with services.store.write() as unit:
            held.release(unit)


@dataclass(slots=True)
class _Undoing:
    """One plan that takes another back, in the making."""

    services: Services
    application: Application
    undone: plan.Plan
    objects: frozenset[ObjectId] | None
    lease: lease.Lease
    ordinals: Iterator[int] = field(default_factory=itertools.count)
    vanishing: set[ObjectId] = field(default_factory=set)
    """Objects whose accounts this plan deletes: their own references go with them."""
    touched: set[ObjectId] = field(default_factory=set)
    waiting: set[ObjectId] = field(default_factory=set)

    def make(self, actor: Actor) -> Undo:
        made, last, count = self._begin(), -1, 0
        while True:
            with self.services.store.write() as unit:
                self.lease.prolong(unit)
                page = unit.plans.rows(self.undone.id, after=last, limit=_PAGE)
                if not page:
                    return self._finish(unit, made, count, actor)
                taken = self._rows(unit, made, page)
                unit.plans.add_rows(self.application.id, taken)
            count += len(taken)
            last = page[-1].row.ordinal

    def _begin(self) -> plan.Plan:
        with self.services.store.write() as unit:
            self.lease.prolong(unit)
            now = unit.directory.sequence()
            made = plan.Plan(
                id=PlanId(self.services.new_id()),
                application_id=self.application.id,
                kind=CycleKind.INCREMENTAL,
                origin=plan.Origin.UNDO,
                state=plan.PlanState.PLANNING,
                schema_version=self.application.schema_version,
                from_watermark=now,
                to_watermark=now,
                created=self.services.clock.now(),
                began=None,
                ended=None,
                linked=unit.links(self.application.id).count(),
                hold_reason=None,
                error=None,
                requests=RequestCounts(),
                undoes=self.undone.id,
            )
            unit.plans.add(made)
        return made

    def _finish(self, unit: UnitOfWork, made: plan.Plan, count: int, actor: Actor) -> Undo:
        if not count:
            unit.plans.remove(made.id)
            whom = "to these objects " if self.objects is not None else ""
            raise errors.InvalidInputError(
                f"The plan {self.undone.id} changed nothing {whom}in the application, so there is nothing to take back."
            )
        # not held: it is applied by nobody but a person who names it, which is the word the guard would ask for
        unit.plans.move(made.id, plan.PlanState.READY)
        auditing.note(
            unit, actor, Activity.UNDO, self.application, after={"plan": made.id, "undoes": self.undone.id}
        )
        return Undo(
            plan=unit.plans.get(made.id) or made,
            next_cycle=frozenset(self.waiting),
            next_initial_cycle=frozenset(self.touched - self.waiting),
        )

    def _rows(
        self, unit: UnitOfWork, made: plan.Plan, page: Sequence[plan.RecordedRow]
    ) -> list[plan.PlanRow]:
        applied = [item for item in page if item.state is plan.RowState.DONE]
        chosen = [part for item in applied if (part := self._chosen(item)) is not None]
        if not chosen:
            return []
        surroundings = _Now(unit, self.application, self.undone, chosen)
        taken = []
        for item in chosen:
            subject = surroundings.subjects.get(item.row.object_id)
            if subject is None or (item.row.phase is plan.Phase.REFERENCES and subject.id in self.vanishing):
                continue
            present = surroundings.of(item)
            for answer in inverse.of(item.row, present):
                if isinstance(answer, inverse.Inverse) and answer.kind is ChangeKind.DELETE:
                    self.vanishing.add(subject.id)
                taken.append(self._row(made, item.row, subject, present.link, answer))
        undone = {row.object_id for row in taken if row.reason is Reason.UNDONE}
        self._note_returns(unit, [surroundings.subjects[item] for item in sorted(undone)])
        return taken

    def _note_returns(self, unit: UnitOfWork, subjects: Sequence[DirectoryObject]) -> None:
        ids = [item.id for item in subjects]
        self.touched.update(ids)
        job = unit.jobs.get(self.application.id, self.application.settings.interval_seconds)
        if job.watermark is None:
            self.waiting.update(ids)
            return
        self.waiting.update(item.id for item in subjects if item.sequence > job.watermark)
        self.waiting.update(unit.candidates(self.application.id).reassigned(ids, job.watermark))
        self.waiting.update(unit.escrows(self.application.id).of(ids))

    def _chosen(self, item: plan.RecordedRow) -> plan.RecordedRow | None:
        """The row, narrowed to the chosen members where its group is not chosen itself; None where it is not meant."""
        if self.objects is None or item.row.object_id in self.objects:
            return item
        if item.row.kind not in _MEMBERSHIPS:
            return None
        members = tuple(one for one in item.row.details.references if one in self.objects)
        details = replace(item.row.details, references=members)
        return replace(item, row=replace(item.row, details=details)) if members else None

    def _row(
        self,
        made: plan.Plan,
        undone: plan.PlanRow,
        subject: DirectoryObject,
        link: Link | None,
        answer: inverse.Inverse | inverse.Refusal,
    ) -> plan.PlanRow:
        details = plan.RowDetails(
            name=subject.display_name,
            principal_name=rows.principal_name(subject),
            redacted=undone.details.redacted,
        )
        row = plan.PlanRow(
            plan_id=made.id,
            ordinal=next(self.ordinals),
            phase=plan.Phase.RECORD,
            lane=0,
            object_id=subject.id,
            object_type=subject.object_type,
            kind=ChangeKind.SKIP,
            reason=Reason.CANNOT_BE_UNDONE,
            target_id=undone.target_id,
            object_sequence=subject.sequence,
            link_version=None if link is None else link.version,
            details=details,
        )
        if isinstance(answer, inverse.Refusal):
            told = f"{undone.kind.value}: {answer.why}"
            due = None if link is None else link.delete_due
            return replace(row, details=replace(details, error_message=told, delete_due=due))
        return replace(
            row,
            phase=answer.phase,
            kind=answer.kind,
            reason=Reason.UNDONE,
            target_id=answer.target_id,
            details=replace(
                details,
                changed=answer.changed,
                matched_on=answer.matched_on,
                disabled_because=answer.disabled_because,
                attribute=answer.attribute,
                references=answer.references,
                former_reference=answer.former_reference,
            ),
        )


class _Now:
    """How things stand now with the objects of some applied rows."""

    def __init__(
        self,
        unit: UnitOfWork,
        application: Application,
        undone: plan.Plan,
        applied: Sequence[plan.RecordedRow],
    ) -> None:
        self._references = unit.references(application.id)
        self._links = unit.links(application.id)
        ids = sorted({item.row.object_id for item in applied})
        named = sorted({one for item in applied for one in _named(item.row)})
        moments = [item.finished for item in applied if item.finished is not None]
        self.subjects: Mapping[ObjectId, DirectoryObject] = {
            item.id: item for item in unit.directory.many(ids)
        }
        self._linked = self._links.of([*ids, *named])
        self._managers = self._references.managers(ids)
        self._later = unit.plans.applied_after(undone, ids, min(moments)) if moments else {}

    def of(self, item: plan.RecordedRow) -> inverse.Present:
        """What decides whether, and how, one applied row is taken back."""
        row = item.row
        later = tuple(
            other
            for other in self._later.get(row.object_id, ())
            if other.finished is not None and item.finished is not None and other.finished >= item.finished
        )
        owners = (
            self._links.owners(row.object_type, [row.target_id])
            if row.kind is ChangeKind.UNLINK and row.target_id is not None
            else {}
        )
        return inverse.Present(
            link=self._linked.get(row.object_id),
            owner=next(iter(owners.values()), None),
            later=later,
            held=self._held(row),
            linked=frozenset(one for one in _named(row) if one in self._linked),
        )

    def _held(self, row: plan.PlanRow) -> frozenset[ObjectId]:
        if row.kind is ChangeKind.SET_REFERENCE:
            manager = self._managers.get(row.object_id)
            return frozenset() if manager is None else frozenset({manager})
        if row.kind in _MEMBERSHIPS:
            attribute = row.details.attribute or ""
            return frozenset(self._references.applied(row.object_id, attribute, row.details.references))
        return frozenset()


def _named(row: plan.PlanRow) -> tuple[ObjectId, ...]:
    """The objects that a row, or the one that takes it back, refers to."""
    former = row.details.former_reference
    return row.details.references if former is None else (*row.details.references, former)
