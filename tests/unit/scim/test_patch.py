import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisor.core.changes import Modification
from provisor.scim import comparison, dialects, patch, resources, urns
from support import patching

ENTERPRISE = urns.ENTERPRISE_USER
MANAGER = f"{ENTERPRISE}:manager"
WORK_EMAIL = 'emails[type eq "work"].value'
WORK_ADDRESS = 'addresses[type eq "work"]'
PATHS = [
    "userName",
    "title",
    "active",
    "name.givenName",
    "name.familyName",
    WORK_EMAIL,
    'emails[type eq "work"].display',
    f"{WORK_ADDRESS}.country",
    f"{WORK_ADDRESS}.locality",
    'phoneNumbers[type eq "mobile"].value',
    'roles[primary eq "True"].value',
    f"{ENTERPRISE}:department",
    MANAGER,
]
TEXTS = st.text(min_size=1, max_size=8).filter(lambda text: text.strip())


def values_for(path):
    return st.sampled_from(["True", "False"]) if path == "active" else TEXTS


VALUES = st.fixed_dictionaries({}, optional={path: values_for(path) for path in PATHS})


def change(path, old, new, *, container=resources.Container.EXISTS):
    return Modification(path=path, old=old, new=new, container=container)


def difference(document, desired):
    """The changes that make the document hold the desired values and no other of `PATHS`."""
    changes = []
    for path in PATHS:
        old, new = resources.value_at(document, path), desired.get(path)
        if not comparison.same(old, new):
            changes.append(change(path, old, new, container=resources.container_at(document, path)))
    return changes


@pytest.mark.parametrize("dialect", dialects.DIALECTS.values(), ids=dialects.DIALECTS)
@given(before=VALUES, desired=VALUES)
def test_a_document_patched_with_its_difference_holds_what_is_desired(dialect, before, desired):
    document = resources.build(before.items(), resource_type="User")
    operations = patch.operations(difference(document, desired), dialect)
    after = patching.patched(document, patch.body(operations), strict=dialect is dialects.RFC)
    for path in PATHS:
        wanted = desired.get(path)
        if path == 'emails[type eq "work"].display' and desired.get(WORK_EMAIL) is None:
            continue
        assert comparison.same(resources.value_at(after, path), wanted), (path, operations)
    assert difference(after, desired) == [] or desired.get(WORK_EMAIL) is None


@given(before=VALUES, desired=VALUES)
def test_writing_the_difference_into_the_document_is_what_put_sends(before, desired):
    document = resources.build(before.items(), resource_type="User")
    changes = difference(document, desired)
    after = resources.with_values(document, [(one.path, one.new) for one in changes])
    for path in PATHS:
        if path != 'emails[type eq "work"].display':
            assert comparison.same(resources.value_at(after, path), desired.get(path))


CHANGES = [
    change("userName", "ada@old.example", "ada@new.example"),
    change("active", True, "False"),
    change("title", None, "Captain"),
    change(WORK_EMAIL, "ada@old.example", "ada@new.example"),
    change(f"{WORK_ADDRESS}.country", None, "NO", container=resources.Container.ABSENT),
    change(f"{WORK_ADDRESS}.locality", None, "Oslo", container=resources.Container.ABSENT),
    change(f"{ENTERPRISE}:department", None, "Fleet"),
    change(MANAGER, None, "4711"),
    change("nickName", "Ad", None),
    change('phoneNumbers[type eq "mobile"].value', "+4790000000", None),
]


def test_the_rfc_dialect_is_legal_to_the_letter():
    assert patch.operations(CHANGES, dialects.RFC) == [
        {"op": "replace", "path": "userName", "value": "ada@new.example"},
        {"op": "replace", "path": "active", "value": False},
        {"op": "add", "path": "title", "value": "Captain"},
        {"op": "replace", "path": WORK_EMAIL, "value": "ada@new.example"},
        {"op": "add", "path": "addresses", "value": [{"type": "work", "country": "NO", "locality": "Oslo"}]},
        {"op": "add", "path": f"{ENTERPRISE}:department", "value": "Fleet"},
        {"op": "add", "path": MANAGER, "value": {"value": "4711"}},
        {"op": "remove", "path": "nickName"},
        {"op": "remove", "path": 'phoneNumbers[type eq "mobile"]'},
    ]


def test_entras_default_dialect_is_what_entra_sends():
    assert patch.operations(CHANGES, dialects.ENTRA_DEFAULT) == [
        {"op": "Replace", "path": "userName", "value": "ada@new.example"},
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "Add", "path": "title", "value": "Captain"},
        {"op": "Replace", "path": WORK_EMAIL, "value": "ada@new.example"},
        {"op": "Add", "path": f"{WORK_ADDRESS}.country", "value": "NO"},
        {"op": "Add", "path": f"{WORK_ADDRESS}.locality", "value": "Oslo"},
        {"op": "Add", "path": f"{ENTERPRISE}:department", "value": "Fleet"},
        {"op": "Add", "path": MANAGER, "value": [{"$ref": None, "value": "4711"}]},
        {"op": "Remove", "path": "nickName"},
        {"op": "Remove", "path": 'phoneNumbers[type eq "mobile"].value'},
    ]


def test_entras_compliant_dialect_merges_what_has_no_filter():
    assert patch.operations(CHANGES, dialects.ENTRA_COMPLIANT) == [
        {"op": "replace", "value": {"userName": "ada@new.example", "active": False}},
        {
            "op": "add",
            "value": {"title": "Captain", f"{ENTERPRISE}:department": "Fleet", MANAGER: "4711"},
        },
        {"op": "replace", "path": WORK_EMAIL, "value": "ada@new.example"},
        {"op": "add", "path": f"{WORK_ADDRESS}.country", "value": "NO"},
        {"op": "add", "path": f"{WORK_ADDRESS}.locality", "value": "Oslo"},
        {"op": "remove", "path": "nickName"},
        {"op": "remove", "path": 'phoneNumbers[type eq "mobile"].value'},
    ]


def test_members_are_changed_without_naming_the_others():
    assert patch.member_operations(add=["7", "8"], remove=['9"x'], dialect=dialects.RFC) == [
        {"op": "remove", "path": 'members[value eq "9\\"x"]'},
        {"op": "add", "path": "members", "value": [{"value": "7"}, {"value": "8"}]},
    ]
    assert patch.member_operations(add=["7"], remove=["9", "10"], dialect=dialects.ENTRA_DEFAULT) == [
        {"op": "Remove", "path": "members", "value": [{"value": "9"}, {"value": "10"}]},
        {"op": "Add", "path": "members", "value": [{"$ref": None, "value": "7"}]},
    ]
    assert patch.member_operations() == []


def test_removing_what_is_absent_says_nothing():
    assert patch.operations([change("title", None, None), change("nickName", (), None)]) == []


def test_an_element_stays_while_another_change_writes_to_it():
    changes = [change(WORK_EMAIL, "a@b.example", None), change('emails[type eq "work"].display', "A", "B")]
    assert patch.operations(changes)[0] == {"op": "remove", "path": WORK_EMAIL}
