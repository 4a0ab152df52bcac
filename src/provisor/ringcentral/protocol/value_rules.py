"""What the texts of a resource must be, beyond the types of the schema (RFC 7643 sections 4.1.1, 4.1.2 and 4.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any

from scim2_models import InvalidValueException, Required, Resource

from provisor.ringcentral.account import places
from provisor.ringcentral.choices import Locales
from provisor.ringcentral.resources.full import User

CODE_LENGTH = 2

# The shape of RFC 5646; clients write the underscore of their operating system.
_LANGUAGE_TAG = re.compile(r"(?:[A-Za-z]{2,8}|[iIxX](?=[-_]))(?:[-_][A-Za-z0-9]{1,8})*")


def check(resource: Resource[Any], locales: Locales, known: AbstractSet[str] = frozenset()) -> None:
    """Refuse a resource that breaks a rule.

    :param locales: what a locale may be.
    :param known: what was wrong with it already, which is nobody's fault now.
    :raises InvalidValueException: with the first of what is wrong.
    """
    for fault in faults(resource, locales):
        if fault not in known:
            raise InvalidValueException(detail=fault)


def faults(resource: Resource[Any], locales: Locales) -> Iterator[str]:
    """What is wrong with a resource, in words for who sent it."""
    for field, name in _required(type(resource)):
        value = getattr(resource, field)
        if isinstance(value, str) and not value.strip():
            yield f"{name!r} is required and must not be empty."
    if isinstance(resource, User):
        yield from _faults_of_user(resource, locales)


def _faults_of_user(user: User, locales: Locales) -> Iterator[str]:
    if locales is Locales.TAGS and user.locale and not _LANGUAGE_TAG.fullmatch(user.locale):
        yield f"'locale' must be a language tag such as 'en-US'; it is {user.locale!r}."
    for address in user.addresses or []:
        # A longer text is the name of a country, as many directories have it.
        country = address.country or ""
        if len(country) == CODE_LENGTH and places.country_code(country) is None:
            yield f"'addresses.country': {country!r} is no country of ISO 3166-1."


@cache
def _required(model: type[Resource[Any]]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (field, info.serialization_alias or field)
        for field, info in model.model_fields.items()
        if model.get_field_annotation(field, Required) is Required.true
    )
