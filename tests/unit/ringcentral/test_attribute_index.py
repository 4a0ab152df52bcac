from hypothesis import given
from hypothesis import strategies as st

from provisor.ringcentral.resources.full import EnterpriseUser, Group, User
from provisor.ringcentral.storage import attribute_index
from provisor.ringcentral.storage.attribute_index import AttributeIndex, StoredElement

MODEL = User[EnterpriseUser]
MEMBERS = st.lists(st.text("abcdef", min_size=1, max_size=2), max_size=12)


def group_of(names):
    members = [{"value": name, "type": "User"} for name in names]
    return list(
        AttributeIndex(Group).elements(Group.model_validate({"displayName": "g", "members": members}))
    )


def numbered(elements):
    return list(attribute_index.difference([], elements).insertions)


@given(before=MEMBERS, after=MEMBERS)
def test_applying_the_difference_gives_what_was_wanted(before, after):
    stored, wanted = numbered(group_of(before)), group_of(after)

    change = attribute_index.difference(stored, wanted)
    kept = [each for each in stored if (each.content.head, each.element) not in change.deletions]
    result = [*kept, *change.insertions]

    assert sorted(repr(sorted(each.content.values, key=repr)) for each in result) == sorted(
        repr(sorted(each.values, key=repr)) for each in wanted
    )
    places = [(each.content.head, each.element) for each in result]
    assert len(set(places)) == len(places)


def test_one_member_more_is_one_element_more():
    stored = numbered(group_of([f"user{number}" for number in range(500)]))

    change = attribute_index.difference(stored, group_of([f"user{number}" for number in range(501)]))

    assert change.deletions == ()
    assert [(each.content.head, each.element) for each in change.insertions] == [("members", 500)]


def test_the_primary_value_leads_and_else_the_first():
    user = MODEL.model_validate(
        {
            "userName": "ann",
            "emails": [{"value": "a@x.example"}, {"value": "b@x.example", "primary": True}],
            "phoneNumbers": [{"value": "1"}, {"value": "2"}],
        }
    )
    rows = [row for element in AttributeIndex(MODEL).elements(user) for row in element.values]

    assert [row.key for row in rows if row.leading and row.path == "emails.value"] == ["b@x.example"]
    assert [row.key for row in rows if row.leading and row.path == "phoneNumbers.value"] == ["1"]


def test_only_the_named_paths_are_indexed():
    user = MODEL.model_validate(
        {"userName": "Ann", "title": "Pilot", "emails": [{"value": "A@X.example", "type": "work"}]}
    )
    index = AttributeIndex(MODEL, frozenset({"userName", "emails.value"}))

    rows = {row.path: row.key for element in index.elements(user) for row in element.values}

    assert rows == {"userName": "ann", "emails.value": "a@x.example"}


def test_a_long_text_is_found_by_a_key_that_fits_and_compared_whole():
    binding = next(iter(AttributeIndex(MODEL)._attributes)).binding
    first = attribute_index.comparable(binding, "x" * 4000)
    second = attribute_index.comparable(binding, "x" * 4001)

    assert len(first.key) == attribute_index.KEY_LENGTH
    assert first.key != second.key
    assert first.full_text == "x" * 4000


def test_the_attribute_of_an_extension_keeps_its_schema():
    user = MODEL.model_validate(
        {"userName": "ann", str(EnterpriseUser.__schema__): {"manager": {"value": "M1"}}}
    )
    paths = {row.path: row.key for element in AttributeIndex(MODEL).elements(user) for row in element.values}

    assert paths[f"{EnterpriseUser.__schema__}:manager.value"] == "M1"
    assert (
        attribute_index.head_of(f"{EnterpriseUser.__schema__}:manager.value")
        == f"{EnterpriseUser.__schema__}:manager"
    )


def test_an_element_found_again_keeps_its_number():
    stored = [StoredElement(7, element) for element in group_of(["ann"]) if element.head == "members"]

    change = attribute_index.difference(stored, [each.content for each in stored])

    assert change == attribute_index.IndexChange(deletions=(), insertions=())
