"""The plan of an application in the portal: read, allowed, dropped, and applied behind the page."""

import threading

import pytest

from provisor.core.audit import Activity, AuditQuery
from provisor.core.errors import JobBusyError
from provisor.core.links import LinkState
from provisor.core.plan import PlanState
from provisor.engine import applications, lease
from provisor.look.sign_in.roles import Role
from provisor.portal import work
from provisor.portal.work import Kind
from support import markup
from support.portal_company import person

HOSTILE = "<img src=x onerror=alert(1)> Bo"
LEAVERS = [f"p{number:02d}" for number in range(12)]
LONG = 30


@pytest.fixture
def company(company):
    """Fourteen people have accounts."""
    company.employ(person("zoe", "Zoë Durand", jobTitle="Buyer"), person("bo", HOSTILE))
    company.employ(*(person(name, f"Person {name}") for name in LEAVERS))
    company.assign("zoe", "bo", *LEAVERS)
    company.run()
    return company


@pytest.fixture
def held(company):
    """Twelve of them are disabled in the directory, which is more than the guard lets pass; returns the plan."""
    company.employ(*(person(name, f"Person {name}", account_enabled=False) for name in LEAVERS))
    company.employ(person("zoe", "Zoë Durand", jobTitle="Head of Buying"))
    company.run()
    with company.services.store.read() as unit:
        [found] = unit.plans.of(company.application.id, ["held"], 1)
    return found


@pytest.fixture
def tab(company):
    return f"{company.address}/plan"


def finished(company, kind=Kind.PLAN):
    """What was begun, after its end."""
    found = company.portal.office.works.wait(company.application.id, kind, LONG)
    assert not found.is_running
    return found


def disabled(company):
    """Whose accounts are disabled."""
    with company.services.store.read() as unit:
        links = unit.links(company.application.id)
        ids = {name: company.object(name).id for name in LEAVERS}
        found = links.of(list(ids.values()))
    return {name for name, key in ids.items() if found[key].state is LinkState.DISABLED}


def acts(company, activity):
    with company.services.store.read() as unit:
        found = unit.audit.entries(AuditQuery(activity=activity), limit=10)
    return [item.act.actor for item in found]


def test_before_the_first_cycle_the_tab_says_what_a_plan_is(owner):
    added = owner.post("/applications/new/ringcentral", {"name": "Empty"}).path.removeprefix("/portal")
    answer = owner.get(f"{added}/plan")
    assert "No plan yet" in answer.words
    assert "No plan yet" in owner.get(f"{added}/plan/all").words
    assert list(markup.shortcomings(answer.page)) == []


def test_the_newest_plan_is_told_row_by_row_with_old_and_new_values(owner, company, tab):
    company.employ(person("zoe", "Zoë Durand", jobTitle="Head of Buying"))
    company.run()
    answer = owner.get(tab)
    for expected in ("Zoë Durand", "title", "Buyer", "→ Head of Buying", "Update", "Done"):
        assert expected in answer.words
    assert list(markup.shortcomings(answer.page)) == []


def test_a_plan_is_made_without_applying_anything(owner, company, tab):
    company.employ(person("zoe", "Zoë Durand", jobTitle="Head of Buying"))
    owner.post(f"{tab}/make")
    finished(company)
    words = owner.get(tab).words
    assert "The plan was made. Nothing was applied." in words
    assert "Ready to be applied" in words
    assert "Head of Buying" in words
    with company.services.store.read() as unit:
        assert [item.state for item in unit.plans.of(company.application.id, list(PlanState), 1)] == ["ready"]
    assert "Apply the plan" in words


def test_where_nothing_changed_no_plan_is_made(owner, company, tab):
    owner.post(f"{tab}/make")
    finished(company)
    assert "There is nothing to do" in owner.get(tab).words


def test_what_is_held_comes_first_with_the_numbers_and_the_limits(owner, held, tab):
    answer = owner.get(tab)
    assert "12 changes are held for a person." in answer.words
    assert "12 accounts would be taken away" in answer.words
    assert "Apply all that is held" in answer.words
    assert list(markup.shortcomings(answer.page)) == []


def test_the_rows_are_narrowed_by_kind_and_state(owner, held, tab):
    address = f"{tab}/{held.id}"
    assert "Zoë Durand" in owner.get(f"{address}?kind=update").words
    assert "Person p03" not in owner.get(f"{address}?kind=update").words
    found = owner.get(f"{address}?state=held&kind=disable").words
    assert "Person p03" in found
    assert "Zoë Durand" not in found
    assert "no change of this kind" in owner.get(f"{address}?kind=delete").words


def test_pages_of_rows_follow_each_other(owner, held, tab, monkeypatch):
    monkeypatch.setattr("provisor.portal.plans.pages.PAGE", 5)
    seen, address = [], f"{tab}/{held.id}?state=held"
    while address:
        page = owner.get(address).page
        seen += [item["value"] for item in page.find("input", name="object")]
        address = next((item["href"] for item in page.find("a", rel="next")), None)
    assert len(seen) == len(set(seen)) == len(LEAVERS)


def test_all_that_is_held_is_applied_after_it_was_asked_for_twice(owner, company, held, tab):
    asked = owner.post(f"{tab}/{held.id}/apply", {"everything": "yes"})
    assert "All 12 changes that are held are meant." in asked.words
    assert list(markup.shortcomings(asked.page)) == []
    assert disabled(company) == set()
    owner.post(f"{tab}/{held.id}/apply", {"everything": "yes", "confirmed": "yes"})
    finished(company)
    assert "The plan was applied." in owner.get(f"{tab}/{held.id}").words
    assert disabled(company) == set(LEAVERS)
    assert acts(company, Activity.ALLOW_HELD) == ["olga"]


def test_one_ticked_object_is_applied_and_the_rest_stays_held(owner, company, held, tab):
    owner.post(f"{tab}/{held.id}/apply", {"object": company.object("p03").id})
    finished(company)
    assert disabled(company) == {"p03"}
    words = owner.get(f"{tab}/{held.id}").words
    assert "the rest is still held" in words
    assert "11 changes are held" in words


def test_several_ticked_objects_are_named_before_they_are_applied(owner, company, held, tab):
    chosen = [company.object(name).id for name in ("p01", "p02")]
    asked = owner.post(f"{tab}/{held.id}/apply", {"object": chosen})
    assert "Person p01" in asked.words
    assert [item["value"] for item in asked.page.find("input", name="object")] == chosen
    owner.post(f"{tab}/{held.id}/apply", {"object": chosen, "confirmed": "yes"})
    finished(company)
    assert disabled(company) == {"p01", "p02"}


@pytest.mark.parametrize("act", ["apply", "drop"])
@pytest.mark.parametrize("fields", [{}, {"confirmed": "yes"}])
def test_nothing_ticked_never_means_everything(owner, company, held, act, fields):
    answer = owner.post(f"{company.address}/plan/{held.id}/{act}", fields)
    assert answer.status == 422
    assert "Tick the changes first" in answer.words
    assert disabled(company) == set()
    assert acts(company, Activity.REJECT_HELD) == []


def test_what_is_held_is_dropped_and_the_accounts_stay(owner, company, held, tab):
    assert "All 12 changes" in owner.post(f"{tab}/{held.id}/drop", {"everything": "yes"}).words
    answer = owner.post(f"{tab}/{held.id}/drop", {"everything": "yes", "confirmed": "yes"})
    assert "Dropped: 12" in answer.words
    assert disabled(company) == set()
    assert acts(company, Activity.REJECT_HELD) == ["olga"]


def test_what_was_decided_already_is_not_decided_again(owner, held, tab):
    fields = {"everything": "yes", "confirmed": "yes"}
    owner.post(f"{tab}/{held.id}/drop", fields)
    for act in ("drop", "apply"):
        answer = owner.post(f"{tab}/{held.id}/{act}", fields)
        assert answer.status == 409
        assert "Nothing was done" in answer.words


def test_a_running_cycle_is_told_in_words(owner, company, held, tab):
    services = company.services
    taken = lease.take(services.store, services.clock, company.application.id, services.process)
    owner.post(f"{tab}/{held.id}/apply", {"everything": "yes", "confirmed": "yes"})
    finished(company)
    assert "A cycle of this application is running" in owner.get(tab).words
    assert disabled(company) == set()
    with services.store.write() as unit:
        taken.release(unit)


def test_an_application_that_does_not_answer_is_told_in_words(owner, company, held, tab):
    applications.enter_credentials(
        company.services.store, company.application, company.provider.base_url, "expired"
    )
    owner.post(f"{tab}/{held.id}/apply", {"everything": "yes", "confirmed": "yes"})
    finished(company)
    assert "The application could not be used." in owner.get(tab).words


def test_while_work_goes_on_the_page_says_so_and_offers_nothing(owner, company, held, tab, monkeypatch):
    monkeypatch.setattr(work, "PATIENCE", 0)
    began, goes_on = threading.Event(), threading.Event()

    async def wait(progress, _stopping):
        progress("applying", 3, 12)
        began.set()
        goes_on.wait(LONG)

    works = company.portal.office.works
    works.begin(company.application.id, Kind.PLAN, "", wait)
    assert began.wait(LONG)
    with pytest.raises(JobBusyError):
        works.begin(company.application.id, Kind.PLAN, "", wait)
    answer = owner.get(tab)
    assert "3 of 12 changes" in answer.words
    assert "Apply all that is held" not in answer.words
    assert "still goes on" in owner.post(f"{tab}/make").words
    goes_on.set()
    finished(company)


def test_a_fault_of_our_own_is_told_without_its_details(owner, company, tab, caplog):
    async def break_down(_progress, _stopping):
        raise RuntimeError("secret detail")

    company.portal.office.works.begin(company.application.id, Kind.PLAN, "", break_down)
    finished(company)
    words = owner.get(tab).words
    assert "Something went wrong in Provisor itself" in words
    assert "secret detail" not in words


def test_a_reader_sees_and_cannot_act(reader, held, tab):
    answer = reader.get(tab)
    assert "Person p03" in answer.words
    assert answer.page.find("input", name="object") == []
    assert "Apply" not in answer.words
    for act in ("make", f"{held.id}/apply", f"{held.id}/drop"):
        assert reader.post(f"{tab}/{act}", {"everything": "yes", "confirmed": "yes"}).status == 403


def test_the_plans_are_listed_with_what_became_of_their_rows(reader, held, tab):
    answer = reader.get(f"{tab}/all")
    assert "Held 12" in answer.words
    assert "Done 14" in answer.words
    assert list(markup.shortcomings(answer.page)) == []


def test_the_tab_is_told_in_french(portal, held, tab):
    french = portal.administrator("fanny", Role.OWNER, Accept_Language="fr")
    words = french.get(tab).words
    assert "12 comptes seraient désactivés ou supprimés" in words
    assert "est désactivé dans l’annuaire" in words
    asked = french.post(f"{tab}/{held.id}/apply", {"everything": "yes"}).words
    assert "Appliquer ces changements" in asked


def test_a_plan_of_another_application_is_not_found(owner, held, tab):
    other = owner.post("/applications/new/scim", {"name": "Other"}).path.removeprefix("/portal")
    assert owner.get(f"{other}/plan/{held.id}").status == 404
    assert owner.get(f"{tab}/nonsense").status == 404
    assert owner.get(f"{tab}?after=nonsense").status == 404


def test_hostile_names_stay_text(owner, company, held, tab):
    with company.services.store.read() as unit:
        first = unit.plans.of(company.application.id, ["applied"], 5)[-1]
    answer = owner.get(f"{tab}/{first.id}")
    assert "<img src=x" not in answer.text
    assert HOSTILE in answer.words
