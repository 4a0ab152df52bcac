"""Functions that make a text out of texts. Positions and lengths count code points; the first position is 1."""

from __future__ import annotations

from provisor.core.expressions import casing, diacritics, titles
from provisor.core.expressions.signatures import Eager, Function, Parameter, Presence, Takes
from provisor.core.expressions.values import Computed, limited, texts


def _append(source: str | None, suffix: str | None) -> str | None:
    return None if source is None else source + (suffix or "")


def _join(separator: str | None, *sources: Computed) -> str:
    """Null and empty sources leave no separator behind; a multi-valued source gives each of its values."""
    parts: list[str] = []
    for source in sources:
        if source.__class__ is str:
            parts.append(source)
        else:
            parts.extend(texts(source))
    return limited((separator or "").join(filter(None, parts)))


def _left(source: str | None, count: int) -> str:
    """A negative count leaves the source as it is."""
    if source is None:
        return ""
    return source if count < 0 else source[:count]


def _mid(source: str | None, start: int, length: int) -> str:
    """Out of range is not an error: length 0 gives the empty text, any other misfit the source unchanged.

    Source: Entra Connect's reference for Mid, where the page of the provisioning service is silent.
    """
    if source is None or length == 0:
        return ""
    if length < 0 or start <= 0 or start > len(source):
        return source
    return source[start - 1 : start - 1 + length]


def _strip_spaces(source: str | None) -> str | None:
    """Removes U+0020 only; other white space stays."""
    return None if source is None else source.replace(" ", "")


def _to_lower(source: str | None, culture: str | None) -> str | None:
    return None if source is None else casing.lower(source, culture)


def _to_upper(source: str | None, culture: str | None) -> str | None:
    return None if source is None else casing.upper(source, culture)


def _normalize_diacritics(source: str | None) -> str | None:
    return None if source is None else diacritics.plain(source)


def _p_case(source: str | None, separators: str | None) -> str | None:
    """Without separators, words end where .NET's title case ends them."""
    if source is None:
        return None
    return titles.by_separators(source, separators) if separators else titles.by_category(source)


_SOURCE = Parameter(name="source")
_CULTURE = Parameter(name="culture", takes=Takes.CULTURE, presence=Presence.OPTIONAL)

FUNCTIONS = (
    Function(
        name="Append",
        meaning="The source with the suffix behind it.",
        parameters=(_SOURCE, Parameter(name="suffix")),
        implementation=Eager(apply=_append),
    ),
    Function(
        name="Join",
        meaning="The sources in a row, the separator between those that are not empty.",
        parameters=(Parameter(name="separator", presence=Presence.OPTIONAL),),
        repeating=(Parameter(name="source", takes=Takes.VALUE, presence=Presence.OPTIONAL),),
        implementation=Eager(apply=_join),
    ),
    Function(
        name="Left",
        meaning="The first characters of a text.",
        parameters=(Parameter(name="String"), Parameter(name="NumChars", takes=Takes.WHOLE_NUMBER)),
        implementation=Eager(apply=_left),
    ),
    Function(
        name="Mid",
        meaning="A part of a text, from a position, of a length.",
        parameters=(
            _SOURCE,
            Parameter(name="start", takes=Takes.WHOLE_NUMBER),
            Parameter(name="length", takes=Takes.WHOLE_NUMBER),
        ),
        implementation=Eager(apply=_mid),
    ),
    Function(
        name="NormalizeDiacritics",
        meaning="The text with plain letters for accented ones.",
        parameters=(_SOURCE,),
        implementation=Eager(apply=_normalize_diacritics),
    ),
    Function(
        name="PCase",
        meaning="Each word with a capital letter, the rest in lower case.",
        parameters=(_SOURCE, Parameter(name="wordSeparators", presence=Presence.OPTIONAL)),
        implementation=Eager(apply=_p_case),
    ),
    Function(
        name="StripSpaces",
        meaning="The text without its spaces.",
        parameters=(_SOURCE,),
        implementation=Eager(apply=_strip_spaces),
    ),
    Function(
        name="ToLower",
        meaning="The text in lower case.",
        parameters=(_SOURCE, _CULTURE),
        implementation=Eager(apply=_to_lower),
    ),
    Function(
        name="ToUpper",
        meaning="The text in upper case.",
        parameters=(_SOURCE, _CULTURE),
        implementation=Eager(apply=_to_upper),
    ),
)
