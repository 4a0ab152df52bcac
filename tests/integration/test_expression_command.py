"""`provisor expression` as an administrator uses it."""

import json

import pytest

from support.command_line import CommandLine

USERS = "id,userPrincipalName,mail,givenName,surname\n7,ada@example.com,ada@example.org,Ada,Lovelace\n"


@pytest.fixture
def shell(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return CommandLine("postgresql://nobody@localhost:1/none")


@pytest.fixture
def directory(sqlite_url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shell = CommandLine(sqlite_url)
    folder = tmp_path / "company"
    folder.mkdir()
    (folder / "users.csv").write_text(USERS)
    shell("directory", "import", str(folder))
    return shell


def test_an_expression_is_tried_out_on_somebody_of_the_directory(directory):
    expression = 'Join(" ", [givenName], ToUpper([surname]))'
    answer = directory.json("expression", "test", expression, "--object", "ada@example.com")
    assert (answer["value"], answer["outcome"]) == ("Ada LOVELACE", "value")
    assert [(step["expression"], step["value"]) for step in answer["steps"]] == [
        ("[givenName]", "Ada"),
        ("ToUpper([surname])", "LOVELACE"),
    ]
    told = directory("expression", "test", expression, "--object", "ada@example.com").stdout
    assert told.splitlines()[0] == '"Ada LOVELACE"'
    assert 'ToUpper([surname]) → "LOVELACE"' in told


def test_an_expression_is_tried_out_on_attributes_in_a_file_and_needs_no_store(shell, tmp_path):
    (tmp_path / "person.json").write_text(json.dumps({"tags": ["a", "b"], "level": 3, "mail": None}))
    assert shell.json("expression", "test", "[tags]", "--json", "person.json")["value"] == ["a", "b"]
    assert shell.json("expression", "test", "[mail]", "--json", "person.json")["value"] is None
    failed = shell.json("expression", "test", "Item([tags], [level])", "--json", "person.json", expect=1)
    assert failed["outcome"] == "failed"
    assert "there is no value 3" in failed["error"]


def test_time_and_default_domain_can_be_chosen(directory):
    directory("app", "add", "scim", "--name", "Chat")
    directory("app", "set", "Chat", "defaultDomain=contoso.com")
    expression = 'Join("@", [givenName], DefaultDomain())'
    answer = directory.json("expression", "test", expression, "--object", "ada@example.com", "--app", "Chat")
    assert answer["value"] == "Ada@contoso.com"
    assert directory.json("app", "show", "Chat")["settings"]["defaultDomain"] == "contoso.com"
    moment = directory.json("expression", "test", 'DateAdd("d", -7, Now())', "--now", "2026-12-01")
    assert moment["value"] == "11/24/2026 12:00:00 AM"


def test_what_does_not_flow_is_told_from_null(shell):
    assert shell.json("expression", "test", "IgnoreFlowIfNullOrEmpty([mail])")["outcome"] == "dropped"
    assert shell("expression", "test", "[mail]").stdout.startswith("null")


def test_a_mistake_is_told_with_its_place_and_a_hint(shell):
    said = shell("expression", "test", "Tolower([mail])", expect=1).stderr
    assert (
        said
        == "provisor: Unknown function Tolower (line 1, column 1). Did you mean ToLower? Names are case-sensitive.\n"
    )


def test_the_functions_are_listed_with_their_parameters_in_the_shape_of_graph(shell):
    functions = {each["name"]: each for each in shell.json("expression", "functions")}
    assert len(functions) > 60
    assert [
        {key: each[key] for key in ("name", "required", "allowMultipleOccurrences", "type")}
        for each in functions["Mid"]["parameters"]
    ] == [
        {"name": "source", "required": True, "allowMultipleOccurrences": False, "type": "String"},
        {"name": "start", "required": True, "allowMultipleOccurrences": False, "type": "Integer"},
        {"name": "length", "required": True, "allowMultipleOccurrences": False, "type": "Integer"},
    ]
    assert functions["Join"]["parameters"][1]["allowMultipleOccurrences"]
    assert (functions["Right"]["extra"], functions["Left"]["extra"]) == (True, False)
    assert "An extra, from Entra Connect" in shell("expression", "functions", "Right").stdout
    assert "Did you mean Switch?" in shell("expression", "functions", "switsh", expect=1).stderr


def test_an_expression_is_printed_in_graphs_form(shell):
    printed = json.loads(shell("expression", "parse", "-", stdin="ToLower([mail],)\n").stdout)
    assert printed == {
        "type": "Function",
        "name": "ToLower",
        "expression": "ToLower([mail], )",
        "parameters": [
            {
                "key": "source",
                "value": {"type": "Attribute", "name": "mail", "expression": "[mail]", "parameters": []},
            }
        ],
    }


def test_a_schema_with_a_misspelt_attribute_is_refused_and_the_old_one_stays(directory, tmp_path):
    directory("app", "add", "scim", "--name", "Chat")
    before = directory("app", "schema", "show", "Chat").stdout
    (tmp_path / "schema.json").write_text(before.replace("[givenName]", "[givenname]"))
    said = directory("app", "schema", "set", "Chat", "schema.json", expect=1).stderr
    assert "Unknown attribute [givenname] (line 1, column 1). Did you mean givenName?" in said
    assert directory("app", "schema", "show", "Chat").stdout == before
