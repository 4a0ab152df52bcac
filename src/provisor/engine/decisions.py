"""What a person decides about rows that the guard held: allow them, or drop them; all of them or some."""

from __future__ import annotations

from datetime import datetime

from provisor.core import plan
from provisor.core.application import Application
from provisor.core.audit import Activity, Actor
from provisor.core.errors import InvalidInputError
from provisor.engine import auditing, holding
from provisor.ports.clock import Clock
from provisor.ports.store import Store, UnitOfWork

_EVERYTHING = plan.Selection()
_HOLDING = (plan.PlanState.HELD, plan.PlanState.APPLYING)


def allow(
    unit: UnitOfWork,
    application: Application,
    made: plan.Plan,
    *,
    selection: plan.Selection,
    by: Actor,
    now: datetime,
) -> None:
    """Begin to apply a plan, with the held rows that are selected.

    Raises `InvalidInputError` where a selection fits none of them, or the plan cannot be applied any more.
    """
    held = unit.held(application.id)
    auditing.note_plan(unit, by, application, made, selection=selection)
    held.vouch(made.id, by)
    allowed = held.allow(made.id, selection, by, now)
    if selection != _EVERYTHING and not allowed:
        raise _nothing_selected(made)
    if allowed and held.count(made.id):
        held.note_decision(made.id)
    if made.state is not plan.PlanState.APPLYING:
        unit.plans.move(made.id, plan.PlanState.APPLYING, began=now)


def drop(
    store: Store,
    application: Application,
    made: plan.Plan,
    *,
    selection: plan.Selection,
    by: Actor,
    clock: Clock,
) -> int:
    """End held rows without applying them; returns how many. The accounts stay as they are until their objects are
    looked at again: when they change, in a cycle that looks at everybody, or after a restart.

    Raises `InvalidInputError` where the plan holds nothing, or nothing of what is selected.
    """
    now = clock.now()
    with store.write() as unit:
        found = unit.plans.get(made.id)
        if found is None or found.state not in _HOLDING:
            raise InvalidInputError(f"The plan {made.id} holds nothing that could be dropped.")
        held = unit.held(application.id)
        auditing.note_plan(unit, by, application, made, selection=selection, activity=Activity.REJECT_HELD)
        dropped = held.drop(made.id, selection, by, now)
        if not dropped:
            raise _nothing_selected(made)
        if held.count(made.id):
            held.note_decision(made.id)
        elif found.state is plan.PlanState.HELD:
            pending = any(state is plan.RowState.PENDING for *_, state, _ in unit.plans.totals(made.id))
            unit.plans.move(made.id, plan.PlanState.READY if pending else plan.PlanState.APPLIED)
            holding.forget(unit, made)
    return dropped


def _nothing_selected(made: plan.Plan) -> InvalidInputError:
    return InvalidInputError(
        f"No held row of the plan {made.id} fits the selection; `provisor job plan` with --plan {made.id} shows its rows."
    )
