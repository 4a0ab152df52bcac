"""Plain letters for accented ones."""

from __future__ import annotations

import unicodedata

_WITHOUT_DECOMPOSITION = {
    "æ": "ae",
    "Æ": "AE",
    "ø": "oe",
    "œ": "oe",
    "Ø": "OE",
    "Œ": "OE",
    "ß": "ss",
    "ł": "l",
    "Ł": "L",
    "\N{LATIN SMALL LETTER DOTLESS I}": "i",
}
"""What Entra's table has beyond letters that Unicode decomposes; đ, ð and þ are not in it."""


def plain(text: str) -> str:
    """The text with its Latin letters bare of diacritics (ü becomes u, not ue); other scripts are untouched.

    Source: Entra's table for NormalizeDiacritics.
    """
    if text.isascii():
        return text
    kept: list[str] = []
    after_latin = False
    for character in text:
        if unicodedata.combining(character):
            if not after_latin:
                kept.append(character)
            continue
        letter = unicodedata.normalize("NFD", character)[0]
        after_latin = unicodedata.name(letter, "").startswith("LATIN ")
        kept.append(_WITHOUT_DECOMPOSITION.get(letter, letter) if after_latin else character)
    return "".join(kept)
