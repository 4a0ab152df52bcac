import pytest

from provisor.ringcentral.account import places


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("US", "United States"),
        ("us", "United States"),
        ("United States", "United States"),
        ("united  states of america", "United States"),
        ("GB", "United Kingdom"),
        ("UK", "United Kingdom"),
        ("Turkiye", "Türkiye"),
        ("Côte d'Ivoire", "Côte d'Ivoire"),
        ("NO", "Norway"),
    ],
)
def test_a_country_is_understood_by_code_and_by_name(text, name):
    code = places.country_code(text)

    assert code is not None
    assert places.country_name(code) == name


@pytest.mark.parametrize("text", ["", "XX", "Atlantis", "U"])
def test_what_is_no_country_has_no_code(text):
    assert places.country_code(text) is None


@pytest.mark.parametrize(
    ("country", "state", "plausible"),
    [
        ("US", "CA", True),
        ("US", "california", True),
        ("US", "Ontario", False),
        ("US", None, False),
        ("CA", "QC", True),
        ("CA", "Québec", True),
        ("CA", "CA", False),
        ("GB", "Kent", True),
        ("GB", "K3nt", False),
        ("GB", "", False),
        ("FR", None, True),
        ("FR", "anything 4", True),
    ],
)
def test_a_state_is_looked_at_only_where_it_is_mandatory(country, state, plausible):
    assert places.is_plausible_state(country, state) is plausible
