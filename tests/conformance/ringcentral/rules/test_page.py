"""docs/scim-conformance.md and the tests say the same of every rule, and of every choice."""

import ast
import pathlib
import re

import pytest

from provisor.ringcentral import choices

FOLDER = pathlib.Path(__file__).parent
PAGE = (pathlib.Path(__file__).parents[4] / "docs" / "scim-conformance.md").read_text()
LEVELS = {"MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY"}

_ROW = re.compile(r"^\| (C\d+-\d\d) \|(.*)\|$", re.MULTILINE)
_NUMBERS = re.compile(r"c(\d+)_(\d+)")


def rows():
    """Every rule with its level and what is said of it here."""
    found = {}
    for rule, rest in _ROW.findall(PAGE):
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", rest)]
        assert rule not in found, f"{rule} is there twice"
        found[rule] = (cells[0], cells[-1])
    return found


def rules_of_tests():
    """The rules that tests are named after; `c6_07_to_c6_11` are five of them."""
    rules = set()
    for path in sorted(FOLDER.glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and re.match(r"test_c\d+_\d+_", node.name):
                numbers = [(int(group), int(rule)) for group, rule in _NUMBERS.findall(node.name)]
                if re.search(r"c\d+_\d+_to_c\d+_\d+", node.name):
                    group, first = numbers[0]
                    numbers = [(group, rule) for rule in range(first, numbers[1][1] + 1)]
                rules |= {f"C{group}-{rule:02d}" for group, rule in numbers}
    return rules


def test_every_rule_has_a_level_and_a_word_on_it():
    for rule, (level, here) in rows().items():
        assert level in LEVELS, rule
        assert re.match(r"test\b|not applicable: |not done: ", here), rule


def test_no_rule_is_left_out_between_two():
    groups = {}
    for rule in rows():
        group, number = rule[1:].split("-")
        groups.setdefault(int(group), []).append(int(number))

    assert set(range(1, 21)) <= set(groups)
    for group, numbers in groups.items():
        assert numbers == list(range(1, len(numbers) + 1)), f"C.{group}"


def test_what_is_tested_and_what_the_page_says_is_tested_are_the_same():
    known = {rule.partition("-")[0] for rule in rows()}
    said = {rule for rule, (_, here) in rows().items() if here.startswith("test")}
    tested = {rule for rule in rules_of_tests() if rule.partition("-")[0] in known}

    assert sorted(said - tested) == []
    assert sorted(tested - said) == []


@pytest.mark.parametrize("level", ["MUST", "MUST NOT"])
def test_what_must_be_is_tested_or_cannot_be(level):
    undone = [rule for rule, (each, here) in rows().items() if each == level and here.startswith("not done")]

    assert undone == []


def test_the_page_lists_the_choices():
    listed = dict(re.findall(r"^\| `([a-z-]+)` \| ((?:`[a-z-]+`(?:, )?)+) \|", PAGE, re.MULTILINE))

    assert {
        name: tuple(re.findall(r"[a-z-]+", values)) for name, values in listed.items()
    } == choices.alternatives()
