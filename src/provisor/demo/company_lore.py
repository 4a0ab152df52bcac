"""What the demo company is made of: names, places and the organisation, read from the JSON files beside this module."""

from __future__ import annotations

import functools
import json
import unicodedata
from dataclasses import dataclass
from importlib import resources
from typing import Any

_LATIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D"}
    | {"ð": "d", "þ": "th", "Þ": "Th", "ł": "l", "Ł": "L", "\u0131": "i"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A given name or surname; `latin` is its transliteration in ASCII, for addresses."""

    written: str
    latin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """The names of one language; `surname_first` is the order in which they are written."""

    given: tuple[Name, ...]
    surname: tuple[Name, ...]
    surname_first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A site of the company. An `X` in a telephone pattern stands for any digit, `{}` in a street for a number.

    Countries are ISO 3166 alpha-2. Numbers of France, the United Kingdom, Berlin and North America come from the
    ranges kept free for fiction.
    """

    site: str
    region: str
    weight: int
    names: str
    language: str
    country: str
    state: str
    city: str
    postal_codes: tuple[str, ...]
    streets: tuple[str, ...]
    mobile: str
    telephone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A department: the title of its head, of those who lead others, and of everybody else."""

    name: str
    weight: int
    head: str
    lead: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGroup:
    """A group to assign an application role to; `permille` of all people are its direct members."""

    name: str
    description: str
    permille: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Everything about the company that is not a person or a place."""

    company: str
    domain: str
    chief: str
    departments: tuple[Department, ...]
    roles: tuple[RoleGroup, ...]
    everyone: str
    everyone_description: str
    department_prefix: str
    site_prefix: str
    region_prefix: str
    project_prefix: str
    projects: tuple[str, ...]
    partners: tuple[str, ...]


@functools.cache
def organisation() -> Organisation:
    """The company's departments, role groups and projects."""
    read = _read("company_organisation.json")
    everyone = read.pop("everyone")
    departments = tuple(
        Department(**{**each, "titles": tuple(each["titles"])}) for each in read.pop("departments")
    )
    roles = tuple(RoleGroup(**each) for each in read.pop("roles"))
    projects, partners = tuple(read.pop("projects")), tuple(read.pop("partners"))
    return Organisation(
        departments=departments,
        roles=roles,
        projects=projects,
        partners=partners,
        everyone=everyone["name"],
        everyone_description=everyone["description"],
        **read,
    )


@functools.cache
def places() -> tuple[Place, ...]:
    """The company's sites."""
    return tuple(
        Place(**{**each, "postal_codes": tuple(each["postal_codes"]), "streets": tuple(each["streets"])})
        for each in _read("company_places.json")
    )


@functools.cache
def namings() -> dict[str, Naming]:
    """The names of every language by its key."""
    return {
        language: Naming(
            given=_names(each["given"]), surname=_names(each["surname"]), surname_first=each["surname_first"]
        )
        for language, each in _read("company_names.json").items()
    }


def ascii_letters(text: str) -> str:
    """The text in lower-case ASCII letters, digits and hyphens, as it may stand in an address."""
    bare = unicodedata.normalize("NFKD", text.translate(_LATIN)).encode("ascii", "ignore").decode()
    return "".join(letter for letter in bare.lower() if letter.isalnum() or letter == "-")


def _names(listed: str) -> tuple[Name, ...]:
    names = []
    for each in listed.split(", "):
        written, _, latin = each.partition("=")
        names.append(Name(written=written, latin=ascii_letters(latin or written)))
    return tuple(names)


def _read(file: str) -> Any:
    return json.loads(resources.files(__package__).joinpath(file).read_text(encoding="utf-8"))
