import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisor.scim import filters, paths


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ("userName", "ada@example.com", 'userName eq "ada@example.com"'),
        ("externalId", 'O"Neil\\x', r'externalId eq "O\"Neil\\x"'),
        ("displayName", "Zoë 文", 'displayName eq "Zoë 文"'),
        ("active", True, "active eq true"),
        ('emails[type eq "work"].value', "a@b.c", 'emails[type eq "work"].value eq "a@b.c"'),
    ],
)
def test_a_filter_is_escaped_as_json_is(path, value, text):
    assert filters.eq(path, value) == text


def test_the_rfcs_form_puts_the_value_inside_the_brackets():
    form = filters.ElementFilter.VALUE_PATH
    assert (
        filters.eq('emails[type eq "work"].value', "a@b.c", form)
        == 'emails[type eq "work" and value eq "a@b.c"]'
    )
    assert filters.eq("userName", "a@b.c", form) == 'userName eq "a@b.c"'


@given(st.text())
def test_no_value_can_leave_its_quotes(value):
    text = filters.eq("userName", value)
    assert json.loads(text.removeprefix("userName eq ")) == value
    in_brackets = filters.eq('emails[type eq "work"].value', value, filters.ElementFilter.VALUE_PATH)
    assert paths.parse(in_brackets).terms[-1].value == value
