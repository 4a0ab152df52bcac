"""The gallery: application templates as data files."""

from __future__ import annotations

import functools
import importlib.resources
from collections.abc import Sequence

import msgspec
import orjson

from provisor.core import application, assignments
from provisor.core.errors import NotFoundError
from provisor.core.template import Template


@functools.cache
def all_templates() -> Sequence[Template]:
    """Every template, by its display name."""
    folder = importlib.resources.files(__name__) / "templates"
    found = [_template(file.read_bytes()) for file in folder.iterdir() if file.name.endswith(".json")]
    return sorted(found, key=lambda template: template.display_name)


def template(template_id: str) -> Template:
    """The template with this id. Raises `NotFoundError` naming those there are."""
    for item in all_templates():
        if item.id == template_id.lower():
            return item
    known = ", ".join(item.id for item in all_templates())
    raise NotFoundError(f"The gallery has no template {template_id!r}. Templates: {known}.")


def _template(text: bytes) -> Template:
    data = orjson.loads(text)
    return Template(
        id=data["id"],
        display_name=data["displayName"],
        description=data["description"],
        publisher=data["publisher"],
        categories=tuple(data["categories"]),
        notes=tuple(data["notes"]),
        roles=msgspec.convert(data["roles"], tuple[assignments.AppRole, ...]),
        settings=msgspec.convert(data["settings"], application.ApplicationSettings),
        schema=data["schema"],
    )
