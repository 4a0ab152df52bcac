"""One mail when something goes wrong, another when its cause changes, and one when it is over: over real SMTP."""

import dataclasses

import pytest

from provisor.core import errors, incidents, notification
from provisor.engine import applications, commands
from provisor.notifications.smtp import Security, SmtpMailer, SmtpOptions
from provisor.runner import posting, watching
from support import scripted_target
from support.mail_server import MailServer, text

PEOPLE = [f"person{number:02}" for number in range(20)]


@pytest.fixture
def mail_server():
    with MailServer() as server:
        yield server


@pytest.fixture
async def ready(company):
    """Twenty people with accounts, and an address for notifications."""
    company.directory.users = {name: {} for name in PEOPLE}
    company.import_directory()
    company.add_application(
        guardPercent="10", guardFloor="2", notificationEmail="duty@example.org", notificationLanguage="en"
    )
    await company.run()
    return company


@pytest.fixture
def post(ready, mail_server):
    options = SmtpOptions(
        host="127.0.0.1", port=mail_server.port, security=Security.NONE, sender="provisor@example.net"
    )
    return posting.Post(ready.store, ready.clock, SmtpMailer(options))


def lose(company, count):
    for name in PEOPLE[:count]:
        company.directory.users.pop(name, None)
    company.import_directory()


def open_kinds(company):
    with company.store.read() as unit:
        return {item.trouble.kind for item in unit.incidents.still_open(company.application.id)}


def waiting(company):
    with company.store.read() as unit:
        return unit.outbox.waiting()


async def test_a_held_plan_leads_to_one_mail_however_many_cycles_find_it_held(ready, post, mail_server):
    lose(ready, 12)
    held = await ready.run()
    await ready.run()
    await post.deliver()
    await ready.run()
    await post.deliver()
    [mail] = mail_server.mails
    assert mail["To"] == "duty@example.org"
    assert mail["From"] == "provisor@example.net"
    assert mail["Subject"] == "Example App: changes wait for your decision"
    assert held.plan.id in text(mail)
    assert "12 accounts would be taken away" in text(mail)
    assert "provisor job plan 'Example App'" in text(mail)


async def test_a_mail_tells_that_it_is_over(ready, post, mail_server):
    lose(ready, 12)
    held = await ready.run()
    await ready.apply_plan(held.plan)
    await post.deliver()
    assert mail_server.subjects == [
        "Example App: changes wait for your decision",
        "Example App: no changes wait any more",
    ]
    assert open_kinds(ready) == set()


async def test_a_french_reader_is_told_in_french_accents_and_all(ready, post, mail_server):
    ready.set(notificationLanguage="fr")
    lose(ready, 12)
    await ready.run()
    await post.deliver()
    [mail] = mail_server.mails
    assert mail["Subject"] == "Example App: des changements attendent votre décision"
    assert "Rien de ce qui est retenu ne sera écrit sans votre accord." in text(mail)
    assert "12 comptes seraient désactivés ou supprimés, sur 20 comptes liés" in text(mail)
    assert "would" not in text(mail)


async def test_a_mail_about_a_mass_update_speaks_of_the_attribute_and_of_nobody_taken_away(
    ready, post, mail_server
):
    ready.set(guardUpdateFloor="5", guardUpdatePercent="10")
    for name in PEOPLE:
        ready.directory.users[name] = {"displayName": f"Renamed {name}"}
    ready.import_directory()
    await ready.run()
    await post.deliver()
    [mail] = mail_server.mails
    assert "the same attribute of many accounts that would be overwritten" in text(mail)
    assert "displayName of 20 accounts would be overwritten" in text(mail)
    assert "taken away" not in text(mail)
    assert "disabled" not in text(mail)


async def test_cycles_that_fail_again_and_again_are_told_as_that_and_not_as_quarantine(
    ready, post, mail_server
):
    ready.set(notifyAfterFailures="3", notificationLanguage="fr")
    ready.peer.always(scripted_target.status(500), method="GET", path="/Users")
    ready.directory.users |= {f"new{number}": {} for number in range(30)}
    ready.import_directory()
    for attempt in range(4):
        assert open_kinds(ready) == ({incidents.IncidentKind.FAILING_CYCLES} if attempt > 2 else set())
        with pytest.raises(errors.TargetError):
            await ready.run()
    assert ready.job.quarantine is None
    ready.peer.behave()
    await ready.run()
    await post.deliver()
    assert mail_server.subjects == [
        "Example App: les cycles échouent l\u2019un après l\u2019autre",
        "Example App: les cycles vont de nouveau à leur terme",
    ]
    said = text(mail_server.mails[0])
    assert "3 cycles de suite" in said
    assert "une panne interne." in said
    assert "est pas en quarantaine" in said


async def test_failing_cycles_that_become_a_quarantine_are_not_told_to_be_over(ready, post, mail_server):
    ready.set(notifyAfterFailures="1")
    ready.peer.always(scripted_target.status(500), method="GET", path="/Users")
    ready.directory.users |= {f"new{number}": {} for number in range(30)}
    ready.import_directory()
    with pytest.raises(errors.TargetError):
        await ready.run()
    ready.peer.behave()
    ready.peer.always(scripted_target.status(401))
    with pytest.raises(errors.TargetUnusableError):
        await ready.run()
    await post.deliver()
    assert mail_server.subjects == [
        "Example App: cycles fail one after the other",
        "Example App: provisioning is in quarantine",
    ]


@pytest.mark.parametrize("settings", [{"notificationEmail": "none"}, {"notifyOnFailure": "false"}])
async def test_nobody_is_told_who_does_not_want_to_be(ready, settings):
    ready.set(**settings)
    lose(ready, 12)
    await ready.run()
    assert open_kinds(ready) == {incidents.IncidentKind.HELD_PLAN}
    assert waiting(ready) == 0


async def test_objects_that_fail_again_and_again_are_told_at_the_chosen_number_of_failures(
    ready, post, mail_server
):
    ready.set(notifyAfterFailures="3")
    ready.peer.always(scripted_target.status(400, detail="no"), method="PATCH", path="/Users")
    ready.directory.users["person00"] = {"displayName": "Another Name"}
    ready.import_directory()
    for _ in range(2):
        await ready.run()
    assert open_kinds(ready) == set()
    await ready.run()
    await ready.run()
    await post.deliver()
    assert mail_server.subjects == ["Example App: accounts fail again and again"]
    assert "1 objects of Example App failed 3 times" in text(mail_server.mails[0])


async def test_a_mail_server_that_is_down_delays_a_mail_and_no_cycle(ready, post, mail_server):
    mail_server.refusing = True
    lose(ready, 12)
    await ready.run()
    await post.deliver()
    assert waiting(ready) == 1
    mail_server.refusing = False
    await post.deliver()
    assert mail_server.mails == [], "it is not tried again at once"
    await ready.clock.tell(notification.FIRST_DELAY.total_seconds())
    await post.deliver()
    await post.deliver()
    assert len(mail_server.mails) == 1
    assert waiting(ready) == 0


async def test_a_server_that_nobody_runs_is_waited_for_ever_longer(ready, mail_server):
    nobody = SmtpOptions(host="127.0.0.1", port=1, security=Security.NONE, sender="provisor@example.net")
    post = posting.Post(ready.store, ready.clock, SmtpMailer(nobody))
    lose(ready, 12)
    await ready.run()
    for _ in range(3):
        await post.deliver()
        await ready.clock.tell(3600)
    with ready.store.read() as unit:
        [notice] = unit.outbox.due(ready.clock.now(), 10)
    assert notice.attempts == 3
    assert notification.next_attempt(1, notice.created) < notification.next_attempt(2, notice.created)


async def test_a_mail_that_was_not_noted_as_sent_is_sent_again_under_the_same_id(ready, post, mail_server):
    lose(ready, 12)
    await ready.run()
    with ready.store.read() as unit:
        [notice] = unit.outbox.due(ready.clock.now(), 10)
    await post._mailer.send(notice)  # and the process ends here
    await post.deliver()
    first, again = mail_server.mails
    assert first["Message-ID"] == again["Message-ID"] == f"<{notice.id}@example.net>"


async def test_no_mail_holds_the_secret_token(ready, post, mail_server):
    lose(ready, 12)
    await ready.run()
    await post.deliver()
    assert ready.peer.token not in mail_server.mails[0].as_string()


async def test_a_job_without_a_cycle_for_twice_its_interval_is_overdue_until_one_ends(
    ready, post, mail_server
):
    commands.start(ready.store, ready.application.id)
    ready.set(intervalSeconds="600")
    await ready.run()
    watch = watching.Watch(ready.store, ready.clock, ready.new_id)
    await ready.clock.tell(1200)
    await watch.look()
    assert open_kinds(ready) == set()
    await ready.clock.tell(100)
    await watch.look()
    await watch.look()
    assert open_kinds(ready) == {incidents.IncidentKind.OVERDUE}
    await ready.run()
    await watch.look()
    await post.deliver()
    assert mail_server.subjects == [
        "Example App: provisioning has stopped",
        "Example App: provisioning runs again",
    ]


async def test_a_paused_job_is_not_overdue(ready):
    commands.start(ready.store, ready.application.id)
    watch = watching.Watch(ready.store, ready.clock, ready.new_id)
    commands.pause(ready.store, ready.application.id)
    await ready.clock.tell(10 * 86_400)
    await watch.look()
    assert open_kinds(ready) == set()


async def test_what_a_killed_cycle_did_not_tell_the_next_look_tells(ready):
    lose(ready, 12)
    held = await ready.run()
    with ready.store.write() as unit:  # as if the process had ended before it compared
        [incident] = unit.incidents.still_open(ready.application.id)
        unit.incidents.close(incident.id, ready.clock.now())
        unit.outbox.forget(ready.clock.now())
    assert waiting(ready) == 0
    await watching.Watch(ready.store, ready.clock, ready.new_id).look()
    assert open_kinds(ready) == {incidents.IncidentKind.HELD_PLAN}
    assert waiting(ready) == 1
    assert held.plan.id


async def test_a_removed_application_leaves_no_incident(ready):
    lose(ready, 12)
    await ready.run()
    applications.remove(ready.store, ready.application)
    with ready.store.read() as unit:
        assert unit.incidents.newest(None, 10) == []


async def test_two_processes_that_see_the_same_trouble_tell_it_once(ready):
    lose(ready, 12)
    await ready.run()
    with ready.store.write() as unit:
        [incident] = unit.incidents.still_open(ready.application.id)
        assert not unit.incidents.open(dataclasses.replace(incident, id="another"))
        assert unit.incidents.close(incident.id, ready.clock.now())
        assert not unit.incidents.close(incident.id, ready.clock.now())


async def test_a_quarantine_is_told_once_again_when_its_reason_changes_and_when_it_is_over(
    ready, post, mail_server
):
    ready.set(quarantineMinimumFailures="1", quarantinePercent="1")
    ready.peer.always(scripted_target.status(401), method="PATCH")
    ready.directory.users["person00"] = {"displayName": "Another Name"}
    ready.import_directory()
    for _ in range(2):
        with pytest.raises(errors.TargetUnusableError):
            await ready.run()
    await post.deliver()
    assert mail_server.subjects == ["Example App: provisioning is in quarantine"]
    assert "EncounteredQuarantineException" in text(mail_server.mails[0])
    ready.peer.behave()
    await ready.run()
    await post.deliver()
    assert mail_server.subjects[1:] == ["Example App: provisioning has left quarantine"]


async def test_a_job_that_the_service_stopped_is_told_until_it_is_started(ready, post, mail_server):
    commands.start(ready.store, ready.application.id)
    commands.pause(ready.store, ready.application.id)
    with ready.store.write() as unit:
        health = unit.jobs.health(ready.application.id)
        unit.jobs.save_health(
            ready.application.id, dataclasses.replace(health, stopped_because="28 days in vain.")
        )
    watch = watching.Watch(ready.store, ready.clock, ready.new_id)
    await watch.look()
    commands.start(ready.store, ready.application.id)
    await watch.look()
    await post.deliver()
    assert mail_server.subjects == [
        "Example App: provisioning was switched off",
        "Example App: provisioning is switched on again",
    ]
    assert "28 days in vain." in text(mail_server.mails[0])
