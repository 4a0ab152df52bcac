import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisor.core.expressions import casing, compile_expression, diacritics
from provisor.core.expressions.errors import ArgumentProblem


@pytest.mark.parametrize(
    ("text", "culture", "upper"),
    [
        (
            "stra\N{LATIN SMALL LETTER SHARP S}e \N{LATIN SMALL LIGATURE FI}",
            None,
            "STRA\N{LATIN SMALL LETTER SHARP S}E \N{LATIN SMALL LIGATURE FI}",
        ),
        ("\N{LATIN SMALL LETTER DOTLESS I}i", None, "\N{LATIN SMALL LETTER DOTLESS I}I"),
        ("\N{LATIN SMALL LETTER DOTLESS I}i", "fr-FR", "II"),
        ("\N{LATIN SMALL LETTER DOTLESS I}i", "tr", "I\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}"),
        ("\u1fb3", None, "\u1fbc"),
        ("\u0149", None, "\u0149"),
    ],
)
def test_upper_case_maps_one_character_to_one(text, culture, upper):
    assert casing.upper(text, culture) == upper


@pytest.mark.parametrize(
    ("text", "culture", "lower"),
    [
        ("I\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}", None, "i\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}"),
        ("I\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}", "es-419", "ii"),
        ("I\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}", "az-Latn-AZ", "\N{LATIN SMALL LETTER DOTLESS I}i"),
        ("A\u03a3", None, "a\u03c3"),
    ],
)
def test_lower_case_maps_one_character_to_one(text, culture, lower):
    assert casing.lower(text, culture) == lower


@given(st.text())
def test_a_change_of_case_never_changes_the_length(text):
    for culture in (None, "tr", "en-US"):
        assert len(casing.upper(text, culture)) == len(casing.lower(text, culture)) == len(text)


@pytest.mark.parametrize("culture", ["en", "EN-us", "zh-Hant-TW", "es-419", "fil-PH"])
def test_a_culture_is_a_language_with_an_optional_script_and_region(culture):
    assert casing.language_of(culture) == culture.split("-")[0].lower()


@pytest.mark.parametrize("culture", ["english", "en_US", "e", "qq", "en-", "en-USA1"])
def test_anything_else_is_no_culture(culture):
    with pytest.raises(ArgumentProblem):
        casing.language_of(culture)


def test_accents_written_apart_from_their_letter_disappear_too():
    assert diacritics.plain(unicodedata.normalize("NFD", "Zoë Łê")) == "Zoe Le"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_bare_letters_stay_bare(text):
    plain = diacritics.plain(text)
    assert diacritics.plain(plain) == plain


@given(st.text(), st.integers(-5, 40), st.integers(-5, 40))
def test_mid_gives_a_part_of_its_source(text, start, length):
    middle = compile_expression(f"Mid([a], {start}, {length})").evaluate({"a": text})
    assert isinstance(middle, str)
    assert middle in text


def test_join_skips_empty_values_inside_a_list():
    joined = compile_expression('Join("-", [tags], "end")').evaluate({"tags": ("a", "", "b")})
    assert joined == "a-b-end"
