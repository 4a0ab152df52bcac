"""One application's job over a store and a scripted target, driven as an operator drives it."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
import random
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from provisor import gallery
from provisor.core import assignments, audit, identifiers, objects, plan, protection, provisioning_log
from provisor.core.application import Application, ApplicationSettings
from provisor.core.job import Job, Retries
from provisor.core.job_health import JobHealth
from provisor.core.reconciliation import ReconciliationSettings
from provisor.engine import (
    application_settings,
    applications,
    cycle,
    decisions,
    importing,
    preview,
    protecting,
)
from provisor.ports.store import Store
from provisor.ports.target import Target
from provisor.scim import dialects
from provisor.targets import profile
from provisor.targets.scim_target import ScimTarget
from support import declared_source, scripted_target, told_clock

ADMINISTRATOR = audit.Actor("gwen@example.com")

OPERATOR = "elsewhere.example:1:1"
"""A process on another machine, whose life nobody here can judge."""


class OperatorClock:
    """Says the time it was told. Waits of less than a second are real, so that the watch over a cycle lets it run."""

    def __init__(self) -> None:
        self._time = told_clock.START
        self._looks = 0
        self._told = asyncio.Event()

    def now(self) -> datetime:
        self._time += timedelta(milliseconds=1)
        return self._time

    def monotonic(self) -> float:
        return (self._time - told_clock.START).total_seconds()

    async def sleep(self, seconds: float) -> None:
        if seconds < 1:
            await asyncio.sleep(seconds)
            self._looks += 1
            return
        due = self.monotonic() + seconds
        while self.monotonic() < due:
            await self._told.wait()

    async def tell(self, seconds: float) -> None:
        """Let so much time pass; who waited for it gets a turn."""
        self._time += timedelta(seconds=seconds)
        told, self._told = self._told, asyncio.Event()
        told.set()
        for _ in range(5):
            await asyncio.sleep(0)

    async def looked_again(self) -> None:
        """Until the watch over a cycle has woken up and looked."""
        looks = self._looks
        while self._looks == looks:  # noqa: ASYNC110 - a clock tells nobody that it was asked
            await asyncio.sleep(0.005)


class Ids:
    """GUIDs in an order that is always the same; another `series` gives others."""

    def __init__(self, series: int = 0) -> None:
        self._numbers = itertools.count(1)
        self._series = series

    def __call__(self) -> str:
        number = next(self._numbers)
        return f"{self._series:04x}{number:04x}-0000-4000-8000-{number:012x}"


@dataclasses.dataclass(slots=True, kw_only=True)
class Provisioning:
    """`directory` is what the source says at the next import; `target_clock` is the target client's."""

    store: Store
    peer: scripted_target.ScriptedTarget
    directory: declared_source.Declared = dataclasses.field(default_factory=declared_source.Declared)
    clock: OperatorClock = dataclasses.field(default_factory=OperatorClock)
    target_clock: told_clock.ToldClock = dataclasses.field(default_factory=told_clock.ToldClock)
    new_id: Callable[[], str] = dataclasses.field(default_factory=Ids)
    process: str = OPERATOR
    read_timeout: float = 5.0
    name: str = "Example App"
    _names: dict[str, str] = dataclasses.field(default_factory=dict)

    # -- what an administrator does ----------------------------------------

    def add_application(
        self, *, template: str = "scim", roles: Iterable[str] = (), schema: Any = None, **settings: str
    ) -> None:
        """Add it from the gallery, one request at a time, everybody in scope unless `scope` says otherwise."""
        item = gallery.template(template)
        declared = tuple(
            assignments.AppRole(id=identifiers.RoleId(f"role-{role}"), value=role, display_name=f"The {role}")
            for role in roles
        )
        item = dataclasses.replace(item, roles=declared or item.roles, schema=schema or item.schema)
        applications.add(self.store, item, self.name, clock=self.clock, new_id=self.new_id)
        applications.enter_credentials(self.store, self.application, self.peer.url, self.peer.token)
        floors = dict.fromkeys(
            ("guardFloor", "guardDailyFloor", "guardUpdateFloor", "guardMembersFloor"), "1000"
        )
        self.set(**{"scope": "all", "concurrency": "1", **floors, **settings})

    def set(self, **settings: str) -> None:
        """Change settings by their names on the command line."""
        applications.change_settings(self.store, self.application, self.with_settings(settings))

    def with_settings(self, settings: Mapping[str, str]) -> ApplicationSettings:
        """The settings with some of them changed; nothing is kept."""
        changed = self.application.settings
        for key, value in settings.items():
            changed = application_settings.with_setting(changed, key, value)
        return changed

    def assignment_change(self, said: str | dict[str, str]) -> preview.AssignmentChange:
        """An assignment to be previewed: a short name, or one with its role."""
        name, role = (said, None) if isinstance(said, str) else next(iter(said.items()))
        with self.store.read() as unit:
            subject = self._principal(unit, name)
        return preview.assignment_change(self.application, subject, role)

    def save_schema(self, document: Any) -> None:
        """Use another schema from now on."""
        applications.save_schema(self.store, self.application, document)

    def assign(self, name: str, role: str | None = None) -> None:
        """Assign a person or group by the short name."""
        with self.store.read() as unit:
            subject = self._principal(unit, name)
        applications.assign(self.store, self.application, subject, role, clock=self.clock, new_id=self.new_id)

    def unassign(self, name: str, role: str | None = None) -> None:
        with self.store.read() as unit:
            subject = self._principal(unit, name)
        applications.unassign(self.store, self.application, subject, role, clock=self.clock)

    def import_directory(self) -> importing.ImportSummary:
        """Bring the directory in line with what `directory` says now."""
        return importing.import_source(
            self.store,
            self.directory.copy(),
            clock=self.clock,
            new_id=self.new_id,
            progress=lambda _count: None,
        )

    def hard_delete(self, *names: str) -> None:
        with self.store.write() as unit:
            ids = [self._principal(unit, name).id for name in names]
            unit.directory.set_lifecycle(ids, objects.Lifecycle.HARD_DELETED, self.clock.now())
            unit.directory.date_changes(self.clock.now())

    async def run(
        self, *, retries: Retries = Retries.ALL, reconcile: ReconciliationSettings | None = None
    ) -> cycle.CycleOutcome:
        """One cycle."""
        return await cycle.run(
            self.services,
            self.application.id,
            origin=plan.Origin.PERSON,
            retries=retries,
            progress=lambda *_: None,
            reconcile=reconcile,
        )

    async def make_plan(self) -> plan.Plan | None:
        return await cycle.make_plan(
            self.services, self.application.id, retries=Retries.ALL, progress=lambda *_: None
        )

    async def apply_plan(
        self, made: plan.Plan, selection: plan.Selection | None = None
    ) -> cycle.CycleOutcome:
        return await cycle.apply_plan(
            self.services,
            self.application.id,
            made,
            progress=lambda *_: None,
            selection=selection or plan.Selection(),
            by=ADMINISTRATOR,
        )

    def drop(self, made: plan.Plan, selection: plan.Selection | None = None) -> int:
        """Decide against what a plan holds; how many rows there are."""
        return decisions.drop(
            self.store,
            self.application,
            made,
            selection=selection or plan.Selection(),
            by=ADMINISTRATOR,
            clock=self.clock,
        )

    def protect(self, name: str) -> None:
        """Protect the account of a person or group by the short name; of `account 7`, by its id in the target."""
        kind, protected_id = self._protected(name)
        protecting.protect(
            self.store, self.application, kind, protected_id, note=f"{name} stays", clock=self.clock
        )

    def unprotect(self, name: str) -> None:
        protecting.unprotect(self.store, self.application, *self._protected(name))

    def _protected(self, name: str) -> tuple[protection.ProtectedKind, str]:
        if name.startswith("account "):
            return protection.ProtectedKind.ACCOUNT, name.removeprefix("account ")
        return protection.ProtectedKind.OBJECT, self.object_id(name)

    # -- what can be seen ----------------------------------------------------

    @property
    def services(self) -> cycle.Services:
        return cycle.Services(
            store=self.store,
            clock=self.clock,
            open_target=self.open_target,
            new_id=self.new_id,
            process=self.process,
        )

    def open_target(self, application: Application, secret_token: str) -> Target:
        options = application.settings.target
        return ScimTarget(
            tenant_url_text=application.tenant_url or "",
            token=secret_token,
            settings=profile.TargetProfile(
                concurrency=options.rate_budget.concurrency,
                page_size=options.page_size,
                max_members_per_request=options.max_members_per_request,
                listing_omissions={objects.ObjectType.USER: frozenset(options.listing_omits)},
                read_timeout=self.read_timeout,
                dialect=dialects.DIALECTS[options.dialect] if options.dialect else None,
            ),
            time=self.target_clock,
            random=random.Random(4),
        )

    @property
    def application(self) -> Application:
        with self.store.read() as unit:
            return applications.find(unit, self.name)

    @property
    def job(self) -> Job:
        application = self.application
        with self.store.read() as unit:
            return unit.jobs.get(application.id, application.settings.interval_seconds)

    @property
    def schema(self) -> Any:
        """The schema document of the application's job."""
        with self.store.read() as unit:
            return unit.applications.schema(self.application.id)

    @property
    def health(self) -> JobHealth:
        with self.store.read() as unit:
            return unit.jobs.health(self.application.id)

    @property
    def held_plan(self) -> plan.Plan | None:
        """The plan that waits for a person, as the job names it."""
        with self.store.read() as unit:
            return unit.plans.get(self.job.held_plan) if self.job.held_plan else None

    def object_id(self, name: str) -> identifiers.ObjectId:
        with self.store.read() as unit:
            return self._principal(unit, name).id

    def knows(self, name: str) -> bool:
        """Whether the person was ever imported: some come and go between two imports."""
        with self.store.read() as unit:
            object_id = unit.imports.object_id(declared_source.NAME, objects.ObjectType.USER, name)
            return unit.directory.get(object_id) is not None

    def link(self, name: str) -> Any:
        """The link of a person or group, None without one."""
        object_id = self.object_id(name)
        with self.store.read() as unit:
            return unit.links(self.application.id).of([object_id]).get(object_id)

    def escrow(self, name: str) -> Any:
        """The failure of a person or group, None without one."""
        object_id = self.object_id(name)
        with self.store.read() as unit:
            return unit.escrows(self.application.id).of([object_id]).get(object_id)

    def rows(self, plan_id: identifiers.PlanId) -> list[plan.RecordedRow]:
        with self.store.read() as unit:
            return list(unit.plans.rows(plan_id, limit=10_000))

    def told(self, plan_id: identifiers.PlanId) -> list[str]:
        """A plan's rows in words: `ada: create, noAccount, done`; the error code follows where there is one."""
        return sorted(self.tell(item) for item in self.rows(plan_id))

    def log(self) -> list[provisioning_log.LogRecord]:
        with self.store.read() as unit:
            return list(unit.log(self.application.id).entries(provisioning_log.LogQuery(), limit=10_000))

    def account(self, name: str) -> dict[str, Any] | None:
        """The account of a person (`name@…`) or the group in the target; at most one has the name."""
        users = self.peer.users.values()
        found = [one for one in users if str(one.get("userName")).partition("@")[0] == name]
        found += [one for one in self.peer.groups.values() if one.get("displayName") == name]
        assert len(found) <= 1, f"{name} is in the target {len(found)} times"
        return found[0] if found else None

    def members(self, group: str) -> set[str]:
        """The short names of a group's members in the target."""
        document = self.account(group)
        assert document is not None, f"there is no group {group} in the target"
        return {self.short_name(member["value"]) for member in document.get("members", ())}

    def short_name(self, target_id: str) -> str:
        """By what name the tests know a resource, also one that was there when it was last asked for."""
        for key, document in (*self.peer.users.items(), *self.peer.groups.items()):
            name = str(document.get("userName") or document["displayName"])
            self._names[key] = name.partition("@")[0]
        return self._names.get(target_id, f"?{target_id}")

    def forget_name(self, target_id: str) -> None:
        """Somebody else may have the name from now on."""
        self._names[target_id] = f"former {self._names[target_id]}"

    def tell(self, item: plan.RecordedRow) -> str:
        """One row in words."""
        row = item.row
        principal = row.details.principal_name
        name = principal.removesuffix("@example.com") if principal else row.details.name
        words = [row.kind.value, row.reason.value, item.state.value]
        words += [item.error_code.value] if item.error_code else []
        return f"{name}: {', '.join(words)}"

    def _principal(self, unit: Any, name: str) -> objects.DirectoryObject:
        kind = objects.ObjectType.GROUP if name in self.directory.groups else objects.ObjectType.USER
        object_id = unit.imports.object_id(declared_source.NAME, kind, name)
        found = unit.directory.get(object_id) or unit.directory.get(
            unit.imports.object_id(declared_source.NAME, objects.ObjectType.GROUP, name)
        )
        assert found is not None, f"the directory has no {name}"
        return found
