import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from provisor.core import expressions
from provisor.core.expressions.circumstances import Circumstances
from provisor.core.expressions.functions import FUNCTIONS

EXAMPLES = yaml.safe_load(Path(__file__).with_name("examples.yaml").read_text(encoding="utf-8"))
ROWS = [(family, row) for family, rows in EXAMPLES.items() for row in rows]
OUTCOMES = {"dropped": expressions.Drop, "skipped": expressions.SkipObject}
HERE = Circumstances(
    now=datetime(2021, 8, 25, 17, 41, 18, tzinfo=UTC), seed="a seed", default_domain="contoso.com"
).attributes


def _stored(value):
    return tuple(value) if isinstance(value, list) else value


def _evaluated(row):
    attributes = {name: _stored(value) for name, value in row.get("attributes", {}).items()}
    return expressions.compile_expression(row["expression"]).evaluate({**attributes, **HERE})


@pytest.mark.parametrize(
    ("family", "row"), ROWS, ids=lambda part: part if isinstance(part, str) else part["expression"]
)
def test_every_documented_example_gives_its_documented_result(family, row):
    (kind,) = row.keys() & {"result", "dropped", "skipped", "matches", "fails"}
    if kind == "fails":
        with pytest.raises(expressions.ExpressionError, match=re.escape(row["fails"])):
            _evaluated(row)
    elif kind == "matches":
        assert re.fullmatch(row["matches"], _evaluated(row))
    else:
        expected = OUTCOMES[kind] if kind in OUTCOMES else _stored(row["result"])
        result = _evaluated(row)
        assert result == expected
        assert type(result) is type(expected)


def test_every_function_has_examples():
    assert set(FUNCTIONS) <= set(EXAMPLES)


def test_every_function_says_in_one_line_what_it_does():
    for function in FUNCTIONS.values():
        assert re.fullmatch(r"[A-Z].{10,110}\.", function.meaning), function.name
