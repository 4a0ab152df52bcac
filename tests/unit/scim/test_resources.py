import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisor.scim import paths, recipes, resources, urns

ENTERPRISE = urns.ENTERPRISE_USER
ACME = "urn:ietf:params:scim:schemas:extension:Acme:2.0:User"
MAPPING_PATHS = [
    "userName",
    "externalId",
    "title",
    "name.givenName",
    "name.familyName",
    'emails[type eq "work"].value',
    'emails[type eq "other"].value',
    'emails[type eq "other"].display',
    'addresses[type eq "work"].country',
    'addresses[type eq "work"].locality',
    'phoneNumbers[type eq "mobile"].value',
    'roles[primary eq "True"].value',
    f"{ENTERPRISE}:department",
    f"{ENTERPRISE}:manager",
    f"{ACME}:costCode",
    f'{ACME}:desks[floor eq "3"].number',
]
VALUES = st.dictionaries(
    st.sampled_from(MAPPING_PATHS), st.text(min_size=1).filter(lambda text: text.strip()), min_size=1
)

ADA = {
    "schemas": [urns.USER, ENTERPRISE],
    "id": "2819",
    "UserName": "ada.moss@example.com",
    "active": True,
    "name": {"givenName": "Ada", "familyName": "Moss"},
    "emails": [
        {"type": "home", "value": "ada@home.example"},
        {"type": "Work", "value": "ada.moss@example.com", "primary": True},
    ],
    "roles": [{"primary": False, "value": "reader"}, {"primary": True, "value": "author"}],
    ENTERPRISE: {"department": "Labs", "manager": {"value": "4711", "displayName": "Bo"}},
}


@given(VALUES)
def test_what_is_built_is_found_where_it_was_put(values):
    body = resources.build(values.items(), resource_type="User")
    for path, value in values.items():
        assert resources.value_at(body, path) == value


@given(VALUES)
def test_building_and_writing_into_an_empty_document_agree(values):
    built = resources.build(values.items(), resource_type="User")
    for email in built.get("emails", ()):
        email.pop("primary", None)
    assert resources.with_values({"schemas": [urns.USER]}, values.items()) == built


@given(VALUES | st.dictionaries(st.sampled_from(MAPPING_PATHS), st.none() | st.sampled_from(["True", "x"])))
def test_a_recipe_makes_the_same_body(values):
    for _ in range(2):
        assert recipes.build(values, resource_type="User") == resources.build(
            values.items(), resource_type="User"
        )


@given(VALUES)
def test_what_is_taken_away_is_gone_and_nothing_else_is(values):
    body = resources.build(values.items(), resource_type="User")
    before = copy.deepcopy(body)
    first, *others = values
    without = resources.with_values(body, [(first, None)])
    assert resources.value_at(without, first) is None
    assert body == before
    element = paths.parse(first).container
    for other in others:
        if paths.parse(other).container != element:
            assert resources.value_at(without, other) == values[other]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("username", "ada.moss@example.com"),
        ("NAME.FAMILYNAME", "Moss"),
        ('emails[type eq "work"].value', "ada.moss@example.com"),
        ('roles[primary eq "True"].value', "author"),
        ('roles[primary eq "False"].value', "reader"),
        (f"{ENTERPRISE.upper()}:department", "Labs"),
        (f"{ENTERPRISE}:manager", "4711"),
        (f"{ENTERPRISE}:manager.displayName", "Bo"),
        ('emails[type eq "fax"].value', None),
        ("nickName", None),
        ("userName.givenName", None),
        (f"{ACME}:costCode", None),
        ("urn:ietf:params:scim:schemas:core:2.0:User:active", True),
    ],
)
def test_values_are_found_in_any_case(path, value):
    assert resources.value_at(ADA, path) == value


@pytest.mark.parametrize("manager", ["4711", {"value": "4711"}, [{"$ref": None, "value": "4711"}]])
def test_a_reference_is_its_id_in_every_shape_peers_use(manager):
    assert resources.value_at({ENTERPRISE: {"manager": manager}}, f"{ENTERPRISE}:manager") == "4711"


def test_a_filter_on_a_single_complex_value_looks_at_that_value():
    document = {"addresses": {"type": "work", "region": "CA"}}
    assert resources.value_at(document, 'addresses[type eq "work"].region') == "CA"


@pytest.mark.parametrize(
    ("path", "container"),
    [
        ("title", resources.Container.EXISTS),
        ("name.middleName", resources.Container.EXISTS),
        ("addresses.region", resources.Container.ABSENT),
        ('emails[type eq "work"].display', resources.Container.EXISTS),
        ('emails[type eq "other"].value', resources.Container.ABSENT),
        ('addresses[type eq "work"].region', resources.Container.ABSENT),
        (f"{ENTERPRISE}:costCenter", resources.Container.EXISTS),
        (f"{ACME}:costCode", resources.Container.ABSENT),
    ],
)
def test_a_container_exists_or_not(path, container):
    assert resources.container_at(ADA, path) is container


def test_a_creation_names_only_the_schemas_it_uses():
    assert resources.build([("userName", "bo")], resource_type="User")["schemas"] == [urns.USER]
    pairs = [(f"{ACME}:costCode", "7"), (f"{ENTERPRISE}:department", "Sales"), (f"{ACME}:site", "Oslo")]
    assert resources.build(pairs, resource_type="User")["schemas"] == [urns.USER, ACME, ENTERPRISE]
    assert resources.build([("displayName", "Staff")], resource_type="Group")["schemas"] == [urns.GROUP]


def test_a_creation_is_what_a_target_expects_of_entra():
    pairs = [
        ("userName", "ada.moss@example.com"),
        ("active", "True"),
        ("nickName", None),
        ('emails[type eq "work"].value', "ada.moss@example.com"),
        ('emails[type eq "other"].value', "moss@example.org"),
        ('addresses[type eq "work"].region', "CA"),
        ('addresses[type eq "work"].country', "US"),
        ('roles[primary eq "True"].value', "author"),
        (f"{ENTERPRISE}:manager", "4711"),
    ]
    assert resources.build(pairs, resource_type="User") == {
        "schemas": [urns.USER, ENTERPRISE],
        "userName": "ada.moss@example.com",
        "active": True,
        "emails": [
            {"type": "work", "primary": True, "value": "ada.moss@example.com"},
            {"type": "other", "value": "moss@example.org"},
        ],
        "addresses": [{"type": "work", "region": "CA", "country": "US"}],
        "roles": [{"primary": True, "value": "author"}],
        ENTERPRISE: {"manager": {"value": "4711"}},
    }


def test_an_elements_own_mapping_becomes_the_element():
    body = resources.build(
        [('photos[type eq "photo"]', {"value": "https://x.example/1"})], resource_type="User"
    )
    assert body["photos"] == [{"type": "photo", "value": "https://x.example/1"}]


def test_writing_keeps_the_documents_own_spelling():
    changed = resources.with_values(ADA, [("userName", "a.moss@example.com"), ("name.GivenName", "Adele")])
    assert changed["UserName"] == "a.moss@example.com"
    assert "userName" not in changed
    assert changed["name"] == {"givenName": "Adele", "familyName": "Moss"}


def test_removing_what_is_not_there_is_no_fault():
    gone = ["title", 'ims[type eq "xmpp"].value', f"{ACME}:costCode", "name.middleName", "title.x"]
    assert resources.with_values(ADA, [(path, None) for path in gone]) == ADA
