"""Making a plan: whom to look at, what to decide, and what would be written.

Nothing in here writes to the target. A plan's rows stand in the store before the first of them is applied.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from provisor.core import changes, deciding, errors, expressions, mapping, plan
from provisor.core.escrow import Escrow
from provisor.core.identifiers import ObjectId, PlanId
from provisor.core.identifiers import Sequence as SequenceNumber
from provisor.core.links import Link
from provisor.core.objects import DirectoryObject, ObjectType
from provisor.core.reconciliation import DriftPolicy
from provisor.core.requests import RequestCounts
from provisor.engine import clearing, departing, holding, membership_drift, ownership, rows, scope_judging
from provisor.engine.accounts import Accounts
from provisor.engine.plan_request import PlanRequest, Rules, Step
from provisor.engine.reference_planning import ReferencePlanner
from provisor.ports.clock import Clock
from provisor.ports.store import Store
from provisor.ports.target import Target

PAGE = 1000
"""Objects decided at a time: the size of a read and of a write transaction."""


_WORTH_A_LISTING = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is known of one object and decided of it; `retried` tells that it waits in escrow."""

    case: deciding.Case
    decision: changes.Decision
    retried: bool


Progress = Callable[[str, int, int | None], None]
"""Told what is being done, how much of it is done, and how much there is (None where that is not known)."""


class Planner:
    """Makes plans for one application's job."""

    def __init__(
        self, *, store: Store, target: Target, clock: Clock, new_id: Callable[[], str], progress: Progress
    ) -> None:
        self._store = store
        self._target = target
        self._clock = clock
        self._new_id = new_id
        self._progress = progress

    async def make(self, request: PlanRequest) -> plan.Plan | None:
        """A stored plan, ready or held; None where there is nothing to do, not even to record.

        Raises `TargetUnusableError` where the target cannot be asked; the plan is then given up.
        """
        with self._store.read() as unit:
            escrowed = unit.escrows(request.application.id).count()
        draft = _Draft(self._begin(request), request, escrowed, self._new_id())
        draft.candidates = self._gather(draft)
        for object_type in (ObjectType.USER, ObjectType.GROUP):
            await self._plan_type(draft, object_type)
        if request.reconcile is not None and request.reconcile.drift is DriftPolicy.REPAIR:
            await membership_drift.forget_lost_members(self._store, self._target, draft.plan)
        if not request.leavers_only:
            ReferencePlanner(self._store, self._target).plan(draft)
        return self._finish(draft)

    async def judge(self, request: PlanRequest, made: plan.Plan, subject: DirectoryObject) -> Judged:
        """What is decided of one object, whether or not it changed; nothing is stored.

        Raises `TargetUnusableError` where the target cannot be asked.
        """
        draft = _Draft(made, request, escrowed=1, seed=self._new_id())
        compiled = mapping.compile_mapping(
            request.schema.object_mappings[subject.object_type], request.application.roles
        )
        cases, escrows = self._cases(draft, compiled, [subject])
        accounts = self._accounts(draft, subject.object_type, compiled)
        [decision] = await _answered(cases, request.rules, accounts)
        return Judged(case=cases[0], decision=decision, retried=subject.id in escrows)

    def case(self, request: PlanRequest, made: plan.Plan, subject: DirectoryObject) -> deciding.Case:
        """Everything known of one object; the target is not asked."""
        compiled = mapping.compile_mapping(
            request.schema.object_mappings[subject.object_type], request.application.roles
        )
        cases, _ = self._cases(_Draft(made, request, escrowed=1, seed=self._new_id()), compiled, [subject])
        return cases[0]

    def _begin(self, request: PlanRequest) -> plan.Plan:
        application = request.application
        with self._store.write() as unit:
            made = plan.Plan(
                id=PlanId(self._new_id()),
                application_id=application.id,
                kind=request.kind,
                origin=request.origin,
                state=plan.PlanState.PLANNING,
                schema_version=application.schema_version,
                from_watermark=request.after,
                to_watermark=unit.directory.sequence(),
                created=self._clock.now(),
                began=None,
                ended=None,
                linked=unit.links(application.id).count(),
                hold_reason=None,
                error=None,
                requests=RequestCounts(),
                retries=request.retries,
            )
            unit.plans.add(made)
            if request.after is None:
                unit.scope_turns(application.id).clear()
        return made

    def _gather(self, draft: _Draft) -> int | None:
        """The number of candidates of an incremental plan; None where everybody is one."""
        request = draft.request
        if request.after is None:
            return None
        with self._store.write() as unit:
            candidates = unit.candidates(request.application.id)
            count = candidates.gather(
                draft.plan.id,
                request.after,
                draft.plan.to_watermark,
                reach=request.application.settings.role_reach,
                retries=request.retries,
                now=self._clock.now(),
            )
            if draft.judge(ObjectType.USER).looks_at_managers:
                count = candidates.add_reports(draft.plan.id, request.after, draft.plan.to_watermark)
            if not request.leavers_only:
                count += unit.held(request.application.id).gather(draft.plan.id)
        return count

    async def _plan_type(self, draft: _Draft, object_type: ObjectType) -> None:
        object_mapping = draft.request.schema.mapping_of(object_type)
        if object_mapping is None or draft.candidates == 0:
            return
        compiled = mapping.compile_mapping(object_mapping, draft.request.application.roles)
        draft.mappings[object_type] = compiled
        accounts = self._accounts(draft, object_type, compiled)
        if draft.request.reconcile is not None:
            await accounts.list_everything()
        elif not draft.request.leavers_only:
            await accounts.prepare(self._expected(draft, object_type))
        done = 0
        writing: asyncio.Task[None] | None = None
        try:
            for subjects in self._pages(draft, object_type):
                decided = await self._decide(draft, compiled, accounts, subjects)
                if writing is not None:
                    await writing
                # written while the next page is being decided
                writing = asyncio.create_task(asyncio.to_thread(self._add_rows, draft, decided))
                await asyncio.sleep(0)
                done += len(subjects)
                self._progress(f"planning {object_type.value}s", done, draft.candidates)
        finally:
            if writing is not None:
                await writing

    def _accounts(
        self, draft: _Draft, object_type: ObjectType, compiled: mapping.CompiledMapping
    ) -> Accounts:
        return Accounts(
            store=self._store,
            target=self._target,
            application_id=draft.plan.application_id,
            plan_id=draft.plan.id,
            object_type=object_type,
            matching=[flow.target.name for flow in compiled.matching],
            written=compiled.target_attributes,
        )

    def _add_rows(self, draft: _Draft, decided: Sequence[plan.PlanRow]) -> None:
        with self._store.write() as unit:
            unit.plans.add_rows(draft.plan.application_id, decided)

    def _expected(self, draft: _Draft, object_type: ObjectType) -> int:
        """How many accounts the plan is likely to ask for; an upper bound.

        Few candidates may need no account at all (most are linked), and are not worth a listing.
        """
        if draft.candidates is not None:
            return draft.candidates if draft.candidates >= _WORTH_A_LISTING else 0
        with self._store.read() as unit:
            return unit.directory.count(object_type)

    def _pages(self, draft: _Draft, object_type: ObjectType) -> Iterator[Sequence[DirectoryObject]]:
        last_id, last_sequence = "", SequenceNumber(0)
        while True:
            with self._store.read() as unit:
                if draft.candidates is None:
                    page = unit.directory.changed(object_type, last_sequence, draft.plan.to_watermark, PAGE)
                else:
                    candidates = unit.candidates(draft.plan.application_id)
                    page = candidates.page(draft.plan.id, object_type, last_id, PAGE)
            if not page:
                return
            last_id, last_sequence = page[-1].id, page[-1].sequence
            yield page

    async def _decide(
        self,
        draft: _Draft,
        compiled: mapping.CompiledMapping,
        accounts: Accounts,
        subjects: Sequence[DirectoryObject],
    ) -> Sequence[plan.PlanRow]:
        cases, escrows = self._cases(draft, compiled, subjects)
        self._note_turns(draft, subjects)
        if draft.request.leavers_only:
            decided: Sequence[changes.Decision] = [_leaving(deciding.consider(case)) for case in cases]
        else:
            settled = accounts.claims.settle(cases, await _answered(cases, draft.request.rules, accounts))
            decided = clearing.spared(self._store, draft.request, cases, settled)
        made = [
            rows.from_decision(
                draft.plan.id, draft.next_ordinal(), case, decision, case.subject.id in escrows
            )
            for case, decision in zip(cases, decided, strict=True)
            if not isinstance(decision, changes.Nothing)
        ]
        draft.tally.note(made)
        return departing.dated(self._store, draft.request, made)

    def _cases(
        self, draft: _Draft, compiled: mapping.CompiledMapping, subjects: Sequence[DirectoryObject]
    ) -> tuple[Sequence[deciding.Case], Mapping[ObjectId, Escrow]]:
        application = draft.request.application
        settings = application.settings
        ids = [subject.id for subject in subjects]
        with self._store.read() as unit:
            links: Mapping[ObjectId, Link] = unit.links(application.id).of(ids) if draft.plan.linked else {}
            verdicts = draft.judge(subjects[0].object_type).verdicts(unit, subjects)
            escrows = unit.escrows(application.id).of(ids) if draft.escrowed else {}
            held = unit.held(application.id).objects(ids)
            protected = unit.protections(application.id).of(
                [(item, links[item].target_id if item in links else None) for item in ids]
            )
        after, now = draft.request.after, self._clock.now()
        circumstances = expressions.Circumstances(
            now=now, seed=draft.seed, default_domain=settings.default_domain
        )
        cases = [
            deciding.Case(
                subject=subject,
                verdict=verdict,
                link=links.get(subject.id),
                mapping=compiled,
                out_of_scope_deletions=settings.out_of_scope_deletions,
                deprovisioning=settings.deprovisioning,
                now=now,
                circumstances=circumstances,
                unchanged=after is not None
                and subject.sequence <= after
                and subject.id not in escrows
                and subject.id not in held,
                protected=subject.id in protected,
                uncertain=subject.id in escrows and escrows[subject.id].uncertain,
            )
            for subject, verdict in zip(subjects, verdicts, strict=True)
            # whom a plan holds does not leave by the express way round it
            if not (draft.request.leavers_only and subject.id in held)
        ]
        return cases, escrows

    def _note_turns(self, draft: _Draft, subjects: Sequence[DirectoryObject]) -> None:
        """Remember who must be judged again when a date in a scoping filter comes near."""
        judge = draft.judge(subjects[0].object_type)
        if judge.watches_the_clock:
            with self._store.write() as unit:
                unit.scope_turns(draft.plan.application_id).note(judge.turns(unit, subjects))

    def _finish(self, draft: _Draft) -> plan.Plan | None:
        made = draft.plan
        with self._store.write() as unit:
            if draft.request.reconcile is not None:
                ownership.note_unowned(unit, made, self._clock.now())
            unit.plans.discard_scratch(made.id)
            return holding.conclude(
                unit,
                made,
                draft.request.application,
                tally=draft.tally,
                purpose=draft.request.purpose,
                now=self._clock.now(),
            )


class _Draft:
    """A plan in the making. `seed` is what chance is made from in its expressions; nobody else may know it."""

    def __init__(self, made: plan.Plan, request: PlanRequest, escrowed: int, seed: str) -> None:
        self.plan = made
        self.seed = seed
        self.request = request
        self.escrowed = escrowed
        self.candidates: int | None = None
        self.mappings: dict[ObjectType, mapping.CompiledMapping] = {}
        self.tally = holding.Tally()
        self.ordinal = 0
        self._judges: dict[ObjectType, scope_judging.ScopeJudge] = {}

    def judge(self, object_type: ObjectType) -> scope_judging.ScopeJudge:
        """Who judges the objects of a type for this plan, as of its making."""
        if object_type not in self._judges:
            scope = self.request.schema.object_mappings[object_type].scope
            self._judges[object_type] = scope_judging.ScopeJudge(
                self.request.application, scope, self.plan.created
            )
        return self._judges[object_type]

    def next_ordinal(self) -> int:
        """The place of the next row."""
        self.ordinal += 1
        return self.ordinal - 1


async def _answered(
    cases: Sequence[deciding.Case], rules: Rules, accounts: Accounts
) -> Sequence[changes.Decision]:
    """Ask the target what must be known, and decide."""
    steps = [rules.consider(case) for case in cases]
    decided: dict[int, changes.Decision] = {}
    reads = {index: step for index, step in enumerate(steps) if isinstance(step, deciding.AskRead)}
    matches = {index: step for index, step in enumerate(steps) if isinstance(step, deciding.AskMatch)}
    documents = await accounts.read([read.target_id for read in reads.values()])
    vanished: set[int] = set()
    for index, read in reads.items():
        document = documents[read.target_id]
        if isinstance(document, errors.ResourceGoneError):
            vanished.add(index)
            asked = rules.ask_match(cases[index])
            if isinstance(asked, deciding.AskMatch):
                matches[index] = asked
            else:
                assert not isinstance(asked, deciding.AskRead)  # noqa: S101 - what is gone is not read again
                decided[index] = asked
        elif isinstance(document, errors.TargetError):
            decided[index] = changes.Fail(document.code, str(document))
        else:
            decided[index] = rules.after_read(cases[index], read.target_id, document)
    found = await accounts.match(list(matches.values()))
    for index, answer in zip(matches, found, strict=True):
        if isinstance(answer, errors.TargetError):
            decided[index] = changes.Fail(answer.code, str(answer))
        else:
            decision = rules.after_match(cases[index], answer)
            decided[index] = rows.relinked(decision) if index in vanished else decision
    for index, step in enumerate(steps):
        if index not in decided:
            assert not isinstance(step, deciding.AskMatch | deciding.AskRead)  # noqa: S101 - all were asked
            decided[index] = step
    return [decided[index] for index in range(len(steps))]


def _leaving(step: Step) -> changes.Decision:
    return step if isinstance(step, changes.Disable | changes.Delete) else changes.Nothing()
