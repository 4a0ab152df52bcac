"""Maison Lumière, a company that does not exist: the same people and groups for the same seed, up to 100,000 and more.

`generate` makes it, `Company.write` puts it into a folder that the CSV source reads, `company_day.next_day` lets a day
pass.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from provisor.demo import company_lore
from provisor.demo.company_groups import (
    GROUP_COLUMNS,
    MEMBERSHIP_COLUMNS,
    Group,
    Membership,
    found_groups,
)
from provisor.demo.company_lore import Department
from provisor.demo.company_people import PERSON_COLUMNS, Person
from provisor.demo.company_recruiting import Recruiter

_SPAN_OF_CONTROL = 8
_DISABLED_PERMILLE = 15
_GUESTS = 2


class _Row(Protocol):
    def row(self) -> dict[str, str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Everybody and every group, as the three files have them."""

    people: tuple[Person, ...]
    groups: tuple[Group, ...]
    memberships: tuple[Membership, ...]

    def write(self, folder: Path) -> None:
        """Put users.csv, groups.csv and memberships.csv into the folder, in place of those that are there.

        Each file appears whole under its name. A file that would have no row is left out.
        """
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "users.csv", PERSON_COLUMNS, self.people)
        _write(folder / "groups.csv", GROUP_COLUMNS, self.groups)
        _write(folder / "memberships.csv", MEMBERSHIP_COLUMNS, self.memberships)


def generate(people: int = 1000, groups: int = 60, seed: int = 1) -> Company:
    """A company of so many people and groups; equal arguments give equal companies.

    The first person leads the company, and the managers form a tree below. Some have no mail, a few are disabled, two
    of ten and more are guests.
    """
    chance = random.Random(seed)  # noqa: S311 - a demonstration has to be repeatable, not unpredictable
    recruiter = Recruiter(chance)
    staff = _some_set_apart(_staff(people, recruiter), recruiter, chance)
    founded, memberships = found_groups(staff, groups, chance)
    return Company(people=tuple(staff), groups=founded, memberships=memberships)


def with_cycle(company: Company) -> Company:
    """The company with its last three groups (or two) each a member of the next, and the last of the first.

    Raises `ValueError` for a company of fewer than two groups.
    """
    ring = [group.id for group in company.groups[-3:]]
    if len(ring) < 2:
        raise ValueError(f"a cycle takes two groups, and the company has {len(ring)}")
    links = (
        Membership(group=group, member=member)
        for group, member in zip(ring, [*ring[1:], ring[0]], strict=True)
    )
    return replace(company, memberships=tuple(dict.fromkeys((*company.memberships, *links))))


def _staff(people: int, recruiter: Recruiter) -> list[Person]:
    staff: list[Person] = []
    for department, size in zip(company_lore.organisation().departments, _sizes(people), strict=True):
        chief = staff[0].id if staff else ""
        staff.extend(_team(department, size, chief, recruiter))
    return staff


def _team(department: Department, size: int, chief: str, recruiter: Recruiter) -> list[Person]:
    """The people of a department; each of its first few leads the next eight, and its head answers to the chief."""
    team: list[Person] = []
    for place in range(size):
        leads = place * _SPAN_OF_CONTROL + 1 < size
        title = department.lead if leads else department.titles[place % len(department.titles)]
        if place == 0:
            title = department.head if chief else company_lore.organisation().chief
        manager = team[(place - 1) // _SPAN_OF_CONTROL].id if place else chief
        team.append(recruiter.hire(department=department.name, job_title=title, manager=manager))
    return team


def _sizes(people: int) -> list[int]:
    """How many people each department has, by its weight; the first has whoever is left by rounding."""
    weights = [department.weight for department in company_lore.organisation().departments]
    sizes = [people * weight // sum(weights) for weight in weights]
    sizes[0] += people - sum(sizes)
    return sizes


def _some_set_apart(staff: Sequence[Person], recruiter: Recruiter, chance: random.Random) -> list[Person]:
    """The same people, a few of whom are disabled or guests; nobody whom others answer to is a guest."""
    partners = company_lore.organisation().partners
    apart = list(staff)
    for index in chance.sample(range(len(staff)), len(staff) * _DISABLED_PERMILLE // 1000):
        apart[index] = replace(apart[index], account_enabled=False)
    leaders = {person.manager for person in staff}
    followers = [index for index, person in enumerate(apart) if person.id not in leaders]
    guests = chance.sample(followers, min(_GUESTS, len(staff) // 10))
    for number, index in enumerate(guests):
        apart[index] = recruiter.as_guest(apart[index], partners[number % len(partners)])
    return apart


def _write(path: Path, columns: Sequence[str], rows: Iterable[_Row]) -> None:
    if not rows:
        path.unlink(missing_ok=True)
        return
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows(each.row().values() for each in rows)
    unfinished.replace(path)
