"""The company of a history: who is in the directory, who is assigned, and what happens to them, one event at a time."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from support.declared_source import Declared

ROLE = "Standard"
TITLES = ("Painter", "Buyer", "Seller", "Adviser", "Director", "Trainee", "Welder", "Nurse")
DEPARTMENTS = ("Sales", "Purchasing", "Works", "Care")
ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "jobTitle": TITLES,
    "department": DEPARTMENTS,
    "city": ("Lyon", "Łódź", "Köln", "São Paulo"),
    "givenName": ("Ada", "Zoë", "Ünal", "O'Neil", 'Jo "Joe"'),
    "mobile": ("+33 6 01 02 03 04", "+48 600 700 800", "+49 170 1112223"),
}
MOST_PEOPLE, MOST_GROUPS = 40, 6


@dataclass(slots=True)
class Company:
    """What a history has made of the company so far; `assignments` are (name, role) pairs, a role of None is Default Access.

    `only` is the department that the scoping filter lets pass, where there is a filter.
    `gone` are people who were deleted for good, `away` those that can still come back.
    """

    directory: Declared = field(default_factory=Declared)
    assignments: set[tuple[str, str | None]] = field(default_factory=set)
    everybody: bool = False
    only: str | None = None
    nested: bool = False
    away: dict[str, dict[str, Any]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    dead_groups: set[str] = field(default_factory=set)
    hired: int = 0
    founded: int = 0
    renamed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, in words; what must be told to Provisor beside the next import, if anything."""

    told: str
    assign: tuple[str, str | None] | None = None
    unassign: tuple[str, str | None] | None = None
    deleted_for_good: str | None = None
    settings: tuple[tuple[str, str], ...] = ()
    filtered: bool = False


def happen(company: Company, chance: random.Random) -> Event | None:
    """One more event; None where the dice named one that cannot happen now."""
    events, weights = zip(*_EVENTS, strict=True)
    return chance.choices(events, weights)[0](company, chance)


def _hire(company: Company, chance: random.Random) -> Event | None:
    return None if len(company.directory.users) >= MOST_PEOPLE else hire(company, chance)


def hire(company: Company, chance: random.Random) -> Event:
    """Somebody new, with a manager and a group more often than not."""
    company.hired += 1
    name = f"p{company.hired}"
    said: dict[str, Any] = {key: chance.choice(values) for key, values in ATTRIBUTES.items()}
    if company.directory.users and chance.random() < 0.5:
        said["manager"] = chance.choice(sorted(company.directory.users))
    if chance.random() < 0.1:
        said["accountEnabled"] = False
    company.directory.users[name] = said
    _join_some_group(company, name, chance)
    return Event(told=f"{name} is hired: {said}")


def _join_some_group(company: Company, name: str, chance: random.Random) -> None:
    if company.directory.groups and chance.random() < 0.7:
        company.directory.groups[chance.choice(sorted(company.directory.groups))].append(name)


def _move(company: Company, chance: random.Random) -> Event | None:
    name = _somebody(company, chance)
    if name is None:
        return None
    key = chance.choice(sorted(ATTRIBUTES))
    value = chance.choice((*ATTRIBUTES[key], None)) if key != "givenName" else chance.choice(ATTRIBUTES[key])
    company.directory.users[name][key] = value
    return Event(told=f"{key} of {name} becomes {value}")


def _marry(company: Company, chance: random.Random) -> Event | None:
    name = _somebody(company, chance)
    if name is None:
        return None
    company.renamed += 1
    company.directory.users[name]["userPrincipalName"] = f"{name}.{company.renamed}@example.com"
    company.directory.users[name]["surname"] = f"Newname{company.renamed}"
    return Event(told=f"{name} marries and becomes {name}.{company.renamed}")


def _new_manager(company: Company, chance: random.Random) -> Event | None:
    name, manager = _somebody(company, chance), _somebody(company, chance)
    if name is None or name == manager:
        return None
    company.directory.users[name]["manager"] = manager
    return Event(told=f"{manager} is the manager of {name}")


def _block_or_unblock(company: Company, chance: random.Random) -> Event | None:
    name = _somebody(company, chance)
    if name is None:
        return None
    enabled = not company.directory.users[name].get("accountEnabled", True)
    company.directory.users[name]["accountEnabled"] = enabled
    return Event(told=f"{name} may {'' if enabled else 'not '}sign in")


def _leave(company: Company, chance: random.Random) -> Event | None:
    name = _somebody(company, chance)
    if name is None or len(company.directory.users) < 4:
        return None
    company.away[name] = company.directory.users.pop(name)
    _out_of_groups(company, name)
    return Event(told=f"{name} leaves")


def _come_back(company: Company, chance: random.Random) -> Event | None:
    if not company.away:
        return None
    name = chance.choice(sorted(company.away))
    company.directory.users[name] = company.away.pop(name)
    _join_some_group(company, name, chance)
    return Event(told=f"{name} comes back")


def _delete_for_good(company: Company, chance: random.Random) -> Event | None:
    if not company.away:
        return None
    name = chance.choice(sorted(company.away))
    del company.away[name]
    company.gone.add(name)
    company.assignments = {item for item in company.assignments if item[0] != name}
    return Event(told=f"{name} is deleted for good", deleted_for_good=name)


def _found_group(company: Company, chance: random.Random) -> Event | None:
    return None if len(company.directory.groups) >= MOST_GROUPS else found_group(company, chance)


def found_group(company: Company, chance: random.Random) -> Event:
    """A new group of some of the people there are."""
    company.founded += 1
    name = f"G{company.founded}"
    people = sorted(company.directory.users)
    company.directory.groups[name] = chance.sample(people, min(len(people), chance.randint(0, 8)))
    return Event(told=f"the group {name} is made of {company.directory.groups[name]}")


def _change_members(company: Company, chance: random.Random) -> Event | None:
    if not company.directory.groups:
        return None
    group = chance.choice(sorted(company.directory.groups))
    members = company.directory.groups[group]
    others = sorted((set(company.directory.users) | set(company.directory.groups)) - set(members) - {group})
    if members and (not others or chance.random() < 0.5):
        gone = chance.choice(members)
        members.remove(gone)
        return Event(told=f"{gone} is no member of {group} any more")
    if not others:
        return None
    new = chance.choice(others)
    members.append(new)
    return Event(told=f"{new} becomes a member of {group}")


def _close_group(company: Company, chance: random.Random) -> Event | None:
    if len(company.directory.groups) < 3:
        return None
    name = chance.choice(sorted(company.directory.groups))
    del company.directory.groups[name]
    company.dead_groups.add(name)
    _out_of_groups(company, name)
    return Event(told=f"the group {name} is closed")


def _assign(company: Company, chance: random.Random) -> Event | None:
    principals = sorted(company.directory.users) + 3 * sorted(company.directory.groups)
    if not principals:
        return None
    item = (chance.choice(principals), chance.choice((ROLE, ROLE, ROLE, None)))
    if item in company.assignments:
        return None
    company.assignments.add(item)
    return Event(told=f"{item[0]} is assigned with {item[1] or 'Default Access'}", assign=item)


def _unassign(company: Company, chance: random.Random) -> Event | None:
    # somebody who is away stays assigned, as in the directory that this is told to
    present = {item for item in company.assignments if item[0] not in company.away}
    present = {item for item in present if item[0] not in company.dead_groups}
    if not present:
        return None
    item = chance.choice(sorted(present, key=str))
    name, role = item
    if role is None:
        # without a role, every assignment ends
        company.assignments = {other for other in company.assignments if other[0] != name}
        return Event(told=f"{name} is not assigned any more", unassign=item)
    company.assignments.remove(item)
    return Event(told=f"{name} is not assigned with {role} any more", unassign=item)


def _change_scope(company: Company, _chance: random.Random) -> Event | None:
    company.everybody = not company.everybody
    scope = "all" if company.everybody else "assigned"
    return Event(told=f"the scope becomes {scope}", settings=(("scope", scope),))


def _change_filter(company: Company, chance: random.Random) -> Event | None:
    company.only = None if company.only else chance.choice(DEPARTMENTS)
    return Event(told=f"the scoping filter lets pass {company.only or 'everybody'}", filtered=True)


def _change_reach(company: Company, _chance: random.Random) -> Event | None:
    company.nested = not company.nested
    reach = "effective" if company.nested else "direct"
    return Event(told=f"roles reach {reach} members", settings=(("roleReach", reach),))


def _somebody(company: Company, chance: random.Random) -> str | None:
    return chance.choice(sorted(company.directory.users)) if company.directory.users else None


def _out_of_groups(company: Company, name: str) -> None:
    for members in company.directory.groups.values():
        if name in members:
            members.remove(name)


_EVENTS: tuple[tuple[Callable[[Company, random.Random], Event | None], float], ...] = (
    (_hire, 12),
    (_move, 14),
    (_marry, 2),
    (_new_manager, 4),
    (_block_or_unblock, 5),
    (_leave, 5),
    (_come_back, 3),
    (_delete_for_good, 2),
    (_found_group, 3),
    (_change_members, 12),
    (_close_group, 1),
    (_assign, 10),
    (_unassign, 5),
    (_change_scope, 0.5),
    (_change_reach, 1),
    (_change_filter, 1),
)
