"""People of the demo company: the values that stand in users.csv."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """Where somebody works: telephone numbers are E.164, the country is ISO 3166 alpha-2."""

    office: str
    mobile: str
    telephone_number: str
    street_address: str
    city: str
    state: str
    postal_code: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One row of users.csv, with Graph's attribute names in snake case; an empty text is an absent value.

    `id` is a GUID, `manager` another person's `id`. `cost_center` is an attribute Graph does not know, so that
    extension attributes are seen.
    """

    id: str
    user_principal_name: str
    display_name: str
    given_name: str
    surname: str
    mail: str
    mail_nickname: str
    proxy_addresses: tuple[str, ...]
    job_title: str
    department: str
    company_name: str
    employee_id: str
    employee_type: str
    manager: str
    workplace: Workplace
    preferred_language: str
    user_type: str
    account_enabled: bool
    cost_center: str

    def row(self) -> dict[str, str]:
        """The cells of users.csv by column, in the order of its header."""
        row = dict(zip(_TEXT_COLUMNS, _texts(self), strict=True))
        row["accountEnabled"] = "true" if self.account_enabled else "false"
        row["proxyAddresses"] = ";".join(self.proxy_addresses)
        return row


_TEXT_COLUMNS = MappingProxyType(
    {
        "id": "id",
        "userPrincipalName": "user_principal_name",
        "displayName": "display_name",
        "givenName": "given_name",
        "surname": "surname",
        "mail": "mail",
        "mailNickname": "mail_nickname",
        "jobTitle": "job_title",
        "department": "department",
        "companyName": "company_name",
        "employeeId": "employee_id",
        "employeeType": "employee_type",
        "manager": "manager",
        "mobile": "workplace.mobile",
        "telephoneNumber": "workplace.telephone_number",
        "physicalDeliveryOfficeName": "workplace.office",
        "streetAddress": "workplace.street_address",
        "city": "workplace.city",
        "state": "workplace.state",
        "postalCode": "workplace.postal_code",
        "country": "workplace.country",
        "usageLocation": "workplace.country",
        "preferredLanguage": "preferred_language",
        "userType": "user_type",
        "costCenter": "cost_center",
    }
)
_texts = attrgetter(*_TEXT_COLUMNS.values())

PERSON_COLUMNS = (*_TEXT_COLUMNS, "accountEnabled", "proxyAddresses")
"""The header of users.csv."""
