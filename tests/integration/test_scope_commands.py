"""Filters, schemas and previews from the command line, as an administrator uses them."""

import json

import pytest

from provisor import bootstrap
from provisor.settings import Settings
from support import provisioning, scripted_target
from support.command_line import CommandLine

PEOPLE = {"ada": {"city": "Paris"}, "bob": {"city": "Paris"}, "cyd": {"city": "Rome"}, "dan": {}}
APP = "Example App"


@pytest.fixture
async def provisor(sqlite_url, key_file):
    """Four people with accounts: two in Paris, one in Rome, one nowhere."""
    with bootstrap.services(Settings(database_url=sqlite_url, key_file=key_file)) as services:
        async with scripted_target.scripted_target() as peer:
            company = provisioning.Provisioning(store=services.store, peer=peer)
            company.directory.users = dict(PEOPLE)
            company.directory.groups = {"Sales": ["ada", "cyd"]}
            company.import_directory()
            company.add_application(template="ringcentral")
            await company.run()
    return CommandLine(sqlite_url, PROVISOR_KEY_FILE=str(key_file))


def clauses(provisor):
    return [row["clause"] for row in provisor.json("app", "filter", "list", APP)]


def names(rows, effect):
    return sorted(row["userPrincipalName"].partition("@")[0] for row in rows if row["effect"] == effect)


def test_a_clause_is_added_shown_tested_and_removed_without_editing_json(provisor):
    words = ("--group", "Paris office", "--clause", "city EQUALS Paris")
    told = provisor("app", "filter", "add", APP, *words, "--preview")
    assert "Nothing was saved" in told.stderr
    assert "city EQUALS 'Paris', but it is 'Rome'" in told.stdout
    assert clauses(provisor) == []
    saved = provisor.json("app", "filter", "add", APP, *words)
    assert (saved["saved"], saved["effects"]["leaves"], saved["planned"]) == (True, 2, {"disable": 2})
    provisor("app", "filter", "add", APP, "--group", "Paris office", "--clause", "jobTitle IS NULL")
    assert clauses(provisor) == ["city EQUALS 'Paris'", "jobTitle IS NULL"]
    tried = provisor.json("app", "filter", "test", APP, "cyd@example.com")
    assert tried["filterPassed"] is False
    assert tried["scopeEvaluationResult"] == {
        "Paris office.city EQUALS 'Paris'": False,
        "Paris office.jobTitle IS NULL": True,
    }
    provisor("app", "filter", "remove", APP, "--group", "Paris office", "--clause", "jobTitle IS NULL")
    assert clauses(provisor) == ["city EQUALS 'Paris'"]
    provisor("app", "filter", "remove", APP, "--group", "Paris office")
    assert clauses(provisor) == []


def test_what_the_guard_would_hold_is_saved_with_a_persons_word_only(provisor):
    provisor("app", "set", APP, "guardFloor=1", "guardPercent=10")
    words = ("app", "filter", "add", APP, "--group", "Rome", "--clause", "city EQUALS Rome")
    refused = provisor(*words, expect=4)
    assert "Not saved" in refused.stderr
    assert clauses(provisor) == []
    provisor(*words, "--yes")
    assert clauses(provisor) == ["city EQUALS 'Rome'"]


@pytest.mark.parametrize(
    ("clause", "said"),
    [
        ("city EQAULS Rome", "Did you mean EQUALS?"),
        ("ctiy EQUALS Rome", "Did you mean city?"),
        ("employeeId Greater_Than ten", "whole number"),
    ],
)
def test_a_clause_that_would_not_work_is_refused_in_words(provisor, clause, said):
    assert said in provisor("app", "filter", "add", APP, "--group", "G", "--clause", clause, expect=1).stderr


def test_a_schema_goes_out_comes_back_and_is_reset(provisor, tmp_path):
    provisor("app", "filter", "add", APP, "--group", "G", "--clause", "city IS NOT NULL", "--early")
    shown = provisor("app", "schema", "show", APP).stdout
    scope = json.loads(shown)["synchronizationRules"][0]["objectMappings"][0]["scope"]
    assert scope["inputFilterGroups"][0]["name"] == "G"
    provisor("app", "schema", "reset", APP)
    assert clauses(provisor) == []
    file = tmp_path / "schema.json"
    file.write_text(shown)
    provisor("app", "schema", "set", APP, str(file), "--preview")
    assert clauses(provisor) == []
    provisor("app", "schema", "set", APP, str(file))
    assert provisor("app", "schema", "show", APP).stdout == shown
    file.write_text(shown.replace("IS NOT NULL", "IS NOT NUL"))
    assert "IS NOT NULL" in provisor("app", "schema", "set", APP, str(file), expect=1).stderr
    assert provisor("app", "schema", "show", APP).stdout == shown


def test_a_preview_tells_who_enters_and_leaves_and_changes_nothing(provisor):
    before = provisor.json("app", "show", APP)
    made = provisor.json("job", "preview", APP, "--set", "scope=assigned", "--assign", "group:Sales:Standard")
    assert (names(made["rows"], "leaves"), made["guard"]["verdict"]) == (["bob", "dan"], "proceed")
    assert {row["whyAfter"] for row in made["rows"]} == {"is not assigned to the application"}
    held = provisor.json("job", "preview", APP, "--set", "scope=assigned", "--set", "guardFloor=0", expect=4)
    assert held["guard"]["reason"].startswith("4 accounts would be taken away")
    assert provisor.json("app", "show", APP) == before
    assert "nobody is concerned" in provisor("job", "preview", APP).stdout
    assert "user:UPN" in provisor("job", "preview", APP, "--assign", "ada@example.com", expect=2).stderr


def test_the_operators_are_listed_as_graph_lists_them(provisor):
    listed = {item["name"]: item for item in provisor.json("app", "filter", "operators")}
    assert listed["EQUALS"]["arity"] == "Binary"
    assert listed["IS NULL"]["arity"] == "Unary"
    assert "Integer" in listed["Greater_Than"]["supportedAttributeTypes"]
    assert listed["EQUALS"]["multivaluedComparisonType"] == "All"
    assert (listed["REGEX MATCH"]["origin"], listed["IS BEFORE"]["origin"]) == ("entra", "provisor")
