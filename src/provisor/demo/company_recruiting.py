"""How somebody joins the demo company, moves within it, or takes another name."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable
from dataclasses import replace

from provisor.demo import company_lore
from provisor.demo.company_lore import Name, Naming, Place
from provisor.demo.company_people import Person, Workplace

_LOCAL_NAMES = 0.72
_WITHOUT_MAIL = 0.04
_SHORT_MAIL = 0.03
_WITHOUT_MOBILE = 0.1


def guid(chance: random.Random) -> str:
    """A GUID (version 4) made of the given randomness."""
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


class Recruiter:
    """Makes people whose addresses nobody bears yet; `taken` are the addresses that somebody bears already."""

    def __init__(self, chance: random.Random, *, taken: Iterable[str] = (), next_employee: int = 1) -> None:
        self._chance = chance
        self._taken = set(taken)
        self._bearers: dict[str, int] = {}
        self._next_employee = next_employee
        self._organisation = company_lore.organisation()
        self._places = company_lore.places()
        self._place_weights = [place.weight for place in self._places]
        self._namings = company_lore.namings()
        self._languages = tuple(self._namings)

    def hire(self, *, department: str, job_title: str, manager: str) -> Person:
        """A new employee, at a site and with a name of chance's choosing."""
        place = self.place()
        naming = self._naming(place)
        given, surname = self._chance.choice(naming.given), self._chance.choice(naming.surname)
        principal = self._principal(given, surname)
        mail = self._mail(principal, given, surname)
        number = self._next_employee
        self._next_employee += 1
        written = (given.written, surname.written)
        return Person(
            id=guid(self._chance),
            user_principal_name=principal,
            display_name=" ".join(reversed(written) if naming.surname_first else written),
            given_name=given.written,
            surname=surname.written,
            mail=mail,
            mail_nickname=principal.partition("@")[0],
            proxy_addresses=(f"SMTP:{mail}",) if mail else (),
            job_title=job_title,
            department=department,
            company_name=self._organisation.company,
            employee_id=f"ML{number:06d}",
            employee_type=self._chance.choices(("Employee", "Contractor", "Intern"), (92, 5, 3))[0],
            manager=manager,
            workplace=self.workplace(place),
            preferred_language=place.language,
            user_type="Member",
            account_enabled=True,
            cost_center=f"CC-{100 + number % 37}",
        )

    def place(self) -> Place:
        """One of the company's sites, the large ones more often."""
        return self._chance.choices(self._places, self._place_weights)[0]

    def workplace(self, place: Place) -> Workplace:
        """An address and telephone numbers at a site; some have no mobile."""
        chance = self._chance
        return Workplace(
            office=place.site,
            mobile="" if chance.random() < _WITHOUT_MOBILE else self._number(place.mobile),
            telephone_number=self._number(place.telephone),
            street_address=chance.choice(place.streets).format(chance.randint(1, 180)),
            city=place.city,
            state=place.state,
            postal_code=chance.choice(place.postal_codes),
            country=place.country,
        )

    def as_guest(self, person: Person, partner: str) -> Person:
        """The person as a guest from a partner's domain (Entra: B2B guest)."""
        alias = person.mail_nickname
        nickname = f"{alias}_{partner}#EXT#"
        return replace(
            person,
            user_principal_name=f"{nickname}@{self._organisation.domain}",
            mail=f"{alias}@{partner}",
            mail_nickname=nickname,
            proxy_addresses=(f"SMTP:{alias}@{partner}",),
            user_type="Guest",
            employee_id="",
            employee_type="",
        )

    def under_another_surname(self, person: Person) -> Person:
        """The person with another surname, userPrincipalName and mail; the old mail stays as an alias."""
        surname = self._chance.choice(
            [each for each in self._namings["fr"].surname if each.written != person.surname]
        )
        given = Name(written=person.given_name, latin=person.mail_nickname.partition(".")[0])
        principal = self._principal(given, surname)
        reversed_order = person.display_name == f"{person.surname} {person.given_name}"
        written = (
            (surname.written, person.given_name) if reversed_order else (person.given_name, surname.written)
        )
        former = (f"smtp:{person.mail}",) if person.mail else ()
        return replace(
            person,
            user_principal_name=principal,
            display_name=" ".join(written),
            surname=surname.written,
            mail=principal,
            mail_nickname=principal.partition("@")[0],
            proxy_addresses=(f"SMTP:{principal}", *former),
        )

    def _principal(self, given: Name, surname: Name) -> str:
        """A userPrincipalName nobody bears, numbered from the second bearer of a name on."""
        alias = f"{given.latin}.{surname.latin}"
        while True:
            bearer = self._bearers[alias] = self._bearers.get(alias, 0) + 1
            principal = f"{alias}{bearer if bearer > 1 else ''}@{self._organisation.domain}"
            if principal not in self._taken:
                self._taken.add(principal)
                return principal

    def _naming(self, place: Place) -> Naming:
        if self._chance.random() < _LOCAL_NAMES:
            return self._namings[place.names]
        return self._namings[self._chance.choice(self._languages)]

    def _mail(self, principal: str, given: Name, surname: Name) -> str:
        draw = self._chance.random()
        short = f"{given.latin[0]}{surname.latin}@{self._organisation.domain}"
        if draw < _WITHOUT_MAIL:
            return ""
        if draw < _WITHOUT_MAIL + _SHORT_MAIL and short not in self._taken:
            self._taken.add(short)
            return short
        return principal

    def _number(self, pattern: str) -> str:
        known = pattern.rstrip("X")
        missing = len(pattern) - len(known)
        return f"{known}{self._chance.randrange(10**missing):0{missing}}"
