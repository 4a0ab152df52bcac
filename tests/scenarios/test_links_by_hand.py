"""Links that a person sets and ends."""

import dataclasses

import pytest

from provisor.core import errors
from provisor.core.audit import Activity, AuditQuery
from provisor.core.identifiers import TargetId
from provisor.core.links import LinkOrigin, LinkQuery, LinkState
from provisor.engine import commands, object_connections
from provisor.engine.object_connections import Present
from support import provisioning


@pytest.fixture
def ready(company):
    company.directory.users = {"ada": {}, "bob": {}}
    company.import_directory()
    company.add_application()
    company.peer.users["7"] = {"id": "7", "userName": "ada.before.her.marriage@example.com"}
    return company


async def link(company, name, target_id, present=Present.KEPT):
    with company.store.read() as unit:
        subject = unit.directory.get(company.object_id(name))
    return await object_connections.link(
        company.services, company.application, subject, TargetId(target_id), present
    )


def unlink(company, name):
    with company.store.read() as unit:
        subject = unit.directory.get(company.object_id(name))
    return object_connections.unlink(company.services, company.application, subject)


def listed(company, **query):
    with company.store.read() as unit:
        return unit.links(company.application.id).listing(LinkQuery(**query))


async def test_a_person_who_is_linked_by_hand_gets_that_account_brought_in_line(ready):
    made = await link(ready, "ada", "7")
    assert made.origin is LinkOrigin.BY_HAND
    assert ready.peer.users["7"]["userName"] == "ada.before.her.marriage@example.com"

    await ready.run()

    assert ready.peer.users["7"]["userName"] == "ada@example.com"
    assert len(ready.peer.users) == 2


async def test_the_account_must_exist_and_be_nobody_elses(ready):
    with pytest.raises(errors.NotFoundError, match="no user with the id '8'"):
        await link(ready, "ada", "8")
    await link(ready, "ada", "7")
    with pytest.raises(errors.AlreadyExistsError, match="linked to 'Ada Adason' already"):
        await link(ready, "bob", "7")
    assert ready.link("bob") is None


async def test_a_link_is_replaced_only_where_that_is_asked_for(ready):
    await link(ready, "ada", "7")
    ready.peer.users["9"] = {"id": "9", "userName": "another@example.com"}
    with pytest.raises(errors.AlreadyExistsError, match="--replace"):
        await link(ready, "ada", "9")
    await link(ready, "ada", "9", Present.REPLACED)
    assert ready.link("ada").target_id == "9"
    with ready.store.read() as unit:
        newest = unit.audit.entries(AuditQuery(activity=Activity.UPDATE_LINKS), limit=1)[0].act
    assert (newest.before, newest.after) == ({"targetAnchor": "7"}, {"targetAnchor": "9"})


async def test_a_link_is_ended_only_while_no_cycle_is_due_and_is_found_anew_afterwards(ready):
    await ready.run()
    commands.start(ready.store, ready.application.id)
    with pytest.raises(errors.InvalidInputError, match="pause it first"):
        unlink(ready, "ada")
    commands.pause(ready.store, ready.application.id)
    before = dict(ready.account("ada"))
    unlink(ready, "ada")
    assert ready.link("ada") is None
    assert ready.account("ada") == before
    with pytest.raises(errors.NotFoundError, match="linked to no account"):
        unlink(ready, "ada")

    commands.start(ready.store, ready.application.id)
    await ready.run()

    assert ready.link("ada").origin is LinkOrigin.MATCHED
    assert len(ready.peer.users) == 3


async def test_links_do_not_change_under_a_running_cycle(ready):
    another = dataclasses.replace(ready, process="another.example:2:2", new_id=provisioning.Ids(9))
    with another.store.write() as unit:
        now = another.clock.now()
        later = now.replace(year=now.year + 1)
        unit.jobs.lease(ready.application.id, another.process, now, later, None)
    with pytest.raises(errors.JobBusyError):
        await link(ready, "ada", "7")


async def test_links_are_listed_by_object_account_and_state_in_pages(ready):
    await ready.run()
    ready.directory.users.pop("bob")
    ready.import_directory()
    await ready.run()
    ada, bob = ready.object_id("ada"), ready.object_id("bob")
    everybody = listed(ready)
    assert [item.link.object_id for item in everybody] == sorted([ada, bob])
    assert [item.link.object_id for item in listed(ready, state=LinkState.DISABLED)] == [bob]
    [one] = listed(ready, object_id=ada)
    assert (one.display_name, one.principal_name, one.source_anchor) == (
        "Ada Adason",
        "ada@example.com",
        "ada",
    )
    assert [item.link.object_id for item in listed(ready, target_id=one.link.target_id)] == [ada]
    with ready.store.read() as unit:
        links = unit.links(ready.application.id)
        page = links.listing(LinkQuery(), limit=1)
        following = links.listing(LinkQuery(), after=page[-1].link.object_id, limit=1)
    assert [*page, *following] == everybody
