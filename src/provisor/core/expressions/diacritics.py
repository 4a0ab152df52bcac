"""Plain letters for accented ones."""

from __future__ import annotations

import functools
import unicodedata
from typing import NamedTuple

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
        bare = _bare(character)
        if bare is not None:
            after_latin = bare.latin
            kept.append(bare.letters)
        elif not after_latin:
            kept.append(character)
    return "".join(kept)


class _Bare(NamedTuple):
    letters: str
    latin: bool


@functools.lru_cache(maxsize=4096)
def _bare(character: str) -> _Bare | None:
    """What stays of the character; null for a mark that belongs to the one before it."""
    if unicodedata.combining(character):
        return None
    letter = unicodedata.normalize("NFD", character)[0]
    if not unicodedata.name(letter, "").startswith("LATIN "):
        return _Bare(character, latin=False)
    return _Bare(_WITHOUT_DECOMPOSITION.get(letter, letter), latin=True)
