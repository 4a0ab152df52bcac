"""The command line as an administrator uses it, against a real provider over HTTP."""

import json
import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from provisor.cli import main
from provisor.demo import company
from provisor.ringcentral import background

COMMAND = [sys.executable, "-c", "from provisor.cli.main import run; run()"]


class Shell:
    """Runs `provisor` in a folder of its own: within this process, because a start takes as long as a command."""

    def __init__(self, folder):
        self.folder = folder
        self.said = ""

    def __call__(self, *words, stdin="", expect=0):
        done = CliRunner().invoke(main.root, list(words), input=stdin)
        self.said += done.stdout + done.stderr
        assert done.exit_code == expect, f"{done.stdout}{done.stderr}\n{done.exception!r}"
        return done

    def json(self, *words, expect=0):
        return json.loads(self(*words, "--format", "json", expect=expect).stdout)


@pytest.fixture
def shell(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("PROVISOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path)


def test_it_runs_as_a_program_of_its_own(tmp_path):
    done = subprocess.run([*COMMAND, "app", "list"], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert "Nothing to show" in done.stdout + done.stderr


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "company"
    company.generate(40, 20, 1).write(folder)
    return folder


@pytest.fixture
def provider(tmp_path):
    with background.running_provider(
        database_url=f"sqlite:///{tmp_path}/ringcentral.db", profile="ringcentral", seats=30
    ) as running:
        yield running


@pytest.fixture
def ready(shell, files, provider):
    shell("directory", "import", str(files), "--full")
    shell("app", "add", "ringcentral", "--name", "RingCentral")
    shell("app", "credentials", "RingCentral", "--tenant-url", provider.base_url, stdin=provider.token)
    shell("app", "set", "RingCentral", "scope=all", "readsPerMinute=unlimited", "writesPerMinute=unlimited")
    return shell


def drop_people(files, keep):
    users = files / "users.csv"
    users.write_text("".join(users.read_text().splitlines(keepends=True)[: keep + 1]))
    (files / "memberships.csv").unlink()


def test_objects_that_fail_give_status_3_and_are_in_the_log_with_their_cause(ready, provider):
    result = ready.json("job", "run", "RingCentral", expect=3)
    assert result["failures"] > 0
    failed = ready.json("log", "RingCentral", "--status", "failure")
    assert len(failed) == result["failures"]
    assert failed[0]["provisioningStatusInfo"]["errorInformation"]["errorCode"] == "LicenseLimitExceeded"
    assert provider.token not in ready.said


def test_a_plan_writes_nothing_and_is_applied_by_its_id(ready, files):
    drop_people(files, 20)
    ready("directory", "import", str(files), "--full")
    plan = ready.json("job", "plan", "RingCentral")
    assert plan["state"] == "ready"
    assert {row["kind"] for row in plan["rows"]} <= {"create", "skip"}
    assert ready.json("log", "RingCentral") == []
    applied = ready.json("job", "apply", "RingCentral", "--plan", plan["id"])
    assert applied["plan"]["id"] == plan["id"]
    assert applied["plan"]["states"]["done"] == plan["counts"]["create"]
    assert ready.json("job", "run", "RingCentral")["result"] == "nothingToDo"


@pytest.mark.parametrize(
    "allowing",
    [
        lambda plan_id: ("job", "apply", "RingCentral", "--plan", plan_id),
        lambda _plan_id: ("job", "restart", "RingCentral", "--reset-scope", "ForceDeletes"),
    ],
    ids=["by its id", "by Graph's ForceDeletes"],
)
def test_a_held_plan_gives_status_4_until_a_person_applies_it(ready, files, allowing):
    drop_people(files, 25)
    ready("directory", "import", str(files), "--full")
    ready("job", "run", "RingCentral")
    drop_people_again = files / "users.csv"
    drop_people_again.write_text("".join(drop_people_again.read_text().splitlines(keepends=True)[:4]))
    ready("directory", "import", str(files), "--full")
    held = ready.json("job", "run", "RingCentral", expect=4)
    assert held["plan"]["guard"]["verdict"] == "hold"
    again = ready.json("job", "run", "RingCentral", expect=4)
    assert again["plan"]["id"] == held["plan"]["id"]
    applied = ready.json(*allowing(held["plan"]["id"]))
    assert applied["plan"]["states"]["done"] == held["plan"]["counts"]["disable"]
    assert (
        "nothing to force"
        in ready("job", "restart", "RingCentral", "--reset-scope", "ForceDeletes", expect=1).stderr
    )


def first_person(files):
    return (files / "users.csv").read_text().splitlines()[1].split(",")[1]


def test_one_person_is_provisioned_on_demand_and_explained(ready, files):
    person = first_person(files)
    done = ready.json("job", "on-demand", "RingCentral", "--user", person)
    assert (done["result"], done["dryRun"], done["action"]) == ("Success", False, "Create")
    [link] = ready.json("job", "links", "RingCentral")
    assert link["targetAnchor"] == done["targetIdentity"]["id"]
    told = ready("explain", "RingCentral", person, "--live").stdout
    assert "made by Provisor" in told
    assert "directory and application already agree" in told
    assert f"nothing → {person}" in ready("explain", "RingCentral", person, "--attribute", "userName").stdout


def test_a_link_is_ended_and_set_by_hand(ready, files):
    person = first_person(files)
    target_id = ready.json("job", "on-demand", "RingCentral", "--user", person)["targetIdentity"]["id"]
    ready("job", "unlink", "RingCentral", "--user", person)
    linked = ready.json("job", "link", "RingCentral", "--user", person, "--target", target_id)
    assert (linked["targetAnchor"], linked["origin"]) == (target_id, "byHand")
    [place] = ready.json("directory", "show", person)["applications"]
    assert (place["targetId"], place["linkSince"]) == (target_id, linked["since"])


def test_a_paused_job_runs_no_cycle(ready):
    ready("job", "pause", "RingCentral")
    assert "paused" in ready("job", "run", "RingCentral", expect=1).stderr


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("nonsense",), 2, "No such command"),
        (("job", "run"), 2, "Missing argument"),
        (("job", "run", "Nowhere"), 1, "There is no application 'Nowhere'"),
        (("app", "add", "zoom", "--name", "Zoom"), 1, "The gallery has no template 'zoom'"),
        (("app", "assign", "RingCentral", "--user", "nobody@example.com"), 1, "nobody@example.com"),
        (("app", "set", "RingCentral", "guardFloor=-1"), 1, "0 or more"),
        (("directory", "import", "nowhere"), 1, "nowhere"),
    ],
)
def test_wrong_input_is_told_in_words(ready, words, status, said):
    assert said in ready(*words, expect=status).stderr


def test_a_connection_test_tells_refused_from_forbidden(ready, provider):
    assert "works" in ready("app", "test-connection", "RingCentral").stdout
    ready("app", "credentials", "RingCentral", "--tenant-url", provider.base_url, stdin="another-token")
    assert "401" in ready("app", "test-connection", "RingCentral", expect=1).stderr
    ready("app", "credentials", "RingCentral", "--tenant-url", "http://127.0.0.1:9/scim/v2", stdin="x")
    assert "401" not in ready("app", "test-connection", "RingCentral", expect=1).stderr
    assert "another-token" not in ready.said


def test_the_provider_prints_a_token_once(shell):
    assert len(shell.json("ringcentral", "token")["token"]) > 20
