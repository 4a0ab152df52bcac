"""Why something is wrong, told in English and in French."""

import datetime as dt

import pytest

from provisor.core import guard, notice_reasons, quarantine
from provisor.core.guard import Breach, Hold, Limit
from provisor.core.job import ScheduleState
from provisor.core.notification import Language
from provisor.core.quarantine import Cause, Figures, QuarantineReason

NOW = dt.datetime(2026, 5, 6, 7, 8, tzinfo=dt.UTC)
FRENCH, ENGLISH = Language.FRENCH, Language.ENGLISH


def breach(limit, count=12, **more):
    return Breach(limit=limit, count=count, total=90, percent=10, floor=3, reason=f"{count} of 90.", **more)


def hold(*breaches):
    return Hold(breaches=breaches, since=NOW)


def quarantined(reason, figures=None, code="Unauthorized"):
    cause = Cause(reason=reason, code=code, message="the English text", figures=figures)
    return quarantine.imposed(None, cause, NOW, quarantine.QuarantineLimits())


@pytest.mark.parametrize(
    ("limit", "english", "french"),
    [
        (Limit.REMOVALS, "disabled or deleted", "12 comptes seraient désactivés ou supprimés, sur 90"),
        (Limit.DAILY_REMOVALS, "within 24 hours", "24 heures précédentes, il s’agirait de 12 comptes sur 90"),
        (Limit.UPDATES, "the same attribute", "L’attribut title de 12 comptes sur 90 serait écrasé"),
        (Limit.MEMBER_REMOVALS, "memberships", "12 appartenances à des groupes prendraient fin, sur 90"),
    ],
)
def test_a_mail_says_what_is_held_and_not_always_removals(limit, english, french):
    found = hold(breach(limit, attribute="title" if limit is Limit.UPDATES else None))
    assert english in notice_reasons.held_things(found, ENGLISH)
    assert notice_reasons.of_hold(found, found.reason, ENGLISH) == found.reason
    told = notice_reasons.of_hold(found, found.reason, FRENCH)
    assert french in told
    assert "10 % ou 3" in told
    assert "of 90" not in told


def test_what_is_held_is_named_once_and_the_day_only_where_it_says_more():
    found = hold(
        breach(Limit.REMOVALS),
        breach(Limit.DAILY_REMOVALS),
        breach(Limit.UPDATES, attribute="title"),
        breach(Limit.UPDATES, attribute="department"),
    )
    assert notice_reasons.held_kinds(found) == "removals, updates"
    assert notice_reasons.held_things(found, ENGLISH).count(";") == 1
    assert "24 heures" not in notice_reasons.of_hold(found, "", FRENCH)


def test_another_kind_that_is_held_is_another_cause_and_the_days_sum_is_not():
    removals = notice_reasons.held_kinds(hold(breach(Limit.REMOVALS)))
    assert notice_reasons.held_kinds(hold(breach(Limit.DAILY_REMOVALS))) == removals
    assert notice_reasons.held_kinds(hold(breach(Limit.UPDATES, attribute="title"))) != removals


@pytest.mark.parametrize("limit", guard.Limit)
@pytest.mark.parametrize("language", Language)
def test_every_limit_has_its_words(limit, language):
    found = hold(breach(limit, attribute="title"))
    assert notice_reasons.held_things(found, language)
    assert notice_reasons.of_hold(found, found.reason, language)


def test_the_numbers_of_a_quarantine_are_told_in_french():
    told = notice_reasons.of_quarantine(
        quarantined(QuarantineReason.ESCROW_PROPORTION_THRESHOLD, Figures(failed=6000, tried=9000, limit=40)),
        FRENCH,
    )
    assert "6000 changements sur 9000 ont échoué, plus que les 40 % permis." in told
    assert "English" not in told
    nothing = quarantined(QuarantineReason.ESCROW_PROPORTION_THRESHOLD, Figures(failed=11, cycles=2))
    assert "Rien n’a réussi en 2 cycles successifs" in notice_reasons.of_quarantine(nothing, FRENCH)
    assert notice_reasons.of_quarantine(nothing, ENGLISH) == "the English text"


def test_a_quarantine_that_was_kept_without_numbers_is_told_without():
    found = quarantined(QuarantineReason.BASE_ESCROW_THRESHOLD)
    assert notice_reasons.of_quarantine(found, FRENCH).startswith("Trop d’objets échouent.")


@pytest.mark.parametrize(
    ("code", "french"),
    [
        ("Unauthorized", "L’application refuse le jeton secret"),
        ("WebExceptionProtocolError", "L’application est injoignable."),
        ("SystemForCrossDomainIdentityManagementServiceIncompatible", "n’est pas un service SCIM"),
    ],
)
def test_a_known_error_has_a_french_sentence_and_the_applications_words_are_quoted(code, french):
    found = quarantined(QuarantineReason.QUARANTINE_EXCEPTION, code=code)
    told = notice_reasons.of_quarantine(found, FRENCH)
    assert french in told
    assert told.endswith("Détail technique, en anglais : the English text")


def test_an_unknown_error_is_quoted_and_said_to_be_english():
    assert notice_reasons.of_error("Puzzling", "the text", FRENCH).endswith("en anglais : the text")
    assert notice_reasons.of_error(None, "the text", ENGLISH) == "the text"


def test_why_the_service_stopped_a_job_is_told_in_french():
    failing = quarantined(QuarantineReason.QUARANTINE_EXCEPTION)
    switched_off = notice_reasons.of_stop(ScheduleState.DISABLED, "28 days", 28, failing, FRENCH)
    assert "La tâche est restée 28 jours en quarantaine sans succès. L’application refuse" in switched_off
    paused = notice_reasons.of_stop(ScheduleState.PAUSED, "pruned", 28, None, FRENCH)
    assert "Le cycle initial est allé à son terme" in paused
    assert notice_reasons.of_stop(ScheduleState.PAUSED, "pruned", 28, None, ENGLISH) == "pruned"
