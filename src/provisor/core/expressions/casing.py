"""Upper and lower case as .NET maps them: one character becomes one character, whatever stands around it.

So ß stays ß in upper case, and a capital sigma at the end of a word becomes the sigma of any other place. The
invariant culture leaves the dotless small and the dotted capital I alone; Turkish and Azeri pair dotted with dotted
and dotless with dotless; every other culture maps alike (.NET `TextInfo.ToUpper`, `TextInfo.ToLower`).
"""

from __future__ import annotations

import re

from provisor.core.expressions.errors import ArgumentProblem, shown

_DOTLESS_SMALL_I = "\N{LATIN SMALL LETTER DOTLESS I}"
_DOTTED_CAPITAL_I = "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}"

_FINAL_SIGMA = "\N{GREEK SMALL LETTER FINAL SIGMA}"

_TURKIC = ("tr", "az")
_CULTURE = re.compile(r"([a-z]{2,3})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?", re.IGNORECASE)

_ISO_639_1 = """
aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo
es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka
kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng
nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su
sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_TWO_LETTER_LANGUAGES = frozenset(_ISO_639_1.split())
"""Three-letter languages are accepted by their shape."""


def lower(text: str, culture: str | None) -> str:
    """The text in lower case; null or the empty culture is the invariant one. Raises `ArgumentProblem`."""
    language = language_of(culture) if culture else ""
    if language in _TURKIC:
        text = text.replace("I", _DOTLESS_SMALL_I).replace(_DOTTED_CAPITAL_I, "i")
    lowered = text.lower()
    if text.isascii() or (len(lowered) == len(text) and _FINAL_SIGMA not in lowered):
        return lowered
    if not language:
        return "".join([each if each == _DOTTED_CAPITAL_I else _simple_lower(each) for each in text])
    return "".join(map(_simple_lower, text))


def upper(text: str, culture: str | None) -> str:
    """The text in upper case; null or the empty culture is the invariant one. Raises `ArgumentProblem`."""
    language = language_of(culture) if culture else ""
    if language in _TURKIC:
        text = text.replace("i", _DOTTED_CAPITAL_I)
    uppered = text.upper()
    if text.isascii() or (len(uppered) == len(text) and _DOTLESS_SMALL_I not in text):
        return uppered
    if not language:
        return "".join([each if each == _DOTLESS_SMALL_I else _simple_upper(each) for each in text])
    return "".join(map(_simple_upper, text))


def language_of(culture: str) -> str:
    """The language of a culture's name such as `tr-TR` or `zh-Hant-TW`. Raises `ArgumentProblem` if it is none."""
    found = _CULTURE.fullmatch(culture)
    language = found.group(1).lower() if found else ""
    if len(language) == 3 or language in _TWO_LETTER_LANGUAGES:
        return language
    raise ArgumentProblem(f"a culture such as en-US is expected, not {shown(culture)}")


def _simple_lower(character: str) -> str:
    """Only the dotted capital I has a full lower case of several characters; its simple one is the first of them."""
    return character.lower()[0]


def _simple_upper(character: str) -> str:
    """Where the full upper case has several characters, the simple one is the title case if that has one."""
    for mapped in (character.upper(), character.title()):
        if len(mapped) == 1:
            return mapped
    return character
