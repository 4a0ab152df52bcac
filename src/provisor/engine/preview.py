"""Previewing a change: every object judged twice, under the present configuration and the next.

Reads the store alone, a page at a time; nothing is saved, and the target is not asked. What it costs is estimated.
"""

from __future__ import annotations

import collections
import dataclasses
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from provisor.core import assignments, changes, deciding, expressions, guard, mapping, preview, schema
from provisor.core.application import Application, ApplicationSettings
from provisor.core.identifiers import ObjectId, RoleId
from provisor.core.identifiers import Sequence as SequenceNumber
from provisor.core.objects import DirectoryObject, ObjectType
from provisor.engine import applications
from provisor.engine.scope_judging import Grants, GrantsReader, ScopeJudge
from provisor.ports.store import Store, UnitOfWork

PAGE = 1000
"""Objects judged at a time."""

_SEED = "preview"
"""Both sides draw the same lots, so that no difference is a matter of chance."""

Tell = Callable[[preview.Foreseen], None]
"""Told of every object that something will be done to, or was going to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentChange:
    """An assignment to be added or ended; `role_id` of None adds Default Access, and ends every role."""

    principal: DirectoryObject
    role_id: RoleId | None


def assignment_change(
    application: Application, principal: DirectoryObject, role: str | None
) -> AssignmentChange:
    """An assignment by the name of its role; without one, with Default Access when assigned, or all when ended.

    Raises `InvalidInputError` naming the roles there are.
    """
    return AssignmentChange(
        principal=principal,
        role_id=None if role is None else applications.role_named(application, principal, role).id,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedChange:
    """What an administrator is about to do; what is None or empty stays as it is."""

    schema: Mapping[str, Any] | None = None
    settings: ApplicationSettings | None = None
    assign: tuple[AssignmentChange, ...] = ()
    unassign: tuple[AssignmentChange, ...] = ()


@dataclass(slots=True, kw_only=True)
class Preview:
    """What a change brings about in all.

    `effects` counts objects, `planned` what the next cycle will do by kind of change, `requests` estimates its requests
    by kind, and `minutes` the time they take within the target's limits. `overwritten` counts accounts by the attribute
    that would be replaced, `held` is what the guard will say.
    """

    everybody: bool
    effects: collections.Counter[preview.Effect] = field(default_factory=collections.Counter)
    planned: collections.Counter[changes.ChangeKind] = field(default_factory=collections.Counter)
    requests: collections.Counter[str] = field(default_factory=collections.Counter)
    overwritten: collections.Counter[str] = field(default_factory=collections.Counter)
    linked: int = 0
    minutes: float = 0.0
    held: str | None = None


def run(store: Store, application: Application, change: ProposedChange, now: datetime, tell: Tell) -> Preview:
    """What the change brings about. Raises `InvalidInputError` where it could not be saved."""
    if change.schema is not None:
        applications.check_schema(change.schema)
    with store.read() as unit:
        stored = unit.applications.schema(application.id)
        up_to = unit.directory.sequence()
        linked = unit.links(application.id).count()
        removed_before = unit.held(application.id).removals_since(now - guard.WINDOW)
    following = applications.with_settings(application, change.settings or application.settings)
    present, next_schema = schema.parse(stored), schema.parse(change.schema or stored)
    made = Preview(
        everybody=change.schema is not None or applications.looks_at_everybody(application, following),
        linked=linked,
    )
    grants = _ProposedGrants(store, following, change)
    comparison = _Comparison(store, made, tell, up_to)
    for object_type in ObjectType:
        comparison.of_type(
            object_type,
            _side(application, present, object_type, now),
            _side(following, next_schema, object_type, now, grants.read),
        )
    _estimate(made, following, removed_before)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One configuration, for one object type."""

    application: Application
    compiled: mapping.CompiledMapping
    judge: ScopeJudge
    now: datetime

    def cases(self, unit: UnitOfWork, subjects: Sequence[DirectoryObject]) -> Sequence[deciding.Case]:
        """The cases of a page, none of them taken to be unchanged."""
        settings = self.application.settings
        ids = [subject.id for subject in subjects]
        links = unit.links(self.application.id).of(ids)
        protected = unit.protections(self.application.id).of(
            [(item, links[item].target_id if item in links else None) for item in ids]
        )
        circumstances = expressions.Circumstances(
            now=self.now, seed=_SEED, default_domain=settings.default_domain
        )
        return [
            deciding.Case(
                subject=subject,
                verdict=verdict,
                link=links.get(subject.id),
                mapping=self.compiled,
                out_of_scope_deletions=settings.out_of_scope_deletions,
                deprovisioning=settings.deprovisioning,
                now=self.now,
                circumstances=circumstances,
                unchanged=False,
                protected=subject.id in protected,
            )
            for subject, verdict in zip(subjects, self.judge.verdicts(unit, subjects), strict=True)
        ]


def _side(
    application: Application,
    parsed: schema.SynchronizationSchema,
    object_type: ObjectType,
    now: datetime,
    grants: GrantsReader | None = None,
) -> _Side | None:
    item = parsed.mapping_of(object_type)
    if item is None:
        return None
    return _Side(
        application=application,
        compiled=mapping.compile_mapping(item, application.roles),
        judge=ScopeJudge(application, item.scope, now, grants),
        now=now,
    )


class _Comparison:
    """Compares two configurations object by object, and counts what comes of it."""

    def __init__(self, store: Store, made: Preview, tell: Tell, up_to: SequenceNumber) -> None:
        self._store = store
        self._made = made
        self._tell = tell
        self._up_to = up_to

    def of_type(self, object_type: ObjectType, before: _Side | None, after: _Side | None) -> None:
        """Compare every object of a type; None stands for a configuration that does not provision them."""
        if before is None and after is None:
            return
        asked: collections.Counter[type] = collections.Counter()
        for subjects in self._pages(object_type):
            with self._store.read() as unit:
                nobody: Sequence[deciding.Case | None] = [None] * len(subjects)
                befores = before.cases(unit, subjects) if before else nobody
                afters = after.cases(unit, subjects) if after else nobody
            for old, new in zip(befores, afters, strict=True):
                foreseen = preview.compare(old, new)
                if foreseen is not None:
                    self._count(foreseen)
                if new is not None and (self._made.everybody or foreseen is not None):
                    asked[type(deciding.consider(new))] += 1
        if after is not None:
            self._count_reads(after, object_type, asked[deciding.AskMatch], asked[deciding.AskRead])

    def _pages(self, object_type: ObjectType) -> Iterator[Sequence[DirectoryObject]]:
        last = SequenceNumber(0)
        while True:
            with self._store.read() as unit:
                page = unit.directory.changed(object_type, last, self._up_to, PAGE)
            if not page:
                return
            last = page[-1].sequence
            yield page

    def _count(self, foreseen: preview.Foreseen) -> None:
        made = self._made
        self._tell(foreseen)
        made.effects[foreseen.effect] += 1
        kind = kind_of(foreseen.after)
        if kind is not None:
            made.planned[kind] += 1
            made.overwritten.update(guard.overwritten(kind, foreseen.modifications))
            if kind not in (changes.ChangeKind.LINK, changes.ChangeKind.FAIL):
                made.requests[kind.value] += 1

    def _count_reads(self, side: _Side, object_type: ObjectType, matched: int, read: int) -> None:
        """What will be asked: a listing of everything where that takes fewer requests, as planning does it."""
        made = self._made
        with self._store.read() as unit:
            accounts = unit.links(side.application.id).count_by_type().get(object_type, 0)
        options = side.application.settings.target
        pages = math.ceil(max(accounts, 1) / options.page_size)
        left_out = frozenset(options.listing_omits) & side.compiled.target_attributes
        if made.everybody and pages <= matched + read:
            made.requests["list"] += pages
            made.requests["read"] += read if left_out and object_type is ObjectType.USER else 0
        else:
            made.requests["find"] += matched
            made.requests["read"] += read


_KINDS: Mapping[type[changes.Decision], changes.ChangeKind] = {
    changes.Create: changes.ChangeKind.CREATE,
    changes.Update: changes.ChangeKind.UPDATE,
    changes.Tie: changes.ChangeKind.LINK,
    changes.Disable: changes.ChangeKind.DISABLE,
    changes.Delete: changes.ChangeKind.DELETE,
    changes.Fail: changes.ChangeKind.FAIL,
}


def kind_of(decision: changes.Decision) -> changes.ChangeKind | None:
    """The kind of the plan row that a decision becomes; None where nothing is done to an account."""
    if isinstance(decision, changes.Update) and decision.enabling:
        return changes.ChangeKind.ENABLE
    return _KINDS.get(type(decision))


def _estimate(made: Preview, application: Application, removed_before: int) -> None:
    """The time that the requests take within the limits, and what the guard will say."""
    budget = application.settings.target.rate_budget
    reads = sum(made.requests[kind] for kind in ("list", "find", "read"))
    writes = made.requests.total() - reads
    for count, limit in ((reads, budget.reads_per_minute), (writes, budget.writes_per_minute)):
        made.minutes += count / limit if limit else 0.0
    counted = guard.totals(made.planned.items(), made.linked)
    totals = dataclasses.replace(counted, overwritten=made.overwritten, removed_before=removed_before)
    breaches = guard.judge(totals, application.settings.guard)
    made.held = " ".join(breach.reason for breach in breaches) or None


class _ProposedGrants:
    """In which ways objects hold a role once assignments were added and ended."""

    def __init__(self, store: Store, application: Application, change: ProposedChange) -> None:
        self._application = application
        self._added = change.assign
        self._ended = {(item.principal.id, item.role_id) for item in change.unassign}
        reach = application.settings.role_reach
        with store.read() as unit:
            self._groups = {
                item.principal.id: _reached(unit, item.principal.id, reach)
                for item in change.assign
                if item.principal.object_type is ObjectType.GROUP
            }

    def read(self, unit: UnitOfWork, ids: Sequence[ObjectId]) -> Grants:
        """The grants of these objects."""
        application = self._application
        stored = unit.candidates(application.id).grants(ids, application.settings.role_reach)
        found = {
            object_id: [grant for grant in grants if not self._is_ended(object_id, grant)]
            for object_id, grants in stored.items()
        }
        for item in self._added:
            if item.principal.id in ids:
                found.setdefault(item.principal.id, []).append(assignments.Grant(_role(item)))
            for group in self._groups.get(item.principal.id, ()):
                for member in unit.references(application.id).live_members(group, ids):
                    found.setdefault(member, []).append(assignments.Grant(_role(item), item.principal.id))
        return found

    def _is_ended(self, object_id: ObjectId, grant: assignments.Grant) -> bool:
        principal = grant.via or object_id
        return bool({(principal, grant.role_id), (principal, None)} & self._ended)


def _role(item: AssignmentChange) -> RoleId:
    return item.role_id or assignments.DEFAULT_ACCESS


def _reached(unit: UnitOfWork, group: ObjectId, reach: assignments.RoleReach) -> Sequence[ObjectId]:
    """The groups whose direct members a role of a group reaches."""
    found, waiting = [group], [group]
    while waiting and reach is assignments.RoleReach.EFFECTIVE:
        last, outer = "", waiting.pop()
        while members := unit.directory.members_of(outer, last, PAGE):
            last = members[-1][0]
            for item in unit.directory.many([member for member, _ in members]):
                if item.object_type is ObjectType.GROUP and item.active and item.id not in found:
                    found.append(item.id)
                    waiting.append(item.id)
    return found
