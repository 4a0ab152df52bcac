"""The decision table is complete: no row of it is without a scenario in `action_table.yaml`."""

import pathlib
import re

import yaml

TABLE = pathlib.Path(__file__).with_name("action_table.yaml")


def test_every_row_of_the_decision_table_is_a_scenario():
    names = [document["scenario"] for document in yaml.safe_load_all(TABLE.read_text())]
    rows = [int(re.match(r"row (\d+): ", name)[1]) for name in names]
    assert sorted(set(rows)) == list(range(1, 25))
    assert rows == sorted(rows)
