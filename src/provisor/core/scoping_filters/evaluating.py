"""Whether an object passes a scoping filter, and which clause decided.

The null rule is Entra's: an attribute without a value makes every clause false, the negative ones included, except
`IS NULL`. Evaluating never raises: a clause that cannot be decided leaves the object undecided, and nobody else.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from provisor.core.expressions import regular_expressions
from provisor.core.objects import Value
from provisor.core.scoping_filters import comparing, dates, model
from provisor.core.scoping_filters.comparing import Question, Single
from provisor.core.scoping_filters.operators import DATED, OF_GROUPS, OPERATORS, Operator

_SHOWN = 3
"""How many values of an attribute a person is told."""

View = Mapping[str, Value]
"""The attributes of an object as filters see them."""


class Answer(enum.Enum):
    """What came of a clause, a group or a filter."""

    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterResult:
    """What came of a whole filter for one object.

    `results` has every decided clause by its label, as the log shows them; `decided_by` tells which clause or group
    decided; `early` that it was the input filter.
    """

    answer: Answer
    results: tuple[tuple[str, bool], ...]
    decided_by: str
    early: bool = False


@dataclass(frozen=True, slots=True)
class _ClauseResult:
    label: str
    answer: Answer
    told: str


class CompiledFilter:
    """A scoping filter, ready to be evaluated for many objects. Raises `ValueError` for an unusable operand."""

    def __init__(self, item: model.ScopingFilter) -> None:
        self.filter = item
        self._groups = [_CompiledGroup(group) for group in item.groups]
        self._input_groups = [_CompiledGroup(group) for group in item.input_groups]

    def evaluate(self, view: View, now: datetime) -> FilterResult:
        """What comes of the filter for an object with these attributes, now."""
        early, results, told = _any_group(self._input_groups, view, now)
        is_early = early is not Answer.PASSED
        answer = early
        if not is_early:
            answer, more, told = _any_group(self._groups, view, now)
            results = (*results, *more)
        return FilterResult(answer=answer, results=results, decided_by=told, early=is_early)

    def turns(self, view: View, now: datetime) -> datetime | None:
        """The next moment at which the answer for these attributes may be another, with nothing but time passing."""
        moments = [
            moment
            for group in (*self._input_groups, *self._groups)
            for clause in group.clauses
            for moment in clause.turns(view)
            if moment > now
        ]
        return min(moments, default=None)


class _CompiledGroup:
    def __init__(self, group: model.ClauseGroup) -> None:
        self.name = group.name
        self.clauses = [_CompiledClause(clause) for clause in group.clauses]

    def evaluate(self, view: View, now: datetime) -> Sequence[_ClauseResult]:
        return [clause.evaluate(view, now) for clause in self.clauses]


class _CompiledClause:
    def __init__(self, clause: model.Clause) -> None:
        self.clause = clause
        self._definition = OPERATORS[clause.operator]
        self._questions: list[Question] = [
            comparing.question(clause.operator, operand) for operand in clause.operands
        ]
        self._test = self._tester()

    def evaluate(self, view: View, now: datetime) -> _ClauseResult:
        clause = self.clause
        values = _values(view.get(clause.attribute))
        try:
            answer = Answer.PASSED if self._test(values, now) else Answer.FAILED
        except regular_expressions.PatternTooCostlyError as error:
            return _ClauseResult(clause.label, Answer.UNDECIDED, f"{clause.label}: {error}")
        return _ClauseResult(clause.label, answer, f"{clause.label}, but {_told(values)}")

    def turns(self, view: View) -> Sequence[datetime]:
        """When this clause's answer for an object changes with nothing but time passing."""
        if self.clause.operator not in DATED:
            return ()
        found: list[datetime] = []
        for operand in map(dates.operand, self.clause.operands):
            if isinstance(operand, dates.RelativeMoment):
                for value in _values(view.get(self.clause.attribute)):
                    moment = dates.moment(comparing.text(value))
                    if moment is not None:
                        found.append(_turn(self.clause.operator, moment, operand))
        return found

    def _tester(self) -> Callable[[Sequence[Single], datetime], bool]:
        match self.clause.operator:
            case Operator.IS_NULL:
                return lambda values, _now: not values
            case Operator.IS_NOT_NULL:
                return lambda values, _now: bool(values)
            case Operator.IS_TRUE:
                return lambda values, _now: self._over(values, comparing.is_true)
            case Operator.IS_FALSE:
                return lambda values, _now: self._over(values, comparing.is_false)
            case operator if operator in OF_GROUPS:
                return self._membership
            case _:
                return lambda values, now: self._over(values, lambda value: self._one(value, now))

    def _over(self, values: Sequence[Single], test: Callable[[Single], bool]) -> bool:
        """The values of a multi-valued attribute together; none at all never pass."""
        if not values:
            return False
        # a manager has several names, of which one is meant
        named = self.clause.attribute == model.MANAGER
        match self.clause.comparison:
            case model.MultivaluedComparison.ALL if named and not self._definition.negative:
                return any(map(test, values))
            case model.MultivaluedComparison.ALL:
                return all(map(test, values))
            case model.MultivaluedComparison.ANY:
                return any(map(test, values))
            case _:
                assert_never(self.clause.comparison)

    def _one(self, value: Single, now: datetime) -> bool:
        applies = any(question(value, now) for question in self._questions)
        return applies is not self._definition.negative

    def _membership(self, values: Sequence[Single], now: datetime) -> bool:
        """Of a person in no group it is certain that they are in none of these."""
        member = any(question(value, now) for question in self._questions for value in values)
        return member is not self._definition.negative


def _any_group(
    groups: Sequence[_CompiledGroup], view: View, now: datetime
) -> tuple[Answer, tuple[tuple[str, bool], ...], str]:
    """The answer of several groups, of which one must pass; none at all let everybody pass."""
    if not groups:
        return Answer.PASSED, (), "no filter"
    results: list[tuple[str, bool]] = []
    failures: list[str] = []
    undecided: list[str] = []
    passed: str | None = None
    for group in groups:
        found = group.evaluate(view, now)
        results += [
            (f"{group.name}.{item.label}", item.answer is Answer.PASSED)
            for item in found
            if item.answer is not Answer.UNDECIDED
        ]
        failed = next((item for item in found if item.answer is Answer.FAILED), None)
        unclear = next((item for item in found if item.answer is Answer.UNDECIDED), None)
        if failed is not None:
            failures.append(f"{group.name}: {failed.told}")
        elif unclear is not None:
            undecided.append(f"{group.name}: {unclear.told}")
        elif passed is None:
            passed = group.name
    if passed is not None:
        return Answer.PASSED, tuple(results), passed
    if undecided:
        return Answer.UNDECIDED, tuple(results), "; ".join(undecided)
    return Answer.FAILED, tuple(results), "; ".join(failures)


def _values(value: Value) -> Sequence[Single]:
    """The values of an attribute that are not empty."""
    if value is None or value == "":
        return ()
    if isinstance(value, tuple):
        return tuple(item for item in value if item not in (None, ""))
    return (value,)


def _told(values: Sequence[Single]) -> str:
    if not values:
        return "it has no value"
    shown = ", ".join(f"'{comparing.text(value)}'" for value in values[:_SHOWN])
    return f"it is {shown}" + (" …" if len(values) > _SHOWN else "")


def _turn(operator: Operator, moment: datetime, operand: dates.RelativeMoment) -> datetime:
    """The first moment at which the clause sees the value on the other side of its operand."""
    try:
        reached = moment - operand.offset
        return reached if operator is Operator.IS_AFTER else reached + timedelta(microseconds=1)
    except OverflowError:
        return moment
