"""Test mails and the list of incidents, as an administrator uses them; the service sends what waits."""

import pytest

from provisor import bootstrap
from provisor.core.notification import Notice
from provisor.runner import service
from provisor.settings import Settings
from support.command_line import CommandLine
from support.mail_server import MailServer, text

PASSWORD = "a-password-that-nobody-may-read"


@pytest.fixture
def mail_server():
    with MailServer() as server:
        yield server


@pytest.fixture
def provisor(sqlite_url, mail_server):
    made = CommandLine(
        sqlite_url,
        PROVISOR_SMTP_HOST="127.0.0.1",
        PROVISOR_SMTP_PORT=str(mail_server.port),
        PROVISOR_SMTP_SECURITY="none",
        PROVISOR_SMTP_FROM="Provisor <provisor@example.net>",
    )
    made("app", "add", "ringcentral", "--name", "RingCentral")
    return made


def test_a_test_mail_arrives_in_the_language_of_its_reader(provisor, mail_server):
    provisor("app", "set", "RingCentral", "notificationEmail=duty@example.org", "notificationLanguage=fr")
    assert "duty@example.org" in provisor("notify", "test", "RingCentral").stdout
    [mail] = mail_server.mails
    assert mail["Subject"] == "RingCentral: essai des notifications"
    assert "vous parviennent" in text(mail)


def test_without_an_address_or_a_server_it_says_what_to_set(provisor):
    assert "notificationEmail=ADDRESS" in provisor("notify", "test", "RingCentral", expect=1).output
    provisor("app", "set", "RingCentral", "notificationEmail=duty@example.org")
    provisor.environment["PROVISOR_SMTP_HOST"] = ""
    assert "PROVISOR_SMTP_HOST" in provisor("notify", "test", "RingCentral", expect=1).output


def test_a_server_that_refuses_is_told_without_the_password(provisor, mail_server):
    provisor("app", "set", "RingCentral", "notificationEmail=duty@example.org")
    provisor.environment |= {"PROVISOR_SMTP_USER": "robot", "PROVISOR_SMTP_PASSWORD": PASSWORD}
    said = provisor("notify", "test", "RingCentral", expect=1).output
    assert f"127.0.0.1:{mail_server.port} did not take the mail" in said
    assert PASSWORD not in provisor.said
    assert PASSWORD not in repr(Settings(smtp_password=PASSWORD, smtp_host="mail.example.com"))


@pytest.mark.parametrize(
    "address", ["nobody", "a@b,c@d", "a b@example.org", "a@example.org\nBcc: b@example.org", "@example.org"]
)
def test_what_is_no_address_is_refused(provisor, address):
    said = provisor("app", "set", "RingCentral", f"notificationEmail={address}", expect=1).output
    assert "one mail address" in said


def test_a_server_without_a_sender_is_refused_before_the_service_starts(provisor):
    provisor.environment["PROVISOR_SMTP_FROM"] = ""
    assert "PROVISOR_SMTP_FROM" in provisor("serve", expect=1).output


def test_no_incident_is_an_empty_list(provisor):
    assert provisor.json("incidents") == []
    assert provisor.json("incidents", "RingCentral") == []


async def test_the_service_sends_what_waits(sqlite_url, mail_server):
    settings = Settings(
        database_url=sqlite_url,
        smtp_host="127.0.0.1",
        smtp_port=mail_server.port,
        smtp_security="none",
        smtp_from="provisor@example.net",
    )
    with bootstrap.services(settings) as services:
        notice = Notice(
            id="notice-1",
            application_id=None,
            created=services.clock.now(),
            recipient="duty@example.org",
            subject="Something happened",
            body="Look at it.",
        )
        with services.store.write() as unit:
            unit.outbox.add(notice)
        running = service.Service(services, service.Options(mailer=bootstrap.mailer(settings)))
        mail_server.when_taken = running.stop
        await running.run()
        with services.store.read() as unit:
            assert unit.outbox.waiting() == 0
    assert mail_server.subjects == ["Something happened"]
