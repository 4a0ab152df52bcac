"""The one resource type of the `ringcentral` profile (section A.4.1 of RingCentral's SCIM documentation).

Every attribute RingCentral does not document is absent here, so a client that sends one sees it ignored.
"""

from typing import Annotated, Any

import scim2_models
from pydantic import Field, PrivateAttr
from scim2_models import ComplexAttribute, Required, Returned, Uniqueness

from provisor.ringcentral import resources


class Name(ComplexAttribute):
    family_name: Annotated[str | None, Required.true] = None
    given_name: Annotated[str | None, Required.true] = None


class Email(ComplexAttribute):
    value: Annotated[str | None, Required.true] = None
    type: Annotated[str | None, Required.true] = Field(None, examples=["work"])


class PhoneNumber(ComplexAttribute):
    value: Annotated[str | None, Required.true] = None
    type: Annotated[str | None, Required.true] = Field(None, examples=["work", "mobile", "other"])


class Address(ComplexAttribute):
    street_address: str | None = None
    locality: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    type: Annotated[str | None, Required.true] = Field(None, examples=["work"])


class Photo(ComplexAttribute):
    value: Annotated[str | None, Required.true] = None
    type: Annotated[str | None, Required.true] = Field(None, examples=["photo"])


class User(scim2_models.Resource[Any]):
    """A RingCentral user, which is a view on an extension."""

    __schema__ = resources.USER_SCHEMA

    user_name: Annotated[str | None, Uniqueness.server, Required.true, Returned.always] = None
    name: Annotated[Name | None, Required.true] = None
    active: bool | None = None
    title: str | None = None
    emails: Annotated[list[Email] | None, Required.true] = None
    phone_numbers: list[PhoneNumber] | None = None
    addresses: list[Address] | None = None
    photos: list[Photo] | None = None

    _is_deactivated: bool = PrivateAttr(default=False)

    @property
    def is_deactivated(self) -> bool:
        """Whether the request that made this state says `active` is false, rather than nothing."""
        return self._is_deactivated

    def note_deactivation(self) -> None:
        """Remember that the request says so."""
        self._is_deactivated = True


class EnterpriseUser(scim2_models.Extension):
    """The one enterprise attribute RingCentral knows."""

    __schema__ = resources.ENTERPRISE_SCHEMA

    department: str | None = None
