"""A source that says what a test declares: people and groups by short names.

    Declared(users={"ada": {}, "bob": {"manager": "ada"}}, groups={"Sales": ["ada", "bob"]})

Every attribute of every person has a value of its own, made from the name, so that a mix-up shows.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from provisor.core.objects import ImportedMembership, ImportedObject, ObjectType
from provisor.ports.source import Completeness, SourcePage

NAME = "declared"


@dataclass(slots=True, kw_only=True)
class Declared:
    """Users by name with the attributes that matter to the test, groups with their members.

    `accountEnabled` and `manager` (a name) are what they are in Graph; `None` takes an attribute away.
    """

    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    completeness: Completeness = Completeness.COMPLETE

    @property
    def name(self) -> str:
        return NAME

    def objects_read(self, object_type: ObjectType) -> Completeness:  # noqa: ARG002 - all types alike
        return self.completeness

    @property
    def memberships_read(self) -> Completeness:
        return self.completeness

    def read(self) -> Iterator[SourcePage]:
        yield SourcePage(objects=tuple(user(name, said) for name, said in self.users.items()))
        yield SourcePage(objects=tuple(group(name) for name in self.groups))
        yield SourcePage(
            memberships=tuple(
                ImportedMembership(
                    group=name,
                    member=member,
                    member_type=ObjectType.GROUP if member in self.groups else ObjectType.USER,
                )
                for name, members in self.groups.items()
                for member in members
            )
        )

    def copy(self) -> Declared:
        """The same, to be changed on its own."""
        return copy.deepcopy(self)


def user(name: str, said: dict[str, Any]) -> ImportedObject:
    """The person with that name, as a source describes them."""
    attributes = {
        "objectId": f"oid-{name}",
        "userPrincipalName": f"{name}@example.com",
        "mail": f"{name}@mail.example",
        "givenName": name.title(),
        "surname": f"{name.title()}son",
        "displayName": f"{name.title()} {name.title()}son",
        **{key: value for key, value in said.items() if key not in ("accountEnabled", "manager")},
    }
    return ImportedObject(
        object_type=ObjectType.USER,
        anchor=name,
        attributes={key: value for key, value in attributes.items() if value is not None},
        account_enabled=said.get("accountEnabled", True),
        manager=said.get("manager"),
    )


def group(name: str) -> ImportedObject:
    """The group with that name, as a source describes it."""
    return ImportedObject(
        object_type=ObjectType.GROUP,
        anchor=name,
        attributes={"objectId": f"oid-{name}", "displayName": name, "description": f"About {name}"},
    )
