"""What an account lacks to be what the directory says (Entra: building the export)."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from provisor.core.changes import Modification, Written
from provisor.scim import comparison, paths, resources
from provisor.scim.comparison import Normaliser


class Manner(enum.StrEnum):
    """What a write may do to what is there (Graph: `flowType`)."""

    REPLACE = "replace"
    ADD = "add"
    """Only what is missing among several values is added."""
    FILL = "fill"
    """Written only where there is nothing."""
    WITH_ELEMENT = "withElement"
    """Belongs to an element that is being made, and is not written into one that is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How the attributes of one object mapping are compared and written, by path; what is not named is usual.

    `resent` are sent with every request that is sent anyway, equal or not (Graph: `flowBehavior`, FlowAlways).
    """

    case_exact: frozenset[str] = frozenset()
    manners: Mapping[str, Manner] = field(default_factory=dict)
    moments: frozenset[str] = frozenset()
    resent: frozenset[str] = frozenset()


def between(
    document: Mapping[str, Any], wanted: Mapping[str, Written], rules: Rules
) -> tuple[Modification, ...]:
    """The modifications that turn the resource into one with the wanted values; what is equal already is left out.

    A wanted value of `None` is one to be cleared.
    """
    found = []
    for name, value in wanted.items():
        path = paths.parse(name)
        current = resources.value_at(document, path)
        normaliser = Normaliser.MOMENT if name in rules.moments else comparison.normaliser_for(path)
        exact = name in rules.case_exact
        if comparison.same(current, value, case_exact=exact, normaliser=normaliser):
            continue
        container = resources.container_at(document, path)
        match rules.manners.get(name, Manner.REPLACE):
            case Manner.ADD:
                added = _missing(current, value, case_exact=exact, normaliser=normaliser)
                if added:
                    found.append(_addition(name, current, added, container))
                continue
            case Manner.FILL if not comparison.is_empty(current):
                continue
            case Manner.WITH_ELEMENT if container is resources.Container.EXISTS:
                continue
        found.append(Modification(path=name, old=current, new=value, container=container))
    return tuple(found)


def resent(
    document: Mapping[str, Any],
    wanted: Mapping[str, Written],
    rules: Rules,
    modifications: Sequence[Modification],
) -> tuple[Modification, ...]:
    """The equal values that go along where anything is sent at all (Graph: FlowAlways)."""
    if not rules.resent or not modifications:
        return ()
    written = {item.path for item in modifications}
    return tuple(
        Modification(path=name, old=resources.value_at(document, name), new=value)
        for name, value in wanted.items()
        if name in rules.resent and name not in written and value is not None
    )


def after(document: Mapping[str, Any], modifications: Iterable[Modification]) -> dict[str, Any]:
    """The resource once the modifications were written; it is a copy."""
    return resources.with_values(
        document, [(item.path, None if item.new in ((), []) else item.new) for item in modifications]
    )


def _missing(
    current: Any, value: Written, *, case_exact: bool, normaliser: Normaliser | None
) -> tuple[Any, ...]:
    """The wanted elements that are not there, each once."""
    missing: list[Any] = []
    for element in _elements(value):
        present = (*_elements(current), *missing)
        if not any(
            comparison.same(one, element, case_exact=case_exact, normaliser=normaliser) for one in present
        ):
            missing.append(element)
    return tuple(missing)


def _elements(value: Any) -> tuple[Any, ...]:
    if comparison.is_empty(value):
        return ()
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _addition(
    name: str, current: Any, added: tuple[Any, ...], container: resources.Container
) -> Modification:
    return Modification(
        path=name, old=current, new=(*_elements(current), *added), container=container, added=added
    )
