"""The service: one process that runs every started job's cycles as soon as there is something to do.

A change is a number in the store (see `Store.signal`), so it does not matter which process made it: a portal in this
one, or a command line in another. No broker and no timer per job.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import structlog

from provisor.core import errors, plan
from provisor.core.application import Application
from provisor.core.identifiers import ApplicationId
from provisor.core.job import Retries
from provisor.core.quarantine import Quarantine
from provisor.core.requests import RequestCounts
from provisor.engine import cycle
from provisor.ports.mailer import Mailer
from provisor.ports.target import Target
from provisor.ports.telemetry import Measured, Telemetry
from provisor.runner import chores, forgetting, metering, posting, watching

LOOK_EVERY = 0.25
"""Seconds between looks at the store's signal: what a change waits at most before its cycle begins."""

_FULL_LOOK_EVERY = 5.0
"""Seconds between looks at everything that falls due by itself: retries, intervals, dates in filters, jobs taken over."""

_FIRST_DELAY = 2.0
_LONGEST_DELAY = 300.0

log = structlog.get_logger("provisor.service")


@dataclass(slots=True)
class _Turn:
    """What the service remembers of one job between its cycles (instants are monotonic seconds).

    `looked` is when the last cycle began: an account whose deletion fell due before it and did not happen (the guard
    holds it, it is protected) waits for the next ordinary cycle, instead of waking the service again and again.
    """

    running: asyncio.Task[None] | None = None
    seen: int = -1
    failures: int = 0
    not_before: float = 0.0
    ended: float = 0.0
    falls_due: tuple[datetime, ...] = ()
    looked: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a service does beside cycles: send mails and hand over figures, where somebody takes them, and forget what is old."""

    mailer: Mailer | None = None
    telemetry: Telemetry | None = None
    keeping: forgetting.Keeping = field(default_factory=forgetting.Keeping)


class Service:
    """Watches the store and runs cycles until it is told to stop."""

    def __init__(self, services: cycle.Services, options: Options | None = None) -> None:
        options = options or Options()
        self._stopping = False
        self._targets = _KeptTargets(services.open_target)
        self._services = replace(
            services,
            open_target=self._targets.open,
            release_target=self._targets.keep,
            stopping=lambda: self._stopping,
        )
        self._clock = services.clock
        watch = watching.Watch(services.store, services.clock, services.new_id)
        self._chores = [chores.Chore("watch", watching.EVERY, watch.look)]
        forget = forgetting.Forgetting(services.store, services.clock, options.keeping)
        self._chores.append(chores.Chore("forget", forgetting.EVERY, forget.round))
        self._telemetry = options.telemetry
        if options.telemetry is not None:
            meter = metering.Meter(services.store, services.clock, options.telemetry)
            self._chores.append(chores.Chore("meter", metering.EVERY, meter.look))
            self._chores.append(chores.Chore("requests", metering.EVERY, self._measure_requests))
        if options.mailer is not None:
            post = posting.Post(services.store, services.clock, options.mailer)
            self._chores.append(chores.Chore("post", posting.EVERY, post.deliver))
        self._turns: dict[ApplicationId, _Turn] = {}
        self._known: dict[ApplicationId, Measured] = {}
        self._seen = -1
        self._full_look_at = 0.0

    def stop(self) -> None:
        """Begin nothing new; cycles under way end after the requests that are out, their rows kept."""
        self._stopping = True

    async def run(self) -> None:
        """Run until stopped."""
        log.info("service started")
        doing = [asyncio.create_task(chore.repeat(self._clock)) for chore in self._chores]
        try:
            while not self._stopping:
                self._look()
                await self._clock.sleep(LOOK_EVERY)
        finally:
            self._stopping = True
            running = [turn.running for turn in self._turns.values() if turn.running is not None]
            await asyncio.gather(*running, return_exceptions=True)
            await chores.end(doing)
            await self._targets.close()
            log.info("service stopped")

    def _look(self) -> None:
        """Begin the cycles that are due; costs one small read where nothing happened."""
        now = self._clock.monotonic()
        with self._services.store.read() as unit:
            latest = unit.signal()
            if latest == self._seen and now < self._full_look_at:
                return
            requested = unit.jobs.requests()
            due = [*unit.jobs.due()]
            due += requested.keys() - set(due)
            waiting = {item: unit.escrows(item).next_due() for item in due}
            turns = {item: unit.scope_turns(item).next_due() for item in due}
            deletions = {item: unit.links(item).next_deletion(self._looked(item)) for item in due}
            quarantines = unit.jobs.quarantines()
            applications = unit.applications.all()
        intervals = {item.id: item.settings.interval_seconds for item in applications}
        self._known = {item.id: metering.measured(item) for item in applications}
        self._seen, self._full_look_at = latest, now + _FULL_LOOK_EVERY
        for application_id in due:
            turn = self._turns.setdefault(application_id, _Turn())
            turn.falls_due = tuple(
                moment
                for moment in (
                    waiting[application_id],
                    deletions[application_id],
                    turns[application_id],
                )
                if moment is not None
            )
            slowed = quarantines.get(application_id)
            if turn.running is not None:
                continue
            if application_id in requested:
                turn.seen, turn.looked = latest, self._clock.now()
                turn.running = asyncio.create_task(
                    self._take_turn(turn, application_id, self._requested_cycle(application_id))
                )
            elif self._wanted(turn, slowed, intervals[application_id], latest):
                turn.seen, turn.looked = latest, self._clock.now()
                # whether a job is well again shows only where what failed is tried again
                retries = Retries.ALL if slowed is not None and slowed.is_for_failures else Retries.DUE
                turn.running = asyncio.create_task(
                    self._take_turn(turn, application_id, self._cycle(application_id, retries))
                )
            elif slowed is not None and slowed.is_for_failures and turn.seen != latest:
                # whoever leaves does not wait for the next attempt
                turn.seen = latest
                leaving = cycle.deliver_leavers(self._services, application_id, progress=_unseen)
                turn.running = asyncio.create_task(self._take_turn(turn, application_id, leaving))

    def _wanted(self, turn: _Turn, slowed: Quarantine | None, interval: int, latest: int) -> bool:
        """Whether a cycle is to begin now: in quarantine at its next attempt, else whenever there may be something to do."""
        now, moment = self._clock.monotonic(), self._clock.now()
        if now < turn.not_before:
            return False
        if slowed is not None and slowed.next_attempt is not None:
            return slowed.next_attempt <= moment
        fell_due = any(due <= moment for due in turn.falls_due)
        return turn.seen != latest or now - turn.ended >= interval or fell_due

    def _looked(self, application_id: ApplicationId) -> datetime | None:
        turn = self._turns.get(application_id)
        return None if turn is None else turn.looked

    def _cycle(
        self, application_id: ApplicationId, retries: Retries
    ) -> Coroutine[Any, Any, cycle.CycleOutcome]:
        return cycle.run(
            self._services,
            application_id,
            origin=plan.Origin.SCHEDULE,
            retries=retries,
            progress=_unseen,
        )

    async def _requested_cycle(self, application_id: ApplicationId) -> cycle.CycleOutcome:
        """The cycle that a person asked for; the request is met by its begin, whatever comes of it."""
        with self._services.store.write() as unit:
            unit.jobs.take_request(application_id)
        return await cycle.run(
            self._services,
            application_id,
            origin=plan.Origin.PERSON,
            retries=Retries.ALL,
            progress=_unseen,
        )

    async def _take_turn(
        self, turn: _Turn, application_id: ApplicationId, work: Coroutine[Any, Any, cycle.CycleOutcome]
    ) -> None:
        try:
            outcome = await work
        except errors.ProvisorError as error:
            turn.failures += 1
            delay = min(_LONGEST_DELAY, _FIRST_DELAY * 2 ** (turn.failures - 1))
            turn.not_before, turn.seen = self._clock.monotonic() + delay, -1
            self._count(application_id, "failed")
            log.warning("cycle failed", application=application_id, error=str(error), retry_in_seconds=delay)
        except Exception:  # a fault of ours: it must not end the other jobs' service
            turn.failures += 1
            turn.not_before, turn.seen = self._clock.monotonic() + _LONGEST_DELAY, -1
            self._count(application_id, "failed")
            log.exception("cycle ended by an internal error", application=application_id)
        else:
            turn.failures, turn.not_before = 0, 0.0
            self._count(application_id, _OUTCOMES[type(outcome)])
            _tell(application_id, outcome)
        finally:
            turn.running, turn.ended = None, self._clock.monotonic()
            # what changed, failed or fell due meanwhile is looked at right away
            self._full_look_at = 0.0

    def _count(self, application_id: ApplicationId, outcome: str) -> None:
        if self._telemetry is not None and application_id in self._known:
            self._telemetry.outcome(self._known[application_id], outcome)

    async def _measure_requests(self) -> None:
        for application, asked in self._targets.asked():
            if self._telemetry is not None:
                self._telemetry.requests(application, asked)


class _KeptTargets:
    """Targets kept open between cycles, with their connections and what is used of their rate budgets."""

    def __init__(self, open_target: cycle.TargetFactory) -> None:
        self._open_target = open_target
        self._kept: dict[ApplicationId, tuple[Application, str, Target]] = {}
        self._outdated: list[Target] = []
        self._counted: dict[ApplicationId, tuple[Target, RequestCounts]] = {}

    def open(self, application: Application, secret_token: str) -> Target:
        """The kept target, or a new one where address, token or settings changed."""
        kept = self._kept.get(application.id)
        if kept is not None and kept[:2] == (application, secret_token):
            return kept[2]
        if kept is not None:
            self._outdated.append(kept[2])
        target = self._open_target(application, secret_token)
        self._kept[application.id] = (application, secret_token, target)
        return target

    def asked(self) -> Iterator[tuple[Measured, RequestCounts]]:
        """What was asked of each kept target since the last time."""
        for application_id, (application, _, target) in self._kept.items():
            counted = self._counted.get(application_id)
            before = counted[1] if counted is not None and counted[0] is target else RequestCounts()
            now = target.requests
            self._counted[application_id] = (target, now)
            yield metering.measured(application), now.since(before)

    async def keep(self, _target: Target) -> None:
        """Keep a target for the next cycle; close those that no cycle will use again."""
        outdated, self._outdated = self._outdated, []
        for target in outdated:
            await target.aclose()

    async def close(self) -> None:
        """Close every target."""
        for _, _, target in self._kept.values():
            await target.aclose()
        self._kept.clear()
        for target in self._outdated:
            await target.aclose()


async def serve(services: cycle.Services, options: Options | None = None) -> None:
    """Run the service until it is cancelled or the process is told to end (SIGTERM, SIGINT)."""
    service = Service(services, options)
    loop = asyncio.get_running_loop()
    handled = (signal.SIGTERM, signal.SIGINT)
    for number in handled:
        loop.add_signal_handler(number, service.stop)
    try:
        await service.run()
    finally:
        for number in handled:
            loop.remove_signal_handler(number)


_OUTCOMES = {
    cycle.NothingToDo: "nothingToDo",
    cycle.Held: "held",
    cycle.Applied: "applied",
    cycle.Paused: "paused",
}


def _tell(application_id: ApplicationId, outcome: cycle.CycleOutcome) -> None:
    match outcome:
        case cycle.NothingToDo():
            log.debug("nothing to do", application=application_id)
        case cycle.Held(made):
            log.warning("plan held", application=application_id, plan=made.id, reason=made.hold_reason)
        case cycle.Applied(made, failures):
            log.info("cycle applied", application=application_id, cycle=made.id, failures=failures)
        case cycle.Paused(made):
            log.info("cycle interrupted", application=application_id, cycle=made.id)


def _unseen(_what: str, _done: int, _total: int | None) -> None:
    """Nobody watches a scheduled cycle's progress."""
