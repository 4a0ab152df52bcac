"""Where the value of one attribute of an account comes from, and when it was last written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from provisor.core import deciding, flows, log_entry, redaction, schema
from provisor.core.attribute_mapping import AttributeMapping, FlowType
from provisor.core.changes import EXPLANATIONS, Written
from provisor.core.errors import NotFoundError
from provisor.core.objects import Value
from provisor.core.plan import RowState
from provisor.core.provisioning_log import LogRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class LastWritten:
    """The last time an attribute was written: old and new value, and why the object was written then."""

    at: datetime | None
    old: object
    new: object
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeExplanation:
    """One attribute mapping for one object.

    `value` is what it gives now, or `problem` why it gives nothing; `creating` tells that it is only written when the
    account is made.
    """

    target: str
    expression: str
    creating: bool
    default: str | None
    inputs: Mapping[str, Value]
    value: Written
    problem: str | None
    written: LastWritten | None


def explain(
    case: deciding.Case, object_mapping: schema.ObjectMapping, name: str, log: Sequence[LogRecord]
) -> list[AttributeExplanation]:
    """The mappings that write an attribute, named as in the application, or that read one, named as in the directory.

    `log` are the object's log entries, the newest first. Raises `NotFoundError` naming the attributes there are.
    """
    found = _named(object_mapping, name)
    if not found:
        known = ", ".join(_short(item.target.name) for item in object_mapping.attribute_mappings)
        raise NotFoundError(
            f"No attribute mapping writes or reads {name!r} for {object_mapping.object_type.value} objects; written are: "
            f"{known}."
        )
    view = deciding.view(case)
    known_flows = {flow.path: flow for flow in (*case.mapping.on_create, *case.mapping.filters)}
    return [_explained(item, known_flows.get(item.target.name), view, log) for item in found]


def _named(object_mapping: schema.ObjectMapping, name: str) -> list[AttributeMapping]:
    wanted = name.casefold()
    items = object_mapping.attribute_mappings
    written = [
        item for item in items if wanted in (item.target.name.casefold(), _short(item.target.name).casefold())
    ]
    return written or [item for item in items if wanted in map(str.casefold, _inputs(item))]


def _inputs(item: AttributeMapping) -> Sequence[str]:
    return sorted(item.expression.attributes) if item.expression is not None else ()


def _short(path: str) -> str:
    return path.rpartition(":")[2] if path.startswith("urn:") else path


def _explained(
    item: AttributeMapping,
    flow: flows.Flow | None,
    view: Mapping[str, Value],
    log: Sequence[LogRecord],
) -> AttributeExplanation:
    value, problem = _made(flow, view)
    return AttributeExplanation(
        target=item.target.name,
        expression=item.expression.text if item.expression is not None else "",
        creating=item.flow_type is FlowType.ON_CREATE,
        default=item.default_value,
        inputs={name: _shown(item, view.get(name)) for name in _inputs(item)},
        value=_shown(item, value),
        problem=problem,
        written=_last_written(item.target.name, log),
    )


def _made(flow: flows.Flow | None, view: Mapping[str, Value]) -> tuple[Written, str | None]:
    """What the mapping gives now, or why it gives nothing."""
    if flow is None:
        return None, "it is a reference, which is written once the object it points to has an account"
    try:
        value = flows.value_of(flow, view)
    except flows.MappingError as error:
        return None, str(error)
    except flows.ObjectIgnored:
        return None, "the expression says that nothing of this object flows"
    if value is flows.DROPPED:
        return None, "the expression says that the attribute does not flow"
    if value is not None:
        return value, None
    cleared = "so the attribute is cleared" if flow.clears else "and an empty value is not written"
    return None, f"the expression gives nothing for this object, {cleared}"


def _shown(item: AttributeMapping, value: Written) -> Any:
    """A value as a person may see it."""
    return redaction.REDACTED if item.redacted and value is not None else value


def _last_written(path: str, log: Sequence[LogRecord]) -> LastWritten | None:
    for record in log:
        for row in (record.main, *record.following):
            for change in row.row.details.modifications:
                if change.path == path and row.state is RowState.DONE:
                    return LastWritten(
                        at=row.finished,
                        old=log_entry.shown(path, change.old),
                        new=log_entry.shown(path, change.new),
                        reason=EXPLANATIONS[row.row.reason],
                    )
    return None
