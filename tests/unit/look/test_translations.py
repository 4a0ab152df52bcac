"""Every text of every console is translated, and no template says a word that is not to be translated."""

import re
from importlib import resources
from pathlib import Path

import pytest
from babel.messages import extract, pofile

SOURCE = Path(str(resources.files("provisor")))
ROOMS = sorted(path.parent.parent for path in SOURCE.rglob("locale/fr.po"))
JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true"}
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
PLACEHOLDER = re.compile(r"%\(\w+\)\w")

rooms = pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(SOURCE)))
templates = pytest.mark.parametrize(
    "template",
    sorted(path for room in ROOMS for path in (room / "templates").rglob("*.html")),
    ids=lambda path: path.name,
)


def texts_of(room):
    """The texts a room has to translate; rooms inside it have catalogues of their own."""
    inner = [str(other.relative_to(room)) + "/" for other in ROOMS if room in other.parents]
    found = extract.extract_from_dir(room, METHODS, {"**.html": JINJA})
    return {message[2] for message in found if not str(message[0]).startswith(tuple(inner))}


def french(room):
    with (room / "locale" / "fr.po").open("rb") as file:
        return pofile.read_po(file, locale="fr", abort_invalid=True)


@rooms
def test_every_text_has_a_french_one(room):
    catalogue = french(room)
    missing = [
        text
        for text in texts_of(room)
        if text not in catalogue or not all(_strings(catalogue[text])) or catalogue[text].fuzzy
    ]
    assert missing == []


@rooms
def test_no_translation_outlives_its_text(room):
    assert {message.id for message in french(room) if message.id} == texts_of(room)


@rooms
def test_a_translation_fills_in_what_its_text_fills_in(room):
    differing = [
        message.id
        for message in french(room)
        if message.id
        and any(
            set(PLACEHOLDER.findall(string)) != set(PLACEHOLDER.findall(_strings(message, "id")[-1]))
            for string in _strings(message)
        )
    ]
    assert differing == []


@rooms
def test_french_is_written_with_its_own_spaces_and_apostrophes(room):
    wrong = [
        string
        for message in french(room)
        for string in _strings(message)
        if message.id and re.search(r"\w'\w|[^\u202f]([;!?])(\s|$)|[^\u00a0]:(\s|$)|« | »", string)
    ]
    assert wrong == []


@templates
def test_no_template_says_a_word_in_one_language_only(template):
    text = re.sub(r"\{#.*?#\}", "", template.read_text(), flags=re.DOTALL)
    text = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{[{%].*?[%}]\}", "", text, flags=re.DOTALL)
    named = re.findall(r'(?:aria-label|title|placeholder|alt|data-label)="([^"]*)"', text)
    shown = re.sub(r"<code\b.*?</code>|<!doctype[^>]*>|<[^>]*>", " ", text, flags=re.DOTALL | re.IGNORECASE)
    allowed = {"Ada", "Blaise"}
    words = re.findall(r"[^\W\d_]{2,}", " ".join([shown, *named]))
    assert [word for word in words if word not in allowed] == []


def _strings(message, part="string"):
    value = getattr(message, part)
    return list(value) if isinstance(value, (tuple, list)) else [value]
