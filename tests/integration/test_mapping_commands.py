"""Mappings as an administrator saves them, from a file."""

import json

import pytest

from support.command_line import CommandLine


@pytest.fixture
def provisor(sqlite_url):
    made = CommandLine(sqlite_url)
    made("app", "add", "scim", "--name", "Example")
    return made


@pytest.fixture
def saved(provisor, tmp_path):
    """Saves the application's schema with one more mapping of users; what is said, and how it ended."""

    def save(target, *, expect=0, **mapping):
        file = tmp_path / "schema.json"
        document = json.loads(provisor("app", "schema", "show", "Example").stdout)
        users = document["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"]
        users.append({"targetAttributeName": target, **mapping})
        file.write_text(json.dumps(document))
        return provisor("app", "schema", "set", "Example", str(file), expect=expect).output

    return save


def roles(function):
    return {"expression": f"{function}([appRoleAssignments])"}


def test_roles_for_everybody_in_scope_are_advised_against_when_the_mapping_is_saved(provisor, saved):
    assert "Note:" not in saved("roles", source=roles("AppRoleAssignmentsComplex"))
    said = provisor("app", "set", "Example", "scope=all").output
    assert "roles is made from app roles" in said
    assert "is given no role" in said
    assert "Note:" not in provisor("app", "set", "Example", "scope=assigned").output


def test_whoever_could_lose_every_role_is_told_so_at_once(provisor, saved):
    provisor("app", "set", "Example", "scope=all")
    said = saved("roles", source=roles("AssertiveAppRoleAssignmentsComplex"))
    assert "loses every role" in said
    assert "scope=assigned" in said


def test_what_a_mapping_cannot_mean_is_refused_with_its_place_and_the_schema_stays(provisor, saved):
    before = provisor("app", "schema", "show", "Example").stdout
    said = saved(
        "locale", source={"expression": "[mail]"}, flowType="ValueAddOnly", flowNullValues=True, expect=1
    )
    assert "flowNullValues" in said
    assert "attributeMappings[" in said
    assert provisor("app", "schema", "show", "Example").stdout == before
