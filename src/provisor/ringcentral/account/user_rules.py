"""What RingCentral accepts as a user, beyond its schema (sections A.4, A.8 and A.12 of the profile's documentation).

The wording of a refusal is RingCentral's own: it names the field of the extension the user is a view on.
"""

from __future__ import annotations

import re

from scim2_models import InvalidValueException

from provisor.ringcentral.account import places
from provisor.ringcentral.resources.ringcentral import EnterpriseUser, PhoneNumber, User

MAX_NAME = 64
MAX_EMAIL = 254
SERVER_OWNED_NUMBERS = frozenset({"work", "other"})
"""The numbers that come with the seat: the direct number and the extension number. Clients cannot write them."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_MOBILE = re.compile(r"\+\d{1,17}")
_MOBILE_SEPARATORS = str.maketrans("", "", " -().")
_TOLL_FREE = ("+1800", "+1833", "+1844", "+1855", "+1866", "+1877", "+1888")


def invalid(field: str) -> InvalidValueException:
    """The refusal of a value, named by the field of the REST API behind SCIM."""
    return InvalidValueException(detail=f"Parameter [{field}] value is invalid.")


def settle_new(user: User) -> None:
    """Make a user that is about to be created one that RingCentral would hold.

    :raises InvalidValueException: for a value RingCentral refuses.
    """
    user.active = bool(user.active)
    user.phone_numbers = _mobile_numbers(user)
    _check_agreement(user)
    _settle(user)


def settle_replacement(user: User, stored: User) -> None:
    """Make the body of a PUT the user's next state: numbers of the seat stay, an omitted `active` is kept.

    :raises InvalidValueException: for a value RingCentral refuses.
    """
    if user.active is None:
        user.active = stored.active
    user.phone_numbers = _server_owned_numbers(stored) + _mobile_numbers(user)
    _check_agreement(user)
    _settle(user)


def settle_patch(user: User, stored: User) -> None:
    """Make a patched user its next state: changing the `userName` or the work e-mail changes both.

    :raises InvalidValueException: for a value RingCentral refuses, or when the PATCH sets both to different values.
    """
    user.active = bool(user.active)
    user.phone_numbers = _server_owned_numbers(stored) + _mobile_numbers(user)
    email = _only_email(user)
    if user.user_name == stored.user_name:
        user.user_name = email
    elif email == _only_email(stored) and user.emails:
        user.emails[0].value = user.user_name
    _check_agreement(user)
    _settle(user)


def _only_email(user: User) -> str:
    emails = user.emails or []
    if len(emails) != 1 or (emails[0].type or "").casefold() != "work":
        raise InvalidValueException(detail="emails must hold exactly one value, and its type must be 'work'")
    return emails[0].value or ""


def _check_agreement(user: User) -> None:
    email = _only_email(user)
    if (user.user_name or "").casefold() != email.casefold():
        raise InvalidValueException(detail="userName must equal the value of the work e-mail")


def _settle(user: User) -> None:
    email = _only_email(user)
    if len(email) > MAX_EMAIL or not _EMAIL.fullmatch(email):
        raise invalid("extension.contact.email")
    _check_length("extension.contact.firstName", user.name.given_name if user.name else None)
    _check_length("extension.contact.lastName", user.name.family_name if user.name else None)
    _check_length("extension.contact.jobTitle", user.title)
    _settle_department(user)
    for number in _mobile_numbers(user):
        _check_mobile(number)
    _settle_address(user)
    for photo in user.photos or []:
        if photo.type != "photo":
            raise InvalidValueException(detail="the type of a photo must be 'photo'")


def _settle_department(user: User) -> None:
    enterprise = getattr(user, EnterpriseUser.__name__, None)
    if enterprise is None:
        return
    _check_length("extension.contact.department", enterprise.department)
    if enterprise.department is None:
        setattr(user, EnterpriseUser.__name__, None)


def _settle_address(user: User) -> None:
    addresses = user.addresses or []
    if len(addresses) > 1 or any((address.type or "").casefold() != "work" for address in addresses):
        raise InvalidValueException(detail="addresses may hold one value, and its type must be 'work'")
    for address in addresses:
        if not address.country:
            continue
        code = places.country_code(address.country)
        if code is None:
            raise invalid("extension.contact.businessAddress.country")
        if not places.is_plausible_state(code, address.region):
            raise invalid("extension.contact.businessAddress.state")
        address.country = places.country_name(code)


def _server_owned_numbers(user: User) -> list[PhoneNumber]:
    return [number for number in user.phone_numbers or [] if number.type in SERVER_OWNED_NUMBERS]


def _mobile_numbers(user: User) -> list[PhoneNumber]:
    mobiles = [number for number in user.phone_numbers or [] if (number.type or "").casefold() == "mobile"]
    if len(mobiles) > 1:
        raise InvalidValueException(detail="phoneNumbers may hold one value of type 'mobile'")
    return mobiles


def _check_mobile(number: PhoneNumber) -> None:
    digits = (number.value or "").translate(_MOBILE_SEPARATORS)
    if not _MOBILE.fullmatch(digits) or digits.startswith(_TOLL_FREE):
        raise invalid("extension.contact.mobilePhone")


def _check_length(field: str, text: str | None) -> None:
    if text is not None and len(text) > MAX_NAME:
        raise invalid(field)
