import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisor.scim import comparison, countries, subdivisions
from provisor.scim.comparison import Normaliser


@pytest.mark.parametrize(
    ("current", "desired"),
    [
        ("Ada.Moss@Example.com", "ada.moss@example.com"),
        ("  Labs ", "Labs"),
        (True, "True"),
        (False, "false"),
        (None, ""),
        (None, ()),
        ([], None),
        ("", "  "),
        (7, "7"),
        (["b", "A"], ("a", "B", "b")),
        (["one"], "One"),
        ([{"value": "author", "primary": True, "type": "x"}, {"value": "reader"}], ("reader", "author")),
        ({"value": "4711", "$ref": "https://x.example/Users/4711"}, "4711"),
        ({"Street": "1 Pier Rd", "city": None}, {"street": "1 pier rd"}),
    ],
)
def test_these_need_no_write(current, desired):
    assert comparison.same(current, desired)
    assert comparison.same(desired, current)


@pytest.mark.parametrize(
    ("current", "desired"),
    [
        ("Labs", "Lab"),
        (True, "False"),
        (None, False),
        (None, "x"),
        (["a", "b"], ("a",)),
        ("a", ("a", "b")),
        ({"street": "1 Pier Rd"}, {"street": "2 Pier Rd"}),
        ("US", "United States"),
    ],
)
def test_these_are_different(current, desired):
    assert not comparison.same(current, desired)
    assert not comparison.same(desired, current)


def test_case_counts_where_the_attribute_is_exact():
    assert not comparison.same("AbC", "abc", case_exact=True)
    assert comparison.same(" AbC ", "AbC", case_exact=True)
    assert comparison.same(True, "True", case_exact=True)


@pytest.mark.parametrize(
    ("normaliser", "current", "desired"),
    [
        (Normaliser.COUNTRY, "United States", "US"),
        (Normaliser.COUNTRY, "gb", "United Kingdom"),
        (Normaliser.COUNTRY, "USA", "United States of America"),
        (Normaliser.STATE, "California", "CA"),
        (Normaliser.STATE, "québec", "QC"),
        (Normaliser.STATE, "Scotland", "SCT"),
        (Normaliser.PHONE, "+1 (510) 555-0142", "+15105550142"),
        (Normaliser.PHONE, "tel:+44-20-7946-0958", "0044 20 7946 0958"),
        (Normaliser.EMAIL, "ADA@EXAMPLE.COM", "ada@example.com"),
    ],
)
def test_what_a_target_rewrites_is_still_the_same(normaliser, current, desired):
    assert comparison.same(current, desired, normaliser=normaliser, case_exact=True)


def test_normalisers_do_not_hide_a_change():
    assert not comparison.same("Austria", "Australia", normaliser=Normaliser.COUNTRY)
    assert not comparison.same("CA", "CO", normaliser=Normaliser.STATE)
    assert not comparison.same("+15105550142", "+15105550143", normaliser=Normaliser.PHONE)
    assert not comparison.same("Atlantis", "Avalon", normaliser=Normaliser.COUNTRY)


@pytest.mark.parametrize(
    ("path", "normaliser"),
    [
        ('addresses[type eq "work"].country', Normaliser.COUNTRY),
        ('Addresses[type eq "home"].Region', Normaliser.STATE),
        ('phoneNumbers[type eq "mobile"].value', Normaliser.PHONE),
        ('emails[type eq "work"].value', Normaliser.EMAIL),
        ("title", None),
        ("country", None),
    ],
)
def test_an_attribute_has_its_normaliser(path, normaliser):
    assert comparison.normaliser_for(path) is normaliser


@given(st.recursive(st.none() | st.booleans() | st.text() | st.integers(), st.lists, max_leaves=6))
def test_every_value_is_the_same_as_itself(value):
    assert comparison.same(value, value)
    assert comparison.same(value, value, case_exact=True)


def test_countries_are_known_by_code_and_name():
    assert len(countries.NAMES) == 249
    assert len(set(countries.NAMES.values())) == 249
    for code, name in countries.NAMES.items():
        assert countries.alpha_2(code.lower()) == code
        assert countries.alpha_2(f" {name.upper()} ") == code
        assert countries.name(code) == name
    assert countries.alpha_2("Atlantis") is None
    assert countries.name("Atlantis") is None


def test_no_two_states_share_a_code_or_a_name():
    codes = [code for country in subdivisions.NAMES.values() for code in country]
    names = [name for country in subdivisions.NAMES.values() for name in country.values()]
    assert len(set(codes)) == len(codes)
    assert len(set(names)) == len(names)
    for code, name in zip(codes, names, strict=True):
        assert subdivisions.code(name) == code == subdivisions.code(code.lower())
