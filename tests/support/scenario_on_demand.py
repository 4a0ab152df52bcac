"""The step `onDemand` of a scenario: one object is provisioned on demand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from provisor.core import errors, on_demand, steps
from provisor.engine import on_demand as engine
from support.provisioning import Provisioning


async def play(company: Provisioning, said: Mapping[str, Any]) -> None:
    """Provision the `object` (of a group: only these `members`), for real or as a `dryRun`.

    `result` is how it ends, `tells` are parts of what its steps say, `hides` what they must not; `refused` is why it does not even begin.
    """
    wish = engine.Wish(
        object_id=company.object_id(said["object"]),
        mode=on_demand.Mode.DRY_RUN if said.get("dryRun") else on_demand.Mode.APPLY,
        members=tuple(map(company.object_id, said["members"])) if "members" in said else None,
    )
    if "refused" in said:
        with pytest.raises(errors.ProvisorError, match=said["refused"]):
            await engine.run(company.services, company.application.id, wish)
        return
    before = _kept(company)
    report = await engine.run(company.services, company.application.id, wish)
    text = told(report)
    assert on_demand.result(report) == said["result"], text
    for part in said.get("tells", ()):
        assert part in text, text
    for part in said.get("hides", ()):
        assert part not in text, text
    if said.get("dryRun"):
        assert _kept(company) == before, "a dry run keeps nothing"
        assert company.peer.asked("POST") + company.peer.asked("PATCH") + company.peer.asked("DELETE") == []


def told(report: on_demand.Report) -> str:
    """The steps as text: each with its status, and its findings below it."""
    lines = []
    for step in on_demand.steps(report):
        lines.append(f"{step.name} {step.status}: {step.description}")
        lines += [f"  {name}: {value}" for name, value in step.details.items()]
        lines += [f"  {_SIGNS[item.mark]} {item.text}" for item in step.findings]
    return "\n".join(lines)


_SIGNS = {steps.Mark.YES: "yes", steps.Mark.NO: "no", steps.Mark.NEITHER: "-"}


def _kept(company: Provisioning) -> Any:
    """What the store says that a dry run must not change."""
    with company.store.read() as unit:
        plans = [(item.id, item.state) for item in unit.plans.of(company.application.id, tuple(_STATES), 100)]
        return plans, unit.directory.sequence(), unit.links(company.application.id).count(), unit.signal()


_STATES = engine.plan.PlanState
