"""The provisioning log in files: for spreadsheets three that are joined on the change id, as Entra downloads it; or JSON.

Everything is written while it is read, so that the length of a log costs no memory.
"""

from __future__ import annotations

import contextlib
import csv
import os
import pathlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Any

import orjson

from provisor.core import spreadsheets
from provisor.core.errors import InvalidInputError

Entry = Mapping[str, Any]

_LOG = (
    *("activityDateTime", "id", "changeId", "cycleId", "jobId", "tenantId", "provisioningAction", "status"),
    *("durationInMilliseconds", "initiatedBy", "servicePrincipalId", "servicePrincipalName", "objectType"),
    *("sourceId", "sourceDisplayName", "userPrincipalName", "targetId", "targetDisplayName", "reasonCode"),
    *("reason", "errorCode", "errorCategory", "error", "additionalDetails", "recommendedAction"),
)
_STEPS = ("changeId", "order", "name", "provisioningStepType", "status", "description", "details")
_PROPERTIES = ("changeId", "displayName", "oldValue", "newValue")


def write_csv(folder: pathlib.Path, entries: Iterable[Entry]) -> tuple[list[pathlib.Path], int]:
    """Write the three files; returns them and the number of entries."""
    names = (
        "ProvisioningLogs.csv",
        "ProvisioningLogs_ProvisioningSteps.csv",
        "ProvisioningLogs_ModifiedProperties.csv",
    )
    count = 0
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(_created(folder / name)) for name in names]
        log, steps, properties = (csv.writer(file, lineterminator="\n") for file in files)
        for writer, header in ((log, _LOG), (steps, _STEPS), (properties, _PROPERTIES)):
            writer.writerow(header)
        for entry in entries:
            count += 1
            log.writerow(_cells(_log_row(entry), _LOG))
            for order, step in enumerate(entry["provisioningSteps"]):
                steps.writerow(_cells({**step, "changeId": entry["changeId"], "order": order}, _STEPS))
            for item in entry["modifiedProperties"]:
                properties.writerow(_cells({**item, "changeId": entry["changeId"]}, _PROPERTIES))
    return [folder / name for name in names], count


def write_json(folder: pathlib.Path, entries: Iterable[Entry]) -> tuple[list[pathlib.Path], int]:
    """Write one array."""
    return _write(folder / "ProvisioningLogs.json", entries, before="[\n", between=",\n", after="\n]\n")


def write_lines(folder: pathlib.Path, entries: Iterable[Entry]) -> tuple[list[pathlib.Path], int]:
    """Write one entry a line."""
    return _write(folder / "ProvisioningLogs.ndjson", entries, before="", between="\n", after="\n")


WRITERS: Mapping[str, Callable[[pathlib.Path, Iterable[Entry]], tuple[list[pathlib.Path], int]]] = {
    "csv": write_csv,
    "json": write_json,
    "ndjson": write_lines,
}


def _write(
    path: pathlib.Path, entries: Iterable[Entry], *, before: str, between: str, after: str
) -> tuple[list[pathlib.Path], int]:
    count = 0
    with _created(path) as file:
        file.write(before)
        for entry in entries:
            file.write((between if count else "") + orjson.dumps(entry).decode())
            count += 1
        file.write(after if count or before else "")
    return [path], count


@contextlib.contextmanager
def _created(path: pathlib.Path) -> Iterator[IO[str]]:
    """A file that only its owner may read, there under its name once it is whole."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise InvalidInputError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        part.unlink(missing_ok=True)


def _cells(row: Mapping[str, Any], header: Iterable[str]) -> list[object]:
    return [spreadsheets.cell(row.get(name)) for name in header]


def _log_row(entry: Entry) -> dict[str, Any]:
    status = entry["provisioningStatusInfo"]
    error = status["errorInformation"] or {}
    source, target = entry["sourceIdentity"], entry["targetIdentity"]
    return {
        **entry,
        "status": status["status"],
        "initiatedBy": entry["initiatedBy"]["displayName"],
        "servicePrincipalId": entry["servicePrincipal"]["id"],
        "servicePrincipalName": entry["servicePrincipal"]["displayName"],
        "sourceId": source["id"],
        "sourceDisplayName": source["displayName"],
        "userPrincipalName": source["details"].get("UserPrincipalName"),
        "targetId": target["id"],
        "targetDisplayName": target["displayName"],
        "errorCode": error.get("errorCode"),
        "errorCategory": error.get("errorCategory"),
        "error": error.get("reason"),
        "additionalDetails": error.get("additionalDetails"),
        "recommendedAction": error.get("recommendedAction"),
    }
