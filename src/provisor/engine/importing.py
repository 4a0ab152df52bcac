"""Importing a source into the directory: whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from provisor.core import objects
from provisor.core.errors import InvalidInputError
from provisor.core.identifiers import ObjectId
from provisor.engine import built_in_rules
from provisor.ports.clock import Clock
from provisor.ports.source import Completeness, Source, SourcePage
from provisor.ports.store import Store, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSummary:
    """What an import did to the directory."""

    created: int = 0
    updated: int = 0
    restored: int = 0
    unchanged: int = 0
    soft_deleted: int = 0
    memberships_added: int = 0
    memberships_ended: int = 0


class _Import:
    """One import under way, in one transaction."""

    def __init__(self, unit: UnitOfWork, source: Source, import_id: str, clock: Clock) -> None:
        self._unit = unit
        self._source = source
        self._id = import_id
        self._clock = clock
        self.counts = dict.fromkeys(ImportSummary.__dataclass_fields__, 0)

    def take(self, page: SourcePage) -> None:
        """Save a page and remember that it was seen."""
        if page.objects:
            self._take_objects(page.objects)
        if page.memberships:
            self._take_memberships(page)

    def finish(self) -> None:
        """End what a complete read did not show, and close the import."""
        now = self._clock.now()
        for object_type in objects.ObjectType:
            if self._source.objects_read(object_type) is Completeness.COMPLETE:
                gone = self._unit.imports.absent(self._id, self._source.name, object_type)
                if gone:
                    self._unit.directory.set_lifecycle(gone, objects.Lifecycle.SOFT_DELETED, now)
                self.counts["soft_deleted"] += len(gone)
        if self._source.memberships_read is Completeness.COMPLETE:
            ended = self._unit.imports.absent_memberships(self._id, self._source.name)
            self.counts["memberships_ended"] += self._unit.directory.end_memberships(ended)
        self._refuse_shared_names()
        self._unit.imports.close(self._id, self._source.name, self.counts, now)
        self._unit.directory.date_changes(now)

    def _take_objects(self, page: Sequence[objects.ImportedObject]) -> None:
        saved = self._unit.directory.save(self._source.name, page, self._clock.now())
        for outcome in ("created", "updated", "restored", "unchanged"):
            self.counts[outcome] += getattr(saved, outcome)
        ids = [self._object_id(item.object_type, item.anchor) for item in page]
        if self._unit.imports.saw(self._id, ids) < len(ids):
            twice = sorted(
                item.anchor for item in page if ids.count(self._object_id(item.object_type, item.anchor)) > 1
            )
            raise InvalidInputError(
                f"The source {self._source.name!r} names an object twice, or two whose anchors differ only in case"
                f"{' (' + ', '.join(twice[:5]) + ')' if twice else ''}. Nothing was imported."
            )

    def _take_memberships(self, page: SourcePage) -> None:
        found = [
            (
                self._object_id(objects.ObjectType.GROUP, item.group),
                self._object_id(item.member_type, item.member),
                item.member_type,
            )
            for item in page.memberships
        ]
        self.counts["memberships_added"] += self._unit.directory.save_memberships(found)
        self._unit.imports.saw_memberships(self._id, [(group, member) for group, member, _ in found])

    def _object_id(self, object_type: objects.ObjectType, anchor: str) -> ObjectId:
        return self._unit.imports.object_id(self._source.name, object_type, anchor)

    def _refuse_shared_names(self) -> None:
        shared = self._unit.directory.shared_names(self._source.name)
        if shared:
            names = ", ".join(f"{name} ({count} times)" for name, count in shared)
            raise InvalidInputError(
                f"After this import several active users would share a userPrincipalName: {names}. Nothing was "
                "imported. Give them different names, or import each person from one source only."
            )


def import_source(
    store: Store,
    source: Source,
    *,
    clock: Clock,
    new_id: Callable[[], str],
    progress: Callable[[int], None],
) -> ImportSummary:
    """Bring the directory in line with a source, in one transaction.

    `progress` is told the number of objects and memberships taken so far. Raises `InvalidInputError` where the source
    is unusable; nothing of it stays then.
    """
    if source.name == built_in_rules.SOURCE:
        raise InvalidInputError(
            f"The source cannot be called {source.name!r}: that is where users and groups of the portal are kept. "
            "Nothing was imported. Give the source another name."
        )
    taken = 0
    with store.write() as unit:
        under_way = _Import(unit, source, new_id(), clock)
        for page in source.read():
            under_way.take(page)
            taken += len(page.objects) + len(page.memberships)
            progress(taken)
        under_way.finish()
        return ImportSummary(**under_way.counts)
