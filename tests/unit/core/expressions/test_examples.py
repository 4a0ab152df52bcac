from pathlib import Path

import pytest
import yaml

from provisor.core import expressions
from provisor.core.expressions.functions import FUNCTIONS

EXAMPLES = yaml.safe_load(Path(__file__).with_name("examples.yaml").read_text(encoding="utf-8"))
ROWS = [(family, row) for family, rows in EXAMPLES.items() for row in rows]


def _stored(value):
    return tuple(value) if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("family", "row"), ROWS, ids=lambda part: part if isinstance(part, str) else part["expression"]
)
def test_every_documented_example_gives_its_documented_result(family, row):
    attributes = {name: _stored(value) for name, value in row.get("attributes", {}).items()}
    result = expressions.compile_expression(row["expression"]).evaluate(attributes)
    expected = expressions.Drop if row.get("dropped") else _stored(row["result"])
    assert result == expected
    assert type(result) is type(expected)


def test_every_function_has_examples():
    assert set(FUNCTIONS) <= set(EXAMPLES)
