"""Provision on demand in the portal: somebody found, looked ahead, provisioned, told step by step."""

import pytest

from provisor.core.audit import Activity, AuditQuery
from provisor.engine import applications
from provisor.look.sign_in.roles import Role
from provisor.portal.work import Kind
from support import markup
from support.portal_company import person

HOSTILE = "<img src=x onerror=alert(1)> Bo"


@pytest.fixture
def company(company):
    company.employ(
        person("zoe", "Zoë Durand", jobTitle="Buyer"),
        person("bo", HOSTILE),
        person("out", "Nora Outside"),
    )
    company.assign("zoe", "bo")
    return company


@pytest.fixture
def tab(company):
    return f"{company.address}/on-demand"


def provision(visitor, company, anchor, mode):
    """The page of somebody after it was asked for and came to its end."""
    subject = company.object(anchor).id
    visitor.post(f"{company.address}/on-demand", {"object": subject, "mode": mode})
    company.portal.office.works.wait(company.application.id, Kind.ON_DEMAND, 60)
    return visitor.get(f"{company.address}/on-demand?object={subject}")


def has_account(company, anchor):
    subject = company.object(anchor).id
    with company.services.store.read() as unit:
        return subject in unit.links(company.application.id).of([subject])


def test_somebody_is_looked_ahead_first_and_provisioned_then(owner, company, tab):
    found = owner.get(f"{tab}?search=durand").page
    assert any(company.object("zoe").id in (item.get("href") or "") for item in found.find("a"))
    ahead = provision(owner, company, "zoe", "dryRun")
    for expected in (
        "Assigned to the application",
        "no account",
        "The account would be created.",
        "title : Buyer",
        "Nothing was written.",
        "Provision now",
    ):
        assert expected in ahead.words
    assert list(markup.shortcomings(ahead.page)) == []
    assert not has_account(company, "zoe")
    done = provision(owner, company, "zoe", "apply")
    assert "The account was created." in done.words
    assert "What was done" in done.words
    assert has_account(company, "zoe")
    with company.services.store.read() as unit:
        [entry] = unit.audit.entries(AuditQuery(activity=Activity.PROVISION_ON_DEMAND), limit=5)
    assert entry.act.actor == "olga"


def test_what_is_no_request_to_do_it_only_looks_ahead(owner, company):
    assert "Nothing was written." in provision(owner, company, "zoe", "nonsense").words
    assert not has_account(company, "zoe")


def test_somebody_out_of_scope_is_told_why(owner, company):
    words = provision(owner, company, "out", "dryRun").words
    assert "The object is out of scope" in words
    assert "Skipped" in words


def test_an_application_that_refuses_is_told_with_what_to_do(owner, company):
    applications.enter_credentials(
        company.services.store, company.application, company.provider.base_url, "expired"
    )
    words = provision(owner, company, "zoe", "apply").words
    assert "The connection to the application does not work." in words
    assert "Recommended action" in words


def test_a_reader_sees_and_cannot_act(reader, owner, company, tab):
    page = provision(owner, company, "zoe", "dryRun").path
    answer = reader.get(page)
    assert "The account would be created." in answer.words
    assert "Provision now" not in answer.words
    assert reader.post(tab, {"object": company.object("zoe").id, "mode": "apply"}).status == 403


def test_nobody_chosen_or_unknown_is_told(owner, tab):
    assert "Choose somebody first." in owner.post(tab, {"object": "nobody", "mode": "apply"}).words
    assert owner.get(f"{tab}?object=nobody").status == 404
    assert "Nobody and no group" in owner.get(f"{tab}?search=xyzzy").words


def test_it_is_told_in_french(portal, company):
    french = portal.administrator("fanny", Role.OWNER, Accept_Language="fr")
    words = provision(french, company, "zoe", "dryRun").words
    assert "Le compte serait créé." in words
    assert "Rien n’a été écrit." in words
    assert "aucun compte" in words
    assert "Why" not in words


def test_hostile_names_stay_text(owner, company, tab):
    assert "<img src=x" not in provision(owner, company, "bo", "dryRun").text
    assert "<img src=x" not in owner.get(f"{tab}?search=bo").text
