"""The resource types of the `full` profile: RFC 7643, with what its own models refuse from every identity provider.

E-mail values keep their case and may be in a private domain; a manager needs no `$ref`, which is ours to compute.
"""

from typing import Annotated, Any

import scim2_models
from pydantic import Field
from scim2_models import CaseExact, ComplexAttribute, Mutability, Reference, Required

Group = scim2_models.Group


class Email(scim2_models.Email):
    """An e-mail address kept as it was sent: neither its case nor its domain is changed."""

    value: str | None = None


class User(scim2_models.User[Any]):
    """The RFC 7643 User, with e-mail values kept untransformed and examples of a locale, which must be one."""

    locale: str | None = Field(None, examples=["en-US", "en-GB", "fr-FR", "de-DE", "es-419"])
    emails: list[Email] | None = None  # type: ignore[assignment]


class Manager(ComplexAttribute):
    """A manager by `value` alone: `$ref` is ours to compute (RFC 7643 section 4.3)."""

    value: Annotated[str | None, Required.true, CaseExact.true] = None
    ref: Annotated[Reference[scim2_models.User[Any]] | None, Mutability.read_write] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    display_name: Annotated[str | None, Mutability.read_only] = None


class EnterpriseUser(scim2_models.EnterpriseUser):
    """The RFC 7643 enterprise extension with a manager that needs no `$ref`."""

    manager: Manager | None = None  # type: ignore[assignment]
