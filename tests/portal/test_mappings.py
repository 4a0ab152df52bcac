"""Attribute mappings and scoping filters, edited over HTTP without script."""

import html

import pytest

from provisor.core.attribute_mapping import FlowType
from provisor.core.expressions.functions import FUNCTIONS
from provisor.core.schema import TargetAction
from provisor.core.scoping_filters import OPERATORS
from provisor.look.sign_in.roles import Role
from provisor.portal.mappings import function_words
from support import markup
from support.mapping_pages import add_application, add_people, edit, form, save, saved, users, value

HOSTILE = "<script>alert('x')</script>"
SELLER = 'Switch([department], "Employee", "Sales", Join(" ", "Seller", [city]))'


@pytest.fixture
def mappings(owner):
    return add_application(owner)


def written(document, target):
    return next(item for item in users(document).attribute_mappings if item.target.name == target)


def test_a_mapping_is_edited_and_counts_once_the_draft_is_saved(portal, owner, mappings):
    before = saved(portal, mappings)
    answer = edit(owner, mappings, "title", expression=SELLER, default="Nobody", flow_type="ObjectAddOnly")
    assert "in the draft" in answer.words
    assert saved(portal, mappings) == before
    assert "Saved." in save(owner, mappings).words
    item = written(saved(portal, mappings), "title")
    assert item.expression.text == SELLER
    assert (item.default_value, item.flow_type) == ("Nobody", FlowType.ON_CREATE)
    assert "You are editing a draft" not in owner.get(mappings).words


def test_the_form_shows_what_is_saved(owner, mappings):
    edit(owner, mappings, "title", type="constant", constant="Colleague", clears="yes", resent="yes")
    page = owner.get(f"{mappings}/users/attribute?target=title").page
    assert value(page, "constant") == "Colleague"
    ticked = {box["name"]: box["value"] for box in page.find("input") if "checked" in box.attributes}
    assert ticked == {"type": "constant", "clears": "yes", "resent": "yes"}


@pytest.mark.parametrize(
    ("fields", "expression"),
    [
        ({"type": "direct", "attribute": "[city]"}, "[city]"),
        ({"type": "direct", "attribute": "city"}, "[city]"),
        ({"type": "constant", "constant": 'a "b" \\ c'}, '"a \\"b\\" \\\\ c"'),
        ({"type": "expression", "expression": ' Join("-",\r\n [city]) '}, 'Join("-",\n [city])'),
        ({"type": "none", "default": "x"}, None),
    ],
)
def test_every_type_of_mapping_is_saved_as_a_source(portal, owner, mappings, fields, expression):
    edit(owner, mappings, "title", **fields)
    save(owner, mappings)
    item = written(saved(portal, mappings), "title")
    assert (item.expression.text if item.expression else None) == expression


@pytest.mark.parametrize(
    ("fields", "beside"),
    [
        ({"expression": 'Join(" ", [city]'}, ("expression", "line 1, column")),
        ({"expression": "Joined([city])"}, ("expression", "Did you mean")),
        ({"expression": 'Join(" ",\n[citty])'}, ("expression", "line 2, column 1")),
        ({"type": "direct", "attribute": "citty"}, ("attribute", "Did you mean")),
        ({"type": "constant", "constant": ""}, ("constant", "Enter the constant")),
        ({"type": "direct", "attribute": "city", "target": ""}, ("target", "attribute of the application")),
        ({"type": "direct", "attribute": "city", "target": "userName"}, ("target", "already")),
        ({"type": "direct", "attribute": "city", "target": "emails[oops"}, ("target", "emails[oops")),
        ({"expression": "[city]", "flow_type": "MultiValueAddOnly"}, ("flow_type", "holds one")),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_what_was_typed_is_kept(
    portal, owner, mappings, fields, beside
):
    field, told = beside
    before = saved(portal, mappings)
    answer = edit(owner, mappings, "title", **fields)
    assert answer.status == 422
    assert told in answer.words
    assert list(markup.shortcomings(answer.page)) == []
    wrong = [item["id"] for item in answer.page.walk() if item.get("aria-invalid") == "true"]
    assert wrong == [field]
    for name in ("expression", "constant", "attribute", "target"):
        assert value(answer.page, name) == fields.get(name, "title" if name == "target" else "")
    assert saved(portal, mappings) == before
    assert "You are editing a draft" not in owner.get(mappings).words


def test_a_required_mapping_is_not_removed(owner, mappings):
    answer = owner.post(f"{mappings}/users/remove", {"target": "name.familyName"})
    assert answer.status == 422
    assert "name.familyName is required" in answer.words


def test_a_mapping_is_added_and_removed(portal, owner, mappings):
    assert "removed" in owner.post(f"{mappings}/users/remove", {"target": "title"}).words
    edit(owner, mappings, "", target="nickName", type="direct", attribute="mailNickname")
    save(owner, mappings)
    names = [item.target.name for item in users(saved(portal, mappings)).attribute_mappings]
    assert "title" not in names
    assert names[-1] == "nickName"


def test_matching_attributes_are_tried_in_the_order_that_is_chosen(portal, owner, mappings):
    edit(owner, mappings, "externalId", type="direct", attribute="objectId", precedence="1")
    edit(owner, mappings, "title", type="direct", attribute="jobTitle", precedence="3")
    owner.post(f"{mappings}/users/order", {"earlier": "title"})
    owner.post(f"{mappings}/users/order", {"later": "externalId"})
    save(owner, mappings)
    found = [item for item in users(saved(portal, mappings)).attribute_mappings if item.matching_priority]
    assert [item.target.name for item in sorted(found, key=lambda item: item.matching_priority)] == [
        "title", "externalId", "userName",
    ]  # fmt: skip
    assert sorted(item.matching_priority for item in found) == [1, 2, 3]


def test_an_object_mapping_is_switched_with_its_actions(portal, owner, mappings):
    owner.post(f"{mappings}/users", {"action": ["Add", "Update"]})
    save(owner, mappings)
    item = users(saved(portal, mappings))
    assert (item.enabled, item.actions) == (False, {TargetAction.CREATE, TargetAction.UPDATE})


def test_an_expression_is_checked_and_tried_on_somebody_without_keeping_it(portal, owner, mappings):
    add_people(portal)
    answer = edit(owner, mappings, "title", expression=SELLER, do="try", search="ada")
    assert answer.status == 200
    for part in ("It can be saved", "Seller Lyon", "[department] → Sales", "[city] → Lyon"):
        assert part in answer.words
    assert "You are editing a draft" not in answer.words
    several = edit(owner, mappings, "title", expression=SELLER, do="try", search="example")
    assert [button["value"] for button in several.page.find("button", name="person")]
    failing = edit(owner, mappings, "title", expression='Error("too bad")', do="try", search="ada")
    assert "too bad" in failing.words


def test_the_editor_is_told_as_a_part_of_a_page_while_somebody_types(portal, owner, mappings):
    ids = add_people(portal)
    address = f"{mappings}/users/attribute/outcome"
    good = owner.post(address, form("title", expression=SELLER, person=ids["Bo Li"]))
    assert "Seller Paris" in good.words
    assert not good.page.find("html")
    bad = owner.post(address, form("title", expression='Join(" ",\nToLowr([city]))'))
    place = bad.page.find("button", type="button")[0]
    assert (place["data-line"], place["data-column"]) == ("2", "1")
    assert "Did you mean" in bad.words


def test_a_default_value_and_what_does_not_flow_are_told_apart(portal, owner, mappings):
    add_people(portal)
    default = edit(owner, mappings, "title", expression='Join("", [jobTitle])', type="direct",
                   attribute="jobTitle", default="Colleague", do="try", search="ada")  # fmt: skip
    assert "Colleague default value" in default.words
    dropped = edit(
        owner, mappings, "title", expression="IgnoreFlowIfNullOrEmpty([jobTitle])", do="try", search="ada"
    )
    assert "the attribute does not flow" in dropped.words


def test_a_filter_is_made_clause_by_clause_in_the_form(portal, owner, mappings):
    address = f"{mappings}/users/scope"
    page = owner.post(address, {"do": "add:groups"}).page
    fields = {
        "groups.0.name": "Paris office",
        "groups.0.0.attribute": "city",
        "groups.0.0.operator": "EQUALS",
        "groups.0.0.values": "'Paris', 'Lyon'",
    }
    assert page.find("input", name="groups.0.0.values")
    page = owner.post(address, {**fields, "do": "add:groups.0"}).page
    assert value(page, "groups.0.0.values") == "'Paris', 'Lyon'"
    second = {
        "groups.0.1.attribute": "otherMails",
        "groups.0.1.operator": "ENDS_WITH",
        "groups.0.1.values": ".fr",
        "groups.0.1.any": "yes",
    }
    owner.post(address, {**fields, **second, "do": "keep"})
    save(owner, mappings)
    scope = users(saved(portal, mappings)).scope
    assert [clause.label for clause in scope.clauses] == [
        "city EQUALS 'Paris', 'Lyon'", "otherMails ANY ENDS_WITH '.fr'",
    ]  # fmt: skip
    kept = owner.post(address, {**fields, **second, "do": "drop:groups.0.0"}).page
    assert value(kept, "groups.0.0.attribute") == "otherMails"
    owner.post(address, {"do": "keep"})
    save(owner, mappings)
    assert not users(saved(portal, mappings)).scope


def test_a_wrong_clause_is_told_beside_it(owner, mappings):
    fields = {
        "groups.0.name": "Wrong",
        "groups.0.0.attribute": "citty",
        "groups.0.0.operator": "EQUALS",
        "groups.0.0.values": "Paris",
        "early.0.0.attribute": "city",
        "early.0.0.operator": "IS NULL",
        "early.0.0.values": "Paris",
        "do": "keep",
    }
    answer = owner.post(f"{mappings}/users/scope", fields)
    assert answer.status == 422
    assert "Did you mean" in answer.words
    assert "takes no value" in answer.words
    assert value(answer.page, "groups.0.0.attribute") == "citty"
    assert list(markup.shortcomings(answer.page)) == []


def test_a_filter_is_written_as_text(portal, owner, mappings):
    text = "# Paris office\ncity EQUALS Paris\n\n# IT\ndepartment EQUALS 'IT', 'R&D'\n"
    owner.post(f"{mappings}/users/scope/text", {"groups": text, "early": "userType NOT EQUALS Guest"})
    save(owner, mappings)
    scope = users(saved(portal, mappings)).scope
    assert [group.name for group in scope.groups] == ["Paris office", "IT"]
    assert [clause.label for group in scope.input_groups for clause in group.clauses] == [
        "userType NOT EQUALS 'Guest'"
    ]
    wrong = owner.post(f"{mappings}/users/scope/text", {"groups": "city EQUALS Paris\ncity IST Rome"})
    assert wrong.status == 422
    assert "Line 2:" in wrong.words
    assert value(wrong.page, "groups") == "city EQUALS Paris\ncity IST Rome"


def test_a_filter_is_tried_on_somebody_before_it_is_kept(portal, owner, mappings):
    ids = add_people(portal)
    owner.post(
        f"{mappings.removesuffix('/mappings')}/users-and-groups",
        {"principal": list(ids.values()), "role": "Standard"},
    )
    fields = {
        "groups.0.name": "Paris",
        "groups.0.0.attribute": "city",
        "groups.0.0.operator": "EQUALS",
        "groups.0.0.values": "Paris",
    }
    address = f"{mappings}/users/scope"
    out = owner.post(address, {**fields, "do": "try", "search": "ada"})
    assert "Ada Moss out of scope does not pass the scoping filter" in out.words
    assert "false Paris.city EQUALS 'Paris'" in out.words
    chosen = owner.post(address, {**fields, "person": ids["Bo Li"]})
    assert "Bo Li in scope" in chosen.words
    assert value(chosen.page, "groups.0.0.values") == "Paris"
    several = owner.post(address, {**fields, "do": "try", "search": "example"})
    assert len(several.page.find("button", name="person")) == 3
    assert "You are editing a draft" not in several.words


def test_hostile_texts_stay_text(portal, owner):
    mappings = add_application(owner, HOSTILE)
    add_people(portal, [(f"{HOSTILE} Moss", HOSTILE, HOSTILE)])
    edit(owner, mappings, "title", expression=f'Append([city], "{HOSTILE}")', default=HOSTILE)
    owner.post(
        f"{mappings}/users/scope/text", {"groups": f"# {HOSTILE}\ncity NOT EQUALS {HOSTILE}", "early": ""}
    )
    pages = [
        owner.get(f"{mappings}{path}")
        for path in ("", "/users", "/users/attribute?target=title", "/users/scope", "/users/scope/text",
                     "/effect", "/versions", f"/users/remove?target={HOSTILE}")
    ]  # fmt: skip
    pages.append(edit(owner, mappings, "title", expression="[city]", do="try", search="moss"))
    pages.append(edit(owner, mappings, "title", expression=HOSTILE))
    pages.append(owner.post(f"{mappings}/import", {"document": HOSTILE}))
    for page in pages:
        assert HOSTILE not in page.text
        assert list(markup.shortcomings(page.page)) == [], page.path
    assert html.escape("<script>") in pages[1].text


def test_a_reader_sees_mappings_and_is_offered_nothing_to_change(portal, owner, mappings):
    edit(owner, mappings, "title", expression=SELLER)
    reader = portal.administrator("roger", Role.READER)
    for path in ("", "/users", "/versions", "/versions/1"):
        page = reader.get(mappings + path)
        assert page.status == 200
        offered = {form["action"].rpartition("/")[2] for form in page.page.find("form") if form.get("action")}
        assert offered <= {"preferences", "sign-out", "order"}, path
        assert SELLER not in page.words
        assert not page.page.find("button", class_="button primary")
    assert reader.get(f"{mappings}/schema.json").status == 200
    assert reader.get(f"{mappings}/effect").status == 403


def test_every_function_and_operator_has_the_engines_words():
    assert {name: item.meaning for name, item in FUNCTIONS.items()} == function_words.MEANINGS
    assert {item.operator: item.meaning for item in OPERATORS.values()} == function_words.OPERATORS
