"""Creation bodies for the same paths over and over: where each value goes is worked out once.

`resources.build` decides path by path; a cycle that creates a hundred thousand people gives it the same paths each
time. A recipe is that decision, kept: the objects to make, and for each value the object and name it goes under.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provisor.scim import paths, resources, urns

_SCALARS = frozenset({str, bool, int, list, tuple})


@dataclass(frozen=True, slots=True)
class _Made:
    """An object inside the body: what it holds from the start, and where it hangs."""

    template: Mapping[str, Any]
    parent: int
    key: str
    in_list: bool


@dataclass(frozen=True, slots=True)
class _Recipe:
    schemas: Sequence[str]
    made: Sequence[_Made]
    steps: Sequence[tuple[int, str, str | None]]
    """For each value: the object (0 is the body), the name, and the attribute whose booleans may be text."""


def build(values: Mapping[str, Any], *, resource_type: str) -> dict[str, Any]:
    """The same body as `resources.build`, for values that are not themselves objects."""
    recipe = _recipe(tuple(values), resource_type)
    if recipe is None or not _SCALARS.issuperset(map(type, values.values())):
        return resources.build(values.items(), resource_type=resource_type)
    body: dict[str, Any] = {"schemas": list(recipe.schemas)}
    objects = [body]
    for made in recipe.made:
        fresh = dict(made.template)
        parent = objects[made.parent]
        if not made.in_list:
            parent[made.key] = fresh
        elif made.key in parent:
            parent[made.key].append(fresh)
        else:
            parent[made.key] = [fresh]
        objects.append(fresh)
    for (place, name, boolean), value in zip(recipe.steps, values.values(), strict=True):
        objects[place][name] = value if boolean is None else resources.json_value(boolean, value)
    return body


@functools.lru_cache(maxsize=512)
def _recipe(texts: tuple[str, ...], resource_type: str) -> _Recipe | None:
    """The recipe for these paths in this order; None where one of them needs a closer look at its value."""
    parsed = [paths.parse(text) for text in texts]
    if len({str(path).lower() for path in parsed}) < len(parsed) or not all(_plain(path) for path in parsed):
        return None
    draft = _Draft(resource_type)
    steps = tuple(draft.step(path) for path in parsed)
    return _Recipe(tuple(draft.schemas), tuple(draft.made), steps)


def _plain(path: paths.AttributePath) -> bool:
    if resources.is_reference(path):
        return False
    return path.sub_attribute is not None or not path.terms


class _Draft:
    """A recipe in the making."""

    def __init__(self, resource_type: str) -> None:
        self.schemas = [urns.core(resource_type)]
        self.made: list[_Made] = []
        self._places: dict[object, int] = {}

    def step(self, path: paths.AttributePath) -> tuple[int, str, str | None]:
        place = 0 if path.extension is None else self._extension(path.extension)
        leaf = path.leaf or path.lowered
        boolean = leaf if resources.may_be_boolean(leaf) else None
        if path.sub_attribute is None:
            return place, path.attribute, boolean
        return self._holder(path, place), path.sub_attribute, boolean

    def _extension(self, urn: str) -> int:
        if urn not in self._places:
            self.schemas.append(urn)
            self._add(urn, _Made({}, 0, urn, in_list=False))
        return self._places[urn]

    def _holder(self, path: paths.AttributePath, parent: int) -> int:
        if path.container not in self._places:
            template = resources.first_element(path) if path.terms else {}
            self._add(path.container, _Made(template, parent, path.attribute, in_list=bool(path.terms)))
        return self._places[path.container]

    def _add(self, key: object, made: _Made) -> None:
        self.made.append(made)
        self._places[key] = len(self.made)
