"""Created in the target, unknown here, and not wanted any more when the next process begins."""

import dataclasses
import os
import socket

import pytest

from provisor.core import plan
from provisor.core.job import Retries
from provisor.core.links import LinkOrigin, LinkState
from provisor.engine import commands, cycle
from support import mortality, provisioning, scripted_target
from support.declared_source import Declared


@pytest.fixture
async def company(store):
    async with scripted_target.scripted_target() as peer:
        made = provisioning.Provisioning(
            store=store,
            peer=peer,
            directory=Declared(users={"ada": {}, "bob": {}}, groups={"Sales": ["ada"]}),
        )
        made.import_directory()
        made.add_application(scope="assigned")
        made.assign("ada")
        made.assign("bob")
        yield made


async def dies_after_creating(company, name):
    """The process ends as soon as the target has carried out the creation."""
    death = mortality.Death()
    services = mortality.mortal(company.services, death)
    target = services.open_target

    class LastCreation(mortality.MortalTarget):
        async def create(self, kind, values):
            created = await super().create(kind, values)
            if values.get("userName") == f"{name}@example.com":
                death.has_come = True
                death.check()
            return created

    def open_target(application, token):
        return LastCreation(target(application, token), death)

    services = dataclasses.replace(
        services, open_target=open_target, process=f"{socket.gethostname()}:{os.getpid()}:0"
    )
    with pytest.raises((mortality.DeathError, BaseExceptionGroup)):
        await cycle.run(
            services,
            company.application.id,
            origin=plan.Origin.PERSON,
            retries=Retries.ALL,
            progress=lambda *_: None,
        )
    assert company.account(name) is not None
    assert company.link(name) is None


async def run_to_rest(company):
    while not isinstance(outcome := await company.run(), cycle.NothingToDo):
        assert isinstance(outcome, cycle.Applied)


async def test_somebody_created_in_a_crash_and_unassigned_meanwhile_ends_disabled(company):
    await dies_after_creating(company, "ada")
    company.unassign("ada")

    await run_to_rest(company)

    assert company.account("ada")["active"] is False
    assert company.link("ada").state is LinkState.DISABLED
    assert company.account("bob")["active"] is True


async def test_somebody_created_in_a_crash_and_changed_meanwhile_is_adopted_and_brought_in_line(company):
    await dies_after_creating(company, "ada")
    company.directory.users["ada"] = {"jobTitle": "Sailor"}
    company.import_directory()

    await run_to_rest(company)

    assert company.account("ada")["title"] == "Sailor"
    assert company.link("ada").origin is LinkOrigin.ADOPTED


async def test_somebody_created_in_a_crash_is_known_even_if_the_job_is_restarted_before_it_runs_again(
    company,
):
    await dies_after_creating(company, "ada")
    commands.restart(company.store, company.application.id)
    company.unassign("ada")

    await run_to_rest(company)

    assert company.account("ada")["active"] is False
    assert company.account("bob")["active"] is True


async def test_somebody_created_in_a_crash_and_deleted_for_good_meanwhile_is_removed(company):
    await dies_after_creating(company, "ada")
    company.hard_delete("ada")

    await run_to_rest(company)

    assert company.account("ada") is None
    assert company.account("bob") is not None
