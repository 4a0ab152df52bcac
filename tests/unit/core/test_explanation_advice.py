"""The smallest change that brings somebody in, or takes them out."""

import pytest

from provisor.core import explanation_advice, explanation_filters
from provisor.core.application import ProvisioningScope
from provisor.core.explanation_advice import FilterClause, FilterGroup, Way
from provisor.core.objects import ObjectType
from provisor.core.scoping_filters import OPERATORS, Arity, Clause, Operator


def clause(label, *, passed):
    return FilterClause(label=label, passed=passed, remedy=f"mend {label}", undoing=f"break {label}")


FAR = FilterGroup(name="Far", clauses=(clause("city", passed=False), clause("country", passed=False)))
NEAR = FilterGroup(name="Near", clauses=(clause("title", passed=True), clause("department", passed=False)))
INSIDE = FilterGroup(name="Inside", clauses=(clause("office", passed=True),))


@pytest.mark.parametrize(
    ("filters", "change"),
    [
        ((), None),
        ((FAR,), "mend city and mend country"),
        ((FAR, NEAR), "mend department"),
        ((FAR, NEAR, INSIDE), None),
    ],
)
def test_the_filter_that_needs_the_fewest_changes_is_mended(filters, change):
    assert explanation_advice.to_pass(filters) == change


def test_every_way_of_being_entitled_must_end_for_somebody_to_leave():
    ways = (
        Way(role="Standard", provisions=True),
        Way(role="Premium", provisions=True, path=("Root", "Branch")),
        Way(role="Default Access", provisions=False, path=("Guests",)),
    )
    assert explanation_advice.to_take_out("Ada", ObjectType.USER, ways, (), ProvisioningScope.ASSIGNED) == (
        "end the assignment of Ada with the role Standard and take Ada out of the group Branch",
        "disable Ada in the directory",
    )


def test_where_everybody_is_in_scope_only_a_filter_or_disabling_takes_somebody_out():
    assert explanation_advice.to_take_out(
        "Ada", ObjectType.USER, (), (NEAR, INSIDE), ProvisioningScope.ALL
    ) == (
        "break office",
        "disable Ada in the directory",
    )


def test_a_filter_that_passes_in_two_ways_is_no_single_change():
    other = FilterGroup(name="Other", clauses=(clause("floor", passed=True),))
    changes = explanation_advice.to_take_out(
        "Ada", ObjectType.USER, (), (INSIDE, other), ProvisioningScope.ALL
    )
    assert changes == ("disable Ada in the directory",)


def test_alternatives_are_combined_the_simplest_first():
    assert explanation_advice.combined([["enable"], ["assign", "add to a group"]]) == (
        "enable and assign",
        "enable and add to a group",
    )
    assert explanation_advice.combined([]) == ()


@pytest.mark.parametrize("operator", list(Operator), ids=str)
def test_every_operator_says_what_makes_it_pass(operator):
    unary = OPERATORS[operator].arity is Arity.UNARY
    item = Clause(attribute="officeLocation", operator=operator, operands=() if unary else ("north",))
    told = explanation_filters.remedy(item)
    assert "officeLocation" in told or "group" in told
    assert unary or "north" in told
