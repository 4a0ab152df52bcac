"""Putting a schema in force, with the ones before it kept as versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisor.core.application import Application
from provisor.core.audit import Actor
from provisor.core.schema_versions import MOST_VERSIONS
from provisor.engine import auditing
from provisor.ports.store import UnitOfWork


def begin(unit: UnitOfWork, application: Application, document: Mapping[str, Any], *, by: Actor) -> None:
    """Keep the schema of an application that was just added as its first version."""
    unit.schemas(application.id).record(application.schema_version, document, by, keep=MOST_VERSIONS)


def replace(unit: UnitOfWork, application: Application, document: Mapping[str, Any], *, by: Actor) -> None:
    """Put a schema that was checked in the place of the present one; the next cycle looks at everybody."""
    present = unit.applications.schema(application.id)
    stored = unit.applications.find(application.id)
    number = (application if stored is None else stored).schema_version
    history = unit.schemas(application.id)
    if not history.versions():
        history.record(number, present, None, keep=MOST_VERSIONS)
    history.record(number + 1, document, by, keep=MOST_VERSIONS)
    auditing.note_schema(unit, by, application, present, document)
    unit.applications.save_schema(application.id, document, schema_version=number + 1)
    unit.plans.give_up(application.id)
    unit.jobs.restart(application.id)
