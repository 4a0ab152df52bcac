"""What RingCentral accepts as a user, beyond its schema (sections A.4, A.8 and A.12 of the profile's documentation).

The wording of a refusal is RingCentral's own: it names the field of the extension the user is a view on.
"""

from __future__ import annotations

import re

from scim2_models import InvalidValueException

from provisor.ringcentral.account import places, seats
from provisor.ringcentral.account.knobs import Divergence, Knobs, NumberWrites, Omittable, PhotoFormats
from provisor.ringcentral.resources.ringcentral import EnterpriseUser, PhoneNumber, User

MAX_NAME = 64
MAX_EMAIL = 254

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_MOBILE = re.compile(r"\+\d{1,17}")
_MOBILE_SEPARATORS = str.maketrans("", "", " -().")
_PHOTO_FORMATS = {
    PhotoFormats.ANY: re.compile("."),
    PhotoFormats.URL: re.compile("https://", re.IGNORECASE),
    PhotoFormats.DATA: re.compile("data:image/", re.IGNORECASE),
    PhotoFormats.NONE: re.compile("(?!)"),
}
_KEPT_FIELDS = {
    Omittable.TITLE: "title",
    Omittable.EXTERNAL_ID: "external_id",
    Omittable.ADDRESSES: "addresses",
    Omittable.PHOTOS: "photos",
}
_TOLL_FREE = ("+1800", "+1833", "+1844", "+1855", "+1866", "+1877", "+1888")


def invalid(field: str) -> InvalidValueException:
    """The refusal of a value, named by the field of the REST API behind SCIM."""
    return InvalidValueException(detail=f"Parameter [{field}] value is invalid.")


def settle_new(user: User, knobs: Knobs) -> None:
    """Make a user that is about to be created one that RingCentral would hold.

    :raises InvalidValueException: for a value RingCentral refuses.
    """
    user.active = bool(user.active)
    user.phone_numbers = _written_numbers(user, None, knobs)
    _settle_agreement(user, knobs)
    _settle(user, knobs)


def settle_replacement(user: User, stored: User, knobs: Knobs) -> None:
    """Make the body of a PUT the user's next state: numbers of the seat stay, an omitted `active` is kept.

    What else is kept when it is left out, the knob `put-keeps` says.

    :raises InvalidValueException: for a value RingCentral refuses.
    """
    if user.active is None:
        user.active = stored.active
    _keep_omitted(user, stored, knobs)
    user.phone_numbers = _written_numbers(user, stored, knobs)
    _settle_agreement(user, knobs)
    _settle(user, knobs)


def settle_patch(user: User, stored: User, knobs: Knobs) -> None:
    """Make a patched user its next state: changing the `userName` or the work e-mail changes both.

    :raises InvalidValueException: for a value RingCentral refuses, or when the PATCH sets both to different values.
    """
    user.active = bool(user.active)
    user.phone_numbers = _written_numbers(user, stored, knobs)
    email = _only_email(user)
    if knobs.email_divergence is Divergence.ALLOW:
        pass
    elif user.user_name == stored.user_name:
        user.user_name = email
    elif email == _only_email(stored) and user.emails:
        user.emails[0].value = user.user_name
    _settle_agreement(user, knobs)
    _settle(user, knobs)


def _keep_omitted(user: User, stored: User, knobs: Knobs) -> None:
    for omittable, field in _KEPT_FIELDS.items():
        if omittable in knobs.put_keeps and getattr(user, field) is None:
            setattr(user, field, getattr(stored, field))
    if Omittable.DEPARTMENT in knobs.put_keeps and getattr(user, EnterpriseUser.__name__, None) is None:
        setattr(user, EnterpriseUser.__name__, getattr(stored, EnterpriseUser.__name__, None))
    if Omittable.MOBILE in knobs.put_keeps and not _mobile_numbers(user):
        user.phone_numbers = [*(user.phone_numbers or []), *_mobile_numbers(stored)]


def _only_email(user: User) -> str:
    emails = user.emails or []
    if len(emails) != 1 or (emails[0].type or "").casefold() != "work":
        raise InvalidValueException(detail="emails must hold exactly one value, and its type must be 'work'")
    return emails[0].value or ""


def _settle_agreement(user: User, knobs: Knobs) -> None:
    email = _only_email(user)
    if (user.user_name or "").casefold() == email.casefold():
        return
    match knobs.email_divergence:
        case Divergence.REJECT:
            raise InvalidValueException(detail="userName must equal the value of the work e-mail")
        case Divergence.EMAIL_WINS:
            user.user_name = email
        case Divergence.USER_NAME_WINS if user.emails:
            user.emails[0].value = user.user_name


def _settle(user: User, knobs: Knobs) -> None:
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
    _check_photos(user, knobs)


def _check_photos(user: User, knobs: Knobs) -> None:
    for photo in user.photos or []:
        if photo.type != "photo":
            raise InvalidValueException(detail="the type of a photo must be 'photo'")
        if not _PHOTO_FORMATS[knobs.photo_formats].match(photo.value or ""):
            raise InvalidValueException(
                detail=f"the value of a photo is none this account takes (photo-formats is {knobs.photo_formats})"
            )


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


def _written_numbers(user: User, stored: User | None, knobs: Knobs) -> list[PhoneNumber]:
    """The numbers of the next state: those of the seat, unless the knob lets a client write them, and the mobile one."""
    held = _server_owned_numbers(stored) if stored is not None else []
    sent = _server_owned_numbers(user)
    if knobs.number_writes is NumberWrites.IGNORE or not sent:
        return held + _mobile_numbers(user)
    if knobs.number_writes is NumberWrites.REJECT:
        if _pairs(sent) - _pairs(held):
            raise InvalidValueException(detail="phoneNumbers of type 'work' and 'other' cannot be written")
        return held + _mobile_numbers(user)
    types = {(number.type or "").casefold() for number in sent}
    kept = [number for number in held if (number.type or "").casefold() not in types]
    return kept + sent + _mobile_numbers(user)


def _pairs(numbers: list[PhoneNumber]) -> set[tuple[str | None, str | None]]:
    return {(number.type, number.value) for number in numbers}


def _server_owned_numbers(user: User) -> list[PhoneNumber]:
    return [
        number
        for number in user.phone_numbers or []
        if (number.type or "").casefold() in seats.SERVER_OWNED_NUMBERS
    ]


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
