"""Scoping filters: every operator by example, the null rule, groups, and what is refused."""

import datetime as dt
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from provisor.core import scoping_filters
from provisor.core.errors import InvalidInputError
from provisor.core.scoping_filters import (
    OPERATORS,
    Answer,
    Arity,
    Clause,
    ClauseGroup,
    CompiledFilter,
    MultivaluedComparison,
    Operator,
    ScopingFilter,
)

NOW = dt.datetime(2025, 3, 10, 12, tzinfo=dt.UTC)
EXAMPLES = yaml.safe_load(Path(__file__).with_name("scoping_examples.yaml").read_text(encoding="utf-8"))
ROWS = [
    pytest.param(row, value, expected, id=f"{row['clause']} of {value!r} is {expected is Answer.PASSED}")
    for rows in EXAMPLES.values()
    for row in rows
    for key, expected in (("passes", Answer.PASSED), ("fails", Answer.FAILED))
    for value in row[key]
]


def stored(value):
    return tuple(value) if isinstance(value, list) else value


def one(clause):
    return CompiledFilter(ScopingFilter(groups=(ClauseGroup(name="Filter", clauses=(clause,)),)))


def answer(clause, value):
    return one(clause).evaluate({clause.attribute: value}, NOW).answer


@pytest.mark.parametrize(("row", "value", "expected"), ROWS)
def test_every_example_is_as_documented(row, value, expected):
    clause = scoping_filters.clause_of(row["clause"], {})
    if row.get("any"):
        clause = Clause(
            attribute=clause.attribute,
            operator=clause.operator,
            operands=clause.operands,
            comparison=MultivaluedComparison.ANY,
        )
    assert answer(clause, stored(value)) is expected


def test_every_operator_has_examples_of_its_own():
    assert set(OPERATORS) == set(EXAMPLES) == set(Operator)


# -- properties ------------------------------------------------------------------

TEXTS = st.text(max_size=8)
VALUES = st.one_of(
    st.none(),
    TEXTS,
    st.booleans(),
    st.integers(),
    st.lists(TEXTS, max_size=3).map(tuple),
    st.dates().map(str),
)
EMPTY = st.sampled_from([None, "", (), ("",), ("", "")])
_OPERANDS = {
    **dict.fromkeys((Operator.GREATER_THAN, Operator.GREATER_THAN_OR_EQUALS), st.integers(0, 99).map(str)),
    **dict.fromkeys(
        (Operator.IS_BEFORE, Operator.IS_AFTER),
        st.sampled_from(["now", "now+3d", "now-99999w", "0001-01-01"]),
    ),
    **dict.fromkeys(
        (Operator.REGEX_MATCH, Operator.NOT_REGEX_MATCH), st.sampled_from(["a", "^b+$", "[0-9]{2}", "(x|y)z"])
    ),
}


@st.composite
def clauses(draw, operators=tuple(Operator)):
    operator = draw(st.sampled_from(operators))
    unary = OPERATORS[operator].arity is Arity.UNARY
    operands = () if unary else (draw(_OPERANDS.get(operator, st.text(min_size=1, max_size=4))),)
    comparison = draw(st.sampled_from(MultivaluedComparison))
    return Clause(attribute="a", operator=operator, operands=operands, comparison=comparison)


@given(clauses(), VALUES)
def test_evaluating_never_raises_and_always_decides(clause, value):
    assert answer(clause, value) in (Answer.PASSED, Answer.FAILED)


_ASKING_VALUES = [item for item in Operator if item not in (Operator.IS_NULL, Operator.NOT_MEMBER_OF)]


@given(clauses(_ASKING_VALUES), EMPTY)
def test_without_a_value_every_clause_but_is_null_is_false_the_negative_ones_too(clause, value):
    assert answer(clause, value) is Answer.FAILED


@given(EMPTY)
def test_without_a_value_is_null_is_true(value):
    assert answer(Clause(attribute="a", operator=Operator.IS_NULL), value) is Answer.PASSED


@pytest.mark.parametrize(
    ("positive", "negative"),
    [
        (Operator.EQUALS, Operator.NOT_EQUALS),
        (Operator.REGEX_MATCH, Operator.NOT_REGEX_MATCH),
        (Operator.WITHIN, Operator.NOT_WITHIN),
        (Operator.EQUALS_IGNORE_CASE, Operator.NOT_EQUALS_IGNORE_CASE),
    ],
)
@given(value=st.text(max_size=3), operand=st.sampled_from(["a", "ab", "b+"]))
def test_a_negative_operator_is_the_negation_exactly_where_there_is_a_value(
    positive, negative, value, operand
):
    yes = answer(Clause(attribute="a", operator=positive, operands=(operand,)), value)
    no = answer(Clause(attribute="a", operator=negative, operands=(operand,)), value)
    if value:
        assert {yes, no} == {Answer.PASSED, Answer.FAILED}
    else:
        assert yes is no is Answer.FAILED


def test_de_morgan_does_not_hold_for_somebody_without_the_attributes():
    """Not (A and B) is not (not A) or (not B): of an attribute without a value nothing is true."""

    def clause(attribute, operator):
        return Clause(attribute=attribute, operator=operator, operands=("x",))

    both = (clause("a", Operator.EQUALS), clause("b", Operator.EQUALS))
    neither = [ClauseGroup(name=each, clauses=(clause(each, Operator.NOT_EQUALS),)) for each in "ab"]
    together = CompiledFilter(ScopingFilter(groups=(ClauseGroup(name="both", clauses=both),)))
    apart = CompiledFilter(ScopingFilter(groups=tuple(neither)))
    for view, holds in (({}, False), ({"a": "y"}, True), ({"a": "y", "b": "x"}, True)):
        negated = together.evaluate(view, NOW).answer is Answer.FAILED
        assert (negated == (apart.evaluate(view, NOW).answer is Answer.PASSED)) is holds


@given(clauses((Operator.IS_BEFORE, Operator.IS_AFTER)), st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)))
def test_between_two_turns_the_answer_of_a_date_stays_and_at_a_turn_it_changes(clause, date):
    compiled, view, now = one(clause), {"a": date.isoformat()}, NOW
    turn = compiled.turns(view, now)
    before = compiled.evaluate(view, now).answer
    if turn is None:
        assert compiled.evaluate(view, now + dt.timedelta(days=30_000)).answer is before
    else:
        assert turn > now
        assert compiled.evaluate(view, turn - dt.timedelta(microseconds=1)).answer is before
        assert compiled.evaluate(view, turn).answer is not before


@given(clauses())
def test_a_clause_survives_the_way_through_a_schema_document(clause):
    document = {"groups": [{"name": "G", "clauses": [scoping_filters.to_graph(clause)]}]}
    if clause.operator in (Operator.IS_MEMBER_OF, Operator.NOT_MEMBER_OF):
        document["groups"][0]["clauses"][0]["sourceOperandName"] = "memberOf"
        clause = Clause(
            attribute="memberOf",
            operator=clause.operator,
            operands=clause.operands,
            comparison=clause.comparison,
        )
    assert scoping_filters.parse(document, {}, "scope").groups[0].clauses == (clause,)


# -- groups ------------------------------------------------------------------------


def filtered(scope, **view):
    result = CompiledFilter(scoping_filters.parse(scope, {}, "scope")).evaluate(view, NOW)
    return result.answer, dict(result.results), result.decided_by


def group(name, *texts):
    return {
        "name": name,
        "clauses": [scoping_filters.to_graph(scoping_filters.clause_of(text, {})) for text in texts],
    }


TWO = {
    "groups": [
        group("New York", "state EQUALS New York", "department EQUALS Engineering", "jobTitle IS NOT NULL"),
        group("Everywhere", "accountEnabled IS TRUE", "department EQUALS Sales"),
    ]
}


def test_clauses_of_a_group_must_all_be_true_and_the_first_that_is_not_is_named():
    assert filtered(TWO, state="New York", department="Engineering", accountEnabled=True) == (
        Answer.FAILED,
        {
            "New York.state EQUALS 'New York'": True,
            "New York.department EQUALS 'Engineering'": True,
            "New York.jobTitle IS NOT NULL": False,
            "Everywhere.accountEnabled IS TRUE": True,
            "Everywhere.department EQUALS 'Sales'": False,
        },
        (
            "New York: jobTitle IS NOT NULL, but it has no value; "
            "Everywhere: department EQUALS 'Sales', but it is 'Engineering'"
        ),
    )


def test_of_several_groups_one_is_enough_and_it_is_named():
    result, _, decided_by = filtered(TWO, department="Sales", accountEnabled=True)
    assert (result, decided_by) == (Answer.PASSED, "Everywhere")


@pytest.mark.parametrize("scope", [None, {}, {"groups": []}, {"groups": None, "inputFilterGroups": []}])
def test_without_groups_everybody_passes(scope):
    assert not scoping_filters.parse(scope, {}, "scope")
    assert filtered(scope)[0] is Answer.PASSED


def test_whoever_fails_the_input_filter_is_dropped_before_the_filter_is_asked():
    scope = {"inputFilterGroups": [group("People", "userType EQUALS Member")], **TWO}
    result = CompiledFilter(scoping_filters.parse(scope, {}, "scope")).evaluate({"userType": "Guest"}, NOW)
    assert (result.answer, result.early) == (Answer.FAILED, True)
    assert dict(result.results) == {"People.userType EQUALS 'Member'": False}


def test_a_group_without_a_name_gets_a_number():
    assert filtered({"groups": [{"clauses": group("", "city EQUALS Paris")["clauses"]}]})[1] == {
        "Filter 1.city EQUALS 'Paris'": False
    }


# -- what is refused -------------------------------------------------------------------

LISTED = {"city": "String", "accountEnabled": "Boolean", "level": "Integer", "manager": "Reference"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("city EQAULS Paris", "Did you mean EQUALS"),
        ("city", "ATTRIBUTE OPERATOR VALUE"),
        ("city EQUALS", "needs a value to compare with. To ask whether the attribute is empty, use IS NULL"),
        ("city IS NULL Paris", "compares with nothing, so it takes no value; remove 'Paris'"),
        ("level Greater_Than ten", "'ten' cannot be used; it must be a whole number, 0 or more"),
        ("level Greater_Than -1", "'-1' cannot be used; it must be a whole number, 0 or more"),
        ("city REGEX MATCH (", "'(' cannot be used; it is no regular expression"),
        (
            "city IS BEFORE tomorrow",
            "'tomorrow' cannot be used; it must be a date such as 2025-03-01, now, or now+14d",
        ),
        ("City EQUALS Paris", "there is no attribute 'City'. Did you mean city?"),
        ("manager.ctiy EQUALS Paris", "there is no attribute 'ctiy'. Did you mean city?"),
        ("accountEnabled Includes x", "accountEnabled is of type Boolean, which Includes cannot compare"),
        ("level IS TRUE", "Operators for it: EQUALS"),
        ("members EQUALS x", "with memberOf IsMemberOf"),
        ("city IsMemberOf Sales", "memberOf IsMemberOf 'Sales'"),
        ("memberOf EQUALS Sales", "memberOf IsMemberOf 'Sales'"),
    ],
)
def test_a_clause_that_would_not_work_is_refused_with_a_hint(text, said):
    with pytest.raises(InvalidInputError) as caught:
        scoping_filters.clause_of(text, LISTED)
    assert said in " ".join(str(caught.value).split())


@pytest.mark.parametrize(
    "text", ["userType EQUALS Guest", "extension_1_costCentre EQUALS 7", "manager.city EQUALS Rome"]
)
def test_attributes_that_a_schema_need_not_list_are_taken(text):
    scoping_filters.clause_of(text, LISTED)


CLAUSE = {"sourceOperandName": "city", "operatorName": "EQUALS", "targetOperand": {"values": ["Paris"]}}


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        ([], "scope: a filter with groups of clauses"),
        ({"groups": {}}, "scope.groups: a list"),
        ({"groups": [{"name": "x"}]}, "scope.groups[0].clauses: a group without clauses"),
        ({"groups": [{"clauses": [7]}]}, "scope.groups[0].clauses[0]: an object"),
        (
            {"groups": [{"clauses": [{**CLAUSE, "sourceOperandName": ""}]}]},
            "clauses[0].sourceOperandName: missing",
        ),
        (
            {"groups": [{"clauses": [CLAUSE, {**CLAUSE, "operatorName": "CONTAINS"}]}]},
            "scope.groups[0].clauses[1].operatorName: there is no operator 'CONTAINS'",
        ),
        (
            {"groups": [{"clauses": [{**CLAUSE, "multivaluedComparisonType": "Some"}]}]},
            "multivaluedComparisonType: 'Some' is neither All nor Any",
        ),
        (
            {"categoryFilterGroups": [{"clauses": [CLAUSE]}]},
            "scope.categoryFilterGroups: these are not evaluated",
        ),
    ],
)
def test_a_scope_that_would_not_work_is_refused_with_its_place(scope, said):
    with pytest.raises(InvalidInputError) as caught:
        scoping_filters.parse(scope, {}, "scope")
    assert said in str(caught.value)
