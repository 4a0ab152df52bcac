"""Plans and log entries in words, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from provisor.core import changes, plan, schema, schema_document
from provisor.core.changes import ChangeKind
from provisor.core.identifiers import PlanId
from provisor.core.objects import ObjectType
from provisor.ports.store import UnitOfWork

_KINDS, _REASONS = tuple(ChangeKind), tuple(changes.Reason)
_NOTHING = "nothing"

_What = tuple[ChangeKind, changes.Reason]


def counts(unit: UnitOfWork, plan_id: PlanId) -> Sequence[tuple[str, str, str]]:
    """A plan's rows by kind and reason: how many, what, why."""
    totals = _totals(unit, plan_id)
    return [
        (f"{totals[kind, reason]:,}", kind.value, changes.EXPLANATIONS[reason])
        for kind, reason in sorted(totals, key=_place)
    ]


def counts_in(unit: UnitOfWork, plan_id: PlanId, wanted: plan.RowState) -> Sequence[tuple[str, str, str]]:
    """As `counts`, of the rows in one state."""
    return [
        (f"{count:,}", kind.value, changes.EXPLANATIONS[reason])
        for _, kind, reason, state, count in unit.plans.totals(plan_id)
        if state is wanted
    ]


def number_done(unit: UnitOfWork, plan_id: PlanId, kind: ChangeKind) -> int:
    """How many rows of a kind a plan has that were carried out."""
    return sum(
        count
        for _, row_kind, _, state, count in unit.plans.totals(plan_id)
        if row_kind is kind and state is plan.RowState.DONE
    )


def examples(unit: UnitOfWork, plan_id: PlanId, each: int) -> Sequence[plan.RecordedRow]:
    """The first rows of every kind and reason, so many of each, in the order of `counts`."""
    wanted = Counter({key: min(each, count) for key, count in _totals(unit, plan_id).items()})
    found = []
    for item in _rows(unit, plan_id):
        if not wanted.total():
            break
        if wanted[item.row.kind, item.row.reason]:
            wanted[item.row.kind, item.row.reason] -= 1
            found.append(item)
    return sorted(found, key=lambda item: _place((item.row.kind, item.row.reason)))


def example(item: plan.RecordedRow) -> tuple[str, str, str]:
    """A row of a plan: what, who, why."""
    return item.row.kind.value, item.row.details.name, changes.EXPLANATIONS[item.row.reason]


def varied(items: Sequence[plan.RecordedRow], number: int) -> Sequence[plan.RecordedRow]:
    """So many of the rows, different in reason and in what they write where that is possible."""
    first = {(item.row.reason, _written(item)): item for item in reversed(items)}
    others = [item for item in items if item not in first.values()]
    return [*first.values(), *others][:number]


def modified(item: plan.RecordedRow, limit: int) -> Sequence[tuple[str, str]]:
    """The values a row writes: name, and old → new; at most so many, and how many more there are."""
    written = item.row.details.modifications
    told = [(_short(each.path), _change(each)) for each in written[:limit]]
    more = len(written) - len(told)
    return [*told, ("…", f"and {more} more")] if more else told


def mapping_lines(document: schema_document.Document) -> Sequence[tuple[str, str]]:
    """The attribute mappings for users: the target, and what it is made from."""
    found = schema.parse(document).mapping_of(ObjectType.USER)
    return [
        (
            _short(item.target.name) + (" (matching)" if item.matching_priority else ""),
            item.expression.text if item.expression else "",
        )
        for item in (found.attribute_mappings if found else ())
    ]


def _totals(unit: UnitOfWork, plan_id: PlanId) -> Counter[_What]:
    totals: Counter[_What] = Counter()
    for _, kind, reason, _, count in unit.plans.totals(plan_id):
        totals[kind, reason] += count
    return totals


def _place(what: _What) -> tuple[int, int]:
    """Where a kind and reason stand in a list: in the order in which they are declared."""
    kind, reason = what
    return _KINDS.index(kind), _REASONS.index(reason)


def _rows(unit: UnitOfWork, plan_id: PlanId) -> Iterator[plan.RecordedRow]:
    last = -1
    while page := unit.plans.rows(plan_id, after=last):
        yield from page
        last = page[-1].row.ordinal


def _written(item: plan.RecordedRow) -> tuple[str, ...]:
    return tuple(each.path for each in item.row.details.modifications)


def _short(path: str) -> str:
    """A path without the URN that precedes it."""
    return path.rpartition(":")[2]


def _change(modification: changes.Modification) -> str:
    old, new = _value(modification.old), _value(modification.new)
    return new if old == _NOTHING else f"{old} → {new}"


def _value(value: Any) -> str:
    if value is None or value == "":
        return _NOTHING
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
