"""Countries and states as RingCentral takes them: a country by code or name, a state where it is mandatory."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from provisor.scim import countries, subdivisions


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold().split())


_NAMES: Mapping[str, str] = countries.NAMES
_OTHER_NAMES = {
    "usa": "US",
    "united states of america": "US",
    "uk": "GB",
    "great britain": "GB",
    "turkey": "TR",
    "czech republic": "CZ",
}
_CODES = (
    {_folded(code): code for code in _NAMES}
    | {_folded(name): code for code, name in _NAMES.items()}
    | _OTHER_NAMES
)
_STATES: dict[str, frozenset[str]] = {
    country: frozenset(map(_folded, (*states, *states.values())))
    for country, states in subdivisions.NAMES.items()
    if country in ("US", "CA")
}

STATE_IS_MANDATORY = frozenset({"US", "CA", "GB"})
"""The countries whose addresses must have a state (section A.12)."""


def country_code(text: str) -> str | None:
    """The ISO 3166 alpha-2 code of a country given by code or English name, in any case; None for no country."""
    return _CODES.get(_folded(text))


def country_name(code: str) -> str:
    """The English short name RingCentral answers with: `United States` for `US`."""
    return _NAMES[code]


def is_plausible_state(code: str, state: str | None) -> bool:
    """Whether an address in a country may have this state.

    The states of the United States and Canada are known, by name or abbreviation. The United Kingdom has no such
    list, so any words without digits will do. Elsewhere everything will.
    """
    if code not in STATE_IS_MANDATORY:
        return True
    folded = _folded(state or "")
    if code in _STATES:
        return folded in _STATES[code]
    return len(folded) > 1 and not any(character.isdigit() for character in folded)
