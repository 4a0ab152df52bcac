"""Whether the target is what the directory says, worked out a second time and by other means.

Nothing of the engine, the store or the sources is used: who belongs into the application is read from the company's
own files and worked out with sets, and an account's attributes are picked from its JSON by hand. So a fault of the
engine cannot hide here.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provisor.ringcentral.account import places

Account = Mapping[str, str]
"""The attributes of an account by name; absent and empty ones are left out, `active` is "true" or "false"."""

ATTRIBUTES = {
    "userName": None,
    "externalId": "id",
    "active": None,
    "title": "jobTitle",
    "name.givenName": "givenName",
    "name.familyName": "surname",
    "emails.work": None,
    "phoneNumbers.mobile": "mobile",
    "addresses.streetAddress": "streetAddress",
    "addresses.locality": "city",
    "addresses.region": "state",
    "addresses.postalCode": "postalCode",
    "addresses.country": None,
    "department": "department",
}
"""The attributes that are compared, with the column of users.csv where an attribute is nothing but that column."""

_ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_ADDRESS = ("streetAddress", "locality", "region", "postalCode", "country")


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What the company's three files say at one moment.

    `people` are rows of users.csv by id, `groups` the ids of groups by name, `members` the ids in each group.
    """

    people: Mapping[str, Mapping[str, str]]
    groups: Mapping[str, str]
    members: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What the comparison found; every difference is a sentence that names the account."""

    accounts: int
    active: int
    disabled: int
    differences: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The finding in one line, with its counts."""
        count = len(self.differences)
        return (
            f"{self.accounts:,} accounts: {self.active:,} active and equal in {len(ATTRIBUTES)} attributes, "
            f"{self.disabled:,} disabled as they should be, {count:,} difference{'' if count == 1 else 's'}"
        )


def read_files(folder: Path) -> Files:
    """The files as they are now."""
    members: dict[str, set[str]] = {}
    for row in _rows(folder / "memberships.csv"):
        members.setdefault(row["group"], set()).add(row["member"])
    return Files(
        people={row["id"]: row for row in _rows(folder / "users.csv")},
        groups={row["displayName"]: row["id"] for row in _rows(folder / "groups.csv")},
        members={group: frozenset(ids) for group, ids in members.items()},
    )


def entitled(files: Files, groups: Iterable[str]) -> frozenset[str]:
    """The enabled people inside these groups, and inside the groups in them, however deep."""
    inside: set[str] = set()
    waiting = [files.groups[name] for name in groups if name in files.groups]
    while waiting:
        each = waiting.pop()
        if each not in inside:
            inside.add(each)
            waiting.extend(files.members.get(each, ()))
    return frozenset(
        person for person in inside & files.people.keys() if files.people[person]["accountEnabled"] == "true"
    )


def expected(morning: Files, evening: Files, groups: Sequence[str]) -> Mapping[str, Account]:
    """The accounts that must be there, by the id of their person.

    Whoever belongs into the application in the evening is active there, as the evening's file has it. Whoever only
    did in the morning is disabled and otherwise as in the morning: a disabled account is not written any more.
    """
    now, before = entitled(evening, groups), entitled(morning, groups)
    active = {person: _wanted(evening.people[person], "true") for person in now}
    return active | {person: _wanted(morning.people[person], "false") for person in before - now}


def compare(wanted: Mapping[str, Account], documents: Sequence[Mapping[str, Any]]) -> Verification:
    """Hold what the target answered against what must be there, field by field."""
    found = [account(document) for document in documents]
    differences = list(_twice(found))
    equal: Counter[str] = Counter()
    seen: set[str] = set()
    for item in found:
        person = item.get("externalId", "")
        seen.add(person)
        if person not in wanted:
            differences.append(f"{_name(item)} has an account, and nobody like that should have one")
            continue
        unequal = list(_unequal(item, wanted[person]))
        differences.extend(unequal)
        equal["different" if unequal else item["active"]] += 1
    differences.extend(
        f"{_name(item)} should have an account and has none"
        for person, item in wanted.items()
        if person not in seen
    )
    return Verification(
        accounts=len(found),
        active=equal["true"],
        disabled=equal["false"],
        differences=tuple(sorted(differences)),
    )


def account(document: Mapping[str, Any]) -> Account:
    """The compared attributes of a SCIM user; where several values answer to one name, all of them."""
    name, enterprise = document.get("name") or {}, document.get(_ENTERPRISE) or {}
    work_address = [item for item in document.get("addresses") or [] if item.get("type") == "work"]
    values = {
        "userName": document.get("userName"),
        "externalId": document.get("externalId"),
        "active": "true" if document.get("active") is True else "false",
        "title": document.get("title"),
        "name.givenName": name.get("givenName"),
        "name.familyName": name.get("familyName"),
        "emails.work": _typed(document.get("emails"), "work"),
        "phoneNumbers.mobile": _typed(document.get("phoneNumbers"), "mobile"),
        "department": enterprise.get("department"),
    }
    for part in _ADDRESS:
        values[f"addresses.{part}"] = " | ".join(item[part] for item in work_address if item.get(part))
    return {key: str(value) for key, value in values.items() if value}


def _wanted(row: Mapping[str, str], active: str) -> Account:
    """RingCentral has the mail as user name and work e-mail, and answers the English name of a country for its code."""
    mail = row["mail"] or _sign_in_name(row["userPrincipalName"])
    values = {name: row[column] for name, column in ATTRIBUTES.items() if column is not None}
    values |= {"userName": mail, "emails.work": mail, "active": active}
    values["addresses.country"] = places.country_name(row["country"]) if row["country"] else ""
    return {name: value for name, value in values.items() if value}


def _sign_in_name(principal: str) -> str:
    """The name a person signs in with: a guest's `alias_domain#EXT#@tenant` is `alias@domain`."""
    home, guest, _ = principal.partition("#EXT#")
    return "@".join(home.rsplit("_", 1)) if guest else principal


def _twice(found: Sequence[Account]) -> Iterator[str]:
    for name in ("userName", "externalId"):
        counts = Counter(item[name].casefold() for item in found if name in item)
        yield from (
            f"{count} accounts have the {name} {value}" for value, count in counts.items() if count > 1
        )


def _unequal(item: Account, wanted: Account) -> Iterator[str]:
    for name in ATTRIBUTES:
        if item.get(name) != wanted.get(name):
            has, should = item.get(name, "nothing"), wanted.get(name, "nothing")
            yield f"{_name(item)}: {name} is {has!r} and should be {should!r}"


def _name(item: Account) -> str:
    return item.get("userName") or item.get("externalId") or "an account without a name"


def _typed(values: Sequence[Mapping[str, Any]] | None, kind: str) -> str:
    return " | ".join(str(item.get("value")) for item in values or () if item.get("type") == kind)


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
