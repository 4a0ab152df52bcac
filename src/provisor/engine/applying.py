"""Applying a plan: claim rows, carry them out side by side, record what became of them.

A row is marked before its first request and recorded in one transaction with the link it leads to, so a crash at any
point leaves either a row that was not begun, or one that is looked up before it is repeated.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from provisor.core import errors, links, mapping, plan
from provisor.core.application import Application
from provisor.core.changes import ChangeKind
from provisor.core.identifiers import ObjectId
from provisor.core.schema import SynchronizationSchema
from provisor.engine import concurrently, row_outcomes
from provisor.engine.exporting import Exporter
from provisor.engine.lease import Lease
from provisor.engine.recording import Recorder, Timed
from provisor.engine.row_outcomes import Outcome, Surroundings
from provisor.engine.scope_judging import SecondLook
from provisor.engine.surroundings import SurroundingsReader
from provisor.ports.clock import Clock
from provisor.ports.store import Store, UnitOfWork
from provisor.ports.target import Target

_SMALLEST_PAGE, _LARGEST_PAGE = 50, 1000
"""Rows claimed at once: as many as are carried out in about a second, so that a crash leaves few to be looked up."""

_REFERENCES_PAGE = 20
"""Reference rows claimed at once: each names up to as many objects as a target takes in one request."""

_MEMBERS = (ChangeKind.ADD_MEMBERS, ChangeKind.REMOVE_MEMBERS)

_RECORD_AT, _RECORD_EVERY = 500, 1.0
"""Outcomes, or seconds, after which what was done is recorded."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row with what is needed to carry it out, and why it must not be, if so."""

    row: plan.PlanRow
    surroundings: Surroundings
    interrupted: bool
    stale_because: str | None


class Stop:
    """Tells the work of a cycle to end after the requests that are under way."""

    def __init__(self) -> None:
        self.requested = False
        self.error: errors.TargetUnusableError | None = None

    def request(self) -> None:
        """Begin nothing new."""
        self.requested = True

    def fail(self, error: errors.TargetUnusableError) -> None:
        """Begin nothing new, and end with this error."""
        self.error = self.error or error
        self.requested = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What applying needs, beside the plan."""

    store: Store
    clock: Clock
    exporter: Exporter
    recorder: Recorder
    reader: SurroundingsReader
    lease: Lease
    stop: Stop
    concurrency: int
    progress: Callable[[int], None]
    second_look: SecondLook


def workshop(
    *,
    store: Store,
    clock: Clock,
    application: Application,
    schema: SynchronizationSchema,
    target: Target,
    lease: Lease,
    stop: Stop,
    progress: Callable[[int], None],
) -> Workshop:
    """What it takes to apply plans of an application to its target, while its lease is held."""
    reader = SurroundingsReader(store, application.id)
    mappings = {
        object_type: mapping.compile_mapping(item, application.roles)
        for object_type, item in schema.object_mappings.items()
    }
    return Workshop(
        store=store,
        clock=clock,
        exporter=Exporter(target, mappings, reader.owner_of),
        recorder=Recorder(
            store=store,
            clock=clock,
            lease=lease,
            application_id=application.id,
            retries=application.settings.retries,
        ),
        reader=reader,
        lease=lease,
        stop=stop,
        concurrency=target.concurrency,
        progress=progress,
        second_look=SecondLook(application, schema, clock),
    )


async def apply(shop: Workshop, made: plan.Plan) -> None:
    """Carry out every open row, phase by phase; returns early when stopping was requested.

    Raises `TargetUnusableError` with the remaining rows still open.
    """
    for phase in plan.Phase:
        if not shop.stop.requested:
            await _Phase(shop, made, phase).run()
    if shop.stop.error is not None:
        raise shop.stop.error


class _Phase:
    """One phase of a plan being applied."""

    def __init__(self, shop: Workshop, made: plan.Plan, phase: plan.Phase) -> None:
        self._shop = shop
        self._plan = made
        self._phase = phase
        self._waiting: deque[Claimed] = deque()
        self._outcomes: list[Timed] = []
        self._refilling = asyncio.Lock()
        self._next: asyncio.Task[Sequence[Claimed]] | None = None
        self._claimed_up_to = -1
        self._claimed_at = shop.clock.monotonic()
        self._page = _SMALLEST_PAGE
        self._recorded_at = shop.clock.monotonic()
        self._exhausted = False

    async def run(self) -> None:
        workers = 1 if self._phase is plan.Phase.RECORD else self._shop.concurrency
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(workers):
                    group.create_task(self._work())
        except* Exception as failed:  # noqa: BLE001 - raised again as the single error it is
            raise concurrently.first_of(failed) from None
        finally:
            if self._next is not None:
                # a claim under way cannot be called back: what it took is given back below
                self._waiting.extend(await self._next)
        await self._record(self._outcomes)
        self._give_back()

    async def _work(self) -> None:
        while not self._shop.stop.requested:
            if not self._waiting and not await self._refill():
                return
            if not self._waiting:
                continue
            try:
                outcome = await self._one(self._waiting.popleft())
            except errors.TargetUnusableError as error:
                self._shop.stop.fail(error)
                return
            self._outcomes.append(outcome)
            overdue = self._shop.clock.monotonic() - self._recorded_at >= _RECORD_EVERY
            if overdue or len(self._outcomes) >= _RECORD_AT:
                finished, self._outcomes = self._outcomes, []
                self._recorded_at = self._shop.clock.monotonic()
                await self._record(finished)

    async def _refill(self) -> bool:
        """Take over the next page and have the one after it claimed meanwhile; whether there may be more to do."""
        async with self._refilling:
            if self._waiting or self._exhausted:
                return not self._exhausted
            page = await (self._next or self._claim_next())
            self._next = None
            self._waiting.extend(page)
            self._exhausted = not page
            if page:
                self._claimed_up_to = page[-1].row.ordinal
                self._next = self._claim_next()
        return not self._exhausted

    def _claim_next(self) -> asyncio.Task[Sequence[Claimed]]:
        return asyncio.create_task(asyncio.to_thread(self._claim, self._claimed_up_to, self._page_size()))

    def _page_size(self) -> int:
        if self._phase is plan.Phase.REFERENCES:
            return _REFERENCES_PAGE
        now = self._shop.clock.monotonic()
        quick = now - self._claimed_at < 0.5
        self._claimed_at = now
        self._page = min(_LARGEST_PAGE, self._page * 2) if quick else max(_SMALLEST_PAGE, self._page // 2)
        return self._page

    async def _one(self, item: Claimed) -> Timed:
        began = self._shop.clock.monotonic()
        outcome = await self._outcome(item)
        return outcome, round((self._shop.clock.monotonic() - began) * 1000)

    async def _outcome(self, item: Claimed) -> Outcome:
        exporter, row = self._shop.exporter, item.row
        if item.stale_because is None:
            if self._phase is plan.Phase.RECORD:
                return row_outcomes.without_request(row, item.surroundings)
            return await exporter.export(row, item.surroundings, interrupted=item.interrupted)
        if item.interrupted and row.kind is ChangeKind.CREATE:
            return await exporter.settle(row, item.stale_because)
        if item.interrupted and row.kind in _MEMBERS and item.surroundings.link is not None:
            # what an earlier attempt did must not be forgotten; it is brought in line with the directory as it is now
            return await exporter.export(row, item.surroundings, interrupted=True)
        return row_outcomes.stale(row, item.stale_because)

    def _claim(self, after: int, limit: int) -> Sequence[Claimed]:
        with self._shop.store.write() as unit:
            self._shop.lease.prolong(unit)
            page = unit.plans.claim(self._plan.id, self._phase, after, limit)
            back = self._back_in_scope(unit, page)
        around = self._shop.reader.around(page)
        return [
            Claimed(item.row, surroundings, item.interrupted, self._staleness(item, surroundings.link, back))
            for item, surroundings in zip(page, around, strict=True)
        ]

    def _back_in_scope(self, unit: UnitOfWork, page: Sequence[plan.ClaimedRow]) -> frozenset[ObjectId]:
        """Who belongs into the application by now: nobody is taken away on the word of an older plan.

        Taking a plan back may take away somebody who belongs; that is what a person asked for.
        """
        leaving = self._phase in (plan.Phase.DISABLES, plan.Phase.DELETES)
        if not leaving or not page or self._plan.origin is plan.Origin.UNDO:
            return frozenset()
        return self._shop.second_look.belonging(unit, [item.row.object_id for item in page])

    def _staleness(
        self, item: plan.ClaimedRow, link: links.Link | None, back: frozenset[ObjectId]
    ) -> str | None:
        if self._plan.state is plan.PlanState.CLOSING:
            return "the plan was given up while this was under way"
        if item.row.object_id in back:
            return "the object belongs into the application again since this was planned"
        return _staleness(item, link)

    def _give_back(self) -> None:
        untouched = [item.row.ordinal for item in self._waiting if not item.interrupted]
        if untouched:
            with self._shop.store.write() as unit:
                unit.plans.release(self._plan.id, untouched)

    async def _record(self, outcomes: Sequence[Timed]) -> None:
        if outcomes:
            await asyncio.to_thread(self._shop.recorder.record, outcomes)
            self._shop.progress(len(outcomes))


def _staleness(item: plan.ClaimedRow, link: links.Link | None) -> str | None:
    """Why a row was overtaken since it was planned; references are checked one by one when they are written."""
    row = item.row
    if row.phase is plan.Phase.REFERENCES:
        return None
    if item.current_sequence != row.object_sequence:
        return "the object changed in the directory after this was planned"
    if (link.version if link else None) != row.link_version:
        return "the account's link changed after this was planned"
    return None
