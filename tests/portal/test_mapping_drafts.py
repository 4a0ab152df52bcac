"""A draft's effect, saving it, what overtakes it, and schemas that come in as a whole."""

import json

import pytest

from provisor.core import audit, preview
from provisor.core.links import Link, LinkOrigin, LinkState
from provisor.core.objects import ObjectType
from provisor.look.sign_in.roles import Role
from provisor.portal.mappings import vocabulary
from support.mapping_pages import (
    NOW,
    PEOPLE,
    add_application,
    add_people,
    application_id,
    edit,
    save,
    saved,
    users,
)

PARIS = "# Paris\ncity EQUALS Paris"


@pytest.fixture
def mappings(owner):
    return add_application(owner)


@pytest.fixture
def assigned(portal, owner, mappings):
    """People who are assigned to the application."""
    return assign(portal, owner, mappings, PEOPLE)


def assign(portal, administrator, mappings, people):
    """Put people into the directory and assign them; their ids."""
    ids = list(add_people(portal, people).values())
    application = mappings.removesuffix("/mappings")
    administrator.post(f"{application}/users-and-groups", {"principal": ids, "role": "Standard"})
    return ids


def draft_filter(administrator, mappings, text=PARIS):
    return administrator.post(f"{mappings}/users/scope/text", {"groups": text, "early": ""})


def linked(person):
    return Link(
        object_id=person,
        object_type=ObjectType.USER,
        target_id=f"account of {person}",
        state=LinkState.ACTIVE,
        disabled_because=None,
        version=1,
        origin=LinkOrigin.CREATED,
    )


def test_the_effect_tells_who_is_concerned_and_why_before_anything_is_saved(
    portal, owner, mappings, assigned
):
    before = saved(portal, mappings)
    draft_filter(owner, mappings)
    words = owner.get(f"{mappings}/effect").words
    for part in ("Who is kept out 1", "Ada Moss", "does not pass the scoping filter", "Lyon", "Guard passes"):
        assert part in words
    assert "Zoë Durand" not in words
    assert saved(portal, mappings) == before


def test_what_the_guard_would_hold_is_saved_only_after_a_tick(portal, owner, mappings):
    ids = assign(portal, owner, mappings, [(f"Person{number} Moss", "Lyon", "IT") for number in range(12)])
    with portal.store.write() as unit:
        unit.links(application_id(mappings)).save([linked(item) for item in ids], NOW)
    draft_filter(owner, mappings, "# Nobody\ncity EQUALS Rome")
    page = owner.get(f"{mappings}/effect")
    assert "The guard would hold the next cycle" in page.words
    assert "Who leaves 12" in page.words
    refused = save(owner, mappings, held="yes")
    assert refused.status == 422
    assert "Tick that you want it saved" in refused.words
    assert not users(saved(portal, mappings)).scope
    assert "Saved." in save(owner, mappings, held="yes", anyway="yes").words
    assert users(saved(portal, mappings)).scope


def test_saving_is_in_the_audit_log_with_what_changed(portal, owner, mappings):
    edit(owner, mappings, "title", type="constant", constant="Colleague")
    save(owner, mappings)
    with portal.store.read() as unit:
        query = audit.AuditQuery(activity=audit.Activity.UPDATE_SCHEMA)
        [entry] = unit.audit.entries(query, limit=10)
    assert entry.act.actor == "olga"
    assert any("title" in path for path in entry.act.after)


def test_a_draft_is_its_authors_alone(portal, owner, mappings):
    edit(owner, mappings, "title", type="constant", constant="Colleague")
    other = portal.administrator("anna", Role.APPLICATION_ADMINISTRATOR)
    assert "You are editing a draft" not in other.get(mappings).words
    assert other.get(f"{mappings}/draft.json").status == 404


def test_a_draft_that_somebody_overtook_is_refused_in_words_and_kept(portal, owner, mappings):
    edit(owner, mappings, "title", type="constant", constant="Colleague")
    seen = owner.get(f"{mappings}/effect").page.find("input", name="seen")[0]["value"]
    other = portal.administrator("anna", Role.APPLICATION_ADMINISTRATOR)
    edit(other, mappings, "externalId", type="direct", attribute="employeeId")
    save(other, mappings)
    for answer in (
        owner.post(f"{mappings}/effect", {"seen": seen}),
        edit(owner, mappings, "title", type="constant", constant="Friend"),
    ):
        assert answer.status == 409
        assert "changed by somebody else" in answer.words
    document = saved(portal, mappings)
    titles = [item for item in users(document).attribute_mappings if item.target.name == "title"]
    assert titles[0].expression.text == "[jobTitle]"
    exported = json.loads(owner.get(f"{mappings}/draft.json").text)
    assert "Colleague" in json.dumps(exported)
    assert "The draft was discarded" in owner.post(f"{mappings}/discard").words
    assert "Somebody else saved" not in owner.get(mappings).words


def test_only_the_draft_whose_effect_was_seen_is_saved(portal, owner, mappings):
    edit(owner, mappings, "title", type="constant", constant="Colleague")
    seen = owner.get(f"{mappings}/effect").page.find("input", name="seen")[0]["value"]
    edit(owner, mappings, "title", type="constant", constant="Friend")
    answer = owner.post(f"{mappings}/effect", {"seen": seen})
    assert answer.status == 409
    assert "look at the effect again" in answer.words


def test_a_draft_that_says_what_is_saved_is_no_draft(owner, mappings):
    edit(owner, mappings, "title", type="constant", constant="Colleague")
    edit(owner, mappings, "title", type="direct", attribute="jobTitle")
    assert "There is no draft" in owner.get(f"{mappings}/effect").words


def test_an_export_comes_back_by_import_as_a_draft(portal, owner, mappings):
    document = json.loads(owner.get(f"{mappings}/schema.json").text)
    assert document == saved(portal, mappings)
    document["synchronizationRules"][0]["objectMappings"][0]["flowTypes"] = "Add"
    answer = owner.post(f"{mappings}/import", {"document": json.dumps(document)})
    assert answer.path.endswith("/effect")
    save(owner, mappings)
    assert saved(portal, mappings) == document


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Paste a schema"),
        ('{"a": 1,\n oops}', "line 2, column"),
        ("[1]", "no object"),
        ("{}", "synchronizationRules"),
        ('{"a":' * 900 + "1" + "}" * 900, "320 levels"),
        ("[" * 2000, "not JSON"),
    ],
)
def test_what_is_no_schema_is_refused_with_the_place(owner, mappings, text, told):
    answer = owner.post(f"{mappings}/import", {"document": text})
    assert answer.status == 422
    assert told in answer.words
    assert "You are editing a draft" not in answer.words


def test_the_deepest_expression_there_can_be_is_edited_exported_and_imported(owner, mappings, assigned):
    deepest = "ToLower(" * 100 + "[city]" + ")" * 100
    assert "lyon" in edit(owner, mappings, "title", expression=deepest, do="try", search="ada").words
    edit(owner, mappings, "title", expression=deepest)
    edit(owner, mappings, "externalId", type="direct", attribute="employeeId")
    assert owner.get(f"{mappings}/effect").status == 200
    draft = owner.get(f"{mappings}/draft.json").text
    owner.post(f"{mappings}/discard")
    assert owner.post(f"{mappings}/import", {"document": draft}).path.endswith("/effect")
    assert json.loads(owner.get(f"{mappings}/draft.json").text) == json.loads(draft)


def test_default_mappings_are_restored_after_a_question(portal, owner, mappings):
    default = saved(portal, mappings)
    edit(owner, mappings, "title", type="constant", constant="Colleague")
    save(owner, mappings)
    assert "Restore default mappings?" in owner.get(f"{mappings}/restore").words
    assert owner.post(f"{mappings}/restore").path.endswith("/effect")
    save(owner, mappings)
    assert saved(portal, mappings) == default


def test_versions_are_kept_and_one_is_gone_back_to(portal, owner, mappings):
    first = saved(portal, mappings)
    edit(owner, mappings, "title", type="constant", constant="Colleague")
    save(owner, mappings)
    listed = owner.get(f"{mappings}/versions").page.find("tbody")[0].find("tr")
    assert [row.find("a")[0].text for row in listed] == ["2", "1"]
    assert all("olga" in row.text for row in listed)
    version = owner.get(f"{mappings}/versions/1")
    assert "[jobTitle]" in version.words
    assert json.loads(owner.get(f"{mappings}/versions/1/schema.json").text) == first
    owner.post(f"{mappings}/versions/1")
    save(owner, mappings)
    assert saved(portal, mappings) == first
    for number in ("9", "x", "9" * 30):
        assert owner.get(f"{mappings}/versions/{number}").status == 404


def test_an_application_without_a_mapping_of_groups_has_no_page_for_it(owner, mappings):
    assert owner.get(f"{mappings}/users").status == 200
    assert owner.get(f"{mappings}/groups").status == 404
    assert owner.get(f"{add_application(owner, 'Scim', 'scim')}/groups").status == 200


def test_every_effect_and_object_type_has_words():
    assert set(vocabulary.EFFECTS) == set(preview.Effect)
    assert set(vocabulary.KINDS) == {kind.value for kind in ObjectType}
