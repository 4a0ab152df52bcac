"""Reading a schema document's parts, with the place of whatever is wrong."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from provisor.core.errors import InvalidInputError

Member = TypeVar("Member", bound=enum.StrEnum)

Document = Mapping[str, Any]
"""A `synchronizationSchema`, or a part of one, as JSON."""


def sequence(item: Document, key: str, where: str) -> Sequence[Document]:
    """The list under the key; raises `InvalidInputError` where there is none."""
    value = item.get(key)
    if not isinstance(value, list | tuple):
        raise InvalidInputError(f"{where}.{key}: a list is expected here.")
    return value


def check_shape(document: Document) -> None:
    """Passes if lists and objects are where a schema has them. Raises `InvalidInputError` with the place."""
    for where, directory in _objects(document, "directories", ""):
        for place, item in _objects(directory, "objects", where):
            for _ in _objects(item, "attributes", place):
                pass
    for where, rule in _objects(document, "synchronizationRules", ""):
        for place, item in _objects(rule, "objectMappings", where):
            for entry_place, entry in _objects(item, "attributeMappings", place):
                _object(entry.get("source") or {}, f"{entry_place}.source")


def _objects(item: Document, key: str, where: str) -> Iterator[tuple[str, Document]]:
    """The objects in the list under the key, each with its place; none where there is no list."""
    place = f"{where}.{key}" if where else key
    value = item.get(key)
    if value is None:
        return
    if not isinstance(value, list | tuple):
        raise InvalidInputError(f"{place}: a list is expected here.")
    for index, each in enumerate(value):
        yield f"{place}[{index}]", _object(each, f"{place}[{index}]")


def _object(value: object, where: str) -> Document:
    if not isinstance(value, Mapping):
        raise InvalidInputError(f"{where}: an object is expected here.")
    return value


def member(kind: type[Member], value: object, where: str) -> Member:
    """The member that the value spells; raises `InvalidInputError` naming those there are."""
    try:
        return kind(str(value))
    except ValueError:
        known = ", ".join(kind)
        raise InvalidInputError(f"{where}: {value!r} is not known here; one of: {known}.") from None


def flag(item: Document, key: str, where: str) -> bool:
    """The truth value under the key, false where there is none; raises `InvalidInputError` for anything else."""
    value = item.get(key)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise InvalidInputError(f"{where}.{key}: true or false is expected here, not {value!r}.")
    return value


def text(item: Document, key: str, where: str) -> str | None:
    """The text under the key, if there is one; a number or truth value is taken as its text."""
    value = item.get(key)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool | int):
        return str(value)
    raise InvalidInputError(f"{where}.{key}: a text is expected here.")
