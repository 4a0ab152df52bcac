"""Provision on demand beside cycles: one process at a time, nobody twice, the watermark stays."""

import asyncio
import contextlib
import dataclasses

import pytest

from provisor.core import errors, log_entry, on_demand_document
from provisor.core.audit import Activity, AuditQuery
from provisor.core.on_demand import Mode, Result, result
from provisor.core.plan import Origin
from provisor.engine import cycle, on_demand
from support import provisioning, scripted_answers
from support.scripted_target import Commit


@pytest.fixture
def ready(company):
    company.directory.users = {"ada": {}, "bob": {}}
    company.import_directory()
    company.add_application()
    return company


@pytest.fixture
def another(ready):
    """Another process on another machine, with the same job."""
    return dataclasses.replace(ready, process="another.example:2:2", new_id=provisioning.Ids(9))


async def provision(company, name, mode=Mode.APPLY):
    wish = on_demand.Wish(object_id=company.object_id(name), mode=mode)
    return await on_demand.run(company.services, company.application.id, wish)


async def held_up_by(company, work):
    held_up = scripted_answers.HeldUp(Commit.DONE)
    company.peer.script(held_up.answer, method="POST")
    running = asyncio.create_task(work)
    await held_up.arrival(running)
    return held_up, running


async def test_it_waits_for_a_running_cycle_and_makes_nobody_twice(ready, another):
    held_up, running = await held_up_by(ready, ready.run())
    asked = asyncio.create_task(provision(another, "ada"))
    await ready.clock.looked_again()
    assert not asked.done()
    held_up.released.set()

    assert isinstance(await running, cycle.Applied)
    assert result(await asked) is Result.SKIPPED
    assert len(ready.peer.asked("POST")) == len(ready.peer.users) == 2


async def test_it_refuses_in_words_where_a_cycle_goes_on_for_too_long(ready, another):
    held_up, running = await held_up_by(ready, ready.run())
    asked = asyncio.create_task(provision(another, "ada"))
    for _ in range(4):
        await ready.clock.tell(12)
    with pytest.raises(errors.JobBusyError, match=r"Nothing was provisioned.*--dry-run"):
        await asked
    foreseen = await provision(another, "bob", Mode.DRY_RUN)
    held_up.released.set()

    assert result(foreseen) is Result.SUCCESS
    assert isinstance(await running, cycle.Applied)
    assert len(ready.peer.users) == 2


async def test_a_cycle_does_not_begin_while_somebody_is_provisioned_on_demand(ready, another):
    held_up, running = await held_up_by(ready, provision(ready, "ada"))
    with pytest.raises(errors.JobBusyError):
        await another.run()
    held_up.released.set()

    assert result(await running) is Result.SUCCESS
    assert isinstance(await another.run(), cycle.Applied)
    assert len(ready.peer.asked("POST")) == len(ready.peer.users) == 2


async def test_what_was_interrupted_is_looked_up_by_the_next_cycle_which_still_looks_at_everybody(ready):
    _, running = await held_up_by(ready, provision(ready, "ada"))
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running

    finished = await ready.run()
    assert isinstance(finished, cycle.Applied)
    assert finished.plan.origin is Origin.ON_DEMAND
    assert ready.job.watermark is None
    assert isinstance(await ready.run(), cycle.Applied)
    assert {one["userName"] for one in ready.peer.users.values()} == {"ada@example.com", "bob@example.com"}
    assert len(ready.peer.users) == 2


async def test_it_is_in_the_log_as_asked_for_by_a_person_and_moves_no_watermark(ready):
    await ready.run()
    watermark = ready.job.watermark
    ready.directory.users["cyd"] = {}
    ready.import_directory()

    report = await provision(ready, "cyd")

    assert ready.job.watermark == watermark
    newest = ready.log()[0]
    tenant = log_entry.TenantId("00000000-0000-4000-8000-0000000000aa")
    entry = log_entry.entry(newest, application=ready.application, job_id="the-job", tenant_id=tenant)
    document = on_demand_document.of_report(report, job_id="the-job", tenant_id=tenant)
    assert entry["initiatedBy"]["displayName"] == "Administrator, on demand"
    with ready.store.read() as unit:
        [act] = unit.audit.entries(AuditQuery(activity=Activity.PROVISION_ON_DEMAND), limit=5)
    assert act.act.subject == "Cyd Cydson"
    assert document["changeId"] == entry["changeId"]
    assert document["action"] == "Create"
    assert document["modifiedProperties"] == entry["modifiedProperties"]
    assert [step["type"] for step in document["provisioningSteps"]] == [
        "Import",
        "Scoping",
        "Matching",
        "Export",
    ]
    assert document["provisioningSteps"][0]["details"]["userPrincipalName"] == "cyd@example.com"
    assert document["statusInfo"]["status"] == "Success"
    assert document["targetIdentity"]["id"] == ready.link("cyd").target_id
