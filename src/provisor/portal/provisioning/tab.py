"""The Provisioning tab as a page: shown as it is, or with what was typed and what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from starlette.responses import Response

from provisor.core import audit
from provisor.core.application import Application, ProvisioningScope
from provisor.core.audit import Activity, AuditQuery
from provisor.core.identifiers import ObjectId
from provisor.core.job import ScheduleState
from provisor.core.protection import ProtectedKind, Protection
from provisor.engine.connection_test import Trial
from provisor.look.visit import Visit
from provisor.portal import tabs
from provisor.portal.office import Office
from provisor.portal.provisioning import fields, standing, typed_settings, words
from provisor.ports.store import UnitOfWork

PLACE = "provisioning"
_ENTRIES_LOOKED_AT = 50
"""Audit entries searched for when the secret token was entered; older than that, only that there is one is said."""


def address(application: Application, part: str = "") -> str:
    """Where the tab is, or a part of it."""
    return tabs.address(application, f"{PLACE}/{part}" if part else PLACE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a form held that was not kept: its fields, what is wrong with them, and what a test found.

    `kept_token` is the handle of a secret token that was typed and tested.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    trial: Trial | None = None
    kept_token: str = ""


@dataclass(frozen=True, slots=True)
class _Protected:
    """A protection, and what its object is called in the directory."""

    item: Protection
    name: str


class Tab:
    """Renders the tab."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def page(self, visit: Visit, typed: Typed | None = None, *, status: int = 200) -> Response:
        """The whole tab."""
        typed = typed or Typed()
        with self._office.store.read() as unit:
            application = self._office.application(unit, visit)
            found = standing.of(unit, application, self._office.now())
            entered = _token_entered(unit, application) if application.has_secret_token else None
            protections = _protections(unit, application)
        shown = typed_settings.shown(application.settings)
        return visit.page(
            "provisioning/tab.html",
            status=status,
            application=application,
            standing=found,
            told=words,
            tenant_url=application.tenant_url or "",
            token_entered=entered,
            protections=protections,
            groups=fields.GROUPS,
            scopes=tuple(ProvisioningScope),
            is_on=found.job.schedule_state is not ScheduleState.DISABLED,
            shown=json.dumps(
                {**shown, "status": "off" if found.job.schedule_state is ScheduleState.DISABLED else "on"}
            ),
            values={**shown, **typed.values},
            problems=typed.problems,
            trial=typed.trial,
            kept_token=typed.kept_token,
        )

    def fragments(self, visit: Visit, application_id: str) -> Mapping[str, str]:
        """The parts of the page that change by themselves, by the id of their element."""
        with self._office.store.read() as unit:
            application = self._office.application_of(unit, application_id)
            found = standing.of(unit, application, self._office.now())
        parts = {"status-now": "now", "status-figures": "figures", "status-actions": "actions"}
        return {
            name: visit.part(f"provisioning/{part}.html", application=application, standing=found, told=words)
            for name, part in parts.items()
        }


def _token_entered(unit: UnitOfWork, application: Application) -> datetime | None:
    """When the secret token was entered, as far as the audit log tells."""
    query = AuditQuery(application=application.id, activity=Activity.UPDATE_SETTINGS)
    found: Sequence[audit.AuditEntry] = unit.audit.entries(query, limit=_ENTRIES_LOOKED_AT)
    return next((entry.at for entry in found if "secretToken" in (entry.act.after or {})), None)


def _protections(unit: UnitOfWork, application: Application) -> Sequence[_Protected]:
    items = unit.protections(application.id).all()
    ids = [ObjectId(item.protected_id) for item in items if item.kind is ProtectedKind.OBJECT]
    names = {subject.id: subject.display_name for subject in unit.directory.many(ids)}
    return [_Protected(item, names.get(ObjectId(item.protected_id), "")) for item in items]
