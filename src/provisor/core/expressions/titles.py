"""Capital letters at the beginnings of words, as .NET's `TextInfo.ToTitleCase` sets them."""

from __future__ import annotations

import re
import unicodedata

from provisor.core.expressions import casing

_SEPARATING = ("Z", "Cc", "Cf", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "S")
"""Unicode categories, or their first letters, that end a word."""


_ASCII_WORD = re.compile(r"[a-z][a-z0-9']*")


def by_category(text: str) -> str:
    """Every word with one capital: a word begins with a letter and may hold digits and apostrophes."""
    if text.isascii():
        return _ASCII_WORD.sub(lambda word: word.group().capitalize(), text.lower())
    written: list[str] = []
    inside = False
    for character in casing.lower(text, None):
        if inside:
            inside = character == "'" or not unicodedata.category(character).startswith(_SEPARATING)
            written.append(character)
        elif character.isalpha():
            inside = True
            written.append(_capital(character))
        else:
            written.append(character)
    return "".join(written)


def by_separators(text: str, separators: str) -> str:
    """Every word with one capital, where only these characters separate words."""
    written: list[str] = []
    inside = False
    for character in casing.lower(text, None):
        written.append(character if inside else _capital(character))
        inside = character not in separators
    return "".join(written)


def _capital(character: str) -> str:
    title = character.title()
    return title if len(title) == 1 else casing.upper(character, None)
