"""`provisor demo` as a person runs it, and what its proof says when RingCentral was changed behind its back."""

from __future__ import annotations

import io
import itertools
import json
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from provisor.cli import demo, demonstration
from provisor.core.errors import ProvisorError
from provisor.demo import folder, reading, scene, story
from provisor.demo.presentation import Stage
from provisor.ringcentral import background

app = typer.Typer()
app.command()(demo.demo)


@app.callback()
def _provisor() -> None:
    """A command line around the one command."""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["demo", *arguments])


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def own_folder(tmp_path: Path) -> Path:
    return tmp_path / "demo"


def test_it_ends_by_itself_and_proves_that_ringcentral_equals_the_directory(own_folder: Path):
    result = run("--once", "--users", "60", "--folder", str(own_folder))

    assert result.exit_code == 0, result.output
    told = words(result.output)
    assert re.search(
        r"(\d+) accounts: (\d+) active and equal in 14 attributes, (\d+) disabled as they should be, 0 differences",
        told,
    )
    assert "is assigned with Default Access only" in told
    assert "60 users, 60 groups" in told
    assert "\x1b" not in result.output
    assert max(len(line.rstrip()) for line in result.output.splitlines()) <= 100


def test_a_second_demonstration_begins_afresh_in_the_same_folder(own_folder: Path):
    own_folder.mkdir()
    (own_folder / folder.MARK).touch()
    (own_folder / "provisor.db").write_text("what an earlier one left")
    (own_folder / "company").mkdir()
    (own_folder / "company" / "users.csv").write_text("what an earlier one left")

    result = run("--once", "--users", "20", "--folder", str(own_folder))

    assert result.exit_code == 0, result.output


def test_a_folder_with_other_peoples_files_is_refused_and_left_alone(own_folder: Path):
    own_folder.mkdir()
    (own_folder / "accounts.ods").write_text("dear to somebody")

    result = run("--once", "--folder", str(own_folder))

    assert result.exit_code == 1
    assert "holds files that the demonstration did not make" in words(result.output)
    assert [path.name for path in own_folder.iterdir()] == ["accounts.ods"]


def test_a_folder_in_which_a_demonstration_runs_is_refused(own_folder: Path):
    with folder.fresh(own_folder):
        (own_folder / "provisor.db").write_text("in use")
        result = run("--once", "--folder", str(own_folder))

        assert result.exit_code == 1
        assert "Another demonstration is running" in words(result.output)
        assert (own_folder / "provisor.db").read_text() == "in use"


def page(address):
    with urllib.request.urlopen(address) as answer:
        return answer.read().decode()


def test_both_ends_stay_up_until_ctrl_c_and_end_with_status_0(own_folder: Path):
    program = "import typer; from provisor.cli import demo; typer.run(demo.demo)"
    command = [sys.executable, "-c", program, "--users", "20", "--folder", str(own_folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        told = list(itertools.takewhile(lambda line: "service started" not in line, process.stdout))
        links = re.findall(r"http://\S+/welcome/\S+", "".join(told))
        titles = [page(link) for link in links]
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()

    assert process.returncode == 0, rest
    assert "directory import" in "".join(told)
    assert "Ctrl-C ends both." in "".join(told)
    assert "Both ended." in rest
    assert "Traceback" not in rest
    assert ["/portal/" in links[0], "/admin/" in links[1]] == [True, True]
    assert all("Make the administrator" in title for title in titles)


def test_an_account_changed_by_hand_is_found_and_named(own_folder: Path):
    output = io.StringIO()
    stage = Stage(output)
    choices = scene.Choices(people=60, limits=scene.Limits.LIFTED, folder=own_folder)
    with scene.opened(choices) as opened:
        told = story.provision(opened, stage)
        user_name = change_the_title_by_hand(opened)
        verdict = story.verify(opened, stage, told)

    assert demonstration.exit_status(verdict) == 1
    assert f"{user_name}: title is 'Changed by hand'" in words(output.getvalue())
    assert "1 difference" in verdict.sentence
    assert opened.provider.token not in output.getvalue()
    assert opened.audit_token not in output.getvalue()


def test_a_refused_read_is_told_in_words_and_without_the_token(tmp_path: Path):
    database_url = f"sqlite:///{tmp_path}/ringcentral.db"
    with (
        background.running_provider(database_url=database_url, profile="ringcentral") as provider,
        pytest.raises(ProvisorError, match="was answered with 401") as refused,
    ):
        reading.every_account(
            provider.base_url, "a-token-of-nobody", spacing=0, progress=lambda _done, _all: None
        )

    assert "a-token-of-nobody" not in str(refused.value)


def change_the_title_by_hand(opened: scene.Scene) -> str:
    """Change the first account over HTTP, as somebody in RingCentral's console might; returns its user name."""
    headers = {"Content-Type": "application/scim+json"} | opened.provider.headers
    with urllib.request.urlopen(
        urllib.request.Request(f"{opened.provider.base_url}/Users?count=1", headers=headers)
    ) as answer:
        account = json.load(answer)["Resources"][0]
    body = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "title", "value": "Changed by hand"}],
    }
    request = urllib.request.Request(
        f"{opened.provider.base_url}/Users/{account['id']}",
        data=json.dumps(body).encode(),
        headers=headers,
        method="PATCH",
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
    return str(account["userName"])
