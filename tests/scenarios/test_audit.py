"""Who changed what: every command of an administrator is written down with its change, and no secret is."""

import copy
import datetime as dt

import pytest

from provisor.core import audit, plan
from provisor.core.errors import AlreadyExistsError, TargetUnusableError
from provisor.engine import applications, commands
from support import scripted_target
from support.provisioning import Provisioning

ALICE, BOB = audit.Actor("alice"), audit.Actor("bob")
TOKEN = "a-token-that-nobody-may-read"


@pytest.fixture
def company(store, peer):
    made = Provisioning(store=store, peer=peer)
    made.directory.users["ada"] = {"department": "Research"}
    made.import_directory()
    made.add_application(template="ringcentral")
    return made


def told(company, **query):
    with company.store.read() as unit:
        return list(unit.audit.entries(audit.AuditQuery(**query)))


def acts(company, **query):
    return [(entry.act.actor, entry.act.activity, entry.act.subject) for entry in told(company, **query)]


def test_commands_to_the_job_name_who_gave_them_and_the_schedule_before_and_after(company):
    commands.start(company.store, company.application.id, by=ALICE)
    commands.pause(company.store, company.application.id, by=BOB)
    commands.restart(company.store, company.application.id, by=ALICE)
    assert acts(company)[:3] == [
        (ALICE, audit.Activity.RESTART, "Example App"),
        (BOB, audit.Activity.PAUSE, "Example App"),
        (ALICE, audit.Activity.START, "Example App"),
    ]
    paused = told(company, actor=BOB)[0].act
    assert (paused.before, paused.after) == ({"scheduleState": "Active"}, {"scheduleState": "Paused"})


def test_a_setting_is_told_by_name_with_both_values_and_an_unchanged_one_is_not(company):
    company.set(guardPercent="20")
    entry = told(company)[0].act
    assert (entry.before, entry.after) == ({"guard.percent": 10.0}, {"guard.percent": 20.0})
    count = len(told(company))
    company.set(guardPercent="20")
    assert len(told(company)) == count


def test_of_a_token_only_its_replacement_is_told(company):
    applications.enter_credentials(
        company.store, company.application, "https://new.example/scim/v2", TOKEN, by=BOB
    )
    entry = told(company, actor=BOB)[0].act
    assert entry.activity is audit.Activity.UPDATE_SETTINGS
    assert entry.after == {"tenantUrl": "https://new.example/scim/v2", "secretToken": "replaced"}
    assert entry.before["tenantUrl"].startswith("http://127.0.0.1")
    assert all(TOKEN not in str(item) and company.peer.token not in str(item) for item in told(company))


def test_assignments_are_told_with_person_and_role(company):
    company.assign("ada", "Standard")
    company.unassign("ada")
    unassigned, assigned = told(company)[:2]
    assert assigned.act.activity is audit.Activity.ASSIGN_USER
    assert assigned.act.after["role"] == "Standard"
    assert assigned.act.after["application"] == "Example App"
    assert unassigned.act.activity is audit.Activity.UNASSIGN_USER
    assert unassigned.act.before["principalId"] == company.object_id("ada")


def test_a_mapping_that_changes_is_told_alone(company):
    with company.store.read() as unit:
        document = unit.applications.schema(company.application.id)
    changed = copy.deepcopy(dict(document))
    rule = changed["synchronizationRules"][0]
    mapping = rule["objectMappings"][0]["attributeMappings"].pop()
    applications.save_schema(company.store, company.application, changed, by=ALICE)
    entry = told(company, actor=ALICE)[0].act
    assert entry.activity is audit.Activity.UPDATE_SCHEMA
    assert entry.after == {}
    assert all(f"[{mapping['targetAttributeName']}]" in path for path in entry.before)


async def test_a_person_who_has_a_plan_applied_is_named(company):
    made = await company.make_plan()
    assert made.state is plan.PlanState.READY
    await company.apply_plan(made)
    assert told(company)[0].act.activity is audit.Activity.APPLY_PLAN
    assert told(company)[0].act.before["plan"] == made.id


async def test_a_scheduled_cycle_is_no_act_of_a_person(company):
    count = len(told(company))
    await company.run()
    assert len(told(company)) == count


async def test_a_quarantine_is_told_once_when_it_begins_and_once_when_it_ends(company):
    company.assign("ada", "Standard")
    company.peer.always(scripted_target.status(401))
    for _ in range(2):
        with pytest.raises(TargetUnusableError):
            await company.run()
    company.peer.behave()
    await company.run()
    ended, began = told(company, activity=audit.Activity.QUARANTINE)
    assert (began.act.actor, began.act.before["reason"]) == (audit.SYSTEM, None)
    assert began.act.after == {"reason": "EncounteredQuarantineException", "code": "Unauthorized"}
    assert (ended.act.before, ended.act.after["reason"]) == (began.act.after, None)


async def test_whoever_ends_a_quarantine_is_named(company):
    company.assign("ada", "Standard")
    company.peer.always(scripted_target.status(401))
    with pytest.raises(TargetUnusableError):
        await company.run()
    commands.start(company.store, company.application.id, by=BOB)
    assert told(company, activity=audit.Activity.QUARANTINE)[0].act.actor == BOB


def test_what_is_refused_leaves_no_entry(company):
    company.assign("ada", "Standard")
    count = len(told(company))
    with pytest.raises(AlreadyExistsError):
        company.assign("ada", "Standard")
    assert len(told(company)) == count


def test_the_log_of_a_removed_application_is_found_by_its_name_and_id(company):
    removed = company.application
    applications.remove(company.store, removed, by=ALICE)
    by_name = told(company, application="Example App")
    assert by_name[0].act.activity is audit.Activity.REMOVE_APPLICATION
    assert by_name[-1].act.activity is audit.Activity.ADD_APPLICATION
    assert told(company, application=removed.id) == by_name
    assert told(company, application="Another App") == []


def test_the_log_is_read_on_from_a_position_without_gap_or_repetition(company):
    everything = told(company)
    pages, before = [], None
    with company.store.read() as unit:
        while page := unit.audit.entries(audit.AuditQuery(), before=before, limit=2):
            pages += page
            before = page[-1].position
    assert pages == everything
    assert len({entry.id for entry in pages}) == len(pages) > 2


def test_old_entries_are_forgotten_in_portions_and_young_ones_stay(company):
    count = len(told(company))
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    with company.store.write() as unit:
        assert unit.audit.forget(dt.datetime(2026, 1, 1, tzinfo=dt.UTC), 100) == 0
        assert unit.audit.forget(tomorrow, 1) == 1
        assert unit.audit.forget(tomorrow, 100) == count - 1
