"""What a change would bring about, seen before it is made; scenarios compare every preview with the plan that follows."""

import pytest

from provisor.core import errors
from provisor.core.changes import ChangeKind
from provisor.core.preview import Effect
from provisor.engine import preview
from support import foresight, scope_words

PARIS = {"User": {"Paris office": ["city EQUALS Paris"]}}


@pytest.fixture
async def four(company):
    """Ada and Bob in Paris, Cyd in Rome, Dan nowhere; all have accounts."""
    for name, said in {
        "ada": {"city": "Paris"},
        "bob": {"city": "Paris"},
        "cyd": {"city": "Rome"},
        "dan": {},
    }.items():
        company.directory.users[name] = said
    company.directory.groups["Sales"] = ["ada", "bob", "cyd"]
    company.import_directory()
    company.add_application(template="ringcentral")
    await company.run()
    return company


async def test_a_filter_shows_who_leaves_and_which_clause_says_so(four):
    made, found = foresight.foresee(four, filter=PARIS)
    assert foresight.named(four, found) == {"cyd": "leaves, disable", "dan": "leaves, disable"}
    assert made.effects == {Effect.LEAVES: 2}
    assert {item.subject.attributes["givenName"]: item.why for item in found} == {
        "Cyd": (
            "is in scope",
            "does not pass the scoping filter (Paris office: city EQUALS 'Paris', but it is 'Rome')",
        ),
        "Dan": (
            "is in scope",
            "does not pass the scoping filter (Paris office: city EQUALS 'Paris', but it has no value)",
        ),
    }


async def test_a_wider_filter_shows_who_enters_again_in_the_account_of_before(four):
    four.save_schema(scope_words.with_filters(four.schema, PARIS))
    await four.run()
    made, found = foresight.foresee(four, filter={"User": None})
    assert foresight.named(four, found) == {"cyd": "enters, enable", "dan": "enters, enable"}
    assert [(item.path, item.old, item.new) for item in found[0].modifications] == [("active", False, True)]
    assert made.held is None


async def test_a_mapping_shows_whose_attributes_change_from_what_to_what(four):
    document = four.schema
    for item in document["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"]:
        if item["targetAttributeName"] == "title":
            item["source"] = {"expression": "[city]"}
    made, found = foresight.foresee(four, schema=document)
    assert foresight.named(four, found) == {
        "ada": "changes, update",
        "bob": "changes, update",
        "cyd": "changes, update",
    }
    assert {(each.path, each.old, each.new) for item in found for each in item.modifications} == {
        ("title", None, "Paris"),
        ("title", None, "Rome"),
    }
    assert made.requests["update"] == 3


async def test_what_could_not_be_saved_is_refused_before_anything_is_foreseen(four):
    document = four.schema
    for item in document["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"]:
        if item["targetAttributeName"] == "title":
            item["source"] = {"expression": "[citty]"}
    with pytest.raises(errors.InvalidInputError, match="Did you mean city"):
        foresight.foresee(four, schema=document)


async def test_what_would_happen_anyway_is_not_put_down_to_the_change(four):
    four.directory.users["eve"] = {"city": "Paris"}
    four.directory.users["bob"] = {"city": "Paris", "accountEnabled": False}
    four.import_directory()
    made, found = foresight.foresee(four, filter=PARIS)
    assert foresight.named(four, found) == {"cyd": "leaves, disable", "dan": "leaves, disable"}
    assert made.effects == {Effect.LEAVES: 2, Effect.ANYWAY: 2}
    assert {kind.value: count for kind, count in made.planned.items()} == {"disable": 3, "create": 1}


async def test_who_would_have_come_or_gone_and_now_does_not_is_shown(four):
    four.directory.users["eve"] = {"city": "Rome"}
    four.import_directory()
    _, found = foresight.foresee(four, filter=PARIS)
    assert foresight.named(four, found)["eve"] == "keptOut"
    four.save_schema(scope_words.with_filters(four.schema, PARIS))
    _, found = foresight.foresee(four, settings={"outOfScopeDeletions": "skip"})
    assert foresight.named(four, found) == {"cyd": "stays", "dan": "stays"}


async def test_the_guard_says_beforehand_that_it_would_hold(four):
    four.set(guardFloor="1", guardPercent="25")
    made, _ = foresight.foresee(four, filter=PARIS)
    assert made.held is not None
    assert made.held.startswith("2 accounts would be taken away")


async def test_assignments_show_who_of_a_group_enters_and_who_leaves(four):
    made, found = foresight.foresee(four, settings={"scope": "assigned"}, assign=[{"Sales": "Standard"}])
    assert foresight.named(four, found) == {"dan": "leaves, disable"}
    assert made.effects == {Effect.LEAVES: 1}
    four.set(scope="assigned")
    four.assign("Sales", "Standard")
    four.assign("cyd", "Manager")
    await four.run()
    _, found = foresight.foresee(four, unassign=["Sales"])
    assert foresight.named(four, found) == {"ada": "leaves, disable", "bob": "leaves, disable"}
    _, found = foresight.foresee(four, unassign=[{"Sales": "Standard"}], assign=[{"bob": "Standard"}])
    assert foresight.named(four, found) == {"ada": "leaves, disable"}
    _, found = foresight.foresee(four, assign=[{"dan": "Standard"}])
    assert foresight.named(four, found) == {"dan": "enters, enable"}


async def test_a_role_that_reaches_through_nested_groups_is_followed(four):
    four.directory.groups["Outer"] = ["Sales", "dan"]
    four.import_directory()
    four.set(scope="assigned")
    await four.run()
    _, found = foresight.foresee(four, assign=[{"Outer": "Standard"}])
    assert foresight.named(four, found) == {"dan": "enters, enable"}
    _, found = foresight.foresee(four, assign=[{"Outer": "Standard"}], settings={"roleReach": "effective"})
    assert set(foresight.named(four, found)) == {"ada", "bob", "cyd", "dan"}


async def test_a_mapping_that_fails_is_seen_before_it_does(four):
    document = four.schema
    for item in document["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"]:
        if item["targetAttributeName"] == "active":
            item["source"] = {"expression": "[city]"}
    _, found = foresight.foresee(four, schema=document)
    assert foresight.named(four, found)["ada"] == "fails, fail"


async def test_requests_and_minutes_are_those_of_the_cycle_that_follows(four):
    four.set(readsPerMinute="10", writesPerMinute="2", outOfScopeDeletions="disable")
    made, _ = foresight.foresee(four, filter=PARIS)
    assert dict(made.requests) == {"list": 1, "read": 2, "disable": 2}
    assert made.minutes == pytest.approx(3 / 10 + 2 / 2)
    four.peer.requests.clear()
    four.save_schema(scope_words.with_filters(four.schema, PARIS))
    await four.run()
    assert len(four.peer.requests) == made.requests.total()


async def test_nothing_is_foreseen_of_a_change_that_changes_nothing(four):
    made, found = foresight.foresee(four, schema=four.schema)
    assert (found, made.effects, made.held) == ([], {}, None)
    assert isinstance(made, preview.Preview)


async def test_the_guard_counts_overwritten_attributes_and_what_was_taken_away_today(four):
    document = four.schema
    for item in document["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"]:
        if item["targetAttributeName"] == "name.givenName":
            item["source"] = {"expression": "[surname]"}
    four.set(guardUpdateFloor="1", guardUpdatePercent="25")
    made, _ = foresight.foresee(four, schema=document)
    assert made.overwritten == {"name.givenName": 4}
    assert "name.givenName" in (made.held or "")
    four.set(guardDailyFloor="2", guardDailyPercent="25")
    for name in ("ada", "bob"):
        four.directory.users[name]["accountEnabled"] = False
    four.import_directory()
    await four.run()
    made, _ = foresight.foresee(four, filter={"User": {"Rome": ["city EQUALS Rome"]}})
    assert made.planned == {ChangeKind.DISABLE: 1}
    assert made.held is not None
