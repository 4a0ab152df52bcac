"""Differences, held to their promises: applied they give what was wanted, and then there are none."""

from hypothesis import given
from hypothesis import strategies as st

from provisor.core import differences
from provisor.core.differences import Manner, Rules
from provisor.scim import comparison, patch, resources
from support import patching

PATHS = (
    "title",
    "name.givenName",
    'emails[type eq "work"].value',
    'addresses[type eq "work"].locality',
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Z")), min_size=1, max_size=8)
VALUES = st.one_of(st.none(), TEXTS)
TAGS = st.lists(st.sampled_from(["red", "Green", "blue", "white"]), unique_by=str.casefold, max_size=4)
DOCUMENTS = st.dictionaries(st.sampled_from(PATHS), TEXTS).map(
    lambda values: resources.build(values.items(), resource_type="User")
)
WANTED = st.dictionaries(st.sampled_from(PATHS), VALUES)


@given(document=DOCUMENTS, wanted=WANTED)
def test_a_resource_holds_what_was_wanted_once_the_differences_are_applied_cleared_values_among_them(
    document, wanted
):
    modifications = differences.between(document, wanted, Rules())
    for changed in (
        differences.after(document, modifications),
        patching.patched(document, patch.body(patch.operations(modifications)), strict=True),
    ):
        for path, value in wanted.items():
            assert comparison.same(resources.value_at(changed, path), value)
        assert differences.between(changed, wanted, Rules()) == ()


@given(document=DOCUMENTS, wanted=WANTED)
def test_what_is_not_wanted_differently_stays_as_it_is(document, wanted):
    changed = differences.after(document, differences.between(document, wanted, Rules()))
    for path in set(PATHS) - set(wanted):
        assert resources.value_at(changed, path) == resources.value_at(document, path)


@given(present=TAGS, wanted=TAGS)
def test_additions_leave_every_value_and_bring_those_that_are_missing_once(present, wanted):
    document, rules = {"tags": present}, Rules(manners={"tags": Manner.ADD})
    modifications = differences.between(document, {"tags": tuple(wanted)}, rules)
    union = {item.casefold() for item in (*present, *wanted)}
    for changed in (
        differences.after(document, modifications),
        patching.patched(document, patch.body(patch.operations(modifications)), strict=True),
    ):
        held = [item.casefold() for item in changed["tags"]]
        assert sorted(held) == sorted(union)
        assert differences.between(changed, {"tags": tuple(wanted)}, rules) == ()


def test_a_value_that_only_fills_is_written_where_there_is_nothing():
    rules = Rules(manners={"title": Manner.FILL})
    assert differences.between({"title": "Poet"}, {"title": "Engineer"}, rules) == ()
    [made] = differences.between({"title": ""}, {"title": "Engineer"}, rules)
    assert (made.old, made.new) == ("", "Engineer")
