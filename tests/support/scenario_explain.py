"""What a scenario expects of an explanation, under `explained`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisor.core import explanation, steps
from provisor.engine import explaining
from support.provisioning import Provisioning

_SIGNS = {steps.Mark.YES: "yes", steps.Mark.NO: "no", steps.Mark.NEITHER: "-"}


def check(company: Provisioning, name: str, wanted: Mapping[str, Any]) -> None:
    """Compare the `answer`, the condition that `fails` first, the `changes`, and parts of everything it `tells`."""
    object_id = company.object_id(name)
    with company.store.read() as unit:
        subject = unit.directory.get(object_id)
    assert subject is not None
    told = explanation.explain(explaining.standing(company.services, company.application, subject))
    lines = [told.sentence, *(f"{_SIGNS[item.mark]} {item.text}" for item in told.conditions), *told.facts]
    text = "\n".join(lines)
    assert told.answer == wanted["answer"], text
    if "fails" in wanted:
        assert told.first_failing == wanted["fails"], text
    if "changes" in wanted:
        assert list(told.changes) == wanted["changes"]
    for part in wanted.get("tells", ()):
        assert part in text, text
