"""Not asking again and again for what an application does not do: clearing values that it keeps.

It was asked, it said yes and kept the value; the log told so. It is asked again when there is something new: the person
or the value in the application changed, or the mapping or dialect did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from provisor.core import changes, deciding
from provisor.core.changes import Modification, Reason
from provisor.core.identifiers import ObjectId
from provisor.core.plan import PlanRow
from provisor.engine.plan_request import PlanRequest
from provisor.ports.store import Store
from provisor.scim import comparison

_WORTH_SPARING = (Reason.ATTRIBUTES_DIFFER, Reason.DRIFTED)


def spared(
    store: Store,
    request: PlanRequest,
    cases: Sequence[deciding.Case],
    decided: Sequence[changes.Decision],
) -> Sequence[changes.Decision]:
    """The decisions, with a skip in the place of each update that would only ask in vain once more."""
    asking = {
        case.subject.id: decision.modifications
        for case, decision in zip(cases, decided, strict=True)
        if isinstance(decision, changes.Update) and _only_clears(decision)
    }
    if not asking:
        return decided
    with store.read() as unit:
        asked = unit.kept_values(request.application.id).of(request.application.schema_version, list(asking))
    vain = {
        case.subject.id
        for case in cases
        if case.subject.id in asking and _was_in_vain(case, asking[case.subject.id], asked)
    }
    return [
        changes.Skip(Reason.CLEARING_IGNORED) if case.subject.id in vain else decision
        for case, decision in zip(cases, decided, strict=True)
    ]


def _only_clears(decision: changes.Update) -> bool:
    return decision.reason in _WORTH_SPARING and all(
        comparison.is_empty(item.new) for item in decision.modifications
    )


def _was_in_vain(
    case: deciding.Case, wanted: Sequence[Modification], asked: Mapping[ObjectId, PlanRow]
) -> bool:
    row = asked.get(case.subject.id)
    if row is None or row.object_sequence != case.subject.sequence:
        return False
    kept = {item.path: item.old for item in row.details.changed if item.path in row.details.kept}
    return all(item.path in kept and kept[item.path] == item.old for item in wanted)
