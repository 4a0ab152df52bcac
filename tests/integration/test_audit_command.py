"""The audit log as an administrator reads it."""

import pytest

from support.command_line import CommandLine

TOKEN = "a-token-that-nobody-may-read"


@pytest.fixture
def provisor(sqlite_url):
    made = CommandLine(sqlite_url, PROVISOR_ACTOR="carol")
    made("app", "add", "ringcentral", "--name", "RingCentral")
    made("app", "credentials", "RingCentral", "--tenant-url", "https://scim.example.com/scim/v2", stdin=TOKEN)
    made("app", "set", "RingCentral", "guardPercent=7")
    return made


def test_an_entry_names_the_person_and_the_values_before_and_after(provisor):
    entries = provisor.json("audit", "--app", "RingCentral")
    assert entries[0]["initiatedBy"] == {"displayName": "carol", "initiatorType": "user"}
    assert entries[0]["targetResources"][0]["modifiedProperties"] == [
        {"displayName": "guard.percent", "oldValue": 10.0, "newValue": 7.0}
    ]
    assert entries[-1]["activityDisplayName"] == "Add service principal"


def test_a_person_reads_it_as_a_table(provisor):
    assert "guard.percent: 10.0 → 7.0" in provisor("audit", "--actor", "carol").stdout
    assert provisor.json("audit", "--actor", "nobody") == []


def test_no_token_is_in_it(provisor):
    assert "secretToken" in provisor("audit", "--format", "csv").stdout
    assert TOKEN not in provisor.said


def test_every_command_that_changes_something_is_in_it(provisor):
    provisor("job", "start", "RingCentral")
    provisor("job", "pause", "RingCentral")
    provisor("job", "restart", "RingCentral")
    provisor("app", "remove", "RingCentral", "--yes")
    told = [entry["activityDisplayName"] for entry in provisor.json("audit", "--app", "RingCentral")]
    assert told == [
        "Remove service principal",
        "Enable/restart provisioning configuration",
        "Disable/pause provisioning configuration",
        "Enable/start provisioning configuration",
        "Update provisioning setting or credentials",
        "Update provisioning setting or credentials",
        "Add service principal",
    ]
    assert {entry["initiatedBy"]["displayName"] for entry in provisor.json("audit")} == {"carol"}


def test_without_a_name_given_it_is_the_user_of_the_machine(provisor, monkeypatch):
    provisor.environment["PROVISOR_ACTOR"] = ""
    monkeypatch.setenv("LOGNAME", "dave")
    provisor("app", "set", "RingCentral", "guardPercent=8")
    assert provisor.json("audit", "--limit", "1")[0]["initiatedBy"]["displayName"] == "dave"
