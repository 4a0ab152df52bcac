"""What a scenario expects to be shown of the values that were written, and what nowhere."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from provisor.cli import plan_documents
from provisor.core import log_entry, log_errors, log_steps
from support.provisioning import Provisioning


def values(company: Provisioning, said: Mapping[str, Mapping[str, Any]]) -> None:
    """New values of attributes in the newest log entry of an object."""
    for name, wanted in said.items():
        object_id = company.object_id(name)
        newest = next(item for item in company.log() if item.main.row.object_id == object_id)
        shown = {item["displayName"]: item["newValue"] for item in log_entry.modified_properties(newest.main)}
        assert {path: shown.get(path) for path in wanted} == wanted, f"the log shows {shown}"


def steps(company: Provisioning, said: Mapping[str, Sequence[str]]) -> None:
    """The steps of the newest log entry of an object, in order: name, status, why it was skipped, code of the error."""
    for name, wanted in said.items():
        object_id = company.object_id(name)
        newest = next(item for item in company.log() if item.main.row.object_id == object_id)
        told = [
            " ".join(filter(None, (step.name, step.status, step.details.get("SkipReason"))))
            for step in log_steps.steps(newest)
        ]
        error = log_errors.information(newest)
        told += [] if error is None else [f"error {error['errorCode']}"]
        assert told == list(wanted), f"{name}'s steps: {told}"


def hidden(company: Provisioning, texts: Sequence[str]) -> None:
    """Texts that stand in no log entry, no row of a plan, and no failure that waits."""
    application, told = company.application, []
    for record in company.log():
        entry = log_entry.entry(
            record, application=application, job_id="job", tenant_id=log_entry.TenantId("tenant")
        )
        with company.store.read() as unit:
            rows = plan_documents.of_rows(unit, (record.main, *record.following))
            escrow = unit.escrows(application.id).of([record.main.row.object_id])
        told.append(json.dumps([entry, rows, [item.message for item in escrow.values()]]))
    for text in texts:
        assert text not in "\n".join(told), f"{text} is shown"
