"""Knobs as they are spelled on a command line, stored and shown."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from enum import Enum, StrEnum
from typing import Any

from provisor.ringcentral.account.knobs import FilterAttribute, Knobs, Omittable
from provisor.ringcentral.errors import ProviderError


class InvalidKnobError(ProviderError):
    """A knob nobody knows, or a value it cannot have; the message says which there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob:
    """One knob as it is shown and set.

    :param name: as it is spelled on a command line, such as `max-count`.
    :param choices: the values it can have; empty where any number from 1 is one.
    :param is_set: whether it takes several of its choices, joined by commas.
    """

    name: str
    field: str
    section: str
    meaning: Mapping[str, str]
    default: Any
    choices: tuple[str, ...]
    is_set: bool

    def parse(self, text: str) -> Any:
        """The value a text stands for.

        :raises InvalidKnobError: for a value it cannot have.
        """
        if self.is_set:
            return frozenset(self._choice(each) for each in text.replace(" ", "").split(",") if each)
        if isinstance(self.default, Enum):
            return self._choice(text)
        if not text.strip().isascii() or not text.strip().isdigit() or int(text) < 1:
            raise InvalidKnobError(f"The knob {self.name} is a number from 1, not {text!r}.")
        if self.choices and text.strip() not in self.choices:
            raise self._refusal(text)
        return int(text)

    def text(self, value: Any) -> str:
        """The text a value is spelled as."""
        return ",".join(sorted(map(str, value))) if self.is_set else str(value)

    def _choice(self, text: str) -> Any:
        for choice in _ENUMS[self.field]:
            if choice.value.casefold() == text.strip().casefold():
                return choice
        raise self._refusal(text)

    def _refusal(self, text: str) -> InvalidKnobError:
        allowed = ", ".join(self.choices)
        how = "any of, joined by commas" if self.is_set else "one of"
        return InvalidKnobError(f"The knob {self.name} is {how}: {allowed}; not {text!r}.")


_SETS: Mapping[str, type[StrEnum]] = {"filter_attributes": FilterAttribute, "put_keeps": Omittable}
_NUMBERS: Mapping[str, tuple[str, ...]] = {"absent_endpoints": ("404", "501")}
_ENUMS: Mapping[str, type[StrEnum]] = {
    **{each.name: type(each.default) for each in fields(Knobs) if isinstance(each.default, StrEnum)},
    **_SETS,
}

KNOBS: Mapping[str, Knob] = {
    knob.name: knob
    for knob in (
        Knob(
            name=each.name.replace("_", "-"),
            field=each.name,
            section=each.metadata["section"],
            meaning={language: each.metadata[language] for language in ("en", "fr")},
            default=each.default,
            choices=tuple(choice.value for choice in _ENUMS[each.name])
            if each.name in _ENUMS
            else _NUMBERS.get(each.name, ()),
            is_set=each.name in _SETS,
        )
        for each in fields(Knobs)
    )
}
"""Every knob, by the name it is set by."""


def find(name: str) -> Knob:
    """The knob of a name; `_` may stand for `-`.

    :raises InvalidKnobError: where there is none; it names the nearest.
    """
    wanted = name.strip().casefold().replace("_", "-")
    if wanted in KNOBS:
        return KNOBS[wanted]
    near = difflib.get_close_matches(wanted, KNOBS, n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]}?" if near else " See `provisor ringcentral knobs`."
    raise InvalidKnobError(f"There is no knob {name.strip()!r}.{hint}")


def assignments(texts: Iterable[str]) -> dict[str, Any]:
    """The values of `name=value` texts, by field.

    :raises InvalidKnobError: for a text without `=`, an unknown knob or a value it cannot have.
    """
    values: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise InvalidKnobError(f"A knob is set as name=value, not {text!r}.")
        knob = find(name)
        values[knob.field] = knob.parse(value)
    return values


def with_values(knobs: Knobs, values: Mapping[str, Any]) -> Knobs:
    """Knobs with some of them changed, by field."""
    return replace(knobs, **values) if values else knobs


def to_json(knobs: Knobs) -> dict[str, str]:
    """The knobs that are not at their default, by name, as texts."""
    values = {name: (knob, getattr(knobs, knob.field)) for name, knob in KNOBS.items()}
    return {name: knob.text(value) for name, (knob, value) in values.items() if value != knob.default}


def from_json(stored: Mapping[str, str]) -> Knobs:
    """The knobs that were stored; one that does not exist any more is left out."""
    values = {KNOBS[name].field: KNOBS[name].parse(text) for name, text in stored.items() if name in KNOBS}
    return with_values(Knobs(), values)
