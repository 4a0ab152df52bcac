"""A job's status tells what its cycles did, in Graph's shape; a restart forgets exactly what it is told to forget."""

import pytest

from provisor.cli import job_documents, job_status_table
from provisor.core import errors, job
from provisor.engine import commands, cycle
from support import scripted_target


@pytest.fixture
def ready(company):
    company.directory.users = {"ada": {}, "bob": {}, "cyd": {}}
    company.directory.groups = {"Sales": ["ada", "bob"]}
    company.import_directory()
    company.add_application(intervalSeconds="PT20M")
    return company


def document(company):
    with company.store.read() as unit:
        return job_documents.of_job(unit, company.application, company.clock.now())


async def test_counts_statistics_and_requests_are_those_of_the_cycle(ready):
    ready.peer.script(scripted_target.status(403), method="POST", path="/Users")

    outcome = await ready.run()

    told = document(ready)
    execution = told["status"]["lastExecution"]
    assert execution["activityIdentifier"] == outcome.plan.id
    assert (execution["state"], execution["countImported"], execution["countEscrowed"]) == (
        "EntryLevelErrors",
        4,
        1,
    )
    assert execution["countExported"] == 4
    assert told["status"]["lastSuccessfulExecution"] is None
    assert told["statisticsToDate"] == {"create": 3, "addMembers": 1}
    asked = ready.peer.requests
    assert told["requests"]["writes"] == len([one for one in asked if one.method != "GET"])
    assert told["requests"]["reads"] == len(ready.peer.asked("GET"))
    assert told["escrows"]["accounts"] == 1


async def test_the_screen_tells_what_kind_of_cycle_it_was_and_how_long_it_took(ready, capsys):
    await ready.run()
    job_status_table.show(document(ready))
    said = " ".join(capsys.readouterr().out.split())
    assert "Last cycle initial, Succeeded, began 20" in said
    assert ", took 0 s" in said


async def left(company, name, seconds):
    """Somebody's end is imported, and some time passes until the next cycle."""
    match company.directory.users.get(name), name:
        case _, "ada":
            del company.directory.users["ada"]
        case _, "bob":
            company.directory.users["bob"] = {"accountEnabled": False}
        case _, "cyd":
            company.unassign("cyd")
    company.import_directory()
    await company.clock.tell(seconds)


async def test_how_long_leavers_kept_their_accounts_is_told_however_they_left(ready, capsys):
    ready.set(scope="assigned")
    for name in ("ada", "bob", "cyd"):
        ready.assign(name)
    await ready.run()
    assert document(ready)["leaverDelays"] is None
    await left(ready, "ada", 10)
    await left(ready, "bob", 20)
    await left(ready, "cyd", 300)
    await ready.run()
    assert [ready.account(name)["active"] for name in ("ada", "bob", "cyd")] == [False] * 3
    found = document(ready)["leaverDelays"]
    assert found["count"] == 3
    assert 320 <= found["p50Seconds"] < 321
    assert 330 <= found["p95Seconds"] < 331
    job_status_table.show(document(ready))
    said = " ".join(capsys.readouterr().out.split())
    assert "Leavers 3: half gone within 5 min, 95 % within 5 min of the change" in said


async def test_whoever_loses_a_group_that_is_assigned_is_a_leaver_of_that_moment(ready):
    ready.set(scope="assigned")
    ready.assign("Sales")
    await ready.run()
    ready.directory.groups["Sales"] = ["ada"]
    ready.import_directory()
    await ready.clock.tell(30)
    ready.directory.users["bob"] = {"displayName": "Bob the Late"}
    ready.import_directory()
    await ready.clock.tell(5)
    await ready.run()
    assert ready.account("bob")["active"] is False
    assert 35 <= document(ready)["leaverDelays"]["p50Seconds"] < 36
    ready.unassign("Sales")
    await ready.clock.tell(90)
    await ready.run()
    told = document(ready)["leaverDelays"]
    assert (told["count"], round(told["p95Seconds"])) == (3, 90), "ada and the group itself"


async def test_a_leaver_who_was_refused_first_counts_from_the_change(ready):
    ready.set(scope="assigned")
    ready.assign("cyd")
    await ready.run()
    ready.peer.script(scripted_target.status(403), method="PATCH")
    await left(ready, "cyd", 60)
    await ready.run()
    assert document(ready)["leaverDelays"] is None
    await ready.clock.tell(7200)
    await ready.run()
    assert 7260 <= document(ready)["leaverDelays"]["p50Seconds"] < 7261


async def test_a_leaver_who_was_held_counts_from_the_change(ready):
    ready.set(scope="assigned", guardPercent="1", guardFloor="0")
    ready.assign("cyd")
    await ready.run()
    await left(ready, "cyd", 60)
    held = await ready.run()
    ready.directory.users["dan"] = {}
    ready.import_directory()
    await ready.clock.tell(3600)
    assert (await ready.run()).plan.id == held.plan.id, "the plan that is held stays the same"
    await ready.apply_plan(ready.held_plan)
    assert ready.account("cyd")["active"] is False
    assert 3660 <= document(ready)["leaverDelays"]["p50Seconds"] < 3661


async def test_whom_a_setting_takes_away_is_no_leaver_and_a_late_deletion_is_no_delay(ready):
    ready.set(onSoftDeleted="disableThenDelete", deleteAfterDays="3")
    await ready.run()
    await left(ready, "ada", 5)
    await ready.run()
    await ready.clock.tell(4 * 86_400)
    await ready.run()
    assert ready.account("ada") is None
    ready.set(scope="assigned")
    await ready.run()
    assert ready.account("bob")["active"] is False
    assert document(ready)["leaverDelays"]["count"] == 1
    assert document(ready)["leaverDelays"]["p95Seconds"] < 6


async def test_steady_state_is_reached_when_nothing_is_left_to_write(ready):
    await ready.run()
    assert document(ready)["status"]["steadyStateFirstAchievedTime"] is None
    with_exports = document(ready)["status"]["lastSuccessfulExecutionWithExports"]
    await ready.run()
    told = document(ready)["status"]
    assert told["steadyStateFirstAchievedTime"] == told["steadyStateLastAchievedTime"] is not None
    assert told["lastSuccessfulExecutionWithExports"] == with_exports
    assert told["lastSuccessfulExecution"]["countExports"] == 0


async def test_the_next_cycle_is_told_with_its_time_and_cause(ready):
    assert document(ready)["next"] is None
    commands.start(ready.store, ready.application.id)
    assert document(ready)["next"]["cause"] == "changes"
    await ready.run()
    assert document(ready)["next"]["cause"] == "interval"
    ready.peer.always(scripted_target.status(401))
    ready.directory.users["dan"] = {}
    ready.import_directory()
    with pytest.raises(errors.TargetUnusableError):
        await ready.run()
    told = document(ready)
    assert told["next"] == {"due": told["status"]["quarantine"]["nextAttempt"], "cause": "quarantine"}
    assert told["status"]["quarantine"]["error"]["tenantActionable"] is True
    assert told["status"]["countSuccessiveCompleteFailures"] == 1


@pytest.mark.parametrize(
    ("scope", "kept"),
    [
        ("", {"links"}),
        ("Watermark", {"escrows", "quarantine", "links"}),
        ("escrows", {"watermark", "quarantine", "links"}),
        ("QuarantineState", {"watermark", "escrows", "links"}),
        ("Watermark, Escrows", {"quarantine", "links"}),
        ("ConnectorDataStore", {"escrows", "quarantine"}),
        ("Full", set()),
    ],
)
async def test_a_restart_forgets_what_its_scope_names(ready, scope, kept):
    ready.peer.script(scripted_target.status(403), method="POST", path="/Users")
    await ready.run()
    ready.peer.always(scripted_target.status(401))
    with pytest.raises(errors.TargetUnusableError):
        await ready.run()

    commands.restart(ready.store, ready.application.id, scope=job.reset_scope(scope))

    seen = {
        "watermark": ready.job.watermark is not None,
        "escrows": document(ready)["escrows"]["count"] > 0,
        "quarantine": ready.job.quarantine is not None,
        "links": ready.link("Sales") is not None,
    }
    assert {name for name, there in seen.items() if there} == kept


async def test_links_that_were_ended_are_found_again_and_nobody_is_created_twice(ready):
    await ready.run()
    before = dict(ready.peer.users)
    commands.restart(ready.store, ready.application.id, scope=job.reset_scope("ConnectorDataStore"))
    await ready.run()
    assert ready.peer.users.keys() == before.keys()
    assert ready.link("ada").target_id in before
    assert ready.members("Sales") == {"ada", "bob"}
    assert await ready.run() == cycle.NothingToDo()


def test_an_unknown_reset_scope_is_refused_with_those_there_are():
    with pytest.raises(errors.InvalidInputError, match=r"'Everything'.*ConnectorDataStore"):
        job.reset_scope("Watermark, Everything")


async def test_a_job_that_was_stopped_still_runs_when_a_person_says_so(ready):
    commands.stop(ready.store, ready.application.id)
    await ready.run()
    assert len(ready.peer.users) == 3
