"""The audit log in the portal: narrowed down, read entry by entry, downloaded."""

import csv
import io
import json

import pytest

from provisor.core.audit import Act, Activity, Actor
from provisor.portal.administration.words import ACTIVITIES

AUDIT = "/administration/audit"
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def acts(portal, owner):
    """Three acts of three people upon three applications, one of which has a hostile name."""
    with portal.store.write() as unit:
        unit.audit.add(
            act(
                "ada",
                Activity.UPDATE_SETTINGS,
                "RingCentral",
                {"scope": "all", "rate": 5},
                {"scope": "assigned"},
            )
        )
        unit.audit.add(act("bo", Activity.APPLY_PLAN, "Zoom", None, {"plan": "=1+1"}))
        unit.audit.add(act("eve", Activity.RUN, HOSTILE, {HOSTILE: HOSTILE}, None))


def act(actor, activity, subject, before, after):
    return Act(
        actor=Actor(actor),
        activity=activity,
        application_id=f"id-of-{subject.lower()}",
        subject=subject,
        before=before,
        after=after,
    )


def entries(visitor, query=""):
    return [
        item["href"]
        for item in visitor.get(f"{AUDIT}{query}").page.find("a")
        if f"{AUDIT}/" in (item.get("href") or "") and "export" not in item["href"]
    ]


def test_every_activity_has_words_that_are_the_logs_own_in_english():
    assert {activity: activity.value for activity in Activity} == ACTIVITIES


def test_the_log_is_listed_for_a_reader_the_newest_entry_first(portal, acts, reader):
    words = reader.get(AUDIT).words
    assert words.index("eve") < words.index("bo") < words.index("ada")
    assert "Update provisioning setting or credentials" in words


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?actor=ada", 1),
        ("?activity=Apply+plan", 1),
        ("?activity=Apply+plan&actor=ada", 0),
        ("?application=id-of-zoom", 1),
        ("?activity=Add+administrator&actor=olga", 1),
        ("?period=24h", 4),
        ("?activity=nonsense", 4),
    ],
)
def test_the_log_is_narrowed_down(owner, acts, query, found):
    assert len(entries(owner, query)) == found


def test_an_entry_has_what_was_there_before_and_after(owner, acts):
    [address] = entries(owner, "?actor=ada")
    rows = [
        [cell.text for cell in row.children if hasattr(cell, "text")]
        for row in owner.get(address).page.find("tr")
    ]
    assert ["scope", "all", "assigned"] in rows
    assert ["rate", "5", "–"] in rows


def test_pages_follow_each_other_without_gap_or_repetition(owner, acts, monkeypatch):
    monkeypatch.setattr("provisor.portal.administration.audit.PAGE", 3)
    first = owner.get(AUDIT).page
    [link] = first.find("a", rel="next")
    seen = entries(owner) + entries(owner, link["href"].removeprefix(f"/portal{AUDIT}"))
    assert len(seen) == len(set(seen)) == 4
    assert owner.get(link["href"]).page.find("a", rel="next") == []


def test_what_is_found_is_downloaded(owner, acts):
    answer = owner.get(f"{AUDIT}/export?format=csv&actor=bo")
    assert answer.headers["Content-Disposition"].endswith('.csv"')
    [row] = list(csv.DictReader(io.StringIO(answer.text)))
    assert (row["initiatedBy"], row["subject"], row["after"]) == ("bo", "Zoom", '{"plan":"=1+1"}')
    lines = [json.loads(line) for line in owner.get(f"{AUDIT}/export?format=ndjson").text.splitlines()]
    assert [line["initiatedBy"]["displayName"] for line in lines] == ["eve", "bo", "ada", "olga"]


def test_what_is_not_there_is_not_found(owner):
    assert owner.get(f"{AUDIT}/00000000-0000-0000-0000-000000000000").status == 404
    assert owner.get(f"{AUDIT}?before=nonsense").status == 404
    assert owner.get(f"{AUDIT}?before=2026-01-01T00:00:00").status == 404
    assert owner.get(f"{AUDIT}/export?format=exe").status == 404


def test_hostile_values_stay_text(owner, acts):
    [address] = entries(owner, "?actor=eve")
    for page in (AUDIT, address, f"{AUDIT}?actor={HOSTILE.replace(' ', '+')}"):
        assert "<img src=x" not in owner.get(page).text
    assert HOSTILE in owner.get(address).words


def test_the_log_is_told_in_french(portal, acts):
    french = portal.administrator("fanny", Accept_Language="fr")
    assert "Appliquer un plan" in french.get(AUDIT).words
    [address] = entries(french, "?actor=ada")
    assert "Avant" in french.get(address).words
