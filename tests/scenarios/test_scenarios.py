"""Runs every `*.yaml` beside this file; `support/scenario.py` says what the words in them mean."""

import pathlib

import pytest
import yaml

from support import scenario

FOLDER = pathlib.Path(__file__).parent
SCENARIOS = [
    pytest.param(document, id=f"{file.stem}-{document['scenario']}")
    for file in sorted(FOLDER.glob("*.yaml"))
    for document in yaml.safe_load_all(file.read_text())
]


@pytest.mark.parametrize("document", SCENARIOS)
async def test_scenario(company, document):
    await scenario.Scenario(company, document).play()
