"""One history: events, cycles that are killed and meet a target in trouble, and now and then a look at where things stand."""

from __future__ import annotations

import contextlib
import copy
import os
import pathlib
import random
import shutil
import socket
from collections.abc import Iterator
from typing import Any

from provisor import gallery
from provisor.core import plan
from provisor.core.errors import ProvisorError
from provisor.core.job import Retries
from provisor.core.reconciliation import ReconciliationSettings
from provisor.engine import applications, commands, cycle
from provisor.store.database import Database
from provisor.store.secrecy import open_keyring
from provisor.store.unit_of_work import SqlStore
from simulation import company, oracle, trouble
from simulation.company import ROLE, Company, happen
from support import mortality, provisioning, scripted_target

_FAULT_RATES = (0.0, 0.05, 0.1, 0.3)
_KILLED = 0.5
"""The share of cycles whose process dies before the end."""

_LONGEST_LIFE = 60
"""Store transactions and target calls after which a process that is to die is dead at the latest."""

_FIRST_PEOPLE, _FIRST_GROUPS = 20, 4

_REST_WITHIN = 12
"""Cycles after which a job whose target works must have nothing left to do."""


class WrongError(AssertionError):
    """Something happened that must not happen."""


class History:
    """A company, its Provisor and its target, driven by one seed."""

    def __init__(self, peer: scripted_target.ScriptedTarget, folder: pathlib.Path, seed: int) -> None:
        self._peer = peer
        self._folder = folder
        self._chance = random.Random(seed)
        self._company = Company()
        self._lives = 0
        self.journal: list[str] = []
        self.kills = 0
        self.cycles = 0
        self.target = trouble.Trouble(peer, random.Random(seed + 1), self._judge)

    @contextlib.contextmanager
    def _process(self) -> Iterator[provisioning.Provisioning]:
        """Provisor in a process of its own; the one before is dead."""
        self._lives += 1
        database = Database(f"sqlite:///{self._folder / 'provisor.db'}")
        store = SqlStore(database, open_keyring(None, self._folder / "key"))
        try:
            yield provisioning.Provisioning(
                store=store,
                peer=self._peer,
                directory=self._company.directory,
                new_id=provisioning.Ids(self._lives),
                process=f"{socket.gethostname()}:{os.getpid()}:{self._lives}",
            )
        finally:
            store.close()

    def begin(self, empty_database: pathlib.Path) -> None:
        """Found the company and add the application, with a role."""
        shutil.copy(empty_database, self._folder / "provisor.db")
        while len(self._company.directory.users) < _FIRST_PEOPLE:
            self.journal.append(company.hire(self._company, self._chance).told)
        for _ in range(_FIRST_GROUPS):
            self.journal.append(company.found_group(self._company, self._chance).told)
        with self._process() as provisor:
            provisor.add_application(roles=[ROLE], scope="assigned")
            provisor.import_directory()
            for group in list(self._company.directory.groups)[:2]:
                self._company.assignments.add((group, ROLE))
                provisor.assign(group, ROLE)

    async def chapter(self) -> None:
        """Some events, and cycles that go more or less well."""
        for _ in range(self._chance.randint(1, 12)):
            self._event()
        with self._process() as provisor:
            provisor.import_directory()
        if self._chance.random() < 0.3:
            self._somebody_meddles()
        for _ in range(self._chance.choice((1, 1, 2))):
            await self._cycle()

    def _event(self) -> None:
        event = happen(self._company, self._chance)
        if event is None:
            return
        self.journal.append(event.told)
        with self._process() as provisor:
            if event.assign or event.unassign or event.deleted_for_good:
                provisor.import_directory()
            if event.assign:
                provisor.assign(*event.assign)
            if event.unassign:
                provisor.unassign(*event.unassign)
            if event.deleted_for_good and provisor.knows(event.deleted_for_good):
                provisor.hard_delete(event.deleted_for_good)
            if event.settings:
                provisor.set(**dict(event.settings))
            if event.filtered:
                self._filter(provisor)

    def _filter(self, provisor: provisioning.Provisioning) -> None:
        """Save mappings whose filter on users is what the company says."""
        document = copy.deepcopy(gallery.template("scim").schema)
        [users, _groups] = document["synchronizationRules"][0]["objectMappings"]
        clause = {
            "sourceOperandName": "department",
            "operatorName": "EQUALS",
            "targetOperand": {"values": [self._company.only]},
        }
        groups = [{"name": "department", "clauses": [clause]}] if self._company.only else []
        users["scope"] = {"groups": groups, "inputFilterGroups": [], "categoryFilterGroups": []}
        applications.save_schema(provisor.store, provisor.application, document)

    async def _cycle(self) -> None:
        self.cycles += 1
        self.target.rate = self._chance.choice(_FAULT_RATES)
        dies = self._chance.randint(1, _LONGEST_LIFE) if self._chance.random() < _KILLED else None
        death = mortality.Death(dies)
        self.journal.append(f"cycle {self.cycles}, faults {self.target.rate}, dies {dies}")
        with self._process() as provisor, contextlib.suppress(ProvisorError):
            try:
                outcome = await cycle.run(
                    mortality.mortal(provisor.services, death),
                    provisor.application.id,
                    origin=plan.Origin.SCHEDULE,
                    retries=self._chance.choice(tuple(Retries)),
                    progress=lambda *_: None,
                )
                self.journal.append(f"  {type(outcome).__name__}, {len(self._peer.requests)} requests so far")
            except mortality.DeathError as error:
                self.journal.append(f"  killed {error}")
                self.kills += 1
            except BaseExceptionGroup as group:
                if group.split(mortality.DeathError)[1] is not None:
                    raise
                self.journal.append("  killed")
                self.kills += 1
        self._judged()

    def _somebody_meddles(self) -> None:
        """An administrator of the target changes things by hand."""
        accounts = [account for account in self._peer.users.values() if account.get("active") is True]
        if not accounts:
            return
        account = self._chance.choice(accounts)
        match self._chance.choice(("title", "delete", "disable", "enable", "foreign", "early")):
            case "title":
                account["title"] = "Changed by hand"
            case "delete":
                del self._peer.users[account["id"]]
            case "disable":
                account["active"] = False
            case "enable":
                # the account of somebody deleted for good after an unassignment is nobody's concern any more (row 23)
                disabled = [
                    one
                    for one in self._peer.users.values()
                    if one.get("active") is False and self._owner(one) not in self._company.gone
                ]
                if disabled:
                    account = self._chance.choice(disabled)
                    account["active"] = True
            case "foreign":
                number = f"f{len(self._peer.users)}-{self.cycles}"
                self._peer.users[number] = {"id": number, "userName": f"{number}@elsewhere", "active": True}
            case "early":
                self._account_made_early()
                return
        self.journal.append(f"somebody meddles with {account['userName']}")

    def _account_made_early(self) -> None:
        """Somebody of the directory who has no account gets one that Provisor did not make.

        Not somebody whose account is still to be renamed: two accounts would want one userName, which no target allows.
        """
        taken = {str(account.get("userName")) for account in self._peer.users.values()}
        owners = {self._owner(account) for account in self._peer.users.values()}
        without = [
            name
            for name in sorted(self._company.directory.users)
            if oracle.user_name(self._company, name) not in taken and name not in owners
        ]
        if without:
            name = self._chance.choice(without)
            number = f"e-{name}-{self.cycles}"
            self._peer.users[number] = {
                "id": number,
                "userName": oracle.user_name(self._company, name),
                "active": True,
            }
            self.journal.append(f"an administrator of the target gives {name} an account")

    # -- what must be true --------------------------------------------------

    def _judge(self, before: dict[str, Any], after: dict[str, Any] | None) -> None:
        """A write that takes an account away from somebody who belongs is wrong, whenever it happens."""
        if before.get("active") is not True or (after is not None and after.get("active") is True):
            return
        owner = self._owner(before)
        if owner is not None and oracle.belongs(self._company, owner):
            self.target.problems.append(f"{owner} belongs, and lost the account {before}: {after}")

    def _owner(self, account: dict[str, Any]) -> str | None:
        external = str(account.get("externalId", ""))
        if external.startswith("oid-"):
            return external.removeprefix("oid-")
        names = {oracle.user_name(self._company, name): name for name in self._company.directory.users}
        return names.get(str(account.get("userName")))

    def _judged(self) -> None:
        if self.target.problems:
            raise WrongError("; ".join(self.target.problems))
        owners = [account["externalId"] for account in self._peer.users.values() if "externalId" in account]
        twice = {owner for owner in owners if owners.count(owner) > 1}
        if twice:
            raise WrongError(f"somebody has two accounts: {sorted(twice)}")

    async def come_to_rest(self) -> None:
        """With a target that works and processes that live, everything becomes as it should be."""
        self.target.rate = 0.0
        self.journal.append("rest")
        with self._process() as provisor:
            await self._until_nothing_is_left(provisor)
            if self._chance.random() < 0.5:
                self.journal.append("  restarted")
                commands.restart(provisor.store, provisor.application.id)
                await self._until_nothing_is_left(provisor)
            outcome = await provisor.run(reconcile=ReconciliationSettings())
            self.journal.append(f"  reconciled: {type(outcome).__name__}")
            await self._until_nothing_is_left(provisor)
            with provisor.store.read() as unit:
                escrowed = unit.escrows(provisor.application.id).count()
        self._judged()
        wrong = list(self._wrong())
        if escrowed:
            wrong.append(f"{escrowed} objects wait in escrow")
        if wrong:
            raise WrongError("; ".join(wrong))

    async def _until_nothing_is_left(self, provisor: provisioning.Provisioning) -> None:
        for _ in range(_REST_WITHIN):
            outcome = await provisor.run()
            if isinstance(outcome, cycle.NothingToDo):
                return
        raise WrongError(f"the job does not come to rest: {outcome}")

    def _wrong(self) -> Iterator[str]:
        by_name = {str(account.get("userName")): account for account in self._peer.users.values()}
        for name in self._company.directory.users:
            account = by_name.get(oracle.user_name(self._company, name))
            if not oracle.belongs(self._company, name):
                continue
            if account is None:
                yield f"{name} belongs, and has no account"
                continue
            yield from (f"{name}: {what}" for what in oracle.wrong_attributes(self._company, name, account))
        for account in self._peer.users.values():
            owner = self._owner(account)
            mine = account["id"] in self.target.written
            if (
                mine
                and account.get("active") is True
                and (owner is None or not oracle.belongs(self._company, owner))
            ):
                yield f"{owner or account} does not belong, and has an active account {account['id']}"
        yield from self._wrong_groups()

    def _wrong_groups(self) -> Iterator[str]:
        names = {account["id"]: self._owner(account) for account in self._peer.users.values()}
        groups = {group["id"]: group["displayName"] for group in self._peer.groups.values()}
        found = {group["displayName"]: group for group in self._peer.groups.values()}
        for group, members in self._company.directory.groups.items():
            if not oracle.group_belongs(self._company, group):
                continue
            if group not in found:
                yield f"the group {group} belongs, and is not there"
                continue
            ids = [member["value"] for member in found[group].get("members", ())]
            # a member whose account was deleted by hand may still be listed: this target tidies nothing up
            there = {names.get(member) or groups.get(member) or "" for member in ids} - {""}
            wanted = {member for member in members if self._is_there(member)}
            if not wanted <= there:
                yield f"the group {group} lacks {sorted(wanted - there)}"
            if not there <= set(members) | set(self._company.away):
                yield f"the group {group} has {sorted(there - set(members))} too many"
        for group in found:
            if not oracle.group_belongs(self._company, group):
                yield f"the group {group} does not belong, and is there"

    def _is_there(self, member: str) -> bool:
        if member in self._company.directory.groups:
            return oracle.group_belongs(self._company, member)
        return oracle.belongs(self._company, member)
