"""`job undo`, the settings of leaving and `app remove` as an administrator uses them, against a real provider."""

import pytest

from provisor.ringcentral import background
from support.command_line import CommandLine

PEOPLE = """userPrincipalName,displayName,givenName,surname,mail,department,accountEnabled
ada@example.com,Ada Ahn,Ada,Ahn,ada@example.com,{department},true
bob@example.com,Bob Bell,Bob,Bell,bob@example.com,Sales,{bob}
cyd@example.com,Cyd Cole,Cyd,Cole,cyd@example.com,Sales,true
"""


@pytest.fixture
def provisor(sqlite_url, tmp_path):
    """The command line of an administrator whose three people have accounts in "App"."""
    with background.running_provider(
        database_url=f"sqlite:///{tmp_path}/ringcentral.db", profile="full", seats=30
    ) as running:
        command = CommandLine(sqlite_url, PROVISOR_ACTOR="Olive")
        command("app", "add", "scim", "--name", "App")
        command("app", "set", "App", "scope=all", "onDisabled=disableThenDelete", "deleteAfterDays=14")
        command("app", "credentials", "App", "--tenant-url", running.base_url, stdin=running.token)
        yield command


def run_with(provisor, folder, *, department, bob):
    """Import the people as they are now, and run a cycle; its id."""
    folder.mkdir(exist_ok=True)
    (folder / "users.csv").write_text(PEOPLE.format(department=department, bob=bob))
    provisor("directory", "import", str(folder))
    return provisor.json("job", "run", "App")["plan"]["id"]


def test_an_administrator_takes_back_what_a_wrong_file_did(provisor, tmp_path):
    folder = tmp_path / "people"
    run_with(provisor, folder, department="Works", bob="true")
    wrong = run_with(provisor, folder, department="Sales", bob="false")

    told = provisor("job", "undo", "App", "--cycle", wrong)
    assert "Sales → Works" in told.output
    assert "stay as this plan leaves them until they change" in told.output
    made = provisor.json("job", "undo", "App", "--cycle", wrong)

    assert (made["origin"], made["undoes"], made["state"]) == ("undo", wrong, "ready")
    assert {row["userPrincipalName"]: row["kind"] for row in made["rows"]} == {
        "ada@example.com": "update",
        "bob@example.com": "enable",
    }
    assert len(made["comesBack"]["nextInitialCycle"]) == 2
    done = provisor.json("job", "apply", "App", "--plan", made["id"])
    assert (done["result"], done["failures"]) == ("applied", 0)
    assert provisor.json("job", "run", "App")["result"] == "nothingToDo"
    act = next(
        item
        for item in provisor.json("audit", "--app", "App")
        if item["activityDisplayName"] == "Take changes back"
    )
    assert act["initiatedBy"]["displayName"] == "Olive"


def test_an_undo_of_one_person_concerns_nobody_else(provisor, tmp_path):
    folder = tmp_path / "people"
    first = run_with(provisor, folder, department="Works", bob="true")

    made = provisor.json("job", "undo", "App", "--cycle", first, "--object", "cyd@example.com")

    assert [(row["userPrincipalName"], row["kind"]) for row in made["rows"]] == [
        ("cyd@example.com", "delete")
    ]


def test_a_cycle_that_is_not_known_and_one_that_did_nothing_are_refused(provisor, tmp_path):
    folder = tmp_path / "people"
    first = run_with(provisor, folder, department="Works", bob="true")

    refused = provisor("job", "undo", "App", "--cycle", "no-such-cycle", expect=1)
    assert "has no plan 'no-such-cycle'" in refused.output
    provisor.json("job", "undo", "App", "--cycle", first)
    waiting = provisor.json("job", "plans", "App")[0]["id"]
    refused = provisor("job", "undo", "App", "--cycle", waiting, expect=1)
    assert "only what was applied" in refused.output


@pytest.mark.parametrize("setting", ["onDisabled=perhaps", "deleteAfterDays=0", "deleteAfterDays=4000"])
def test_a_setting_of_leaving_that_cannot_be_is_refused_with_what_it_may_be(provisor, setting):
    refused = provisor("app", "set", "App", setting, expect=1)
    assert "it must be" in refused.output


def test_settings_of_leaving_are_shown_as_they_were_set(provisor):
    shown = provisor.json("app", "show", "App")["settings"]
    assert (shown["onDisabled"], shown["onHardDeleted"], shown["deleteAfterDays"]) == (
        "disableThenDelete",
        "delete",
        14,
    )


def test_removing_an_application_says_how_many_accounts_it_leaves_behind(provisor, tmp_path):
    run_with(provisor, tmp_path / "people", department="Works", bob="true")
    told = provisor("app", "remove", "App", "--yes").output
    assert "3 linked accounts stay in the application as they are, and nobody manages them" in told
