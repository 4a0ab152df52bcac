"""Provision on demand: one object through the whole pipeline, at once, because a person asked for it.

The same judging, rows and exporting as in a cycle. The guard does not hold what a person asked for by name, the watermark
stays where it is, and a paused job or one in quarantine is no obstacle. The job's lease is needed all the same: two
processes must never make the same account twice.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from provisor.core import deciding, errors, flows, mapping, plan, redaction, schema
from provisor.core.application import Application
from provisor.core.audit import SYSTEM, Activity, Actor
from provisor.core.changes import ChangeKind, Reason
from provisor.core.errors import InvalidInputError, JobBusyError, NotFoundError
from provisor.core.expressions import without_circumstances
from provisor.core.identifiers import ApplicationId, ObjectId
from provisor.core.job import CycleKind
from provisor.core.objects import DirectoryObject, ObjectType
from provisor.core.on_demand import Look, Mode, Refusal, Report, Search, foreseen
from provisor.core.provisioning_log import LogRecord
from provisor.engine import applying, auditing, cases, configuration, cycle, lease, rows
from provisor.engine.noting_target import NotingTarget
from provisor.engine.one_object_references import OneObject, plan_for
from provisor.engine.planning import Judged
from provisor.ports.store import UnitOfWork

LONGEST_WAIT = 30.0
"""Seconds to wait for a cycle that is running."""

_LOOK_EVERY = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person asks for, and who does; of a group all members, or only some of them."""

    object_id: ObjectId
    mode: Mode = Mode.APPLY
    members: tuple[ObjectId, ...] | None = None
    by: Actor = SYSTEM


async def run(services: cycle.Services, application_id: ApplicationId, wish: Wish) -> Report:
    """What was done, or in a dry run what would be.

    Raises `JobBusyError` where a cycle went on for longer than `LONGEST_WAIT`, `NotFoundError` for the object,
    `InvalidInputError` where it cannot be provisioned to this application at all.
    """
    configuration.configured(services.store, application_id)
    if wish.mode is Mode.DRY_RUN:
        async with _turn(services, application_id, wish) as turn:
            return await turn.foresee()
    async with _leased(services, application_id) as held, _turn(services, application_id, wish) as turn:
        return await turn.carry_out(held)


@contextlib.asynccontextmanager
async def _turn(services: cycle.Services, application_id: ApplicationId, wish: Wish) -> AsyncIterator[_Turn]:
    application, _, token = configuration.configured(services.store, application_id)
    with services.store.read() as unit:
        subject = unit.directory.get(wish.object_id)
        document = schema.parse(unit.applications.schema(application_id))
    if subject is None:
        raise NotFoundError(f"The directory has no object {wish.object_id}.")
    if document.mapping_of(subject.object_type) is None:
        raise InvalidInputError(
            f"{application.name!r} provisions no {subject.object_type.value} objects: their object mapping is missing "
            "or switched off."
        )
    target = services.open_target(application, token)
    turn = _Turn(
        services=services,
        application=application,
        schema=document,
        subject=subject,
        target=NotingTarget(target),
        wish=wish,
        began=services.clock.now(),
    )
    try:
        turn.check_members()
        yield turn
    finally:
        await services.release_target(target)


@contextlib.asynccontextmanager
async def _leased(services: cycle.Services, application_id: ApplicationId) -> AsyncIterator[lease.Lease]:
    held = await _lease_in_time(services, application_id)
    try:
        async with lease.kept(services.store, services.clock, held):
            yield held
    finally:
        with services.store.write() as unit:
            held.release(unit)


async def _lease_in_time(services: cycle.Services, application_id: ApplicationId) -> lease.Lease:
    deadline = services.clock.monotonic() + LONGEST_WAIT
    while True:
        try:
            return lease.take(services.store, services.clock, application_id, services.process)
        except JobBusyError as error:
            if services.clock.monotonic() >= deadline:
                raise JobBusyError(
                    f"Nothing was provisioned: a cycle of this job has been running for {LONGEST_WAIT:.0f} seconds and "
                    "more, and two processes must not write the same account. Wait for its end, pause the job to stop "
                    "it after the requests under way, or look ahead with --dry-run."
                ) from error
        await services.clock.sleep(_LOOK_EVERY)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """What was decided, before anything is stored."""

    made: plan.Plan
    judged: Judged
    row: plan.PlanRow

    @property
    def brings_an_account(self) -> bool:
        """Whether the object has another account afterwards than before, so that references to it are due."""
        arriving = self.row.kind in (ChangeKind.CREATE, ChangeKind.LINK, ChangeKind.UPDATE, ChangeKind.ENABLE)
        return arriving and (self.row.link_version is None or self.row.reason is Reason.ACCOUNT_RELINKED)


class _NothingKept(Exception):  # noqa: N818 - no error: it undoes a transaction that only looked ahead
    """The end of a transaction that was needed for looking ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """One object's turn with the application."""

    services: cycle.Services
    application: Application
    schema: schema.SynchronizationSchema
    subject: DirectoryObject
    target: NotingTarget
    wish: Wish
    began: datetime

    async def foresee(self) -> Report:
        """What would be done; what the plan would refer to is read in a transaction that is undone."""
        draft = await self._draft()
        if isinstance(draft, Report):
            return draft
        planned: list[plan.PlanRow] = []
        with contextlib.suppress(_NothingKept), self.services.store.write() as unit:
            planned = self._store(unit, draft)
            raise _NothingKept
        return self._report(draft, [foreseen(row) for row in planned])

    async def carry_out(self, held: lease.Lease) -> Report:
        """What was done."""
        draft = await self._draft()
        if isinstance(draft, Report):
            return draft
        made = draft.made
        with self.services.store.write() as unit:
            held.prolong(unit)
            self._store(unit, draft)
            auditing.note(
                unit,
                self.wish.by,
                Activity.PROVISION_ON_DEMAND,
                self.application,
                subject=self.subject.display_name,
                after={"plan": made.id, "objectId": self.subject.id},
            )
            # what a person asked for by name does not count towards the guard's day
            unit.held(self.application.id).vouch(made.id, self.wish.by)
            unit.plans.move(made.id, plan.PlanState.READY)
            unit.plans.move(made.id, plan.PlanState.APPLYING, began=self.services.clock.now())
        refusal = await self._apply(made, held)
        with self.services.store.write() as unit:
            held.prolong(unit)
            self._close(unit, draft, refusal)
            recorded = list(unit.plans.rows(made.id, limit=1_000_000))
        return self._report(draft, recorded, refusal)

    def check_members(self) -> None:
        """Raises `InvalidInputError` where members were chosen that the group does not have."""
        chosen, subject = self.wish.members, self.subject
        if chosen is None:
            return
        if subject.object_type is not ObjectType.GROUP:
            raise InvalidInputError(f"{subject.display_name!r} is no group, so it has no members to choose.")
        with self.services.store.read() as unit:
            references = unit.references(self.application.id)
            known = references.live_members(subject.id, chosen) | set(
                references.applied(subject.id, mapping.MEMBERS, chosen)
            )
            names = {item.id: item.display_name for item in unit.directory.many(chosen)}
        strangers = ", ".join(repr(names.get(item, item)) for item in chosen if item not in known)
        if strangers:
            raise InvalidInputError(
                f"{strangers}: no direct member of {subject.display_name!r}, neither in the directory nor in the "
                "application."
            )

    async def _draft(self) -> _Draft | Report:
        """The object judged; a report where the target cannot be used."""
        made = cases.new_plan(self.services, self.application)
        asked = cases.request(self.application, self.schema)
        compiled = mapping.compile_mapping(self.schema.object_mappings[self.subject.object_type])
        try:
            await self.target.test_connection(self.subject.object_type, compiled.matching[0].target.name)
            judged = await cases.planner(self.services, self.target).judge(asked, made, self.subject)
        except errors.TargetError as error:
            return self._unreachable(error)
        row = rows.from_decision(made.id, 0, judged.case, judged.decision, judged.retried)
        return _Draft(made=made, judged=judged, row=row)

    def _store(self, unit: UnitOfWork, draft: _Draft) -> list[plan.PlanRow]:
        """Keep the plan with its rows, those of references included."""
        application_id = self.application.id
        unit.plans.add(draft.made)
        unit.plans.add_rows(application_id, [draft.row])
        one = OneObject(
            subject=self.subject,
            schema=self.schema,
            members=self.wish.members,
            at_once=self.target.max_members_per_request,
        )
        following = plan_for(unit, draft.made, one)
        unit.plans.add_rows(application_id, following)
        return [draft.row, *following]

    async def _apply(self, made: plan.Plan, held: lease.Lease) -> Refusal | None:
        """Carry the rows out; the refusal where the target became unusable under way."""
        shop = applying.workshop(
            store=self.services.store,
            clock=self.services.clock,
            application=self.application,
            schema=self.schema,
            target=self.target,
            lease=held,
            stop=applying.Stop(),
            progress=lambda _count: None,
        )
        try:
            await applying.apply(shop, made)
        except errors.TargetUnusableError as error:
            return Refusal(code=error.code, message=str(error))
        return None

    def _close(self, unit: UnitOfWork, draft: _Draft, refusal: Refusal | None) -> None:
        """End the plan; what could not be done is looked up, and planned anew, by the next cycle."""
        if refusal is None:
            unit.plans.move(draft.made.id, plan.PlanState.APPLIED, ended=self.services.clock.now())
        else:
            unit.plans.move(draft.made.id, plan.PlanState.CLOSING, error=refusal.message)
        reports = unit.directory.reports_of(self.subject.id) if draft.brings_an_account else ()
        unit.applications.review(self.application.id, [object_id for object_id, _ in reports])

    # -- telling -----------------------------------------------------------

    def _unreachable(self, error: errors.TargetError) -> Report:
        return Report(
            application=self.application,
            mode=self.wish.mode,
            subject=self.subject,
            imported=self.subject.attributes,
            began=self.began,
            ended=self.services.clock.now(),
            refusal=Refusal(code=error.code, message=str(error)),
        )

    def _report(
        self, draft: _Draft, recorded: Sequence[plan.RecordedRow], refusal: Refusal | None = None
    ) -> Report:
        main, *following = recorded
        case = draft.judged.case
        with self.services.store.read() as unit:
            names = self._names(unit, following)
            reports = unit.directory.reports_of(self.subject.id) if draft.brings_an_account else ()
            without = self._without_account(unit, following)
        record = LogRecord(
            main=main,
            following=tuple(item for item in following if item.row.object_id == self.subject.id),
            kind=CycleKind.INCREMENTAL,
            origin=plan.Origin.ON_DEMAND,
            position=("", draft.made.id, 0),
        )
        values = _matching_values(case)
        return Report(
            application=self.application,
            mode=self.wish.mode,
            subject=self.subject,
            imported=redaction.covered(
                without_circumstances(deciding.view(case)), case.mapping.redacted_sources
            ),
            began=self.began,
            ended=self.services.clock.now(),
            matching=tuple(
                (flow.target.name, values.get(flow.target.name)) for flow in case.mapping.matching
            ),
            asked=tuple(_shown(item, case.mapping.redacted) for item in self.target.asked),
            record=record,
            others=tuple(item for item in following if item.row.object_id != self.subject.id),
            names=names,
            without_account=without,
            reports=len(reports),
            refusal=refusal,
        )

    def _names(self, unit: UnitOfWork, items: Sequence[plan.RecordedRow]) -> dict[ObjectId, str]:
        """Whom rows refer to."""
        referred = {found for item in items for found in item.row.details.references}
        return {item.id: item.display_name for item in unit.directory.many(sorted(referred))}

    def _without_account(self, unit: UnitOfWork, items: Sequence[plan.RecordedRow]) -> tuple[str, ...]:
        """Chosen members that could not be written because they have no account."""
        chosen = self.wish.members or ()
        written = {found for item in items for found in item.row.details.references}
        linked = unit.links(self.application.id).of(chosen)
        missing = [item for item in chosen if item not in linked and item not in written]
        return tuple(item.display_name for item in unit.directory.many(missing))


def _matching_values(case: deciding.Case) -> dict[str, str]:
    """Matching attributes that have a value; none where they cannot be made, which the row tells."""
    try:
        found = mapping.matching_values(case.mapping, deciding.view(case))
    except (flows.MappingError, flows.ObjectIgnored):
        return {}
    return {path: redaction.REDACTED if path in case.mapping.redacted else value for path, value in found}


def _shown(item: Search | Look, redacted: frozenset[str]) -> Search | Look:
    """A question as it may be shown."""
    if not isinstance(item, Search) or item.attribute not in redacted:
        return item
    problem = None if item.problem is None else redaction.without(item.problem, {item.value})
    return dataclasses.replace(item, value=redaction.REDACTED, problem=problem)
