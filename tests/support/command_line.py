"""The command line called within the process of a test, on the test's own store."""

from __future__ import annotations

import json
from typing import Any

from click.testing import Result
from typer.testing import CliRunner

from provisor.cli import main


class CommandLine:
    """Runs `provisor` commands on a database."""

    def __init__(self, database_url: str, **environment: str) -> None:
        self.environment = {"PROVISOR_DATABASE_URL": database_url, **environment}
        self.said = ""

    def __call__(self, *words: str, stdin: str = "", expect: int = 0) -> Result:
        done = CliRunner().invoke(main.root, list(words), input=stdin, env=self.environment)
        self.said += done.output
        assert done.exit_code == expect, f"{done.output}\n{done.exception!r}"
        return done

    def json(self, *words: str, expect: int = 0) -> Any:
        return json.loads(self(*words, "--format", "json", expect=expect).stdout)
