"""Plans as their pages show them: how many rows of which kind, and the rows themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException

from provisor.core import plan
from provisor.core.application import Application
from provisor.core.changes import ChangeKind
from provisor.core.plan import RecordedRow, RowState
from provisor.look.visit import Visit
from provisor.portal import modifications
from provisor.portal.modifications import Modification
from provisor.ports.store import UnitOfWork

APPLICABLE = (plan.PlanState.READY, plan.PlanState.HELD, plan.PlanState.APPLYING)
"""The states in which a plan can still be applied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A plan with the number of its rows, by kind and by state."""

    plan: plan.Plan
    kinds: Mapping[ChangeKind, int]
    states: Mapping[RowState, int]

    @property
    def held(self) -> int:
        """Rows that wait for a person."""
        return self.states.get(RowState.HELD, 0)

    @property
    def waiting(self) -> int:
        """Rows that nobody holds, and that are applied with whatever else of the plan is."""
        return self.states.get(RowState.PENDING, 0) + self.states.get(RowState.APPLYING, 0)

    @property
    def is_applicable(self) -> bool:
        """Whether there is anything left that a person can have applied."""
        return self.plan.state in APPLICABLE and bool(self.held or self.waiting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row with what it writes; `more` references are left out."""

    recorded: RecordedRow
    changes: Sequence[Modification]
    more: int


def plan_of(unit: UnitOfWork, application: Application, visit: Visit) -> plan.Plan:
    """The plan an address names; not found where the application has none of that id."""
    found = unit.plans.get(visit.params["plan"].lower())
    if found is None or found.application_id != application.id:
        raise HTTPException(404)
    return found


def summary(unit: UnitOfWork, made: plan.Plan) -> Summary:
    """A plan with what it consists of."""
    kinds: Counter[ChangeKind] = Counter()
    states: Counter[RowState] = Counter()
    for _type, kind, _reason, state, count in unit.plans.totals(made.id):
        kinds[kind] += count
        states[state] += count
    return Summary(plan=made, kinds=kinds, states=states)


def lines(unit: UnitOfWork, recorded: Sequence[RecordedRow]) -> Sequence[Line]:
    """Rows with the names of whom they refer to, read in one question."""
    known = modifications.names(unit, recorded)
    return [
        Line(recorded=item, changes=modifications.of_row(item, known), more=modifications.left_out(item))
        for item in recorded
    ]
