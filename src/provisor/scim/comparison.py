"""When two values are the same for a diff (Entra: building the export; RFC 7643 section 2.2, `caseExact`).

A difference that the target would not keep is not worth a request: RingCentral is given `US` and answers
`United States`, and a naive comparison would write it again for ever.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from provisor.scim import countries, paths, subdivisions


class Normaliser(enum.StrEnum):
    """What else counts as the same for one attribute."""

    COUNTRY = "country"
    STATE = "state"
    PHONE = "phone"
    EMAIL = "email"
    MOMENT = "moment"


_PHONE_PUNCTUATION: Final = re.compile(r"^tel:|[\s().\-/\u2010-\u2015]", re.IGNORECASE)
_INTERNATIONAL_PREFIX: Final = re.compile(r"^00")


def _country(text: str) -> str:
    return countries.alpha_2(text) or text


def _state(text: str) -> str:
    return subdivisions.code(text) or text


def _phone(text: str) -> str:
    """E.164 without its punctuation; what is not a number stays different."""
    return _INTERNATIONAL_PREFIX.sub("+", _PHONE_PUNCTUATION.sub("", text))


def _moment(text: str) -> str:
    """The instant in UTC to the millisecond; what is no date stays different."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    utc = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds")


NORMALISE: Final[Mapping[Normaliser, Callable[[str], str]]] = {
    Normaliser.COUNTRY: _country,
    Normaliser.STATE: _state,
    Normaliser.PHONE: _phone,
    Normaliser.EMAIL: str.casefold,
    Normaliser.MOMENT: _moment,
}

NORMALISERS: Final[Mapping[tuple[str, str | None], Normaliser]] = {
    ("addresses", "country"): Normaliser.COUNTRY,
    ("addresses", "region"): Normaliser.STATE,
    ("phonenumbers", "value"): Normaliser.PHONE,
    ("emails", "value"): Normaliser.EMAIL,
}
"""Attribute and sub-attribute, in lower case, to what counts as the same there whatever the target."""


def normaliser_for(path: paths.AttributePath | str) -> Normaliser | None:
    """The normaliser of the attribute at the path, if it has one."""
    where = paths.of(path)
    return NORMALISERS.get((where.lowered, where.leaf))


def same(
    current: Any, desired: Any, *, case_exact: bool = False, normaliser: Normaliser | None = None
) -> bool:
    """Whether the target's value needs no write to become the desired one.

    Text is trimmed and compared in any case unless `case_exact`; `None`, an empty text and an empty list are the
    same as an absent value; `True` is `"True"`; several values are a set; an element of a multi-valued attribute
    that is compared with a plain value counts by its `value`.
    """
    if current is desired or (type(current) is str and current == desired):
        return True
    return _canonical(current, case_exact=case_exact, normaliser=normaliser) == _canonical(
        desired, case_exact=case_exact, normaliser=normaliser
    )


def is_empty(value: Any) -> bool:
    """Whether the value is none at all: absent, an empty text, an empty list, or a list of nothing else."""
    return value is None or _canonical(value, case_exact=True, normaliser=None) is None


def keys(path: paths.AttributePath | str, held: Any) -> tuple[str, ...]:
    """What a value is looked up by where accounts are told apart by it: equal keys for values that are the same.

    Several values (`emails.value` without a filter) give one key each.
    """
    normaliser = normaliser_for(path)
    if type(held) is str:
        only = _canonical_text(held, case_exact=False, normaliser=normaliser)
        return () if only is None else (only,)
    elements = held if isinstance(held, list | tuple) else (held,)
    found = (_canonical(element, case_exact=False, normaliser=normaliser) for element in elements)
    return tuple(dict.fromkeys(str(key) for key in found if key is not None))


def _canonical(value: Any, *, case_exact: bool, normaliser: Normaliser | None) -> object:
    """A hashable that is equal for values that count as the same; `None` for no value."""
    if value is None:
        return None
    if isinstance(value, bool | int | float):
        return str(value).casefold()
    if isinstance(value, str):
        return _canonical_text(value, case_exact=case_exact, normaliser=normaliser)
    if isinstance(value, Mapping):
        value = _plain(value)
        if not isinstance(value, Mapping):
            return _canonical(value, case_exact=case_exact, normaliser=normaliser)
        members = {
            key.lower(): _canonical(member, case_exact=case_exact, normaliser=normaliser)
            for key, member in value.items()
        }
        return frozenset(member for member in members.items() if member[1] is not None) or None
    elements = frozenset(_canonical(e, case_exact=case_exact, normaliser=normaliser) for e in value) - {None}
    return next(iter(elements)) if len(elements) == 1 else elements or None


def _canonical_text(text: str, *, case_exact: bool, normaliser: Normaliser | None) -> str | None:
    trimmed = text.strip()
    if normaliser is not None:
        trimmed = NORMALISE[normaliser](trimmed)
    folded = trimmed.casefold()
    if not case_exact or folded in ("true", "false"):
        return folded or None
    return trimmed or None


_DECORATION: Final = frozenset({"$ref", "display", "primary", "type"})


def _plain(element: Mapping[str, Any]) -> Any:
    """The element's `value` where it holds nothing else but what describes it."""
    if "value" in element and all(key == "value" or key in _DECORATION for key in element):
        return element["value"]
    return element
