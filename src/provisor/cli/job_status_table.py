"""A job's status on one screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from provisor.cli import output
from provisor.cli.output import columns

_CAUSES = {
    "interval": "the interval is over",
    "retry": "failed objects are due",
    "deletion": "a disabled account is to be deleted",
    "filterDate": "a date in a scoping filter comes near",
    "changes": "something changed",
    "quarantine": "the quarantine's next attempt",
    "request": "somebody asked for it",
}


def show(document: Mapping[str, Any]) -> None:
    """The status for a person: how the job is, what it did last, what comes next, what needs somebody."""
    output.write_facts([*_state(document), *_cycles(document), *_attention(document)])
    last = document["lastPlan"]
    if last:
        output.write_table(
            columns(
                ("objectType", "Object"),
                ("kind", "Change"),
                ("reason", "Reason"),
                ("state", "State"),
                ("count", "Rows"),
            ),
            last["totals"],
        )


def _state(document: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    status, schedule = document["status"], document["schedule"]
    yield "Job", document["id"]
    yield "Application", document["application"]
    yield "Status", status["code"]
    yield "Stopped because", document["stoppedBecause"]
    found = status["quarantine"]
    if found:
        yield "Quarantine", f"{found['reason']} since {_moment(found['seriesBegan'])}"
        yield "Because", found["error"]["message"]
    yield "Schedule", f"{schedule['state']}, every {schedule['interval']}"
    due = document["next"]
    when = f", {_moment(due['due'])}: {_CAUSES[due['cause']]}" if due else ""
    yield "Next cycle", f"{document['nextCycle']}{when}"
    if document["overdue"]:
        yield "Overdue", "no cycle ended for twice the interval; is `provisor serve` running?"
    yield "Linked", {item["key"]: item["value"] for item in status["synchronizedEntryCountByType"]}


def _cycles(document: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    status, requests, last = document["status"], document["requests"], document["lastPlan"]
    yield "Running", document["runner"]
    for item in status["progress"]:
        left = item["remainingSeconds"]
        rest = "" if left is None else f", about {_length(left)} left"
        yield (
            "Progress",
            f"{item['completedUnits']} of {item['totalUnits']} {item['units']} ({item['percent']:g} %){rest}",
        )
    execution = status["lastExecution"]
    if execution:
        yield "Last cycle", _execution(execution)
        error = execution["error"]
        yield "Error", error["message"] if error and not status["quarantine"] else None
    succeeded = status["lastSuccessfulExecution"]
    yield "Last success", _moment(succeeded["timeEnded"]) if succeeded else None
    yield "Steady since", _moment(status["steadyStateLastAchievedTime"])
    if requests and (requests["reads"] or requests["writes"]):
        used = requests["writeBudgetPercent"]
        parts = [f"{requests['reads']} reads, {requests['writes']} writes"]
        parts += (
            [f"waited {requests['secondsWaited']:g} s for the budget"] if requests["secondsWaited"] else []
        )
        parts += [f"{requests['throttled']} times asked to wait"] if requests["throttled"] else []
        parts += [f"{used:g} % of the write budget"] if used is not None else []
        yield "Requests", "; ".join(parts)
    leavers = document["leaverDelays"]
    if leavers:
        half, most = _length(round(leavers["p50Seconds"])), _length(round(leavers["p95Seconds"]))
        yield "Leavers", f"{leavers['count']}: half gone within {half}, 95 % within {most} of the change"
    yield "Last plan", f"{last['id']}, {last['kind']}, {last['state']}" if last else None
    yield "Done to date", document["statisticsToDate"]
    yield "Watermark", document["watermark"]


def _attention(document: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    escrows, held = document["escrows"], document["heldPlan"]
    if escrows["count"]:
        kinds = [
            f"{escrows[key]} {words}"
            for key, words in (
                ("accounts", "accounts"),
                ("references", "references"),
                ("throttled", "throttled"),
                ("givenUp", "given up"),
            )
            if escrows[key]
        ]
        yield "Failed", f"{', '.join(kinds)}; `job escrows` lists them"
    yield "Next attempt", _moment(escrows["nextAttempt"])
    yield "Held plan", f"{held['id']}: {held['guard']['reason']}" if held else None


def _execution(execution: Mapping[str, Any]) -> str:
    """What kind of cycle it was, how it ended, when it began and how long it took."""
    kind = [execution["kind"]] if execution.get("kind") else []
    told = [*kind, execution["state"], f"began {_moment(execution['timeBegan'])}"]
    if execution["timeEnded"]:
        began, ended = (datetime.fromisoformat(execution[name]) for name in ("timeBegan", "timeEnded"))
        told.append(f"took {_length(round((ended - began).total_seconds()))}")
    return ", ".join(told)


def _moment(text: str | None) -> str | None:
    """A moment without the parts nobody reads."""
    return None if text is None else text[:19].replace("T", " ")


def _length(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"{hours} h {rest // 60} min" if hours else f"{rest // 60} min" if rest >= 60 else f"{rest} s"
