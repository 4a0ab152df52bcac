"""Scripts of faults in lines and in YAML."""

import pytest

from provisor.ringcentral.faults import parsing, scripts
from provisor.ringcentral.faults.model import FaultScript

WANTED = FaultScript(
    faults=(
        parsing.fault("429 on POST /Users, requests 3 to 5, retry-after 2"),
        parsing.fault("drop after commit on PATCH or PUT, request 2, 3 times"),
    ),
    seed=7,
)


def test_lines_hold_a_seed_comments_and_one_fault_each():
    text = (
        "# what the client shall survive\n"
        "seed 7\n\n"
        "429 on POST /Users, requests 3 to 5, retry-after 2\n"
        "  kind=drop,when=after,method=PATCH|PUT,nth=2,count=3\n"
    )
    assert scripts.of_lines(text) == WANTED


def test_yaml_holds_texts_and_names():
    text = """
seed: 7
faults:
  - 429 on POST /Users, requests 3 to 5, retry-after 2
  - kind: drop
    when: after
    method: [PATCH, PUT]
    nth: 2
    count: 3
"""
    assert scripts.of_yaml(text) == WANTED


def test_yaml_may_add_names_to_a_text_and_be_a_plain_list():
    text = """
- fault: 429 on POST /Users
  between: 3-5
  retry-after: 2
- {fault: drop after commit on PATCH or PUT, nth: 2, count: 3}
"""
    assert scripts.of_yaml(text).faults == WANTED.faults


def test_what_is_stored_is_read_back():
    assert scripts.of_lines(scripts.lines(WANTED)) == WANTED
    assert scripts.lines(FaultScript(seed=3)) == ""
    assert scripts.of_lines("") == FaultScript()


def test_a_file_is_yaml_where_its_name_says_so(tmp_path):
    for name, text in (("a.yaml", "- 503"), ("b.yml", "[503]"), ("c.txt", "503")):
        (tmp_path / name).write_text(text)
        assert scripts.of_file(tmp_path / name) == FaultScript(faults=(parsing.fault("503"),))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- 503\n- 503 on PSOT", "x.yaml, line 2: The fault '503 on PSOT', column 8: 'PSOT' is no method."),
        ("- kind: drop\n  wen: after", "x.yaml, line 1: wen makes no sense with drop. Did you mean when?"),
        ("seed: many\nfaults: []", "x.yaml, line 1: the seed 'many' is no whole number."),
        ("seeds: 3", "x.yaml, line 1: 'seeds' is not understood. Did you mean seed?"),
        ("faults: 503", "x.yaml, line 1: a list of faults is expected here."),
        ("- [503]", "x.yaml, line 1: a fault is expected here: a text, or names and values."),
        ("- kind: {a: b}", "x.yaml, line 1: one value is expected here."),
        ("- 'open", "x.yaml, line 1: this is no YAML: "),
    ],
)
def test_a_mistake_in_yaml_is_told_with_its_line(text, message):
    with pytest.raises(scripts.FaultScriptError) as refused:
        scripts.of_yaml(text, "x.yaml")
    assert message in str(refused.value)


def test_a_mistake_in_lines_is_told_with_its_line_and_column():
    with pytest.raises(
        scripts.FaultScriptError, match=r"x\.txt, line 3: The fault 'no', column 1: 'no' is no fault"
    ):
        scripts.of_lines("# first\n503\n  no\n", "x.txt")
