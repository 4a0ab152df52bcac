"""`provisor ringcentral serve` as an operator starts it: what its options do is seen by a client."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from support.command_line import CommandLine


@contextlib.contextmanager
def serving(folder, *options):
    """The base URL of a service provider of its own process, and the lines it has said when it ended."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    said = []
    code = "from provisor.cli.main import run; run()"
    command = [sys.executable, "-c", code, "ringcentral", "serve", "--port", str(port), *options]
    process = subprocess.Popen(
        command,
        env={**os.environ, "PROVISOR_RINGCENTRAL_DATABASE_URL": f"sqlite:///{folder}/provider.db"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        url = f"http://127.0.0.1:{port}/scim/v2"
        _answers(url, process)
        yield url, said
    finally:
        process.send_signal(signal.SIGTERM)
        said += process.communicate(timeout=30)[1].splitlines()


def _answers(url, process, patience=60.0):
    """Wait until something answers; the path outside the base path meets no fault."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        assert process.poll() is None, process.stderr.read()
        with contextlib.suppress(ConnectionError, urllib.error.URLError):
            status(url.removesuffix("/scim/v2"))
            return
        time.sleep(0.05)
    raise AssertionError("the service provider did not start")


def status(url):
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code


def test_faults_of_the_command_line_and_of_a_file_meet_the_requests(tmp_path):
    script = tmp_path / "faults.yaml"
    script.write_text("seed: 5\nfaults:\n  - 503 on GET, first request\n")
    with serving(tmp_path, "--faults", str(script), "--fault", "500 on GET, request 2") as (url, said):
        answered = [status(f"{url}/Users") for _ in range(3)]

    assert answered == [503, 500, 401]
    assert "Requests meet a fault: 503 before commit on GET, first request." in said
    assert "Requests meet a fault: 500 before commit on GET, from request 2, once." in said


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--fault", "503 on PSOT"], "column 8: 'PSOT' is no method. Did you mean POST?"),
        (["--fault-seed", "3"], "--fault-seed needs faults: give --fault or --faults."),
        (["--faults", "{script}"], "faults.txt, line 2: The fault 'drop', column 5: when is missing."),
    ],
)
def test_a_fault_that_is_not_understood_starts_nothing(tmp_path, options, message):
    script = tmp_path / "faults.txt"
    script.write_text("# mine\ndrop\n")
    command = CommandLine(f"sqlite:///{tmp_path}/store.db")

    refused = command("ringcentral", "serve", *(option.format(script=script) for option in options), expect=2)

    assert flat(message) in flat(refused.output)


def flat(text):
    """A message without the frame it is told in, which breaks lines anywhere."""
    return "".join(text.replace("│", "").split())


def logged(folder, *options):
    command = CommandLine(
        f"sqlite:///{folder}/store.db", PROVISOR_RINGCENTRAL_DATABASE_URL=f"sqlite:///{folder}/provider.db"
    )
    return command("ringcentral", "log", *options)


@pytest.fixture
def history(tmp_path):
    """A provider that was asked a little and ended."""
    with serving(tmp_path, "--fault", "503 on GET /Users, first request") as (url, _):
        for path in ("/Users", "/Users/ada@example.com", "/Groups?filter=displayName%20eq%20%22Ada%22"):
            status(f"{url}{path}")
    return tmp_path


def test_the_log_tells_the_requests_the_newest_first(history):
    told = json.loads(logged(history, "--format", "json").stdout)

    assert [(one["method"], one["path"], one["query"], one["status"]) for one in told] == [
        ("GET", "/Groups", 'filter=displayName eq "•••"', 401),
        ("GET", "/Users/•••", "", 401),
        ("GET", "/Users", "", 503),
    ]
    assert told[-1]["faults"] == ["503 before commit on GET /Users, first request"]
    assert told[0]["client"].startswith("Python-urllib")


def test_the_log_is_narrowed_down(history):
    faulty = logged(history, "--ending", "faulty", "--format", "ndjson").stdout.splitlines()
    assert [json.loads(line)["status"] for line in faulty] == [503]
    assert "401" in logged(history, "--path", "/Groups").stdout
    assert "503" not in logged(history, "--path", "/Groups").stdout
    assert logged(history, "--method", "post").output.strip() == "Nothing to show."
    before = json.loads(logged(history, "--limit", "1", "--format", "json").stdout)[0]["id"]
    rest = json.loads(logged(history, "--before", str(before), "--format", "json").stdout)
    assert [one["status"] for one in rest] == [401, 503]


def test_the_log_is_followed_as_requests_come(tmp_path):
    with serving(tmp_path) as (url, _):
        # whoever runs the tests in the background has Ctrl-C ignored, and what they start inherits that
        heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
        code = f"{heard}; from provisor.cli.main import run; run()"
        follower = subprocess.Popen(
            [sys.executable, "-c", code, "ringcentral", "log", "--follow", "--format", "ndjson"],
            env={**os.environ, "PROVISOR_RINGCENTRAL_DATABASE_URL": f"sqlite:///{tmp_path}/provider.db"},
            stdout=subprocess.PIPE,
            text=True,
        )
        with follower, ThreadPoolExecutor() as threads:
            line = threads.submit(follower.stdout.readline)
            while not line.done():
                status(f"{url}/Users")
                wait([line], timeout=0.2)
            told = json.loads(line.result())
            follower.send_signal(signal.SIGINT)
            follower.communicate(timeout=30)
        assert (told["path"], told["status"]) == ("/Users", 401)
        assert follower.returncode == 0


def test_following_is_refused_where_it_would_never_end(tmp_path):
    command = CommandLine(f"sqlite:///{tmp_path}/store.db")

    refused = command("ringcentral", "log", "--follow", "--format", "json", expect=2)

    assert flat("--follow prints a table or ndjson") in flat(refused.output)


def test_extensions_and_choices_of_the_command_line_are_served(tmp_path):
    options = ["--profile", "full", "--extension", "demonstration", "--choice", "discovery-filter=ignore"]
    urn = "urn:provisor:params:scim:schemas:extension:demonstration:2.0:User"
    database = CommandLine(f"sqlite:///{tmp_path}/store.db")
    provider = f"sqlite:///{tmp_path}/provider.db"
    token = database.json("ringcentral", "token", "--profile", "full", "--database", provider)["token"]
    with serving(tmp_path, *options) as (url, _):
        path = f"{url}/Schemas/{urn}?filter=name%20pr"
        request = urllib.request.Request(path, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request) as answer:
            shown = json.load(answer)

    assert shown["id"] == urn


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--extension", "nowhere.json"],
            "The extension nowhere.json cannot be read: No such file or directory.",
        ),
        (["--extension", "{script}"], "is no schema: it must be a JSON object with 'id'"),
        (["--choice", "group-names=maybe"], "The choice group-names is one of free, unique, not 'maybe'."),
        (["--choice", "colour=red"], "There is no choice 'colour'."),
    ],
)
def test_an_extension_or_choice_that_is_not_understood_starts_nothing(tmp_path, options, message):
    script = tmp_path / "wrong.json"
    script.write_text("[]")
    command = CommandLine(f"sqlite:///{tmp_path}/store.db")
    given = [option.format(script=script) for option in options]

    refused = command("ringcentral", "serve", "--profile", "full", *given, expect=2)

    assert flat(message) in flat(refused.output)


def test_the_ringcentral_profile_takes_no_extension_and_no_choice(tmp_path):
    command = CommandLine(f"sqlite:///{tmp_path}/store.db")

    for option, value in (("--extension", "demonstration"), ("--choice", "group-names=unique")):
        refused = command("ringcentral", "serve", option, value, expect=2)
        assert flat("ringcentral profile") in flat(refused.output)


def test_a_habit_that_is_not_tolerated_is_refused(tmp_path):
    with serving(tmp_path, "--profile", "full", "--strict", "lowercaseendpoints") as (url, _):
        answered = [status(f"{url}/{path}") for path in ("ServiceProviderConfig", "serviceproviderconfig")]

    assert answered == [200, 404]


def test_a_tolerance_that_nobody_knows_starts_nothing(tmp_path):
    command = CommandLine(f"sqlite:///{tmp_path}/store.db")

    refused = command("ringcentral", "serve", "--strict", "opcases", expect=2)

    assert "There is no tolerance 'opcases'" in refused.output


@pytest.mark.parametrize(("profile", "has_groups"), [("ringcentral", False), ("full", True)])
def test_the_description_is_printed(tmp_path, profile, has_groups):
    command = CommandLine(f"sqlite:///{tmp_path}/store.db")

    printed = json.loads(
        command("ringcentral", "openapi", "--profile", profile, "--url", "https://scim.example/v2").stdout
    )

    assert printed["openapi"] == "3.1.0"
    assert printed["servers"] == [{"url": "https://scim.example/v2"}]
    assert ("/Groups" in printed["paths"]) is has_groups
