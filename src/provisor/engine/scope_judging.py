"""Who is in scope: scoping verdicts for pages of objects, with what their filters need to know around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from provisor.core import assignments, scoping, scoping_filters
from provisor.core.application import Application
from provisor.core.identifiers import ApplicationId, ObjectId
from provisor.core.objects import DirectoryObject
from provisor.core.schema import SynchronizationSchema
from provisor.ports.clock import Clock
from provisor.ports.store import UnitOfWork

Grants = Mapping[ObjectId, Sequence[assignments.Grant]]
GrantsReader = Callable[[UnitOfWork, Sequence[ObjectId]], Grants]
"""Reads in which ways objects hold a role."""


class ScopeJudge:
    """Judges the objects of one type for one application, as of one moment."""

    def __init__(
        self,
        application: Application,
        scope: scoping_filters.ScopingFilter,
        now: datetime,
        grants: GrantsReader | None = None,
    ) -> None:
        """`grants` may put others in the place of those that are stored."""
        self._application = application
        self._filter = scoping_filters.CompiledFilter(scope) if scope else None
        self._now = now
        self._grants = grants or self._stored_grants

    @property
    def looks_at_managers(self) -> bool:
        """Whether an object must be judged again when its manager changed."""
        return self._filter is not None and self._filter.filter.reads_manager

    @property
    def watches_the_clock(self) -> bool:
        """Whether an object must be judged again at some time although nothing changed."""
        return self._filter is not None and self._filter.filter.reads_dates

    def verdicts(
        self, unit: UnitOfWork, subjects: Sequence[DirectoryObject]
    ) -> Sequence[scoping.ScopeVerdict]:
        """The verdict on each object, in order."""
        scope = self._application.settings.scope
        return [
            scoping.verdict(subject, held, scope, screening)
            for subject, held, screening in zip(
                subjects,
                self._entitlements(unit, subjects),
                self._screenings(unit, subjects),
                strict=True,
            )
        ]

    def turns(
        self, unit: UnitOfWork, subjects: Sequence[DirectoryObject]
    ) -> Mapping[ObjectId, datetime | None]:
        """When each object must be judged again for no other reason than the time; None for never."""
        if self._filter is None:
            return {}
        entitlements = self._entitlements(unit, subjects)
        return {
            subject.id: self._filter.turns(scoping.view(subject, held, screening), self._now)
            for subject, held, screening in zip(
                subjects, entitlements, self._screenings(unit, subjects), strict=True
            )
            if screening is not None
        }

    def _entitlements(
        self, unit: UnitOfWork, subjects: Sequence[DirectoryObject]
    ) -> Sequence[assignments.Entitlement]:
        grants = self._grants(unit, [subject.id for subject in subjects])
        roles = self._application.roles
        return [assignments.entitlement(grants.get(subject.id, ()), roles) for subject in subjects]

    def _stored_grants(self, unit: UnitOfWork, ids: Sequence[ObjectId]) -> Grants:
        return unit.candidates(self._application.id).grants(ids, self._application.settings.role_reach)

    def _screenings(
        self, unit: UnitOfWork, subjects: Sequence[DirectoryObject]
    ) -> Sequence[scoping.Screening | None]:
        if self._filter is None:
            return [None] * len(subjects)
        asked = self._filter.filter
        managers: Mapping[ObjectId, DirectoryObject] = {}
        groups: Mapping[ObjectId, Sequence[tuple[ObjectId, str]]] = {}
        if asked.reads_manager:
            wanted = sorted({subject.manager_id for subject in subjects if subject.manager_id is not None})
            managers = {item.id: item for item in unit.directory.many(wanted)}
        if asked.reads_groups:
            groups = unit.directory.groups_of_many([subject.id for subject in subjects])
        return [
            scoping.Screening(
                self._filter,
                scoping.Surroundings(
                    now=self._now,
                    manager=managers.get(subject.manager_id) if subject.manager_id else None,
                    groups=tuple(name for group in groups.get(subject.id, ()) for name in group),
                ),
            )
            for subject in subjects
        ]


class SecondLook:
    """Judges leavers once more, right before their accounts are taken away."""

    def __init__(self, application: Application, schema: SynchronizationSchema, clock: Clock) -> None:
        self._application = application
        self._schema = schema
        self._clock = clock

    def belonging(self, unit: UnitOfWork, ids: Sequence[ObjectId]) -> frozenset[ObjectId]:
        """Which of these objects are in scope now."""
        found: set[ObjectId] = set()
        subjects = unit.directory.many(ids)
        for object_type, object_mapping in self._schema.object_mappings.items():
            mine = [subject for subject in subjects if subject.object_type is object_type]
            if mine:
                judge = ScopeJudge(self._application, object_mapping.scope, self._clock.now())
                verdicts = judge.verdicts(unit, mine)
                found.update(
                    subject.id
                    for subject, verdict in zip(mine, verdicts, strict=True)
                    if isinstance(verdict, scoping.InScope)
                )
        return frozenset(found)


def fall_due(unit: UnitOfWork, application_id: ApplicationId, now: datetime) -> None:
    """Have the next plan look at the objects whose time has come.

    They become reviews with numbers of their own, so that they stay due until a plan that looked at them was applied.
    """
    due = unit.scope_turns(application_id).take_due(now)
    if due:
        unit.applications.review(application_id, due)
        unit.directory.date_changes(now)
