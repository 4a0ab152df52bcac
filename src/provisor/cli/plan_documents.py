"""Plans and their rows as documents."""

from __future__ import annotations

import collections
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from provisor.core import changes, guard, log_entry, plan
from provisor.core.errors import ErrorCode
from provisor.core.identifiers import ObjectId, PlanId
from provisor.ports.store import Store, UnitOfWork

_PAGE = 100
_TOLD = 4
_NAMES_AT_ONCE = 5_000
"""Ids looked up in one statement; databases bound the number of its parameters."""


def of_plan(unit: UnitOfWork, made: plan.Plan) -> dict[str, Any]:
    """A plan without its rows: its state, how many rows of which kind, and what the guard says.

    `counts` has every kind and `states` every state, zeros included, so that a script finds what it asks for.
    """
    totals = unit.plans.totals(made.id)
    kinds: collections.Counter[str] = collections.Counter()
    states: collections.Counter[str] = collections.Counter()
    for _, kind, _, state, count in totals:
        kinds[kind.value] += count
        states[state.value] += count
    return {
        "id": made.id,
        "state": made.state.value,
        "kind": made.kind.value,
        "origin": made.origin.value,
        "undoes": made.undoes,
        "created": log_entry.instant(made.created),
        "began": log_entry.instant(made.began),
        "ended": log_entry.instant(made.ended),
        "fromWatermark": made.from_watermark,
        "toWatermark": made.to_watermark,
        "error": made.error,
        "counts": {kind.value: kinds[kind.value] for kind in changes.ChangeKind},
        "states": {state.value: states[state.value] for state in plan.RowState},
        "totals": [
            {
                "objectType": object_type.value,
                "kind": kind.value,
                "reason": reason.value,
                "state": state.value,
                "count": count,
            }
            for object_type, kind, reason, state, count in totals
        ],
        "guard": _guard(made, kinds),
    }


def nothing_to_do() -> dict[str, Any]:
    """What stands in place of a plan where there is nothing to plan; the same keys."""
    return {
        "id": None,
        "state": "nothingToDo",
        "kind": None,
        "origin": None,
        "undoes": None,
        "created": None,
        "began": None,
        "ended": None,
        "fromWatermark": None,
        "toWatermark": None,
        "error": None,
        "counts": {kind.value: 0 for kind in changes.ChangeKind},
        "states": {state.value: 0 for state in plan.RowState},
        "totals": [],
        "guard": {
            "verdict": "proceed",
            "disables": 0,
            "deletes": 0,
            "linked": None,
            "reason": None,
            "since": None,
            "limits": [],
            "approvedBy": None,
            "approved": None,
        },
    }


def rows(
    store: Store,
    plan_id: PlanId,
    kinds: Sequence[changes.ChangeKind] = (),
    states: Sequence[plan.RowState] = (),
) -> Iterator[dict[str, Any]]:
    """The rows of a plan (of these kinds and states) in their order, a page at a time."""
    last = -1
    while True:
        with store.read() as unit:
            page = unit.plans.rows(plan_id, after=last, limit=_PAGE, kinds=kinds, states=states)
            described = of_rows(unit, page)
        if not page:
            return
        yield from described
        last = page[-1].row.ordinal


def of_rows(unit: UnitOfWork, recorded: Sequence[plan.RecordedRow]) -> list[dict[str, Any]]:
    """Rows with the names of what they refer to."""
    names = _names(unit, recorded)
    return [_of_row(item, names) for item in recorded]


def told_changes(described: Iterable[Mapping[str, Any]]) -> str:
    """The attributes that rows of one object write, short, for a table."""
    parts = [part for row in described for part in _parts(row)]
    more = f" and {len(parts) - _TOLD} more" if len(parts) > _TOLD else ""
    return "; ".join(parts[:_TOLD]) + more


def short_path(path: str) -> str:
    """An attribute path without the URN of its schema."""
    return path.rpartition(":")[2] if path.startswith("urn:") else path


def _parts(row: Mapping[str, Any]) -> Iterator[str]:
    for item in row["modifications"]:
        yield f"{short_path(item['path'])}: {_told(item['old'], item['new'])}"
    sign = "-" if row["kind"] == changes.ChangeKind.REMOVE_MEMBERS else "+"
    for item in row["references"]:
        name = item["displayName"] or item["id"]
        if row["kind"] == changes.ChangeKind.SET_REFERENCE:
            yield f"{short_path(row['attribute'])}: {name}"
        else:
            yield f"{row['attribute']} {sign}{name}"


def _told(old: object, new: object) -> str:
    return _short(new) if old is None else f"{_short(old)} → {_short(new)}"


def _short(value: object) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _of_row(item: plan.RecordedRow, names: Mapping[ObjectId, str]) -> dict[str, Any]:
    row, details = item.row, item.row.details
    return {
        "changeId": row.change_id,
        "kind": row.kind.value,
        "objectType": row.object_type.value,
        "objectId": row.object_id,
        "displayName": details.name,
        "userPrincipalName": details.principal_name,
        "reasonCode": row.reason.value,
        "reason": changes.EXPLANATIONS[row.reason],
        "targetId": row.target_id,
        "matchedOn": details.matched_on,
        "candidates": list(details.candidates),
        "modifications": [
            {
                "path": change.path,
                "old": log_entry.shown(change.path, change.old),
                "new": log_entry.shown(change.path, change.new),
            }
            for change in details.modifications
        ],
        "attribute": details.attribute,
        "references": [{"id": found, "displayName": names.get(found)} for found in details.references],
        "state": item.state.value,
        "errorCode": _value(item.error_code or details.error_code),
        "error": item.error_message or details.error_message,
        "warnings": list(item.warnings),
        "approvedBy": item.approved_by,
    }


def _value(code: ErrorCode | None) -> str | None:
    return None if code is None else code.value


def _names(unit: UnitOfWork, page: Sequence[plan.RecordedRow]) -> Mapping[ObjectId, str]:
    """The names of everything that these rows refer to."""
    wanted = sorted({found for item in page for found in item.row.details.references})
    return {
        item.id: item.display_name
        for start in range(0, len(wanted), _NAMES_AT_ONCE)
        for item in unit.directory.many(wanted[start : start + _NAMES_AT_ONCE])
    }


def _guard(made: plan.Plan, kinds: Mapping[str, int]) -> dict[str, Any]:
    totals = guard.totals(((kind, kinds.get(kind.value, 0)) for kind in changes.ChangeKind), made.linked)
    hold = made.hold
    return {
        "verdict": "proceed" if hold is None else "hold",
        "disables": totals.disables,
        "deletes": totals.deletes,
        "linked": totals.linked,
        "reason": made.hold_reason,
        "since": None if hold is None else log_entry.instant(hold.since),
        "limits": [] if hold is None else [_breach(item) for item in hold.breaches],
        "approvedBy": made.approved_by,
        "approved": log_entry.instant(made.approved),
    }


def _breach(item: guard.Breach) -> dict[str, Any]:
    return {
        "limit": item.limit.value,
        "attribute": item.attribute,
        "count": item.count,
        "of": item.total,
        "percent": item.percent,
        "floor": item.floor,
        "reason": item.reason,
    }
