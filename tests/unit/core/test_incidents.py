"""What is news about a job, and the mails that tell it."""

import datetime as dt

import pytest

from provisor.core import incidents, notice_texts
from provisor.core.incidents import IncidentKind, News
from provisor.core.notification import Language

OPENED = dt.datetime(2026, 3, 14, 9, 26, tzinfo=dt.UTC)
DETAILS = {
    "plan": "the-plan",
    "reason": "the reason",
    "message": "the message",
    "objects": 7,
    "threshold": 5,
    "since": "2026-03-14",
    "interval": 2400,
    "held": "what is held",
    "cycles": 5,
}


def trouble(kind, cause="cause"):
    return incidents.Trouble(kind=kind, cause=cause, details=DETAILS)


def incident(kind, cause="cause"):
    return incidents.Incident(
        id="one", application_id="app", trouble=trouble(kind, cause), opened=OPENED, closed=None
    )


def news(before, now, judged=frozenset(IncidentKind)):
    return [(item.news, item.trouble.kind) for item in incidents.developments(before, now, judged)]


def test_news_is_what_begins_changes_its_cause_or_ends():
    quarantine, overdue, held = IncidentKind.QUARANTINE, IncidentKind.OVERDUE, IncidentKind.HELD_PLAN
    before = [incident(quarantine, "TooManyDeletes"), incident(overdue)]
    now = [trouble(quarantine, "EncounteredQuarantineException"), trouble(held)]
    assert news(before, now) == [
        (News.CAUSE_CHANGED, quarantine),
        (News.OPENED, held),
        (News.CLOSED, overdue),
    ]


def test_the_same_trouble_is_no_news():
    assert news([incident(IncidentKind.HELD_PLAN)], [trouble(IncidentKind.HELD_PLAN)]) == []


def test_what_was_not_judged_is_no_news():
    judged = frozenset({IncidentKind.HELD_PLAN})
    assert news([incident(IncidentKind.OVERDUE)], [], judged) == []


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", IncidentKind)
@pytest.mark.parametrize("told", News)
def test_every_mail_is_written_out_in_every_language(language, kind, told):
    before = None if told is News.OPENED else incident(kind, "former cause")
    now = None if told is News.CLOSED else trouble(kind)
    development = incidents.Development(news=told, before=before, now=now)
    subject, body = notice_texts.composed(development, "Phones & Co", language)
    assert subject.startswith("Phones & Co: ")
    assert "Phones & Co" in body
    assert "$" not in body
    assert ("former cause" in body) is (told is News.CAUSE_CHANGED)


def test_a_name_with_a_line_break_cannot_forge_a_header():
    development = incidents.Development(news=News.OPENED, before=None, now=trouble(IncidentKind.HELD_PLAN))
    subject, _ = notice_texts.composed(development, "App\r\nBcc: all@example.com", Language.ENGLISH)
    assert "\n" not in subject
    assert "\r" not in subject
