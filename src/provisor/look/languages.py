"""The languages a console speaks, and which of them a visitor reads."""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    """A language by its code; English is also the language the texts are written in."""

    ENGLISH = "en"
    FRENCH = "fr"

    @property
    def own_name(self) -> str:
        """What the language calls itself."""
        return {Language.ENGLISH: "English", Language.FRENCH: "Français"}[self]


def chosen(remembered: str | None, accepted: str | None) -> Language:
    """The language a visitor chose, or else the one their browser prefers, or else English.

    :param remembered: the value of the language cookie.
    :param accepted: the `Accept-Language` header (RFC 9110 section 12.5.4).
    """
    if remembered in set(Language):
        return Language(remembered)
    for code in _by_preference(accepted or ""):
        if code in set(Language):
            return Language(code)
    return Language.ENGLISH


def _by_preference(header: str) -> list[str]:
    weighted = []
    for part in header.split(","):
        tag, _, parameter = part.partition(";")
        weight = _weight(parameter)
        if weight > 0:
            weighted.append((-weight, tag.strip().partition("-")[0].lower()))
    return [code for _, code in sorted(weighted, key=lambda each: each[0])]


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
