"""Editing schema documents: one thing changes, everything else stays, and what is taken back leaves no trace."""

import copy

import pytest

from provisor import gallery
from provisor.core import schema, schema_editing, scoping_filters
from provisor.core.errors import NotFoundError
from provisor.core.objects import ObjectType
from provisor.core.schema import TargetAction

USER = ObjectType.USER
TEMPLATE = gallery.template("ringcentral").schema


def order(document):
    return list(schema_editing.matching(document, USER))


def entry(target, attribute="city"):
    source = {"type": "Attribute", "name": attribute, "expression": f"[{attribute}]", "parameters": []}
    return {"targetAttributeName": target, "source": source, "defaultValue": None, "flowType": "Always",
            "flowBehavior": "FlowWhenChanged", "flowNullValues": False}  # fmt: skip


def put(document, target, precedence, attribute="city"):
    return schema_editing.with_attribute(
        document, USER, entry(target, attribute), replacing=target, precedence=precedence
    )


def test_what_is_given_stays_as_it_is():
    before = copy.deepcopy(TEMPLATE)
    put(TEMPLATE, "title", 1)
    schema_editing.without_attribute(TEMPLATE, USER, "title")
    schema_editing.with_switches(TEMPLATE, USER, enabled=False, actions=[])
    assert before == TEMPLATE


def test_an_edit_that_is_taken_back_leaves_no_trace():
    changed = put(TEMPLATE, "title", 1)
    assert put(changed, "title", 0, "jobTitle") == TEMPLATE
    scope = schema.parse(TEMPLATE).object_mappings[USER].scope
    narrowed = schema_editing.with_scope(
        TEMPLATE, USER, scoping_filters.ScopingFilter(groups=scoping_filters.groups_of("city IS NULL", {}))
    )
    assert schema.parse(narrowed).object_mappings[USER].scope
    assert schema_editing.with_scope(narrowed, USER, scope) == TEMPLATE


@pytest.mark.parametrize(
    ("precedence", "expected"),
    [
        (0, ["userName", "externalId"]),
        (1, ["title", "userName", "externalId"]),
        (2, ["userName", "title", "externalId"]),
        (3, ["userName", "externalId", "title"]),
    ],
)
def test_a_matching_attribute_takes_its_place_and_the_others_make_room(precedence, expected):
    document = put(TEMPLATE, "externalId", 2, "objectId")
    changed = put(document, "title", precedence)
    assert order(changed) == expected
    assert order(schema_editing.without_attribute(changed, USER, "title")) == ["userName", "externalId"]


def test_a_mapping_that_changes_its_target_stays_in_its_place_and_keeps_what_else_it_says():
    document = copy.deepcopy(dict(TEMPLATE))
    schema_editing.attribute_named(document, USER, "title")["note"] = "ours"
    changed = schema_editing.with_attribute(
        document, USER, entry("nickName"), replacing="title", precedence=0
    )
    before = [
        each["targetAttributeName"] for each in schema_editing.mapping_of(TEMPLATE, USER)["attributeMappings"]
    ]
    after = [
        each["targetAttributeName"] for each in schema_editing.mapping_of(changed, USER)["attributeMappings"]
    ]
    assert after == ["nickName" if name == "title" else name for name in before]
    assert schema_editing.attribute_named(changed, USER, "nickName")["note"] == "ours"


def test_other_lists_of_a_scope_survive_its_filters():
    document = copy.deepcopy(dict(TEMPLATE))
    schema_editing.mapping_of(document, USER)["scope"] = {
        "groups": [],
        "categoryFilterGroups": [],
        "note": "ours",
    }
    changed = schema_editing.with_scope(document, USER, scoping_filters.EVERYBODY)
    assert schema_editing.mapping_of(changed, USER)["scope"]["note"] == "ours"


def test_actions_are_written_as_the_schema_spells_them():
    changed = schema_editing.with_switches(
        TEMPLATE, USER, enabled=True, actions=[TargetAction.DELETE, TargetAction.CREATE]
    )
    assert schema_editing.mapping_of(changed, USER)["flowTypes"] == "Add, Delete"


def test_what_is_gone_is_named():
    with pytest.raises(NotFoundError, match="'nothing'"):
        put(TEMPLATE, "nothing", 0)
    with pytest.raises(NotFoundError, match="'nothing'"):
        schema_editing.without_attribute(TEMPLATE, USER, "nothing")
