"""Values as administrators type them."""

import pytest

from provisor.engine import setting_values

DAY = 86_400


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("1", 1),
        ("90", 90),
        ("30s", 30),
        ("40m", 2400),
        ("6h", 21_600),
        ("2d", 2 * DAY),
        ("1w", 7 * DAY),
        ("PT40M", 2400),
        ("pt20m", 1200),
        ("PT1H30M15S", 5415),
        ("P1D", DAY),
        ("P1DT12H", DAY + 43_200),
    ],
)
def test_a_length_of_time_is_understood_in_every_usual_spelling(typed, seconds):
    assert setting_values.seconds(1, 7 * DAY)(typed) == seconds


@pytest.mark.parametrize(
    "typed", ["", "0", "0m", "soon", "-5", "1.5h", "P", "PT", "P1DT", "40 minutes", "8d", "٣m"]
)
def test_anything_else_is_refused_with_examples(typed):
    with pytest.raises(ValueError, match="40m, 6h, 1d or PT40M"):
        setting_values.seconds(1, 7 * DAY)(typed)
