"""The effect of a change before it is made, as documents and tables."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import orjson

from provisor.cli import output, plan_documents
from provisor.cli.output import OutputFormat, columns
from provisor.core import changes, log_entry
from provisor.core.application import Application
from provisor.core.preview import Effect, Foreseen
from provisor.engine import preview
from provisor.engine.services import Services

_SHOWN = 20
_COLUMNS = columns(
    ("effect", "Effect"),
    ("displayName", "Name"),
    ("change", "Change"),
    ("attributes", "Attributes"),
    ("why", "Why"),
)
_CSV = columns(
    *(
        (name, name)
        for name in (
            *("effect", "objectType", "objectId", "displayName", "userPrincipalName", "kind", "reason"),
            *("error", "whyBefore", "whyAfter", "modifications"),
        )
    )
)
_FIRST = (
    Effect.LEAVES,
    Effect.FAILS,
    Effect.ENTERS,
    Effect.KEPT_OUT,
    Effect.STAYS,
    Effect.CHANGES,
    Effect.ANYWAY,
)
"""What a person wants to see first."""


class Foresight:
    """A preview with its rows, which lie on disk so that their number costs no memory."""

    def __init__(self, made: preview.Preview, rows: Mapping[Effect, BinaryIO]) -> None:
        self.made = made
        self._rows = rows

    def rows(self) -> Iterator[dict[str, Any]]:
        """Every row as a document, the losses first."""
        for effect in _FIRST:
            file = self._rows[effect]
            file.seek(0)
            for line in file:
                yield orjson.loads(line)


@contextlib.contextmanager
def foresee(
    services: Services, application: Application, change: preview.ProposedChange
) -> Iterator[Foresight]:
    """What the change brings about; nothing is saved and the application is not asked."""
    with contextlib.ExitStack() as stack:
        rows = {effect: stack.enter_context(tempfile.TemporaryFile()) for effect in Effect}

        def tell(foreseen: Foreseen) -> None:
            rows[foreseen.effect].write(orjson.dumps(_row(foreseen)) + b"\n")

        made = preview.run(services.store, application, change, services.clock.now(), tell)
        yield Foresight(made, rows)


def of_preview(application: Application, made: preview.Preview) -> dict[str, Any]:
    """A preview without its rows."""
    return {
        "applicationId": application.id,
        "application": application.name,
        "nextCycle": "initial" if made.everybody else "incremental",
        "effects": {effect.value: made.effects[effect] for effect in Effect},
        "planned": {kind.value: count for kind, count in sorted(made.planned.items())},
        "requests": {kind: count for kind, count in sorted(made.requests.items()) if count},
        "minutes": round(made.minutes, 1),
        "guard": {
            "verdict": "proceed" if made.held is None else "hold",
            "linked": made.linked,
            "reason": made.held,
        },
    }


def write(form: OutputFormat, application: Application, found: Foresight, limit: int | None) -> None:
    """A preview with its rows, in the format asked for."""
    document = of_preview(application, found.made)
    match form:
        case OutputFormat.JSON:
            output.write_json_with_rows(document, "rows", output.first(found.rows(), limit))
        case OutputFormat.CSV:
            output.write_csv(_CSV, output.first(found.rows(), limit))
        case OutputFormat.TABLE:
            write_facts(document)
            shown = (_table_row(row) for row in found.rows() if row["effect"] != Effect.ANYWAY)
            output.write_table(_COLUMNS, shown, limit=_SHOWN if limit is None else limit)


def write_facts(document: Mapping[str, Any]) -> None:
    """The sums of a preview, for a person."""
    effects = {name: count for name, count in document["effects"].items() if count and name != Effect.ANYWAY}
    output.write_facts(
        [
            ("Effect", effects or "nobody is concerned"),
            ("Happens anyway", document["effects"][Effect.ANYWAY]),
            ("Next cycle", document["nextCycle"]),
            ("It will", document["planned"] or "change no account"),
            ("Requests", document["requests"]),
            ("Minutes", document["minutes"]),
            ("Guard", document["guard"]["reason"] or "passes"),
        ]
    )


def _row(foreseen: Foreseen) -> dict[str, Any]:
    subject, decided = foreseen.subject, foreseen.after
    kind = preview.kind_of(decided)
    before, after = foreseen.why
    principal = subject.attributes.get("userPrincipalName")
    reason = getattr(decided, "reason", None)
    return {
        "effect": foreseen.effect.value,
        "objectType": subject.object_type.value,
        "objectId": subject.id,
        "displayName": subject.display_name,
        "userPrincipalName": principal,
        "kind": None if kind is None else kind.value,
        "reasonCode": None if reason is None else reason.value,
        "reason": None if reason is None else changes.EXPLANATIONS[reason],
        "error": decided.message if isinstance(decided, changes.Fail) else None,
        "whyBefore": before,
        "whyAfter": after,
        "modifications": [
            {
                "path": item.path,
                "old": log_entry.shown(item.path, item.old),
                "new": log_entry.shown(item.path, item.new),
            }
            for item in foreseen.modifications
        ],
    }


def _table_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "effect": row["effect"],
        "displayName": row["displayName"],
        "change": row["kind"],
        "attributes": plan_documents.told_changes([{**row, "references": ()}]),
        "why": row["error"] or (row["whyAfter"] if row["whyAfter"] != row["whyBefore"] else row["reason"]),
    }
