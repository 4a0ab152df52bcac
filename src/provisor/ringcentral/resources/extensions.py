"""Schemas an administrator adds to the User or the Group: documents of RFC 7643 section 7, read from files.

What such a schema declares is indexed, filtered, sorted, projected and patched as every other attribute is.
"""

from __future__ import annotations

import importlib.resources
import json
import pathlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from pydantic import ValidationError
from scim2_models import URI, Extension, Reference, ResourceType, Schema, SchemaExtension, ScimProvider

DEMONSTRATION = "demonstration"
"""The name of the extension that comes along, instead of a file: one attribute of each kind."""

_SCHEMA_URN = "urn:ietf:params:scim:schemas:core:2.0:Schema"


class Presence(Enum):
    """Whether every resource must have the extension."""

    OPTIONAL = "optional"
    REQUIRED = "required"


class ExtensionError(ValueError):
    """A schema that cannot be added; the message says what has to be corrected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraSchema:
    """A schema that is added to a resource type.

    :param resource_type: the name of the resource type, which is the last part of the schema's URN.
    :param document: what `/Schemas` shows.
    """

    resource_type: str
    document: Schema
    model: type[Extension]
    presence: Presence = Presence.OPTIONAL


class ExtendedProvider(ScimProvider):
    """A provider some extensions of which are described by documents, not made from Python classes."""

    def __init__(self, *, documents: Mapping[str, Schema], **described: Any) -> None:
        super().__init__(**described)
        self._documents = documents

    @cached_property
    def schemas(self) -> tuple[Schema, ...]:
        """What `/Schemas` shows."""
        return tuple(self._documents.get(str(model.__schema__)) or model.to_schema() for model in self.models)


def read(source: str, presence: Presence = Presence.OPTIONAL) -> ExtraSchema:
    """The extension in a file, or the demonstration where `source` is its name.

    :raises ExtensionError: when the file cannot be read, or is no schema document of a User or a Group.
    """
    try:
        if source == DEMONSTRATION:
            text = (importlib.resources.files(__package__) / "demonstration.json").read_text()
        else:
            text = pathlib.Path(source).read_text(encoding="utf-8")
        document = json.loads(text)
    except OSError as error:
        raise ExtensionError(f"The extension {source} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise ExtensionError(f"The extension {source} is not JSON: {error}.") from error
    return parse(document, presence, source=source)


def parse(document: Any, presence: Presence = Presence.OPTIONAL, *, source: str = "document") -> ExtraSchema:
    """The extension a schema document describes.

    :raises ExtensionError: when it is no schema document of a User or a Group.
    """
    try:
        schema = Schema.model_validate({"schemas": [_SCHEMA_URN], **_checked(document)})
        identifier = str(schema.id)
        safe = schema.model_copy(update={"name": _class_name(identifier)})
        model: type[Extension] = Extension.from_schema(safe)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ExtensionError(f"The extension {source} is no schema: {place}: {first['msg']}.") from error
    except ValueError as error:
        raise ExtensionError(f"The extension {source} is no schema: {error}.") from error
    return ExtraSchema(
        resource_type=identifier.rpartition(":")[2], document=schema, model=model, presence=presence
    )


def extended(provider: ScimProvider, extras: Sequence[ExtraSchema]) -> ScimProvider:
    """The provider with more extensions.

    :raises ExtensionError: when a schema is there already, or belongs to a resource type that is not.
    """
    if not extras:
        return provider
    known = {str(each.name) for each in provider.resource_types}
    schemas = [str(model.__schema__).casefold() for model in provider.models]
    for extra in extras:
        identifier = str(extra.document.id)
        if extra.resource_type not in known:
            raise ExtensionError(
                f"The schema {identifier} must end in the resource type it extends, one of: "
                f"{', '.join(sorted(known))}; as in urn:example:params:scim:schemas:extension:badges:2.0:User."
            )
        if identifier.casefold() in schemas:
            raise ExtensionError(f"The schema {identifier} is there already: give the extension another URN.")
        schemas.append(identifier.casefold())
    return ExtendedProvider(
        models=[*provider.models, *(extra.model for extra in extras)],
        resource_types=[_with(each, extras) for each in provider.resource_types],
        config=provider.config,
        policy=provider.policy,
        documents={str(extra.document.id): extra.document for extra in extras},
    )


def _checked(document: Any) -> dict[str, Any]:
    if not isinstance(document, dict) or not document.get("id") or not document.get("attributes"):
        raise ValueError("it must be a JSON object with 'id' (the URN), 'name' and 'attributes'")
    return document


def _class_name(identifier: str) -> str:
    """A name that is no attribute's: the field that holds the extension is called so."""
    return "Extension_" + re.sub(r"\W+", "_", identifier)


def _with(resource_type: ResourceType, extras: Iterable[ExtraSchema]) -> ResourceType:
    added = [
        SchemaExtension(
            schema=Reference[URI](str(extra.document.id)), required=extra.presence is Presence.REQUIRED
        )
        for extra in extras
        if extra.resource_type == resource_type.name
    ]
    declared = [*(resource_type.schema_extensions or []), *added]
    return resource_type.model_copy(update={"schema_extensions": declared})
