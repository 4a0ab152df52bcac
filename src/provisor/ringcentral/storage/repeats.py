"""Values of a multi-valued attribute that say the same twice (RFC 7643 section 2.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scim2_models import BaseModel, ComplexAttribute, Group, Resource


def leave_out(resource: Resource[Any]) -> None:
    """Keep one of the values with equal `type` and `value`: the primary one, or else the first."""
    for holder in (resource, *_extensions(resource)):
        for name in type(holder).model_fields:
            held = getattr(holder, name)
            if not isinstance(held, list) or len(held) < 2 or not isinstance(held[0], ComplexAttribute):
                continue
            # Members are told apart by their value alone; references take care of them.
            if isinstance(holder, Group) and name == "members":
                continue
            kept = _without_repeats(held)
            if len(kept) < len(held):
                setattr(holder, name, kept)


def _extensions(resource: Resource[Any]) -> Iterator[BaseModel]:
    for model in resource.get_extension_models().values():
        if (extension := getattr(resource, model.__name__)) is not None:
            yield extension


def _without_repeats(values: list[Any]) -> list[Any]:
    kept: dict[Any, Any] = {}
    for place, value in enumerate(values):
        said = getattr(value, "value", None)
        key = place if said is None else (str(getattr(value, "type", "")).casefold(), said)
        if key not in kept or (getattr(value, "primary", None) and not kept[key].primary):
            kept[key] = value
    return list(kept.values())
