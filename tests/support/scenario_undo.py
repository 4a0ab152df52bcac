"""The step `undo` of a scenario: a plan that takes back what a cycle did."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from provisor.core import errors, plan
from provisor.engine import undoing
from support.provisioning import Provisioning

_APPLIED = (plan.PlanState.APPLIED,)


def play(company: Provisioning, said: Mapping[str, Any]) -> undoing.Undo | None:
    """Plan to take back the newest plan that was applied, or the one that is the `cycle`th from the first.

    Only for these `objects`, if so; `rows` are those of the plan, `why` what rows of objects say that cannot be undone,
    `nextCycle` who is looked at soon anyway. `refused` is why there is nothing to take back at all.
    """
    with company.store.read() as unit:
        applied = list(unit.plans.of(company.application.id, _APPLIED, 100))[::-1]
    undone = applied[said.get("cycle", 0) - 1]
    objects = frozenset(map(company.object_id, said["objects"])) if "objects" in said else None
    if "refused" in said:
        with pytest.raises(errors.InvalidInputError, match=said["refused"]):
            undoing.make(company.services, company.application, undone, objects=objects)
        return None
    made = undoing.make(company.services, company.application, undone, objects=objects)
    assert (made.plan.origin, made.plan.undoes) == (plan.Origin.UNDO, undone.id)
    rows = company.rows(made.plan.id)
    told = sorted(company.tell(item) for item in rows)
    assert told == sorted(said["rows"]), f"the plan says {told}"
    for name, why in said.get("why", {}).items():
        reasons = [
            item.row.details.error_message for item in rows if item.row.object_id == company.object_id(name)
        ]
        assert any(re.search(why, reason or "") for reason in reasons), reasons
    if "nextCycle" in said:
        assert made.next_cycle == frozenset(map(company.object_id, said["nextCycle"]))
        assert made.next_initial_cycle.isdisjoint(made.next_cycle)
    return made
