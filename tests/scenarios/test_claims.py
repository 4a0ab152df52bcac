"""One account for one person, also where a plan is too large for its claims to be held in memory."""

from provisor.engine import claims, planning
from support import schema_changes

MATCHED_BY_MAIL = {"mappings": {"userName": {"expression": "[mail]", "matchingPriority": 1}}}


async def test_somebody_pages_later_does_not_get_the_account_of_somebody_before_them(company, monkeypatch):
    monkeypatch.setattr(planning, "PAGE", 1)
    monkeypatch.setattr(claims, "_IN_MEMORY", 0)
    company.directory.users = {
        "ada": {"mail": "both@mail.example"},
        "bob": {},
        "abe": {"mail": "BOTH@mail.example"},
    }
    company.import_directory()
    company.add_application(schema=schema_changes.document(MATCHED_BY_MAIL))
    outcome = await company.run()
    assert company.told(outcome.plan.id) == [
        "abe: fail, unusable, failed, DuplicateSourceEntries",
        "ada: create, noAccount, done",
        "bob: create, noAccount, done",
    ]
    assert sorted(user["userName"] for user in company.peer.users.values()) == [
        "bob@mail.example",
        "both@mail.example",
    ]


async def test_who_is_created_by_a_later_plan_has_forgotten_nobody(company, monkeypatch):
    monkeypatch.setattr(claims, "_IN_MEMORY", 0)
    company.directory.users = {"ada": {"mail": "both@mail.example"}}
    company.import_directory()
    company.add_application(schema=schema_changes.document(MATCHED_BY_MAIL))
    await company.run()
    company.directory.users["abe"] = {"mail": "both@mail.example"}
    company.import_directory()
    outcome = await company.run()
    assert company.told(outcome.plan.id) == ["abe: fail, unusable, failed, DuplicateSourceEntries"]
    assert len(company.peer.users) == 1
