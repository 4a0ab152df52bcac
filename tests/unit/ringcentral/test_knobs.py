"""Knobs as texts: what can be set, how, and what is said of a mistake."""

import pytest

from provisor.ringcentral.account import knob_texts
from provisor.ringcentral.account.knob_texts import KNOBS, InvalidKnobError
from provisor.ringcentral.account.knobs import FilterAttribute, Knobs


@pytest.mark.parametrize("knob", KNOBS.values(), ids=KNOBS)
def test_a_knob_says_in_both_languages_what_it_means(knob):
    assert set(knob.meaning) == {"en", "fr"}
    assert all(text.endswith(".") for text in knob.meaning.values())
    assert knob.section.startswith("A.")


@pytest.mark.parametrize("knob", KNOBS.values(), ids=KNOBS)
def test_every_value_of_a_knob_is_spelled_and_read_the_same(knob):
    for text in knob.choices or ("17",):
        assert knob.text(knob.parse(text)) == text
    assert knob.parse(knob.text(knob.default)) == knob.default


def test_a_set_of_values_is_joined_by_commas():
    values = knob_texts.assignments(["filter-attributes=externalid, ID"])

    assert values == {"filter_attributes": {FilterAttribute.EXTERNAL_ID, FilterAttribute.ID}}
    assert knob_texts.to_json(knob_texts.with_values(Knobs(), values)) == {
        "filter-attributes": "externalId,id"
    }


def test_what_is_stored_is_read_again_and_what_no_release_knows_is_left_out():
    turned = knob_texts.with_values(Knobs(), knob_texts.assignments(["max_count=7", "absent-endpoints=501"]))

    assert knob_texts.from_json(knob_texts.to_json(turned) | {"gone": "1"}) == turned


def test_only_what_differs_from_its_default_is_stored():
    assert knob_texts.to_json(Knobs()) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("max-cuont=3", "Did you mean max-count?"),
        ("zzz=3", "See `provisor ringcentral knobs`"),
        ("max-count", "name=value"),
        ("max-count=0", "a number from 1"),
        ("max-count=٣", "a number from 1"),
        ("absent-endpoints=405", "one of: 404, 501"),
        ("list-shape=long", "one of: short, legacy"),
        ("put-keeps=title,name", "any of, joined by commas: title"),
    ],
)
def test_a_mistake_is_answered_with_what_there_is(text, said):
    with pytest.raises(InvalidKnobError) as refused:
        knob_texts.assignments([text])
    assert said in str(refused.value)
