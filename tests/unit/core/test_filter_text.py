"""Scoping filters as text: what is written is read again as the same filter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisor.core import scoping_filters
from provisor.core.scoping_filters import (
    OPERATORS,
    Arity,
    Clause,
    ClauseGroup,
    FilterTextError,
    MultivaluedComparison,
    Operator,
)

TEXTUAL = [
    item.operator
    for item in OPERATORS.values()
    if "String" in item.types and "Binary" not in item.types
    and item.operator not in {*scoping_filters.operators.NUMERIC, *scoping_filters.operators.REGULAR,
                              *scoping_filters.operators.DATED}
]  # fmt: skip
values = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@st.composite
def clauses(draw):
    operator = draw(st.sampled_from(TEXTUAL))
    unary = OPERATORS[operator].arity is Arity.UNARY
    return Clause(
        attribute=draw(st.sampled_from(["city", "department", "otherMails"])),
        operator=operator,
        operands=() if unary else tuple(draw(st.lists(values, min_size=1, max_size=3))),
        comparison=draw(st.sampled_from(MultivaluedComparison)),
    )


groups = st.builds(ClauseGroup, name=values, clauses=st.lists(clauses(), min_size=1, max_size=3).map(tuple))


@given(st.lists(groups, max_size=3).map(tuple))
def test_a_filter_is_read_from_its_text_as_it_was_unless_it_cannot_be_written(filter_groups):
    if scoping_filters.is_writable(filter_groups):
        text = scoping_filters.text_of(filter_groups)
        assert scoping_filters.groups_of(text, {}) == filter_groups


@given(st.lists(values, min_size=1, max_size=3).map(tuple))
def test_values_are_read_from_a_field_as_they_were(operands):
    assert scoping_filters.operands_of(scoping_filters.operands_text(operands)) == operands


def test_a_line_break_in_a_name_or_value_cannot_be_written():
    def group(name, value):
        return ClauseGroup(
            name=name, clauses=(Clause(attribute="city", operator=Operator.EQUALS, operands=(value,)),)
        )

    assert scoping_filters.is_writable([group("Paris", "Paris")])
    for wrong in (group("Pa\nris", "Paris"), group("Paris", "Pa\r\nris"), group(" Paris", "Paris")):
        assert not scoping_filters.is_writable([wrong])


def test_groups_are_told_apart_by_their_names_and_clauses_before_the_first_are_one():
    found = scoping_filters.groups_of(
        "city EQUALS Paris\n# IT\n\n department IS NOT NULL\n#\ncity IS NULL", {}
    )
    assert [(group.name, len(group.clauses)) for group in found] == [
        ("Filter 1", 1),
        ("IT", 1),
        ("Filter 3", 1),
    ]


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("# Paris\ncity IST Paris", 2, "not understood"),
        ("# Empty\n\n# Paris\ncity EQUALS Paris", 1, "'Empty' has no clause"),
        ("city EQUALS Paris\r\n\r\ncitty EQUALS Paris", 3, "Did you mean"),
    ],
)
def test_the_line_of_what_is_not_understood_is_told(text, line, told):
    with pytest.raises(FilterTextError, match=told) as refused:
        scoping_filters.groups_of(text, {"city": "String"})
    assert refused.value.line == line


def test_one_of_several_values_is_enough_where_a_clause_says_any():
    clause = scoping_filters.clause_of("otherMails any ENDS_WITH .fr", {})
    assert (clause.comparison, clause.operands) == (MultivaluedComparison.ANY, (".fr",))
    assert (
        scoping_filters.clause_of("otherMails ALL ENDS_WITH .fr", {}).comparison is MultivaluedComparison.ALL
    )
