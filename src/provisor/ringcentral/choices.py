"""What the RFCs leave open or contradict themselves in: decided for the `full` profile, each with its alternative.

What clients send that the RFCs do not allow is not decided here but by `protocol.tolerances`.

A choice is a field of `Choices`; on the command line it is spelled `group-names=unique`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any


class MissingSchemas(StrEnum):
    """What becomes of a body that does not say its schemas."""

    ACCEPT = "accept"
    REFUSE = "refuse"


class AbsentValues(StrEnum):
    """Whether `ne` matches a resource that has no value."""

    DIFFER = "differ"
    MATCH_NOTHING = "match-nothing"


class BothProjections(StrEnum):
    """What becomes of `attributes` together with `excludedAttributes`."""

    REFUSE = "refuse"
    ATTRIBUTES = "attributes"


class CursorCount(StrEnum):
    """What becomes of a count above the largest page, with a cursor."""

    REFUSE = "refuse"
    CUT = "cut"


class DiscoveryFilter(StrEnum):
    """What becomes of a filter on the discovery endpoints."""

    FORBID = "forbid"
    IGNORE = "ignore"


class InactiveUsers(StrEnum):
    """Whether lists and searches show users who are not active."""

    LIST = "list"
    HIDE = "hide"


class GroupNames(StrEnum):
    """Whether two groups may have one `displayName`."""

    FREE = "free"
    UNIQUE = "unique"


class Locales(StrEnum):
    """What a `locale` may be."""

    ANY = "any"
    TAGS = "tags"


class InvalidChoiceError(ValueError):
    """A choice nobody knows, or a value it cannot have; the message says which there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """One decision each; the defaults are what identity providers get along with."""

    missing_schemas: MissingSchemas = MissingSchemas.ACCEPT
    absent_values: AbsentValues = AbsentValues.DIFFER
    both_projections: BothProjections = BothProjections.REFUSE
    cursor_count: CursorCount = CursorCount.REFUSE
    discovery_filter: DiscoveryFilter = DiscoveryFilter.FORBID
    inactive_users: InactiveUsers = InactiveUsers.LIST
    group_names: GroupNames = GroupNames.FREE
    locales: Locales = Locales.ANY


def alternatives() -> dict[str, tuple[str, ...]]:
    """The values of every choice, the default first, by the name it has on a command line."""
    return {
        name: tuple(dict.fromkeys([default.value, *(value.value for value in type(default))]))
        for name, default in _defaults().items()
    }


def parse(texts: Iterable[str]) -> Choices:
    """The choices that texts such as `group-names=unique` make; the others keep their defaults.

    :raises InvalidChoiceError: for one nobody knows, or a value it cannot have.
    """
    known = alternatives()
    made: dict[str, Any] = {}
    for text in texts:
        name, _, value = text.partition("=")
        if name not in known:
            raise InvalidChoiceError(f"There is no choice {name!r}. There are: {', '.join(known)}.")
        if value not in known[name]:
            raise InvalidChoiceError(f"The choice {name} is one of {', '.join(known[name])}, not {value!r}.")
        made[name.replace("-", "_")] = type(_defaults()[name])(value)
    return replace(Choices(), **made)


def _defaults() -> dict[str, StrEnum]:
    choices = Choices()
    return {each.name.replace("_", "-"): getattr(choices, each.name) for each in fields(choices)}
