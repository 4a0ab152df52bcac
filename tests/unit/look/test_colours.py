"""The colours hold WCAG AA: the pairs that meet on a page are read from the style sheet's tokens."""

import re
from importlib import resources

import pytest

SHEET = (resources.files("provisor.look") / "static" / "look.css").read_text()
TOKEN = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);")
COLOURS = {name: (light, dark) for name, light, dark in TOKEN.findall(SHEET)}

TEXT = [
    *(("text", ground) for ground in ("canvas", "surface", "sunken", "raised", "accent-soft")),
    *(("text", f"{tone}-soft") for tone in ("success", "warning", "danger", "info")),
    *(("muted", ground) for ground in ("canvas", "surface", "sunken", "raised", "accent-soft")),
    *(("accent", ground) for ground in ("canvas", "surface", "sunken", "raised")),
    *(("accent-strong", ground) for ground in ("canvas", "surface", "sunken", "accent-soft")),
    *((tone, f"{tone}-soft") for tone in ("success", "warning", "danger", "info")),
    *((tone, "surface") for tone in ("success", "warning", "danger", "info")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-danger", "danger"),
    ("on-danger", "danger-strong"),
    ("canvas", "text"),
]
"""Words and the ground they stand on: 4.5 to 1."""

OUTLINES = [
    *(("control-line", ground) for ground in ("canvas", "surface", "raised")),
    *(("focus", ground) for ground in ("canvas", "surface", "sunken", "raised")),
    *((tone, "surface") for tone in ("accent", "warning", "danger")),
]
"""Edges of controls, focus rings and measures: 3 to 1."""


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_twenty_one_to_one():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), TEXT)
def test_words_can_be_read_on_their_ground(words, ground, theme):
    at = ["light", "dark"].index(theme)
    assert contrast(COLOURS[words][at], COLOURS[ground][at]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), OUTLINES)
def test_edges_can_be_seen_on_their_ground(line, ground, theme):
    at = ["light", "dark"].index(theme)
    assert contrast(COLOURS[line][at], COLOURS[ground][at]) >= 3


def test_no_colour_stands_outside_the_tokens():
    _, _, rules = SHEET.partition("/* Page */")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb\(", rules) == []


def test_every_token_that_is_used_is_defined():
    defined = set(re.findall(r"(--[\w-]+):", SHEET))
    assert set(re.findall(r"var\((--[\w-]+)\)", SHEET)) <= defined
