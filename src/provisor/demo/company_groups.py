"""Groups of the demo company: roles of an application, services, sites, regions and projects, some nested."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice

from provisor.demo import company_lore
from provisor.demo.company_people import Person
from provisor.demo.company_recruiting import guid


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One row of groups.csv."""

    id: str
    display_name: str
    description: str

    def row(self) -> dict[str, str]:
        """The cells of groups.csv by column, in the order of its header."""
        return {"id": self.id, "displayName": self.display_name, "description": self.description}


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """One row of memberships.csv: the `id` of a group, and that of a person or of another group."""

    group: str
    member: str

    def row(self) -> dict[str, str]:
        """The cells of memberships.csv by column, in the order of its header."""
        return {"group": self.group, "member": self.member}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Charter:
    """A group before it exists: its name, the people in it, and the names of the groups in it."""

    name: str
    description: str
    people: Sequence[str] = ()
    groups: Sequence[str] = ()


GROUP_COLUMNS = ("id", "displayName", "description")
"""The header of groups.csv."""

MEMBERSHIP_COLUMNS = ("group", "member")
"""The header of memberships.csv."""


def department_group(department: str) -> str:
    """The name of the group of a department."""
    return company_lore.organisation().department_prefix + department


def site_group(site: str) -> str:
    """The name of the group of a site."""
    return company_lore.organisation().site_prefix + site


def found_groups(
    people: Sequence[Person], groups: int, chance: random.Random
) -> tuple[tuple[Group, ...], tuple[Membership, ...]]:
    """As many groups as asked for and who is in them: first the roles, then departments, sites, regions, projects."""
    charters = list(islice(_charters(people, chance), groups))
    founded = {
        charter.name: Group(id=guid(chance), display_name=charter.name, description=charter.description)
        for charter in charters
    }
    memberships: list[Membership] = []
    for charter in charters:
        group = founded[charter.name].id
        nested = (founded[name].id for name in charter.groups if name in founded)
        memberships.extend(Membership(group=group, member=member) for member in (*charter.people, *nested))
    return tuple(founded.values()), tuple(memberships)


def _charters(people: Sequence[Person], chance: random.Random) -> Iterator[_Charter]:
    yield from _roles(people, chance)
    yield from _departments(people)
    yield from _sites(people)
    yield from _projects(people, chance)


def _roles(people: Sequence[Person], chance: random.Random) -> Iterator[_Charter]:
    organisation = company_lore.organisation()
    for role in organisation.roles:
        size = min(len(people), max(1, len(people) * role.permille // 1000))
        members = [person.id for person in chance.sample(people, size)]
        yield _Charter(name=role.name, description=role.description, people=members)
    yield _Charter(
        name=organisation.everyone,
        description=organisation.everyone_description,
        groups=[department_group(department.name) for department in organisation.departments],
    )


def _departments(people: Sequence[Person]) -> Iterator[_Charter]:
    members = _ids_by((person.department, person) for person in people)
    for department in company_lore.organisation().departments:
        yield _Charter(
            name=department_group(department.name),
            description=f"Everybody whose department is {department.name}.",
            people=members[department.name],
        )


def _sites(people: Sequence[Person]) -> Iterator[_Charter]:
    members = _ids_by((person.workplace.office, person) for person in people)
    regions: defaultdict[str, list[str]] = defaultdict(list)
    for place in company_lore.places():
        regions[place.region].append(site_group(place.site))
        yield _Charter(
            name=site_group(place.site),
            description=f"Everybody who works in {place.city}.",
            people=members[place.site],
        )
    for region, sites in regions.items():
        yield _Charter(
            name=company_lore.organisation().region_prefix + region,
            description="Contains the groups of its sites.",
            groups=sites,
        )


def _projects(people: Sequence[Person], chance: random.Random) -> Iterator[_Charter]:
    organisation = company_lore.organisation()
    for edition in count(1):
        for project in organisation.projects:
            members = chance.sample(people, min(len(people), chance.randint(5, 25)))
            name = organisation.project_prefix + project
            yield _Charter(
                name=name if edition == 1 else f"{name} {edition}",
                description=f"The project's team of {len(members)}.",
                people=[person.id for person in members],
            )


def _ids_by(keyed: Iterable[tuple[str, Person]]) -> defaultdict[str, list[str]]:
    ids: defaultdict[str, list[str]] = defaultdict(list)
    for key, person in keyed:
        ids[key].append(person.id)
    return ids
