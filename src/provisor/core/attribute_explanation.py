"""Where the value of one attribute of an account comes from, and when it was last written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from provisor.core import deciding, log_entry, mapping, schema
from provisor.core.changes import EXPLANATIONS
from provisor.core.errors import NotFoundError
from provisor.core.objects import Value
from provisor.core.plan import RowState
from provisor.core.provisioning_log import LogRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
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
    value: Value
    problem: str | None
    written: Written | None


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
    flows = {flow.path: flow for flow in case.mapping.on_create}
    return [_explained(item, flows.get(item.target.name), view, log) for item in found]


def _named(object_mapping: schema.ObjectMapping, name: str) -> list[schema.AttributeMapping]:
    wanted = name.casefold()
    items = object_mapping.attribute_mappings
    written = [
        item for item in items if wanted in (item.target.name.casefold(), _short(item.target.name).casefold())
    ]
    return written or [item for item in items if wanted in map(str.casefold, _inputs(item))]


def _inputs(item: schema.AttributeMapping) -> Sequence[str]:
    return sorted(item.expression.attributes) if item.expression is not None else ()


def _short(path: str) -> str:
    return path.rpartition(":")[2] if path.startswith("urn:") else path


def _explained(
    item: schema.AttributeMapping,
    flow: mapping.Flow | None,
    view: Mapping[str, Value],
    log: Sequence[LogRecord],
) -> AttributeExplanation:
    value, problem = None, None
    try:
        value = mapping.evaluate([flow], view).get(item.target.name) if flow is not None else None
    except mapping.MappingError as error:
        problem = str(error)
    if value is None and problem is None:
        problem = (
            "it is a reference, which is written once the object it points to has an account"
            if flow is None
            else "the expression gives nothing for this object, and an empty value is not written"
        )
    return AttributeExplanation(
        target=item.target.name,
        expression=item.expression.text if item.expression is not None else "",
        creating=item.flow_type is schema.FlowType.ON_CREATE,
        default=item.default_value,
        inputs={name: view.get(name) for name in _inputs(item)},
        value=value,
        problem=problem,
        written=_last_written(item.target.name, log),
    )


def _last_written(path: str, log: Sequence[LogRecord]) -> Written | None:
    for record in log:
        for row in (record.main, *record.following):
            for change in row.row.details.modifications:
                if change.path == path and row.state is RowState.DONE:
                    return Written(
                        at=row.finished,
                        old=log_entry.shown(path, change.old),
                        new=log_entry.shown(path, change.new),
                        reason=EXPLANATIONS[row.row.reason],
                    )
    return None
