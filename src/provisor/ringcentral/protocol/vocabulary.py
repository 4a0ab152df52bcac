"""What the schemas of a resource type declare, looked up by the names clients use: any case, with or without a URN."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scim2_models import Attribute, Mutability, Schema

LEGACY_URNS: Mapping[str, str] = {
    "urn:scim:schemas:extension:enterprise:1.0": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    "urn:scim:schemas:extension:enterprise:2.0": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    "urn:scim:schemas:extension:enterprise:2.0:user": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
}
"""Extensions of SCIM 1.1, and of templates that made them up, by the schema that replaced them."""

LEGACY_CORE_URNS = frozenset(
    {
        "urn:scim:schemas:core:1.0",
        "urn:scim:schemas:core:2.0",
        "urn:scim:schemas:core:2.0:user",
        "urn:scim:schemas:core:2.0:group",
    }
)
"""The same for the core schema, which is the one of whatever is written to."""

_LEGACY_PREFIX = re.compile(
    "(?:" + "|".join(re.escape(urn) for urn in sorted(LEGACY_URNS, key=len, reverse=True)) + ")(?=:|$)",
    re.IGNORECASE,
)
_LEGACY_CORE_PREFIX = re.compile(
    "(?:" + "|".join(re.escape(urn) for urn in sorted(LEGACY_CORE_URNS, key=len, reverse=True)) + "):",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """An attribute, or a sub-attribute, as its schema declares it.

    :param parts: the sub-attributes of a complex one, by name in lower case.
    """

    name: str
    type: Attribute.Type
    is_list: bool
    is_read_only: bool
    parts: Mapping[str, Declared] = field(default_factory=dict)

    @property
    def is_complex(self) -> bool:
        """Whether its values are objects."""
        return self.type is Attribute.Type.complex


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The attributes of one resource type.

    :param core: the URN of its core schema, and its attributes by name in lower case.
    :param extensions: the attributes of each extension, by URN in lower case.
    """

    core: str
    attributes: Mapping[str, Declared]
    extensions: Mapping[str, Mapping[str, Declared]]

    def find(self, path: str) -> Declared | None:
        """What a key or a path names, any filter in brackets left aside; None for what no schema declares."""
        name = re.sub(r"\[.*\]", "", path, flags=re.DOTALL).strip().casefold()
        attributes = self.attributes
        for urn, declared in (*self.extensions.items(), (self.core.casefold(), self.attributes)):
            if name.startswith(f"{urn}:"):
                name, attributes = name.removeprefix(f"{urn}:"), declared
                break
        first, _, second = name.partition(".")
        found = attributes.get(first)
        return found.parts.get(second) if found is not None and second else found

    def extension(self, key: str) -> Mapping[str, Declared] | None:
        """The attributes of the extension a key is the URN of."""
        return self.extensions.get(key.casefold())

    def without_legacy(self, key: str) -> str:
        """A key, a path or a URN with the prefix SCIM 1.1 gave it replaced by today's."""
        if key.casefold() in LEGACY_CORE_URNS:
            return self.core
        key = _LEGACY_PREFIX.sub(lambda found: LEGACY_URNS[found.group().casefold()], key)
        return _LEGACY_CORE_PREFIX.sub("", key)


def of(schemas: list[Schema]) -> Vocabulary:
    """The vocabulary of a resource type: its core schema first, then its extensions."""
    core, *extensions = schemas
    return Vocabulary(
        core=str(core.id),
        attributes={**dict(_declared(core.attributes)), **_COMMON},
        extensions={str(each.id).casefold(): dict(_declared(each.attributes)) for each in extensions},
    )


def _declared(attributes: list[Attribute] | None) -> Iterator[tuple[str, Declared]]:
    for each in attributes or []:
        name = each.name or ""
        yield (
            name.casefold(),
            Declared(
                name=name,
                type=each.type or Attribute.Type.string,
                is_list=bool(each.multi_valued),
                is_read_only=each.mutability == Mutability.read_only,
                parts=dict(_declared(each.sub_attributes)),
            ),
        )


def _common(name: str, of_type: Attribute.Type, **more: bool) -> tuple[str, Declared]:
    declared = Declared(name=name, type=of_type, is_list=False, is_read_only=more.get("is_read_only", False))
    return name.casefold(), declared


_COMMON: Mapping[str, Declared] = dict(
    [
        _common("id", Attribute.Type.string, is_read_only=True),
        _common("externalId", Attribute.Type.string),
        _common("meta", Attribute.Type.complex, is_read_only=True),
    ]
)
"""The attributes every resource has, which no schema lists (RFC 7643 section 3.1)."""
