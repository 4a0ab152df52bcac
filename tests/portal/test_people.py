"""One person across all applications, and why they stand with one of them as they do."""

import pytest

from provisor.look.sign_in.roles import Role
from support import markup
from support.portal_company import person

HOSTILE = "<img src=x onerror=alert(1)> Bo"


@pytest.fixture
def company(company):
    company.employ(
        person("zoe", "Zoë Durand"),
        person("out", "Nora Outside"),
        person("bo", HOSTILE, account_enabled=False),
    )
    company.assign("zoe", "bo")
    company.run()
    return company


def explanation(visitor, company, anchor):
    return visitor.get(f"{company.address}/explain/{company.object(anchor).id}")


def test_a_person_is_shown_across_all_applications(owner, reader, company):
    owner.post("/applications/new/scim", {"name": "Other"})
    answer = reader.get(f"/people/{company.object('zoe').id}")
    for expected in ("Zoë Durand", "RingCentral", "In use", "made by Provisor", "Other", "None"):
        assert expected in answer.words
    assert list(markup.shortcomings(answer.page)) == []


def test_why_somebody_is_in_an_application_is_told_with_what_was_done(reader, company):
    answer = explanation(reader, company, "zoe")
    for expected in ("Is in the application", "Role Standard, directly", "Create", "Success"):
        assert expected in answer.words
    assert list(markup.shortcomings(answer.page)) == []


@pytest.mark.parametrize(
    ("anchor", "why"),
    [("out", "is not assigned to the application"), ("bo", "is disabled in the directory")],
)
def test_why_somebody_is_not_is_told(reader, company, anchor, why):
    answer = explanation(reader, company, anchor)
    assert "Is not in the application" in answer.words
    assert why in answer.words
    assert "<img src=x" not in answer.text


def test_it_is_told_in_french_and_what_is_not_there_is_not_found(portal, company):
    french = portal.administrator("fanny", Role.OWNER, Accept_Language="fr")
    assert "N’est pas dans l’application" in explanation(french, company, "out").words
    assert french.get("/people/nobody").status == 404
    assert french.get(f"{company.address}/explain/nobody").status == 404
