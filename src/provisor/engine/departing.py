"""Noting since when whoever is about to leave should have left, so that the time it took can be told."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from provisor.core import plan
from provisor.core.changes import Reason
from provisor.core.guard import REMOVALS
from provisor.engine.plan_request import PlanRequest
from provisor.engine.row_outcomes import Outcome
from provisor.ports.store import Store, UnitOfWork


def dated(store: Store, request: PlanRequest, made: Sequence[plan.PlanRow]) -> Sequence[plan.PlanRow]:
    """Rows of a plan in the making, disables and deletes with when the change was made that asks for them.

    Nobody's change asks for what a mapping, a filter or a setting takes away, nor for a deletion that was put off.
    """
    bound = request.applied if request.after is None else request.after
    leaving = {
        row.object_id: row.reason
        for row in made
        if row.kind in REMOVALS and row.reason is not Reason.RETENTION_OVER
    }
    if bound is None or not leaving:
        return made
    with store.read() as unit:
        departures, ids = unit.departures(request.application.id), list(leaving)
        held = unit.held(request.application.id).objects(ids)
        retried = [row.object_id for row in made if row.details.retried and row.object_id in leaving]
        before = departures.asked_before([*held, *retried])
        asked = {**departures.asked(leaving, bound), **before}
    return [
        dataclasses.replace(row, details=dataclasses.replace(row.details, asked=asked[row.object_id]))
        if row.object_id in leaving and row.object_id in asked
        else row
        for row in made
    ]


def record(unit: UnitOfWork, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Keep how long whoever left now had waited; the outcomes are of one plan."""
    ended = [
        (item.row.ordinal, item.row.details.asked)
        for item in outcomes
        if item.result.state is plan.RowState.DONE and item.row.details.asked is not None
    ]
    if ended:
        made = unit.plans.get(outcomes[0].row.plan_id)
        assert made is not None  # noqa: S101 - its rows are being recorded
        unit.departures(made.application_id).record(made.id, ended, now)
