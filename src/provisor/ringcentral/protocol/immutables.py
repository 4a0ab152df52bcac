"""Immutable values a PUT does not say: they stay, whether their attribute or their whole extension was left out."""

from __future__ import annotations

from typing import Any

from scim2_models import Mutability, Resource


def keep(current: Resource[Any], replacement: Resource[Any]) -> None:
    """Keep what is immutable in an extension that a replacement leaves out; scim2-models keeps the rest.

    RFC 7644 section 3.5.1 has values match that are set already, and leaving them out is no other value.
    """
    for extension in type(current).get_extension_models().values():
        name = extension.__name__
        held = getattr(current, name)
        if held is None or getattr(replacement, name) is not None:
            continue
        kept = {
            field: value
            for field in extension.model_fields
            if extension.get_field_annotation(field, Mutability) is Mutability.immutable
            and (value := getattr(held, field)) is not None
        }
        if kept:
            setattr(replacement, name, extension.model_construct(**kept))
