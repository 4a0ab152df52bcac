import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisor.scim import paths

NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,8}", fullmatch=True)
URNS = st.sampled_from(
    [
        None,
        "urn:ietf:params:scim:schemas:core:2.0:User",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        "urn:ietf:params:scim:schemas:extension:Acme:2.0:User",
    ]
)
TERMS = st.builds(paths.Term, attribute=NAMES, value=st.text(max_size=12) | st.booleans())
PATHS = st.builds(
    paths.AttributePath,
    schema=URNS,
    attribute=NAMES,
    terms=st.lists(TERMS, max_size=3).map(tuple),
    sub_attribute=st.none() | NAMES | st.just("$ref"),
)


@given(PATHS)
def test_a_path_survives_being_spelt_and_parsed(path):
    again = paths.parse(str(path))
    assert again == path
    assert str(again) == str(path)
    assert hash(again) == hash(path)


def test_the_spellings_of_entras_mappings_are_understood():
    work = paths.parse('emails[type eq "work"].value')
    assert (work.attribute, work.terms, work.sub_attribute) == (
        "emails",
        (paths.Term(attribute="type", value="work"),),
        "value",
    )
    department = paths.parse("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department")
    assert department.schema == "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    assert department.extension == department.schema
    assert department.attribute == "department"
    assert paths.parse("name.givenName").sub_attribute == "givenName"


def test_names_urns_and_filter_literals_are_equal_in_any_case():
    assert paths.parse("USERNAME") == paths.parse("userName")
    assert paths.parse('Roles[Primary EQ "True"].Value') == paths.parse("roles[primary eq true].value")
    assert paths.parse('emails[type eq "work"].value') != paths.parse('emails[type eq "home"].value')


def test_the_core_schemas_urn_changes_nothing():
    long = paths.parse("urn:ietf:params:scim:schemas:core:2.0:User:userName")
    assert long == paths.parse("userName")
    assert long.extension is None
    assert str(long) == "urn:ietf:params:scim:schemas:core:2.0:User:userName"


def test_the_order_of_a_filters_terms_does_not_matter():
    one = paths.parse('ims[type eq "xmpp" and primary eq true].value')
    other = paths.parse('ims[primary eq true and type eq "xmpp"].value')
    assert one == other


def test_siblings_share_their_container():
    street = paths.parse('addresses[type eq "work"].streetAddress')
    region = paths.parse('addresses[type eq "work"].region')
    assert street.container == region.container
    assert street != region


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("", 0, "an attribute name"),
        ("user name", 4, "the end"),
        ("name.", 5, "a sub-attribute name"),
        ("name.given.first", 10, "the end"),
        ('emails[type co "w"].value', 11, "“eq”"),
        ("emails[type eq work].value", 15, "a string in double quotes"),
        ('emails[type eq "work].value', 15, "a closed string"),
        ('emails[type eq "work" or primary eq true]', 22, "“and” or “]”"),
        ("emails[]", 7, "an attribute name to filter on"),
        ("urn:only", 8, "an attribute name after the URN"),
    ],
)
def test_an_invalid_path_says_where_and_what_was_expected(text, position, expected):
    with pytest.raises(paths.InvalidPath) as caught:
        paths.parse(text)
    assert caught.value.position == position
    assert expected in str(caught.value)
    assert text in str(caught.value)


def test_a_path_is_compared_with_paths_only():
    assert paths.parse("title") != "title"
    assert paths.of("title") is paths.of(paths.parse("title"))
