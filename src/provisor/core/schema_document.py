"""Reading a schema document's parts, with the place of whatever is wrong."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
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
