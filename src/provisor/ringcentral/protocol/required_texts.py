"""Required attributes that hold an empty text: RFC 7643 section 4.1.1 wants a `userName` that is not empty."""

from __future__ import annotations

from functools import cache
from typing import Any

from scim2_models import InvalidValueException, Required, Resource


def check(resource: Resource[Any]) -> None:
    """Refuse a resource with an empty required text.

    :raises InvalidValueException: with the name of the attribute.
    """
    for field, name in _required(type(resource)):
        value = getattr(resource, field)
        if isinstance(value, str) and not value.strip():
            raise InvalidValueException(detail=f"{name!r} is required and must not be empty.")


@cache
def _required(model: type[Resource[Any]]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (field, info.serialization_alias or field)
        for field, info in model.model_fields.items()
        if model.get_field_annotation(field, Required) is Required.true
    )
