"""The provisioning log in files, and read on from the command line."""

import csv
import io
import json
import stat

import pytest

from provisor import bootstrap
from provisor.core.errors import ErrorCode
from provisor.core.log_errors import recommended_action
from provisor.settings import Settings
from support import provisioning, scripted_target
from support.command_line import CommandLine

FORMULA = '=HYPERLINK("http://evil.example")'


@pytest.fixture
async def provisor(sqlite_url, key_file):
    """Two people with accounts, one of whom calls herself a formula, and one whom the target refuses."""
    settings = Settings(database_url=sqlite_url, key_file=key_file)
    with bootstrap.services(settings) as services:
        async with scripted_target.scripted_target() as peer:
            company = provisioning.Provisioning(store=services.store, peer=peer)
            company.directory.users = {
                "ada": {"displayName": FORMULA, "telephoneNumber": "+33 1 02 03 04 05"},
                "bob": {"displayName": "Bob"},
                "cyd": {"displayName": "Cyd"},
            }
            company.import_directory()
            company.add_application()
            peer.script(scripted_target.status(400, detail="no Cyd, please"), method="POST", path="/Users")
            await company.run()
    return CommandLine(sqlite_url, PROVISOR_KEY_FILE=str(key_file))


def table(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_three_files_are_joined_on_the_change_id(provisor, tmp_path):
    provisor("log", "Example App", "--export", str(tmp_path / "out"), "--format", "csv")
    log, steps, properties = (
        table(tmp_path / "out" / f"ProvisioningLogs{name}.csv")
        for name in ("", "_ProvisioningSteps", "_ModifiedProperties")
    )
    assert sorted(row["status"] for row in log) == ["failure", "success", "success"]
    ids = {row["changeId"] for row in log}
    assert {row["changeId"] for row in steps} == ids
    assert {row["changeId"] for row in properties} <= ids
    [failed] = [row for row in log if row["status"] == "failure"]
    assert "no Cyd, please" in failed["error"]
    assert failed["recommendedAction"]
    mine = [row for row in steps if row["changeId"] == failed["changeId"]]
    assert next(row["provisioningStepType"] for row in mine) == "import"
    names = {row["displayName"] for row in properties if row["changeId"] == failed["changeId"]}
    assert "userName" in names


def test_a_name_that_is_a_formula_is_text_in_a_spreadsheet(provisor, tmp_path):
    provisor("log", "Example App", "--export", str(tmp_path), "--format", "csv")
    values = [row["newValue"] for row in table(tmp_path / "ProvisioningLogs_ModifiedProperties.csv")]
    assert f"'{FORMULA}" in values
    assert not any(value.startswith(("=", "+", "-", "@")) for value in values)
    assert f"'{FORMULA}" in provisor("log", "Example App", "--format", "csv").stdout.replace('""', '"')


def test_files_are_for_their_owner_only_and_whole(provisor, tmp_path):
    provisor("log", "Example App", "--export", str(tmp_path / "out"), "--format", "json")
    [written] = (tmp_path / "out").iterdir()
    assert written.name == "ProvisioningLogs.json"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert len(json.loads(written.read_text())) == 3


def test_ndjson_is_one_entry_a_line(provisor, tmp_path):
    provisor("log", "Example App", "--export", str(tmp_path), "--format", "ndjson")
    lines = (tmp_path / "ProvisioningLogs.ndjson").read_text().splitlines()
    printed = provisor("log", "Example App", "--format", "ndjson").stdout.splitlines()
    assert [json.loads(line) for line in lines] == [json.loads(line) for line in printed]
    assert len(lines) == 3


def test_an_empty_log_makes_whole_files(provisor, tmp_path):
    for form in ("csv", "json", "ndjson"):
        provisor("log", "Example App", "--until", "2001-01-01", "--export", str(tmp_path), "--format", form)
    assert json.loads((tmp_path / "ProvisioningLogs.json").read_text()) == []
    assert (tmp_path / "ProvisioningLogs.ndjson").read_text() == ""
    assert table(tmp_path / "ProvisioningLogs.csv") == []


def test_paging_goes_on_after_the_last_entry_seen(provisor):
    everything = provisor.json("log", "Example App")
    first = provisor.json("log", "Example App", "--limit", "1")
    rest = provisor.json("log", "Example App", "--before", first[0]["position"])
    assert first + rest == everything
    assert "position" in provisor("log", "Example App", "--before", "nonsense", expect=1).output


def test_filters_of_the_command_line_narrow_it_down(provisor):
    [bob] = provisor.json("log", "Example App", "--object", "BOB")
    assert provisor.json("log", "Example App", "--change", bob["changeId"]) == [bob]
    assert len(provisor.json("log", "Example App", "--cycle", bob["cycleId"])) == 3
    assert provisor.json("log", "Example App", "--cycle", "another") == []
    assert len(provisor.json("log", "Example App", "--status", "failure", "--action", "create")) == 1


@pytest.mark.parametrize("code", ErrorCode)
def test_every_error_code_has_its_advice(code):
    advice = recommended_action(code)
    assert advice.endswith(".")
    assert len(advice) < 250
