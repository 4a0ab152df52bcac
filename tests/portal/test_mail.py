"""Mail in the portal: which server there is, whether it works, and what waits for it."""

import pytest

from provisor.core.notification import Notice
from provisor.look.sign_in.roles import Role
from support.mail_server import MailServer, text

MAIL = "/administration/mail"
PASSWORD = "a-password-that-nobody-may-read"


@pytest.fixture
def mail_server():
    with MailServer() as server:
        yield server


@pytest.fixture
def mail_settings(request):
    """A mail server that answers, unless the test is about having none."""
    if "nameless" in request.fixturenames:
        return {}
    server = request.getfixturevalue("mail_server")
    return {
        "smtp_host": "127.0.0.1",
        "smtp_port": server.port,
        "smtp_security": "none",
        "smtp_password": PASSWORD,
        "smtp_from": "Provisor <provisor@example.net>",
    }


@pytest.fixture
def nameless():
    """The environment names no mail server."""


def test_the_server_is_shown_without_its_password(reader, mail_server):
    answer = reader.get(MAIL)
    for expected in ("127.0.0.1", str(mail_server.port), "provisor@example.net", "No mail waits."):
        assert expected in answer.words
    assert PASSWORD not in answer.text
    assert "Send a test mail" not in answer.words


def test_an_owner_sends_a_test_mail_in_their_language(portal, mail_server):
    french = portal.administrator("fanny", Accept_Language="fr")
    assert "duty@example.org" in french.post(f"{MAIL}/test", {"recipient": "duty@example.org"}).words
    [mail] = mail_server.mails
    assert mail["To"] == "duty@example.org"
    assert "vous parviennent" in text(mail)


@pytest.mark.parametrize("typed", ["", "nobody", "a@b.example, c@d.example", "a@b.example\nBcc: c@d.example"])
def test_a_test_mail_goes_to_exactly_one_address(owner, mail_server, typed):
    answer = owner.post(f"{MAIL}/test", {"recipient": typed})
    assert answer.status == 422
    assert "Enter one e-mail address." in answer.words
    assert list(mail_server.mails) == []


def test_only_an_owner_sends_a_test_mail(portal, mail_server):
    anna = portal.administrator("anna", Role.APPLICATION_ADMINISTRATOR)
    assert anna.post(f"{MAIL}/test", {"recipient": "duty@example.org"}).status == 403
    assert list(mail_server.mails) == []


def test_without_a_server_it_says_which_variables_to_set(nameless, owner):
    words = owner.get(MAIL).words
    for expected in ("No mail server is named.", "PROVISOR_SMTP_HOST", "PROVISOR_SMTP_FROM"):
        assert expected in words
    assert owner.post(f"{MAIL}/test", {"recipient": "duty@example.org"}).status == 422


def test_what_waits_is_listed_with_what_the_server_said(nameless, portal, owner):
    now = portal.office.now()
    with portal.store.write() as unit:
        for number, name in enumerate(("first", "<b>second</b>", "gone")):
            unit.outbox.add(
                Notice(
                    id=f"n{number}",
                    application_id=None,
                    created=now,
                    recipient=f"{number}@example.org",
                    subject=name,
                    body="",
                )
            )
        unit.outbox.failed("n1", "550 <i>no such box</i>", now)
        unit.outbox.sent("n2", now)
    answer = owner.get(MAIL)
    words = answer.words
    assert words.index("<b>second</b>") < words.index("first")
    assert "550 <i>no such box</i>" in words
    assert "gone" not in words
    assert "<b>second" not in answer.text
    assert "Waiting mails 2" in words
