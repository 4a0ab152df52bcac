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
