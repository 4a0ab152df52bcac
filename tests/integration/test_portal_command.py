"""The portal as an operator starts it."""

import re
import signal
import subprocess
import sys
import urllib.request

from support.command_line import CommandLine


def test_the_service_serves_the_portal_and_prints_a_link_for_its_first_administrator(tmp_path):
    code = "from provisor.cli.main import run; run()"
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            code,
            "--database",
            f"sqlite:///{tmp_path}/p.db",
            "serve",
            "--portal-port",
            "0",
        ],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        link = re.search(r"http://\S+/welcome/\S+", process.stderr.readline())[0]
        with urllib.request.urlopen(link) as answer:
            assert "Make the administrator" in answer.read().decode()
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        process.stderr.close()


def test_a_link_for_a_role_is_printed_on_demand(tmp_path):
    provisor = CommandLine(f"sqlite:///{tmp_path}/p.db")
    said = provisor("portal", "link", "--role", "reader", "--url", "https://provisor.example.com/").output
    assert re.search(r"https://provisor\.example\.com/portal/welcome/\S{20,}", said)
