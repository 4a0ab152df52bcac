"""The end of planning: the guard judges what was planned, and holds what a person must see first.

There is at most one held plan for a job. Whoever it holds is looked at again by every plan that follows. If the same
is still to be held, the held plan stays as it is, so that a person who is reading it can decide about it; if not, the
new plan takes its place. If nothing is to be held any more, it closes by itself.
"""

from __future__ import annotations

import collections
from collections.abc import Iterable
from datetime import datetime

from provisor.core import guard, plan
from provisor.core.application import Application
from provisor.core.changes import ChangeKind
from provisor.core.identifiers import ApplicationId
from provisor.core.quarantine import QuarantineReason
from provisor.engine import quarantining
from provisor.engine.plan_request import Purpose
from provisor.ports.store import UnitOfWork

_UNJUDGED = frozenset({plan.Origin.ON_DEMAND, plan.Origin.UNDO})
"""A person asked for exactly these changes."""

_RENEWING = frozenset({plan.Origin.SCHEDULE, plan.Origin.PERSON})
"""Plans that look at everybody who is held."""


class Tally:
    """What a plan in the making overwrites and ends, counted row by row."""

    def __init__(self) -> None:
        self.overwritten: collections.Counter[str] = collections.Counter()
        self.matched = 0
        self.members_removed = 0

    def note(self, rows: Iterable[plan.PlanRow]) -> None:
        """Count rows in."""
        for row in rows:
            self.overwritten.update(guard.overwritten(row.kind, row.details.changed))
            if row.details.matched_on is not None and row.link_version is None:
                self.matched += 1
            if row.kind is ChangeKind.REMOVE_MEMBERS:
                self.members_removed += len(row.details.references)


def conclude(
    unit: UnitOfWork,
    made: plan.Plan,
    application: Application,
    *,
    tally: Tally,
    purpose: Purpose,
    now: datetime,
) -> plan.Plan | None:
    """The plan, its rows complete, as ready or held; None where nothing is left of it."""
    renewing = made.origin in _RENEWING
    earlier = held_plan(unit, application.id) if renewing else None
    hold = None
    if made.origin not in _UNJUDGED:
        hold = _hold(unit, made, application, tally=tally, earlier=earlier, now=now)
    renewed = purpose is Purpose.REVIEW
    if hold is not None and earlier is not None and not renewed and _stays(unit, made, earlier):
        unit.held(application.id).discard(made.id)
        hold = None
    elif earlier is not None:
        _supersede(unit, made, earlier, now)
    if hold is None and not unit.plans.totals(made.id):
        unit.plans.remove(made.id)
        return None
    if hold is None:
        unit.plans.move(made.id, plan.PlanState.READY)
    else:
        unit.plans.move(made.id, plan.PlanState.HELD, hold=hold)
        if renewing:
            unit.jobs.hold(application.id, made.id)
    return unit.plans.get(made.id)


def close(unit: UnitOfWork, made: plan.Plan, now: datetime) -> None:
    """End the applying of a plan: it is held as long as rows of it are."""
    waiting = unit.held(made.application_id).count(made.id)
    unit.plans.move(made.id, plan.PlanState.HELD if waiting else plan.PlanState.APPLIED, ended=now)
    if not waiting:
        forget(unit, made)


def forget(unit: UnitOfWork, made: plan.Plan) -> None:
    """Note that a plan does not hold anything any more, and that its job is out of the quarantine that told so."""
    job = unit.jobs.get(made.application_id, 0)
    if job.held_plan != made.id:
        return
    unit.jobs.hold(made.application_id, None)
    if job.quarantine is not None and job.quarantine.reason is QuarantineReason.TOO_MANY_DELETES:
        quarantining.keep(unit, made.application_id, None)


def held_plan(unit: UnitOfWork, application_id: ApplicationId) -> plan.Plan | None:
    """The plan that waits for a person."""
    found = unit.plans.of(application_id, [plan.PlanState.HELD], 1)
    return found[0] if found else None


def held_beside(unit: UnitOfWork, applied: plan.Plan) -> plan.Plan | None:
    """The plan that waits for a person, where a cycle that applied this plan is to say so."""
    return held_plan(unit, applied.application_id) if applied.origin in _RENEWING else None


def is_settled(earlier: plan.Plan, application: Application) -> bool:
    """Whether the present limits would let pass what a plan holds."""
    return earlier.hold is not None and not guard.is_kept(earlier.hold, application.settings.guard)


def _hold(
    unit: UnitOfWork,
    made: plan.Plan,
    application: Application,
    *,
    tally: Tally,
    earlier: plan.Plan | None,
    now: datetime,
) -> guard.Hold | None:
    """Mark the rows that are held; why, or None where there are none."""
    rows, limits = unit.held(application.id), application.settings.guard
    before = earlier.hold if earlier is not None else None
    # the day's window stands still while somebody is asked, so that waiting alone lets nobody through
    asked = before.since if before is not None and before.kinds & guard.REMOVALS else now
    breaches = guard.judge(_totals(unit, made, tally, asked), limits, before)
    for breach in breaches:
        rows.hold(made.id, breach, now)
    if earlier is not None and before is not None and before.decided:
        rest = [breach for breach in before.breaches if guard.is_over(breach, limits)]
        for breach in rest:
            rows.hold_again(made.id, earlier.id, breach, now)
        known = {(breach.limit, breach.attribute) for breach in breaches}
        breaches += tuple(breach for breach in rest if (breach.limit, breach.attribute) not in known)
    if not rows.count(made.id):
        return None
    return guard.Hold(
        breaches=breaches,
        since=now if before is None else before.since,
        decided=before is not None and before.decided,
    )


def _totals(unit: UnitOfWork, made: plan.Plan, tally: Tally, asked: datetime) -> guard.GuardTotals:
    counted = guard.totals(
        ((kind, count) for _, kind, _, _, count in unit.plans.totals(made.id)), made.linked
    )
    removed_before = members = 0
    if counted.removals:
        rows = unit.held(made.application_id)
        removed_before = rows.removals_since(asked - guard.WINDOW)
        if made.origin is plan.Origin.EXPRESS:
            removed_before += rows.removals_waiting()
    if tally.members_removed:
        members = unit.references(made.application_id).member_count()
    return guard.GuardTotals(
        disables=counted.disables,
        deletes=counted.deletes,
        linked=made.linked,
        removed_before=removed_before,
        overwritten=tally.overwritten,
        matched=tally.matched,
        members_removed=tally.members_removed,
        members=members,
    )


def _stays(unit: UnitOfWork, made: plan.Plan, earlier: plan.Plan) -> bool:
    """Whether an earlier plan holds all that this one would, and nothing of it waits but that."""
    states = {state for *_, state, _ in unit.plans.totals(earlier.id)}
    return (
        plan.RowState.PENDING not in states
        and made.schema_version == earlier.schema_version
        and unit.held(made.application_id).is_same(made.id, earlier.id)
    )


def _supersede(unit: UnitOfWork, made: plan.Plan, earlier: plan.Plan, now: datetime) -> None:
    """Close an earlier held plan: what is still to be done stands in the new one."""
    unit.held(made.application_id).supersede(earlier.id, f"planned anew in {made.id}", now)
    if earlier.began is None:
        unit.plans.abandon(made.application_id, [plan.PlanState.HELD])
    else:
        unit.plans.move(earlier.id, plan.PlanState.APPLIED)
    unit.jobs.hold(made.application_id, None)
