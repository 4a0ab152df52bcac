"""What must be true of the accounts, worked out a second time and in another way than Provisor does."""

from __future__ import annotations

from typing import Any

from simulation.company import ROLE, Company

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP_MEMBERS = "members"


def belongs(company: Company, name: str) -> bool:
    """Whether somebody shall have an active account."""
    said = company.directory.users.get(name)
    if said is None or not said.get("accountEnabled", True):
        return False
    if company.only is not None and said.get("department") != company.only:
        return False
    return company.everybody or name in entitled(company)


def entitled(company: Company) -> set[str]:
    """Who holds the role, directly or through a group."""
    groups = company.directory.groups
    assigned = {name for name, role in company.assignments if role == ROLE}
    reached: set[str] = set()
    waiting = [name for name in assigned if name in groups]
    seen: set[str] = set()
    while waiting:
        group = waiting.pop()
        if group in seen:
            continue
        seen.add(group)
        reached |= {member for member in groups[group] if member not in groups}
        if company.nested:
            waiting += [member for member in groups[group] if member in groups]
    return reached | {name for name in assigned if name not in groups}


def group_belongs(company: Company, name: str) -> bool:
    """Whether a group shall be in the target: in the assigned scope only those that are assigned themselves."""
    return name in company.directory.groups and (company.everybody or (name, ROLE) in company.assignments)


def user_name(company: Company, name: str) -> str:
    """The userName that a person's account has, whether they are here or away."""
    said = company.directory.users.get(name) or company.away.get(name) or {}
    return str(said.get("userPrincipalName", f"{name}@example.com"))


def wrong_attributes(company: Company, name: str, account: dict[str, Any]) -> list[str]:
    """What an account lacks to be what the directory says; an attribute that was cleared there may be anything."""
    said = company.directory.users[name]
    wanted = {
        "active": (True, account.get("active")),
        "title": (said.get("jobTitle"), account.get("title")),
        "department": (said.get("department"), account.get(ENTERPRISE, {}).get("department")),
        "givenName": (said.get("givenName", name.title()), account.get("name", {}).get("givenName")),
        "familyName": (said.get("surname", f"{name.title()}son"), account.get("name", {}).get("familyName")),
        "mobile": (said.get("mobile"), _of_type(account, "phoneNumbers", "mobile", "value")),
        "city": (said.get("city"), _of_type(account, "addresses", "work", "locality")),
    }
    return [
        f"{key} is {found!r} instead of {value!r}"
        for key, (value, found) in wanted.items()
        if value is not None and found != value
    ]


def _of_type(account: dict[str, Any], attribute: str, kind: str, sub: str) -> Any:
    found = [item.get(sub) for item in account.get(attribute, ()) if item.get("type") == kind]
    return found[0] if found else None
