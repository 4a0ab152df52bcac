"""The first page: what needs a person comes first, and every job is told of."""

import pytest

from provisor.core.incidents import IncidentKind
from provisor.engine import application_settings, applications
from provisor.portal.overview import pages
from support.portal_company import person


def test_a_new_portal_leads_to_the_first_application(owner):
    assert "No application yet" in owner.get("/").words


def test_every_job_is_told_of_and_nothing_is_wrong(owner, company):
    company.employ(person("zoe", "Zoë Durand"))
    company.assign("zoe")
    company.run()
    words = owner.get("/").words
    assert "RingCentral" in words
    assert "every job does what it should" in words


@pytest.fixture
def held(company):
    """A plan that would disable half the company waits for a person."""
    names = [f"p{number}" for number in range(6)]
    company.employ(*(person(name, f"Person {name}") for name in names))
    company.assign(*names)
    company.run()
    with company.services.store.read() as unit:
        application = applications.find(unit, company.application.id)
    settings = application_settings.with_setting(application.settings, "guardPercent", "1")
    settings = application_settings.with_setting(settings, "guardFloor", "1")
    applications.change_settings(company.services.store, application, settings)
    company.employ(*(person(name, f"Person {name}", account_enabled=False) for name in names[:3]))
    company.run()
    return company


def test_a_held_plan_cannot_be_missed(owner, held):
    page = owner.get("/")
    assert "Changes wait for your decision" in page.words
    assert any((link["href"] or "").endswith("/plan") for link in page.page.find("a"))


def test_it_is_told_in_french(portal, held):
    french = portal.administrator("fanny", Accept_Language="fr")
    assert "Des changements attendent" in french.get("/").words


def test_there_are_words_for_all_that_can_be_wrong():
    assert set(pages.TROUBLES) == set(IncidentKind)
