"""A day in the life of the demo company: who comes, moves, leaves, and what a synchronisation then has to do."""

from __future__ import annotations

import enum
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count, islice

from provisor.demo import company_lore
from provisor.demo.company import Company
from provisor.demo.company_groups import Group, Membership, department_group, site_group
from provisor.demo.company_people import Person
from provisor.demo.company_recruiting import Recruiter, guid

_JOINERS = 8
_MOVERS = 12
_LEAVERS = 6
_DISABLED = 2
_ROLE_CHANGES = 2
_NEW_TEAM = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonStory:
    """What happened to one person, in a sentence; `id` is the person's."""

    id: str
    story: str


class GroupEvent(enum.StrEnum):
    """What can happen to a group."""

    FOUNDED = "founded"
    NESTED = "nested"
    MEMBER_IN = "memberIn"
    MEMBER_OUT = "memberOut"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupStory:
    """What happened to one group, in a sentence; `member` is a person, the nested group, or empty."""

    event: GroupEvent
    group: str
    member: str
    story: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Everything that differs between two mornings. Nobody is in more than one of the lists of people.

    Leavers are no longer in the company, nor in any group; their departure is not told again as group changes.
    """

    joiners: tuple[PersonStory, ...]
    movers: tuple[PersonStory, ...]
    leavers: tuple[PersonStory, ...]
    disabled: tuple[PersonStory, ...]
    enabled: tuple[PersonStory, ...]
    renamed: tuple[PersonStory, ...]
    group_changes: tuple[GroupStory, ...]


def next_day(company: Company, seed: int) -> tuple[Company, Day]:
    """The company a day later, and what happened; equal arguments give equal days.

    With enough people eight join, twelve move, six leave, two are disabled, one is enabled again and one takes another
    surname; nobody whom others answer to is among those who move or leave. In a small company fewer do.
    """
    chance = random.Random(seed)  # noqa: S311 - a demonstration has to be repeatable, not unpredictable
    draft = _Draft(company, chance)
    leavers = tuple(draft.leave(person) for person in draft.take(_LEAVERS))
    disabled = tuple(draft.disable(person) for person in draft.take(_DISABLED))
    enabled = tuple(draft.enable(person) for person in draft.disabled_before[:1])
    renamed = tuple(draft.rename(person) for person in draft.take(1))
    movers = tuple(draft.move(person, number) for number, person in enumerate(draft.take(_MOVERS)))
    joiners = tuple(draft.join() for _ in range(_JOINERS if company.people else 0))
    draft.change_roles()
    draft.found_a_team()
    day = Day(
        joiners=joiners,
        movers=movers,
        leavers=leavers,
        disabled=disabled,
        enabled=enabled,
        renamed=renamed,
        group_changes=tuple(draft.group_changes),
    )
    return draft.company(), day


class _Draft:
    """The company while its day happens."""

    def __init__(self, company: Company, chance: random.Random) -> None:
        self._chance = chance
        self._people = {person.id: person for person in company.people}
        self._groups = list(company.groups)
        self._by_name = {group.display_name: group for group in company.groups}
        self._memberships = dict.fromkeys(company.memberships)
        self._recruiter = _recruiter(company, chance)
        self.group_changes: list[GroupStory] = []
        leaders = {person.manager for person in company.people}
        self._leaders = [person for person in company.people if person.id in leaders]
        followers = [person for person in company.people if person.id not in leaders]
        chance.shuffle(followers)
        self.disabled_before = [person for person in followers if not person.account_enabled]
        self._untouched = iter([person for person in followers if _ordinary(person)])

    def company(self) -> Company:
        """The company at the end of the day."""
        return Company(
            people=tuple(self._people.values()),
            groups=tuple(self._groups),
            memberships=tuple(self._memberships),
        )

    def take(self, wanted: int) -> Iterator[Person]:
        """So many people to whom nothing has happened yet, or as many as there are."""
        return islice(self._untouched, wanted)

    def leave(self, person: Person) -> PersonStory:
        del self._people[person.id]
        self._memberships = {each: None for each in self._memberships if each.member != person.id}
        return _story(person, "leaves the company; the row is gone")

    def disable(self, person: Person) -> PersonStory:
        self._people[person.id] = replace(person, account_enabled=False)
        return _story(person, "goes on a long leave; the account is disabled")

    def enable(self, person: Person) -> PersonStory:
        self._people[person.id] = replace(person, account_enabled=True)
        return _story(person, "comes back; the account is enabled again")

    def rename(self, person: Person) -> PersonStory:
        renamed = self._people[person.id] = self._recruiter.under_another_surname(person)
        return _story(person, f"is now {renamed.display_name}, with the new e-mail {renamed.mail}")

    def join(self) -> PersonStory:
        department = self._chance.choice(company_lore.organisation().departments)
        joiner = self._recruiter.hire(
            department=department.name,
            job_title=self._chance.choice(department.titles),
            manager=self._leader_of(department.name, other_than=""),
        )
        self._people[joiner.id] = joiner
        self._enter(department_group(joiner.department), joiner)
        self._enter(site_group(joiner.workplace.office), joiner)
        self._enter(company_lore.organisation().roles[0].name, joiner)
        return _story(joiner, f"joins {joiner.department} as {joiner.job_title}")

    def move(self, person: Person, number: int) -> PersonStory:
        """One of four moves in turn: to another department, job title, manager or site."""
        turns = (self._to_department, self._to_title, self._to_manager, self._to_site)
        moved, story = turns[number % len(turns)](person)
        self._people[person.id] = moved
        return _story(person, story)

    def change_roles(self) -> None:
        """Two people into the first role's group, and two others out of it."""
        role = company_lore.organisation().roles[0].name
        if role not in self._by_name:
            return
        group = self._by_name[role].id
        members = {each.member for each in self._memberships if each.group == group}
        staying = list(islice(self._untouched, 10 * _ROLE_CHANGES))
        for person in [each for each in staying if each.id in members][:_ROLE_CHANGES]:
            self._exit(role, person)
        for person in [each for each in staying if each.id not in members][:_ROLE_CHANGES]:
            self._enter(role, person)

    def found_a_team(self) -> None:
        """A new group with its members, itself a member of the company's last group."""
        if not self._groups:
            return
        parent = self._groups[-1]
        group = Group(
            id=guid(self._chance),
            display_name=_free_name("Équipe d'astreinte", self._by_name),
            description="Who answers the telephone at night.",
        )
        self._groups.append(group)
        self._by_name[group.display_name] = group
        self._tell(GroupEvent.FOUNDED, group, "", f"{group.display_name} is founded.")
        for person in self.take(_NEW_TEAM):
            self._enter(group.display_name, person)
        self._memberships[Membership(group=parent.id, member=group.id)] = None
        story = f"{group.display_name} becomes a member of {parent.display_name}."
        self._tell(GroupEvent.NESTED, parent, group.id, story)

    def _to_department(self, person: Person) -> tuple[Person, str]:
        others = [each for each in company_lore.organisation().departments if each.name != person.department]
        department = self._chance.choice(others)
        moved = replace(
            person,
            department=department.name,
            job_title=self._chance.choice(department.titles),
            manager=self._leader_of(department.name, other_than=person.manager),
        )
        self._exit(department_group(person.department), person)
        self._enter(department_group(department.name), person)
        return moved, f"moves from {person.department} to {department.name} as {moved.job_title}"

    def _to_title(self, person: Person) -> tuple[Person, str]:
        titles = {each.name: each.titles for each in company_lore.organisation().departments}
        others = [each for each in titles[person.department] if each != person.job_title]
        title = self._chance.choice(others)
        return replace(person, job_title=title), f"is no longer {person.job_title} but {title}"

    def _to_manager(self, person: Person) -> tuple[Person, str]:
        manager = self._leader_of(person.department, other_than=person.manager)
        if manager == person.manager:
            return self._to_title(person)
        return replace(
            person, manager=manager
        ), f"answers to {self._people[manager].display_name} from now on"

    def _to_site(self, person: Person) -> tuple[Person, str]:
        others = [each for each in company_lore.places() if each.site != person.workplace.office]
        place = self._chance.choice(others)
        self._exit(site_group(person.workplace.office), person)
        self._enter(site_group(place.site), person)
        moved = replace(person, workplace=self._recruiter.workplace(place))
        return (
            moved,
            f"moves from {person.workplace.office} to {place.site}, with another address and telephone",
        )

    def _leader_of(self, department: str, *, other_than: str) -> str:
        """Somebody who leads in the department, else in the company; the given one where there is nobody else."""
        leaders = [each for each in self._leaders if each.id != other_than]
        near = [each for each in leaders if each.department == department]
        return self._chance.choice(near or leaders).id if leaders else other_than

    def _enter(self, name: str, person: Person) -> None:
        group = self._by_name.get(name)
        if group is not None:
            membership = Membership(group=group.id, member=person.id)
            if membership not in self._memberships:
                self._memberships[membership] = None
                self._tell(GroupEvent.MEMBER_IN, group, person.id, f"{person.display_name} enters {name}.")

    def _exit(self, name: str, person: Person) -> None:
        group = self._by_name.get(name)
        if group is not None:
            membership = Membership(group=group.id, member=person.id)
            if membership in self._memberships:
                del self._memberships[membership]
                self._tell(GroupEvent.MEMBER_OUT, group, person.id, f"{person.display_name} leaves {name}.")

    def _tell(self, event: GroupEvent, group: Group, member: str, story: str) -> None:
        self.group_changes.append(GroupStory(event=event, group=group.id, member=member, story=story))


def _story(person: Person, predicate: str) -> PersonStory:
    return PersonStory(id=person.id, story=f"{person.display_name} {predicate}.")


def _ordinary(person: Person) -> bool:
    """Whether the person is an enabled employee with mail, about whom the day's stories make sense."""
    return person.account_enabled and person.user_type == "Member" and bool(person.mail)


def _recruiter(company: Company, chance: random.Random) -> Recruiter:
    """A recruiter who gives nobody an address or a number of yesterday."""
    taken = {address for person in company.people for address in (person.user_principal_name, person.mail)}
    numbers = (int(person.employee_id[2:]) for person in company.people if person.employee_id)
    return Recruiter(chance, taken=taken, next_employee=max(numbers, default=0) + 1)


def _free_name(name: str, taken: Mapping[str, Group]) -> str:
    return name if name not in taken else next(f"{name} {n}" for n in count(2) if f"{name} {n}" not in taken)
