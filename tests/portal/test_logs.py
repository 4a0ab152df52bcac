"""The provisioning log in the portal: found, read step by step, downloaded."""

import csv
import io
import json

import pytest

from support.portal_company import person

HOSTILE = "<img src=x onerror=alert(1)> Bo"


@pytest.fixture
def company(company):
    """Three people have an account, and one has none because their mobile number is none."""
    company.employ(
        person("zoe", "Zoë Durand", jobTitle="Buyer"),
        person("ada", "Ada Moss"),
        person("bo", HOSTILE),
        person("eve", "Eve Wrong", mobile="+18005550100"),
    )
    company.assign("zoe", "ada", "bo", "eve")
    company.run()
    return company


@pytest.fixture
def logs(company):
    return f"{company.address}/logs"


def entry_of(owner, logs, name):
    page = owner.get(f"{logs}?search={name}").page
    [link] = [
        item["href"]
        for item in page.find("a")
        if "/logs/" in (item.get("href") or "") and "export" not in item["href"]
    ]
    return owner.get(link)


def test_every_object_of_a_cycle_is_listed_with_what_was_done_and_how_it_ended(owner, logs):
    words = owner.get(logs).words
    for expected in ("Zoë Durand", "Ada Moss", "Eve Wrong", "Create", "Success", "Failure"):
        assert expected in words


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=durand", {"Zoë Durand"}),
        ("status=failure", {"Eve Wrong"}),
        ("status=success&action=create&search=a", {"Zoë Durand", "Ada Moss"}),
        ("period=1h&search=ada", {"Ada Moss"}),
        ("action=delete", set()),
        ("status=nonsense&search=ada", {"Ada Moss"}),
    ],
)
def test_the_list_is_narrowed_down(owner, logs, query, found):
    words = owner.get(f"{logs}?{query}").words
    assert {name for name in ("Zoë Durand", "Ada Moss", "Eve Wrong") if name in words} >= found
    assert (found != set()) or "Nothing fits what you look for" in words
    if query == "status=failure":
        assert "Ada Moss" not in words


def test_an_entry_is_told_step_by_step_with_old_and_new_values(owner, logs):
    words = entry_of(owner, logs, "durand").words
    for expected in (
        "Import",
        "Determine if in scope",
        "Assigned to the application",
        "No account of the application matches.",
        "The account was created.",
        "title",
        "Buyer",
    ):
        assert expected in words


def test_an_error_is_told_with_what_the_application_said_and_what_to_do(owner, logs):
    words = entry_of(owner, logs, "eve").words
    assert "extension.contact.mobilePhone" in words
    assert "Recommended action" in words


def test_the_log_is_told_in_french(portal, company, logs):
    french = portal.administrator("fanny", Accept_Language="fr")
    assert "approvisionnement" in french.get(logs).words
    words = entry_of(french, logs, "durand").words
    for expected in ("Importation", "Le compte a été créé.", "ne correspond."):
        assert expected in words


def test_pages_follow_each_other_without_gap_or_repetition(owner, company, logs, monkeypatch):
    monkeypatch.setattr("provisor.portal.logs.pages.PAGE", 3)
    seen, address = [], logs
    while address:
        page = owner.get(address).page
        seen += [
            item["href"]
            for item in page.find("a")
            if "/logs/" in (item.get("href") or "") and "export" not in item["href"]
        ]
        address = next((item["href"] for item in page.find("a", rel="next")), None)
    assert len(seen) == len(set(seen)) == 4


def test_what_is_found_is_downloaded(owner, logs):
    answer = owner.get(f"{logs}/export?format=csv&search=durand")
    assert answer.headers["Content-Disposition"].endswith('.csv"')
    [row] = list(csv.DictReader(io.StringIO(answer.text)))
    assert (row["sourceDisplayName"], row["provisioningAction"]) == ("Zoë Durand", "create")
    lines = [json.loads(line) for line in owner.get(f"{logs}/export?format=ndjson").text.splitlines()]
    assert json.loads(owner.get(f"{logs}/export?format=json").text) == lines
    assert len(lines) == 4


def test_what_is_not_there_is_not_found(owner, logs):
    assert owner.get(f"{logs}/00000000-0000-0000-0000-000000000000").status == 404
    assert owner.get(f"{logs}?before=nonsense").status == 404
    assert owner.get(f"{logs}/export?format=exe").status == 404


def test_hostile_names_stay_text(owner, logs):
    for address in (logs, f"{logs}?search=Bo"):
        assert "<img src=x" not in owner.get(address).text
    assert "<img src=x" not in entry_of(owner, logs, "img").text
