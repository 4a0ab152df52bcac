"""The attributes that the portal edits, and what it says where something is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from provisor.core.objects import ObjectType
from provisor.engine.built_in_rules import Problem
from provisor.look.catalogues import mark as _

Fields = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""Groups of attributes, each with its label."""

FIELDS: Mapping[ObjectType, Fields] = {
    ObjectType.USER: (
        (
            _("Identity"),
            (
                ("displayName", _("Display name")),
                ("userPrincipalName", _("User principal name")),
                ("givenName", _("First name")),
                ("surname", _("Last name")),
                ("mail", _("E-mail")),
                ("mailNickname", _("Mail nickname")),
            ),
        ),
        (
            _("Job"),
            (
                ("jobTitle", _("Job title")),
                ("department", _("Department")),
                ("companyName", _("Company")),
                ("employeeId", _("Employee ID")),
            ),
        ),
        (
            _("Contact"),
            (
                ("telephoneNumber", _("Business phone")),
                ("mobile", _("Mobile phone")),
                ("streetAddress", _("Street")),
                ("postalCode", _("Postal code")),
                ("city", _("City")),
                ("state", _("State or province")),
                ("country", _("Country")),
                ("preferredLanguage", _("Preferred language")),
            ),
        ),
    ),
    ObjectType.GROUP: (
        (
            _("Identity"),
            (
                ("displayName", _("Display name")),
                ("description", _("Description")),
                ("mail", _("E-mail")),
                ("mailNickname", _("Mail nickname")),
            ),
        ),
    ),
}

PROBLEMS: Mapping[Problem, str] = {
    Problem.PRINCIPAL_NAME_NEEDED: _("Enter a user principal name."),
    Problem.PRINCIPAL_NAME_UNUSABLE: _("A user principal name is a name, @ and a domain, without blanks."),
    Problem.PRINCIPAL_NAME_TAKEN: _("Another active user has this user principal name."),
    Problem.DISPLAY_NAME_NEEDED: _("Enter a display name."),
    Problem.VALUE_TOO_LONG: _("A value has at most 1024 characters."),
    Problem.MANAGER_UNKNOWN: _("No active user that is kept here has this user principal name."),
    Problem.MANAGER_IS_SELF: _("Nobody is their own manager."),
    Problem.NOT_BUILT_IN: _("The object comes from another source: change it there and import it again."),
    Problem.NOT_ACTIVE: _("The object is deleted. Restore it first."),
    Problem.NOT_DELETED: _("The object is not deleted."),
    Problem.GONE: _("The object is not in the directory any more."),
    Problem.CHANGED_MEANWHILE: _(
        "Somebody else changed the object meanwhile. Look at what it is now, and change it again."
    ),
    Problem.NOT_A_GROUP: _("Only groups have members."),
}
"""The engine's own words, to translate."""


def names(object_type: ObjectType) -> list[str]:
    """Every attribute of a type that is edited here."""
    return [name for _title, fields in FIELDS[object_type] for name, _label in fields]
