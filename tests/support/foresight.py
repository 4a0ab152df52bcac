"""Previews of what a test is about to do, on a store that refuses to be written to."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from provisor.core import plan
from provisor.core import preview as core_preview
from provisor.core.changes import ChangeKind
from provisor.core.preview import Foreseen
from provisor.engine import preview
from provisor.ports.store import Store, UnitOfWork
from support import scope_words
from support.provisioning import Provisioning

CHANGES = {"filter", "inputFilter", "settings", "assign", "unassign"}
_UNSEEN = (ChangeKind.SKIP, ChangeKind.ADD_MEMBERS, ChangeKind.REMOVE_MEMBERS, ChangeKind.SET_REFERENCE)


@dataclasses.dataclass(frozen=True, slots=True)
class Unwritable:
    """The store, read only."""

    store: Store

    def read(self) -> contextlib.AbstractContextManager[UnitOfWork]:
        return self.store.read()

    def write(self) -> contextlib.AbstractContextManager[UnitOfWork]:
        raise AssertionError("a preview writes nothing")

    def close(self) -> None:
        raise AssertionError("a preview closes nothing")


def foresee(company: Provisioning, **said: Any) -> tuple[preview.Preview, list[Foreseen]]:
    """What a change brings about, said as in a scenario's step; neither target nor store are touched."""
    found: list[Foreseen] = []
    requests = len(company.peer.requests)
    made = preview.run(
        Unwritable(company.store),
        company.application,
        change(company, said),
        company.clock.now(),
        found.append,
    )
    assert len(company.peer.requests) == requests, "a preview asks the target nothing"
    return made, found


def change(company: Provisioning, said: Mapping[str, Any]) -> preview.ProposedChange:
    """A change as a scenario says it."""
    document = said.get("schema")
    for word, key in (("filter", "groups"), ("inputFilter", "inputFilterGroups")):
        if word in said:
            document = scope_words.with_filters(document or company.schema, said[word], key)
    return preview.ProposedChange(
        schema=document,
        settings=company.with_settings(said["settings"]) if "settings" in said else None,
        assign=tuple(company.assignment_change(item) for item in said.get("assign", ())),
        unassign=tuple(company.assignment_change(item) for item in said.get("unassign", ())),
    )


def named(company: Provisioning, found: list[Foreseen]) -> dict[str, str]:
    """By short name, what is foreseen: `leaves, disable`; the kind is left out where nothing is done."""
    return {
        _name(item): ", ".join(_words(item))
        for item in found
        if item.effect is not core_preview.Effect.ANYWAY
    }


def expected(found: list[Foreseen]) -> set[str]:
    """The rows that the next plan will have: `ada: disable`."""
    return {f"{_name(item)}: {kind}" for item in found if (kind := preview.kind_of(item.after)) is not None}


def planned(rows: Iterable[plan.RecordedRow]) -> set[str]:
    """The rows that a plan has of those that can be foreseen."""
    return {
        f"{_short(item.row.details.principal_name, item.row.details.name)}: {item.row.kind}"
        for item in rows
        if item.row.kind not in _UNSEEN
    }


def _words(item: Foreseen) -> Iterator[str]:
    yield item.effect.value
    kind = preview.kind_of(item.after)
    if kind is not None:
        yield kind.value


def _name(item: Foreseen) -> str:
    principal = item.subject.attributes.get("userPrincipalName")
    return _short(principal if isinstance(principal, str) else None, item.subject.display_name)


def _short(principal: str | None, name: str) -> str:
    return principal.removesuffix("@example.com") if principal else name
