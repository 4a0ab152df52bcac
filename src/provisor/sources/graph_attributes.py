"""The attribute names a CSV file may use as its header, with Microsoft Graph's spelling.

Where Graph and the provisioning service differ, the provisioning service's name is the attribute and Graph's is accepted
for it (`mobilePhone` for `mobile`). Source: Entra, attribute mapping, source attributes; Graph, user and group resources.
"""

from __future__ import annotations

import enum
import types
from collections.abc import Mapping
from dataclasses import dataclass


class ValueKind(enum.StrEnum):
    """How the text of a cell becomes a value that is not text."""

    BOOLEAN = "boolean"
    MULTIVALUED = "multivalued"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The columns of one kind of file.

    `text` are kept as they are, `converted` become other values, `aliases` are other spellings. `required` must stand in the header and hold a value in every row; a value of `identifying` leads from one row to
    another, so that blanks around it are refused. `emptied` says what a full read of no rows at all would do.
    """

    text: tuple[str, ...]
    converted: Mapping[str, ValueKind]
    aliases: Mapping[str, str]
    required: tuple[str, ...]
    identifying: frozenset[str]
    emptied: str

    def attribute(self, column: str) -> str:
        """The attribute that a column holds; one that is not known is kept as `extension_<column>`.

        Known names are found whatever their case. A name that begins with `extension_` stays what it is.
        """
        folded = column.casefold()
        for known in (*self.text, *self.converted):
            if known.casefold() == folded:
                return known
        for alias, known in self.aliases.items():
            if alias.casefold() == folded:
                return known
        if folded.startswith(_EXTENSION):
            return _EXTENSION + column[len(_EXTENSION) :]
        return _EXTENSION + column


_EXTENSION = "extension_"

_USER_TEXT = (
    "id",
    "userPrincipalName",
    "manager",
    "ageGroup",
    "city",
    "companyName",
    "consentProvidedForMinor",
    "country",
    "creationType",
    "department",
    "displayName",
    "employeeHireDate",
    "employeeId",
    "employeeLeaveDateTime",
    "employeeType",
    "externalUserState",
    "facsimileTelephoneNumber",
    "givenName",
    "jobTitle",
    "mail",
    "mailNickname",
    "mobile",
    "netId",
    "onPremisesDistinguishedName",
    "onPremisesDomainName",
    "onPremisesImmutableId",
    "onPremisesSamAccountName",
    "onPremisesSecurityIdentifier",
    "onPremisesUserPrincipalName",
    "originalUserPrincipalName",
    "physicalDeliveryOfficeName",
    "postalCode",
    "preferredDataLocation",
    "preferredLanguage",
    "preferredName",
    "state",
    "streetAddress",
    "surname",
    "telephoneNumber",
    "usageLocation",
    "userType",
    *(f"extensionAttribute{number}" for number in range(1, 16)),
)

USERS = Vocabulary(
    text=_USER_TEXT,
    converted=types.MappingProxyType(
        {
            "accountEnabled": ValueKind.BOOLEAN,
            "imAddresses": ValueKind.MULTIVALUED,
            "otherMails": ValueKind.MULTIVALUED,
            "proxyAddresses": ValueKind.MULTIVALUED,
        }
    ),
    aliases=types.MappingProxyType(
        {
            "objectId": "id",
            "mobilePhone": "mobile",
            "faxNumber": "facsimileTelephoneNumber",
            "officeLocation": "physicalDeliveryOfficeName",
        }
    ),
    required=("userPrincipalName",),
    identifying=frozenset({"id", "userPrincipalName", "manager"}),
    emptied="an empty users.csv would remove everybody",
)
GROUPS = Vocabulary(
    text=("id", "displayName", "classification", "description", "mail", "mailNickname", "visibility"),
    converted=types.MappingProxyType(
        {
            "mailEnabled": ValueKind.BOOLEAN,
            "securityEnabled": ValueKind.BOOLEAN,
            "groupTypes": ValueKind.MULTIVALUED,
            "proxyAddresses": ValueKind.MULTIVALUED,
        }
    ),
    aliases=types.MappingProxyType({"objectId": "id"}),
    required=("displayName",),
    identifying=frozenset({"id", "displayName"}),
    emptied="an empty groups.csv would remove every group",
)
MEMBERSHIPS = Vocabulary(
    text=("group", "member"),
    converted=types.MappingProxyType({}),
    aliases=types.MappingProxyType({}),
    required=("group", "member"),
    identifying=frozenset({"group", "member"}),
    emptied="an empty memberships.csv would take everybody out of every group",
)
