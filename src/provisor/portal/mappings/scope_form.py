"""The form of a scoping filter: groups of clauses, as they were typed, with what is wrong beside each clause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from provisor.core import scoping_filters
from provisor.core.errors import InvalidInputError
from provisor.core.scoping_filters import AttributeTypes, Clause, ClauseGroup, MultivaluedComparison, Operator
from provisor.look.catalogues import mark as _
from provisor.look.forms import Form

LISTS = ("groups", "early")
"""Who fails the first loses the account; who fails the second is not looked at."""

_FIELD = re.compile(r"(groups|early)\.(\d{1,3})\.(?:(name)|(\d{1,3})\.(attribute))")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseRow:
    """A clause as it was typed."""

    attribute: str = ""
    operator: str = Operator.EQUALS
    values: str = ""
    any: bool = False
    problem: str = ""

    def clause(self, attributes: AttributeTypes) -> Clause:
        """The clause. Raises `InvalidInputError` saying what is wrong with it."""
        if not self.attribute:
            raise InvalidInputError(_("Choose or enter the attribute to compare."))
        if self.operator not in set(Operator):
            raise InvalidInputError(_("Choose an operator."))
        return scoping_filters.checked_clause(
            Clause(
                attribute=self.attribute,
                operator=Operator(self.operator),
                operands=scoping_filters.operands_of(self.values),
                comparison=MultivaluedComparison.ANY if self.any else MultivaluedComparison.ALL,
            ),
            attributes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """A group of clauses as it was typed."""

    name: str = ""
    clauses: tuple[ClauseRow, ...] = (ClauseRow(),)


Rows = dict[str, tuple[GroupRow, ...]]


def of_filter(scope: scoping_filters.ScopingFilter) -> Rows:
    """The rows of a filter that is there."""
    return {"groups": _rows(scope.groups), "early": _rows(scope.input_groups)}


def of_form(form: Form) -> Rows:
    """The rows as they were sent."""
    found: dict[str, dict[int, tuple[str, dict[int, ClauseRow]]]] = {name: {} for name in LISTS}
    for name in form.names():
        match = _FIELD.fullmatch(name)
        if match is None:
            continue
        place, number = match[1], int(match[2])
        _title, clauses = found[place].setdefault(number, (form.text(f"{place}.{number}.name"), {}))
        if match[5]:
            prefix = f"{place}.{number}.{match[4]}"
            clauses[int(match[4])] = ClauseRow(
                attribute=form.text(f"{prefix}.attribute").removeprefix("[").removesuffix("]"),
                operator=form.text(f"{prefix}.operator"),
                values=form.exact(f"{prefix}.values"),
                any=form.has(f"{prefix}.any"),
            )
    return {
        place: tuple(
            GroupRow(name=title, clauses=tuple(clauses[index] for index in sorted(clauses)))
            for _number, (title, clauses) in sorted(groups.items())
        )
        for place, groups in found.items()
    }


def reshaped(rows: Rows, command: str) -> Rows:
    """The rows with a group or clause more or less, as the button says: `add:groups`, `drop:groups.0.1`."""
    verb, _colon, where = command.partition(":")
    place, *numbers = where.split(".")
    if place not in LISTS or not all(number.isdecimal() for number in numbers):
        return rows
    groups = list(rows[place])
    match verb, [int(number) for number in numbers]:
        case "add", []:
            groups.append(GroupRow())
        case "add", [group] if group < len(groups):
            groups[group] = replace(groups[group], clauses=(*groups[group].clauses, ClauseRow()))
        case "drop", [group] if group < len(groups):
            del groups[group]
        case "drop", [group, clause] if group < len(groups):
            left = tuple(row for index, row in enumerate(groups[group].clauses) if index != clause)
            groups[group] = replace(groups[group], clauses=left)
            if not left:
                del groups[group]
        case _:
            pass
    return {**rows, place: tuple(groups)}


def read(rows: Rows, attributes: AttributeTypes) -> tuple[scoping_filters.ScopingFilter | None, Rows]:
    """The filter that the rows make, and the rows with what is wrong beside them; no filter where something is."""
    groups, marked = {}, {}
    for place in LISTS:
        groups[place], marked[place] = _read(rows[place], attributes)
    failed = any(row.problem for place in LISTS for group in marked[place] for row in group.clauses)
    scope = scoping_filters.ScopingFilter(groups=groups["groups"], input_groups=groups["early"])
    return (None if failed else scope), marked


def _read(
    rows: Sequence[GroupRow], attributes: AttributeTypes
) -> tuple[tuple[ClauseGroup, ...], tuple[GroupRow, ...]]:
    groups, marked = [], []
    for number, row in enumerate(rows, start=1):
        clauses, checked = [], []
        for each in row.clauses:
            try:
                clauses.append(each.clause(attributes))
                checked.append(each)
            except InvalidInputError as error:
                checked.append(replace(each, problem=str(error).removeprefix("the clause: ")))
        groups.append(ClauseGroup(name=row.name or f"Filter {number}", clauses=tuple(clauses)))
        marked.append(replace(row, clauses=tuple(checked)))
    return tuple(groups), tuple(marked)


def _rows(groups: Sequence[ClauseGroup]) -> tuple[GroupRow, ...]:
    return tuple(
        GroupRow(
            name=group.name,
            clauses=tuple(
                ClauseRow(
                    attribute=clause.attribute,
                    operator=clause.operator,
                    values=scoping_filters.operands_text(clause.operands),
                    any=clause.comparison is MultivaluedComparison.ANY,
                )
                for clause in group.clauses
            ),
        )
        for group in groups
    )
