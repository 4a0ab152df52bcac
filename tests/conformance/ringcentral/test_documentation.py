"""The page about the service provider names every knob, profile and command there is, and no other."""

import pathlib
import re

from provisor.ringcentral.account import settings
from provisor.ringcentral.account.knob_texts import KNOBS
from provisor.ringcentral.account.throttling import RateGroup, Throttling
from provisor.ringcentral.profiles import PROFILES

PAGE = (pathlib.Path(__file__).parents[3] / "docs" / "ringcentral.md").read_text(encoding="utf-8")


def rows(title):
    section = PAGE.split(f"### {title}\n", 1)[1].split("\n##", 1)[0]
    cells = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in section.splitlines()
        if line.startswith("| ")
    ]
    return cells[1:]


def test_every_knob_is_documented_with_its_values_and_its_default():
    documented = {name.strip("`"): (values, meaning) for name, values, meaning in rows("Knobs")}

    assert list(documented) == list(KNOBS)
    for name, knob in KNOBS.items():
        values, meaning = documented[name]
        plain = values.replace("**", "").split(", ")
        assert plain == list(knob.choices or [knob.text(knob.default)])
        assert re.findall(r"\*\*(.+?)\*\*", values) == ([] if knob.is_set else [knob.text(knob.default)])
        assert meaning == knob.meaning["en"]


def test_every_profile_is_documented_with_its_limits():
    documented = {name.strip("`"): limits for name, limits, _ in rows("Profiles")}

    assert documented == {
        name.value: "; ".join(profile.limits) or "nothing" for name, profile in PROFILES.items()
    }


def test_the_documented_limits_are_the_ones_in_force():
    documented = {name: int(limit) for name, limit, _ in rows("Limits")}

    assert documented == {
        group.value: Throttling().limit(group) for group in RateGroup if group is not RateGroup.MEDIUM
    }


def test_the_default_role_is_documented():
    assert settings.DEFAULT_ROLE in PAGE
