"""Plays a scenario: a YAML document that tells what an operator does and what is to be seen after it."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from provisor.core import changes, errors, log_entry, log_steps, plan, steps
from provisor.engine import commands, cycle
from support import (
    foresight,
    scenario_explain,
    scenario_health,
    scenario_on_demand,
    scenario_showing,
    scenario_undo,
    schema_changes,
    scope_words,
    scripted_answers,
    scripted_target,
)
from support.provisioning import Provisioning

Said = Mapping[str, Any]

_COMMIT = scripted_target.Commit
_ANSWERS = {
    "status": lambda said: scripted_target.status(
        said["code"],
        commit=_COMMIT(said.get("commit", "notDone")),
        detail=said.get("detail"),
        scim_type=said.get("scimType"),
    ),
    "throttled": lambda said: scripted_target.throttled(retry_after=said.get("retryAfter")),
    "html": lambda said: scripted_target.html(said.get("code", 200)),
    "drop": lambda said: scripted_target.drop(commit=_COMMIT(said["commit"])),
    "silence": lambda said: scripted_target.silence(commit=_COMMIT(said["commit"])),
    "outage": lambda said: scripted_answers.outage(commit=_COMMIT(said["commit"])),
    "samePageAgain": lambda _said: scripted_target.same_page_again(),
    "everybody": lambda _said: scripted_target.ignoring_the_filter(),
    "somebodyElse": lambda said: scripted_target.somebody_else(said["account"]),
}


class Scenario:
    """One scenario on an empty company."""

    def __init__(self, company: Provisioning, document: Said) -> None:
        self._company = company
        self._document = document
        self._plans: dict[str, Any] = {}
        self._last_planned: set[str] = set()
        self._actions = {
            "import": self._import,
            "assign": self._assign,
            "unassign": self._unassign,
            "hardDelete": self._hard_delete,
            "settings": self._settings,
            "schema": self._schema,
            "target": self._target,
            "answers": self._answers,
            "during": self._during,
            "filter": self._filter,
            "inputFilter": self._input_filter,
            "behaves": lambda _said: self._company.peer.behave(),
            "passes": self._company.clock.tell,
            "job": self._job,
            "later": self._later,
            "plan": self._plan,
            "apply": self._apply,
            "drop": self._drop,
            "protect": self._protect,
            "unprotect": self._unprotect,
            "wait": self._wait,
            "run": self._run,
            "onDemand": self._on_demand,
            "reconcile": self._reconcile,
            "undo": self._undo,
        }

    async def play(self) -> None:
        """Take every step; what is expected and not seen fails with the step's number."""
        self._begin()
        for number, step in enumerate(self._document["steps"], 1):
            try:
                await self._take(step)
            except BaseException as error:
                error.add_note(f"in step {number} of the scenario “{self._document['scenario']}”: {step}")
                raise

    def _begin(self) -> None:
        company, document = self._company, self._document
        application = document.get("application", {})
        self._target(document.get("target", {}))
        self._import(document.get("directory", {}))
        company.read_timeout = application.get("readTimeout", company.read_timeout)
        company.add_application(
            template=application.get("template", "scim"),
            roles=application.get("roles", ()),
            schema=schema_changes.document(application),
            **application.get("settings", {}),
        )
        self._assign(document.get("assignments", ()))

    async def _take(self, step: Said) -> None:
        unknown = set(step) - set(self._actions) - {"then"}
        assert not unknown, f"a step cannot {unknown}"
        self._company.short_name("")  # so that requests about what is about to vanish can be told by name
        foreseen = self._foreseen(step)
        for name, action in self._actions.items():
            if name in step:
                done = action(step[name])
                if done is not None:
                    await done
        if foreseen is not None:
            assert foreseen == self._last_planned, f"a preview foresaw {foreseen}"
        Expectations(self._company).check(step.get("then", {}))

    def _foreseen(self, step: Said) -> set[str] | None:
        """What a preview says the next plan will be, where the step changes nothing else before it runs."""
        if not set(step) & foresight.CHANGES or set(step) - foresight.CHANGES - {"run", "then"}:
            return None
        if "run" not in step or "drift" in self._document:
            return None
        _, found = foresight.foresee(self._company, **step)
        return foresight.expected(found)

    # -- what an operator does -----------------------------------------------

    def _import(self, said: Said | None) -> None:
        """Change what the source says and import it; a person or group of `null` is gone from it."""
        directory = self._company.directory
        for mine, theirs in ((directory.users, "users"), (directory.groups, "groups")):
            for name, value in ((said or {}).get(theirs) or {}).items():
                if value is None:
                    mine.pop(name)
                elif isinstance(value, dict):
                    mine[name] = {**mine.get(name, {}), **value}
                else:
                    mine[name] = value
        self._company.import_directory()

    def _assign(self, said: Sequence[Any]) -> None:
        for item in said:
            self._company.assign(*_assignment(item))

    def _unassign(self, said: Sequence[Any]) -> None:
        for item in said:
            self._company.unassign(*_assignment(item))

    def _hard_delete(self, said: Sequence[str]) -> None:
        self._company.hard_delete(*said)

    def _settings(self, said: Said) -> None:
        self._company.set(**said)

    def _schema(self, said: Said) -> None:
        """Save the application's schema with other mappings; or see it `refused` with such an error."""
        refused = said.get("refused")
        application = {**self._document.get("application", {}), **said}
        if refused is None:
            self._company.save_schema(schema_changes.document(application))
            return
        with pytest.raises(errors.InvalidInputError, match=refused):
            self._company.save_schema(schema_changes.document(application))

    def _target(self, said: Said) -> None:
        """Put accounts into the target, change them, or take them out (`gone`), behind Provisor's back.

        `behaves` ends every answer that was asked for with `always`.
        """
        peer = self._company.peer
        if said.get("behaves"):
            peer.behave()
        for name in said.get("gone", ()):
            account = self._company.account(name)
            assert account is not None, f"there is no {name} in the target"
            for collection in (peer.users, peer.groups):
                collection.pop(account["id"], None)
            self._company.forget_name(account["id"])
        for name, change in said.get("changed", {}).items():
            account = self._company.account(name)
            assert account is not None, f"there is no {name} in the target"
            account.update(change)
        for kind, collection in (("users", peer.users), ("groups", peer.groups)):
            for target_id, document in said.get(kind, {}).items():
                collection[str(target_id)] = {"id": str(target_id), **document}

    def _answers(self, said: Sequence[Said]) -> None:
        """Answer requests so from now on: the next that fits, or `always`."""
        peer = self._company.peer
        for item in said:
            answer, where = _ANSWERS[item["answer"]](item), {key: item.get(key) for key in ("method", "path")}
            if item.get("always"):
                peer.always(answer, **where)
            else:
                peer.script(*[answer] * item.get("times", 1), **where)

    def _during(self, said: Said) -> None:
        """Import a change while the next request that fits is being answered."""
        self._company.peer.script(
            scripted_answers.meanwhile(lambda: self._import(said)), method=said["method"], path=said["path"]
        )

    def _filter(self, said: scope_words.Said) -> None:
        """Save scoping filters by object type, groups by name with their clauses; `null` takes them away."""
        self._company.save_schema(scope_words.with_filters(self._company.schema, said))

    def _input_filter(self, said: scope_words.Said) -> None:
        """As `filter`, of the filters that drop objects early."""
        self._company.save_schema(scope_words.with_filters(self._company.schema, said, "inputFilterGroups"))

    def _job(self, said: str) -> None:
        command = {"start": commands.start, "pause": commands.pause, "restart": commands.restart}[said]
        command(self._company.store, self._company.application.id)

    async def _later(self, said: str) -> None:
        """Let time pass: `30 days`, `2 hours`."""
        number, unit = said.split()
        await self._company.clock.tell(timedelta(**{unit: int(number)}).total_seconds())

    # -- what the engine does --------------------------------------------------

    async def _plan(self, said: Any) -> None:
        """Make a plan; its rows, or None where nothing is to be done."""
        self._company.peer.requests.clear()
        made = await self._company.make_plan()
        if made is None:
            assert said is None, "there is nothing to do"
            return
        self._plans["made"] = made
        self._compare(made.id, said)

    async def _apply(self, said: Said) -> None:
        """Apply the plan that was `made` or is `held`, or a part of it; what became of its rows.

        `leaves` names a pattern of why rows of it stay held.
        """
        self._company.peer.requests.clear()
        chosen = self._chosen(said)
        outcome = await self._company.apply_plan(*chosen)
        if "leaves" in said:
            assert isinstance(outcome, cycle.Held), outcome
            assert re.search(said["leaves"], outcome.plan.hold_reason or ""), outcome.plan.hold_reason
        else:
            assert isinstance(outcome, cycle.Applied), outcome
        self._compare(chosen[0].id, said["rows"])

    def _drop(self, said: Said) -> None:
        """Decide against what the plan that is `held` holds, or a part of it; what becomes of its rows."""
        chosen = self._chosen(said)
        self._company.drop(*chosen)
        self._compare(chosen[0].id, said["rows"])

    def _chosen(self, said: Said) -> tuple[plan.Plan, plan.Selection]:
        """A plan, and which of its held rows are meant: those of `objects`, of `kinds`, for `reasons`."""
        return self._plans[said["plan"]], plan.Selection(
            objects=tuple(self._company.object_id(name) for name in said.get("objects", ())),
            kinds=tuple(changes.ChangeKind(kind) for kind in said.get("kinds", ())),
            reasons=tuple(changes.Reason(reason) for reason in said.get("reasons", ())),
        )

    def _protect(self, said: Sequence[str]) -> None:
        """Protect the accounts of people and groups, or `account 7` by its id in the target."""
        for name in said:
            self._company.protect(name)

    def _unprotect(self, said: Sequence[str]) -> None:
        for name in said:
            self._company.unprotect(name)

    async def _wait(self, said: float) -> None:
        """Let so many hours pass."""
        await self._company.clock.tell(said * 3600)

    async def _reconcile(self, said: Any) -> None:
        """Read the target in full and deal with what strayed, by the application's settings; said like `run`."""
        settings = self._company.application.settings.reconciliation
        await self._run(said, reconcile=settings)

    async def _run(self, said: Any, **how: Any) -> None:
        """Run a cycle: the rows of its plan, or how it ended where that is all there is to say.

        `held` is a pattern of why rows are held, with the `rows` of the plan that holds them, and those of the plan that
        was applied `beside` it.
        """
        self._company.peer.requests.clear()
        if isinstance(said, dict) and "stops" in said:
            with pytest.raises(errors.TargetUnusableError, match=said["stops"]):
                await self._company.run(**how)
            return
        outcome = await self._company.run(**how)
        done = () if isinstance(outcome, cycle.NothingToDo) else self._company.rows(outcome.plan.id)
        self._last_planned = foresight.planned(done)
        if isinstance(said, str):
            assert type(outcome).__name__ == said, outcome
            return
        if isinstance(said, dict):
            assert isinstance(outcome, cycle.Held), outcome
            self._plans["held"] = outcome.plan
            assert re.search(said["held"], outcome.plan.hold_reason or ""), outcome.plan.hold_reason
            if "beside" in said:
                assert outcome.applied is not None, "nothing was done beside what is held"
                assert outcome.applied.plan.id != outcome.plan.id, "it was done by the same plan"
                self._compare(outcome.applied.plan.id, said["beside"])
            said = said.get("rows")
        if said is not None:
            assert not isinstance(outcome, cycle.NothingToDo), "there was nothing to do"
            self._compare(outcome.plan.id, said)

    def _undo(self, said: Said) -> None:
        self._company.peer.requests.clear()
        made = scenario_undo.play(self._company, said)
        if made is not None:
            self._plans["undo"] = made.plan

    async def _on_demand(self, said: Said) -> None:
        self._company.peer.requests.clear()
        await scenario_on_demand.play(self._company, said)

    def _compare(self, plan_id: Any, said: Sequence[str]) -> None:
        told = self._company.told(plan_id)
        assert told == sorted(said), f"the plan says {told}"


class Expectations:
    """What is to be seen after a step."""

    def __init__(self, company: Provisioning) -> None:
        self._company = company

    def check(self, said: Said) -> None:
        """Compare everything that is named."""
        checks = {
            "requests": self._requests,
            "writes": self._writes,
            "target": self._target,
            "members": self._members,
            "count": self._count,
            "log": self._log,
            "logged": self._logged,
            "links": self._links,
            "deletions": self._deletions,
            "escrows": self._escrows,
            "unowned": self._unowned,
            "waits": self._waits,
            "error": self._error,
            "explained": self._explained,
            "scoping": self._scoping,
            "values": functools.partial(scenario_showing.values, self._company),
            "hidden": functools.partial(scenario_showing.hidden, self._company),
            "steps": functools.partial(scenario_showing.steps, self._company),
            **scenario_health.checks(self._company),
            "held": self._held,
            "actions": self._actions,
        }
        assert not set(said) - set(checks), f"nothing is known of {set(said) - set(checks)}"
        for name, value in said.items():
            checks[name](value)

    def _requests(self, said: Sequence[str]) -> None:
        told = sorted(self._told(request) for request in self._company.peer.requests)
        assert told == sorted(said), f"it was asked {told}"

    def _writes(self, said: Sequence[str]) -> None:
        """The requests that change something."""
        told = sorted(
            self._told(request) for request in self._company.peer.requests if request.method != "GET"
        )
        assert told == sorted(said), f"it wrote {told}"

    def _target(self, said: Said) -> None:
        """Accounts by name: the attributes that matter, or `null` for nobody."""
        for name, wanted in said.items():
            account = self._company.account(name)
            if wanted is None:
                assert account is None, f"{name} is in the target"
            else:
                assert account is not None, f"{name} is not in the target"
                assert {key: self._seen(account, key) for key in wanted} == wanted, f"{name}'s account"

    def _seen(self, account: Said, key: str) -> Any:
        """An attribute; `manager` by the manager's name, and the first work e-mail as `mail`."""
        if key == "manager":
            extension = account.get("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", {})
            return self._company.short_name(extension["manager"]["value"]) if "manager" in extension else None
        return account.get(key)

    def _members(self, said: Mapping[str, Sequence[str]]) -> None:
        for group, wanted in said.items():
            assert self._company.members(group) == set(wanted), f"members of {group}"

    def _count(self, said: Mapping[str, int]) -> None:
        peer = self._company.peer
        assert {"users": len(peer.users), "groups": len(peer.groups)} == {
            "users": len(peer.users),
            "groups": len(peer.groups),
            **said,
        }

    def _log(self, said: Mapping[str, Sequence[str]]) -> None:
        """Parts of the newest entry of an object, all of its rows and what they say."""
        for name, parts in said.items():
            object_id = self._company.object_id(name)
            newest = next(item for item in self._company.log() if item.main.row.object_id == object_id)
            rows = (newest.main, *newest.following)
            text = "\n".join(
                f"{self._company.tell(row)}: {row.error_message or ''} {' '.join(row.warnings)} "
                f"{row.row.details.matched_on or ''}"
                for row in rows
            )
            for part in parts:
                assert part in text, text

    def _logged(self, said: Mapping[str, str]) -> None:
        """Action and status of an object's newest entry in the log, in Graph's words."""
        for name, wanted in said.items():
            object_id = self._company.object_id(name)
            newest = next(item for item in self._company.log() if item.main.row.object_id == object_id)
            seen = f"{log_entry.action(newest).value}, {log_entry.status(newest).value}"
            assert seen == wanted, f"{name}'s entry in the log"

    def _links(self, said: Mapping[str, str | None]) -> None:
        for name, wanted in said.items():
            link = self._company.link(name)
            assert (None if link is None else f"{link.state}, {link.origin}") == wanted, f"{name}'s link"

    def _deletions(self, said: Mapping[str, int | None]) -> None:
        """In how many days a disabled account is to be deleted, by name; `null` where it is not."""
        for name, wanted in said.items():
            due = self._company.link(name).delete_due
            left = None if due is None else round((due - self._company.clock.now()) / timedelta(days=1))
            assert left == wanted, f"{name}'s account is due for deletion in {left} days"

    def _escrows(self, said: Mapping[str, str | None]) -> None:
        """The error code that waits in escrow, by name; `null` for none."""
        for name, wanted in said.items():
            escrow = self._company.escrow(name)
            assert (None if escrow is None else escrow.code.value) == wanted, f"{name}'s escrow: {escrow}"

    def _unowned(self, said: Sequence[str]) -> None:
        """Accounts that nobody is linked to, by name; ` for NAME` where they match somebody who does not belong."""
        with self._company.store.read() as unit:
            found = unit.unowned(self._company.application.id).listing()
            names = {item.id: item.anchor for item in unit.directory.many([one.matches for one in found])}
        told = sorted(
            item.name.partition("@")[0] + (f" for {names[item.matches]}" if item.matches else "")
            for item in found
        )
        assert told == sorted(said), f"unowned are {told}"

    def _waits(self, said: int) -> None:
        """How long the target client waited in all, in seconds by its own clock, at least."""
        assert self._company.target_clock.monotonic() >= said

    def _explained(self, said: Mapping[str, Said]) -> None:
        for name, wanted in said.items():
            scenario_explain.check(self._company, name, wanted)

    def _error(self, said: str | None) -> None:
        last = self._company.job.last_error
        assert (last is None) if said is None else re.search(said, last or ""), last

    def _scoping(self, said: Mapping[str, Said]) -> None:
        """The scoping step of the newest entry of an object: `results` by clause, `passed`, the other conditions, and `told`, a part of it."""
        for name, wanted in said.items():
            object_id = self._company.object_id(name)
            newest = next(item for item in self._company.log() if item.main.row.object_id == object_id)
            [step] = [item for item in log_steps.steps(newest) if item.type is steps.StepType.SCOPING]
            seen = {
                "results": json.loads(step.details["ScopeEvaluationResult"]),
                "passed": step.details["Scoping filter evaluation passed"],
                "active": step.details["Active in the source system"],
                "assigned": step.details["Assigned to the application"],
                "role": next(value for key, value in step.details.items() if "has the required role" in key),
            }
            told = wanted.get("told", "")
            assert told in step.description, step.description
            assert seen == {**seen, **{key: value for key, value in wanted.items() if key != "told"}}, seen

    def _held(self, said: str | None) -> None:
        """Why the job's held plan is held; `null` where there is none."""
        held = self._company.held_plan
        if said is None:
            assert held is None, f"a plan is held: {held}"
        else:
            assert held is not None, "no plan is held"
            assert held.state is plan.PlanState.HELD, held.state
            assert re.search(said, held.hold_reason or ""), held.hold_reason

    def _actions(self, said: Mapping[str, Sequence[str]]) -> None:
        """All entries of an object in the log, the newest first: `stageddelete, skipped`."""
        for name, wanted in said.items():
            object_id = self._company.object_id(name)
            entries = [item for item in self._company.log() if item.main.row.object_id == object_id]
            told = [f"{log_entry.action(item)}, {log_entry.status(item)}" for item in entries]
            assert told == list(wanted), f"{name}'s entries: {told}"

    def _told(self, request: scripted_target.Received) -> str:
        """One request in words: `POST /Users ada`, `PATCH /Groups/Sales +ada -bob`, `GET /Users userName=ada`."""
        _, collection, *rest = request.path.split("/")
        place = f"/{collection}" + (f"/{self._company.short_name(rest[0])}" if rest else "")
        words = [request.method, place]
        if match := re.fullmatch(r'(.+) eq "(.*)"', request.query.get("filter", "")):
            words.append(f"{match[1]}={match[2].partition('@')[0]}")
        if request.method == "POST":
            words.append(request.body.get("userName", request.body.get("displayName", "")).partition("@")[0])
        if request.method == "PATCH":
            words += [self._operation(item) for item in request.body["Operations"]]
        return " ".join(words)

    def _operation(self, operation: Said) -> str:
        path = str(operation["path"]).rpartition(":")[2]
        verb = operation["op"].lower()
        value = operation.get("value")
        if path.startswith("members"):
            inside = re.search(r'value eq "(.*)"', path)
            ids = [inside[1]] if inside else [item["value"] for item in value]
            sign = "-" if verb == "remove" else "+"
            return " ".join(sorted(f"{sign}{self._company.short_name(one)}" for one in ids))
        if path == "manager":
            value = self._company.short_name(value["value"] if isinstance(value, dict) else value)
        return f"{path}={value}" if verb != "remove" else f"{path}-"


def _assignment(said: Any) -> tuple[str, str | None]:
    if isinstance(said, str):
        return said, None
    [(name, role)] = said.items()
    return name, role
