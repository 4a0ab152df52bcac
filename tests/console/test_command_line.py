"""The console from the command line: the link of the first start, and the way back in."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from support.command_line import CommandLine
from support.visitor import Visitor

PASSWORD = "correct horse battery"


@pytest.fixture
def database(tmp_path):
    return f"sqlite:///{tmp_path}/provider.db"


@contextlib.contextmanager
def served(database, *options):
    """`provisor ringcentral serve` as a program: gives its port and what it says once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from provisor.cli.main import run; run()",
            "ringcentral",
            "serve",
            "--port",
            str(port),
            "--seats",
            "3",
            *options,
        ],
        env={**os.environ, "PROVISOR_RINGCENTRAL_DATABASE_URL": database, "COLUMNS": "200"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = [process.stderr.readline(), process.stderr.readline()]
        _wait_for(port, process)
        yield port, "".join(said)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def _wait_for(port, process):
    while process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
    pytest.fail("the service provider ended")


def test_the_first_start_prints_the_link_that_makes_the_administrator_and_no_other(database):
    with served(database) as (port, said):
        [link] = re.findall(rf"http://127\.0\.0\.1:{port}(/admin/welcome/\S+)", said)
        visitor = Visitor(f"http://127.0.0.1:{port}")
        answer = visitor.post(
            link.removeprefix("/admin"), {"name": "ada", "password": PASSWORD, "again": PASSWORD}
        )
        assert "Welcome, ada." in answer.words
    with served(database) as (port, said):
        assert f"The admin console is at http://127.0.0.1:{port}/admin/" in said
        assert "welcome" not in said


def test_a_new_link_lets_an_administrator_in_again(console):
    command_line = CommandLine("sqlite:///unused.db", PROVISOR_RINGCENTRAL_DATABASE_URL=console.database_url)
    told = command_line.json("ringcentral", "admin-link", "--url", "https://scim.example.com/")
    parts = urlsplit(told["link"])
    assert (parts.scheme, parts.netloc) == ("https", "scim.example.com")
    assert parts.path.startswith("/admin/welcome/")
    # the command's clock is the machine's, the console's is told: the link is made with a later end
    assert console.visitor().get(parts.path).status == 200
