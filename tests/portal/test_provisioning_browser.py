"""The Provisioning tab in a real browser, with the service running: from the tenant URL to the end of the initial cycle."""

import asyncio
import contextlib
import threading

import pytest
from playwright.sync_api import expect

from provisor.engine import application_settings, applications
from provisor.ringcentral import background
from provisor.runner.service import Service
from support import chromium
from support.portal_company import Company, person

pytestmark = pytest.mark.browser

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
PEOPLE = 30


@pytest.fixture(scope="module")
def browser():
    with chromium.launched() as browser:
        yield browser


@pytest.fixture
def provider(tmp_path):
    with background.running_provider(
        database_url=f"sqlite:///{tmp_path}/provider.db", profile="ringcentral", seats=200
    ) as running:
        yield running


@pytest.fixture
def company(portal, provider):
    """Thirty people who are in scope of RingCentral, whose credentials nobody entered yet."""
    company = Company(portal, provider)
    company.employ(
        *(person(f"p{number}", f"Grace Hopper{number}", mail=f"p{number}@example.com") for number in range(PEOPLE))
    )  # fmt: skip
    return company


@pytest.fixture
def visit(browser, portal, owner):
    """Open the portal as olga; whatever the browser complains of fails the test."""
    opened, complaints = [], []

    def begin(*, language="en", theme="light", size=DESKTOP):
        context = browser.new_context(
            base_url=portal.origin, locale=language, color_scheme=theme, viewport=size
        )
        context.add_cookies(
            [{"name": name, "value": value, "url": f"{portal.origin}/portal"} for name, value in owner.cookies.items()]
        )  # fmt: skip
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        return page

    yield begin
    for context in opened:
        context.close()
    assert [each for each in complaints if "422" not in each] == []


@contextlib.contextmanager
def serving(services):
    """The service, as `provisor serve` runs it beside the portal."""
    service = Service(services)
    thread = threading.Thread(target=lambda: asyncio.run(service.run()), name="service", daemon=True)
    thread.start()
    try:
        yield
    finally:
        service.stop()
        thread.join(30)


def choose(company, **settings):
    with company.services.store.read() as unit:
        found = applications.find(unit, company.application.id)
    changed = found.settings
    for key, value in settings.items():
        changed = application_settings.with_setting(changed, key, value)
    applications.change_settings(company.services.store, found, changed)


def test_from_the_tenant_url_to_the_end_of_the_initial_cycle_without_loading_a_page(
    portal, owner, visit, company, provider
):
    added = owner.post("/applications/new/ringcentral", {"name": "Telephony"}).path
    page = visit()
    page.goto(f"{added}/provisioning")
    page.get_by_label("Tenant URL").fill(f"{provider.base_url}/wrong")
    page.get_by_label("Secret Token").fill(provider.token)
    page.get_by_role("button", name="Test Connection").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no SCIM service at this address.")
    page.get_by_label("Tenant URL").fill(provider.base_url)
    page.get_by_role("button", name="Test Connection").click()
    expect(page.get_by_text("The connection works.")).to_be_visible()
    page.locator("#credentials").get_by_role("button", name="Save").click()
    expect(page.locator("#status-now")).to_contain_text("Provisioning is off.")
    page.locator("label[for=scope-all]").click()
    page.locator("label[for=status-on]").click()
    page.locator("#settings").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Nothing is saved yet.")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-live]")).to_have_text("Live")
    page.evaluate("document.body.dataset.loaded = 'once'")
    with serving(portal.services):
        expect(page.locator("#status-now")).to_contain_text("Succeeded", timeout=60_000)
        expect(page.locator("#status-now .figure dd").first).to_have_text(str(PEOPLE))
    page.get_by_text("Statistics").click()
    expect(page.locator("#status-figures")).to_contain_text(str(PEOPLE))
    assert page.evaluate("document.body.dataset.loaded") == "once"


def test_progress_is_seen_live_and_the_focus_stays_where_it_is(portal, visit, company):
    choose(company, scope="all", writesPerMinute="240", concurrency="1")
    page = visit()
    page.goto(f"/portal{company.address}/provisioning")
    with serving(portal.services):
        page.get_by_role("button", name="Start provisioning").click()
        page.get_by_role("button", name="Pause").focus()
        bar = page.get_by_role("progressbar")
        expect(bar).to_contain_text(f"of {PEOPLE} changes", timeout=30_000)
        expect(bar).to_contain_text("left")
        assert page.evaluate("document.activeElement.id") == "act-pause"
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_role("button", name="Resume")).to_be_visible()
        page.get_by_role("button", name="Resume").click()
        expect(page.locator("#status-now")).to_contain_text("Succeeded", timeout=60_000)


def test_a_restart_is_asked_for_in_a_dialog(visit, company):
    page = visit()
    page.goto(f"/portal{company.address}/provisioning")
    page.get_by_role("link", name="Restart…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Look at everybody")).to_be_checked()
    dialog.get_by_role("link", name="Cancel").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("link", name="Restart…").click()
    dialog.get_by_role("button", name="Restart").click()
    expect(page.get_by_text("the next cycle looks at everybody", exact=False).first).to_be_visible()


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_tab_can_be_read_and_reached(visit, company, language, theme):
    found = []
    for size in (DESKTOP, PHONE):
        page = visit(language=language, theme=theme, size=size)
        for path in ("provisioning", "provisioning/restart"):
            page.goto(f"/portal{company.address}/{path}")
            page.evaluate(
                "for (const one of document.querySelectorAll('details.disclosure')) one.open = true"
            )
            found += [f"{path}: {each} cannot be read" for each in page.evaluate(chromium.UNREADABLE)]
            found += [f"{path}: {each} shows no focus" for each in page.evaluate(chromium.UNFOCUSED)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{path} is wider than {size['width']}")
            if size is PHONE:
                found += [
                    f"{path}: {each} is too small for a finger" for each in page.evaluate(chromium.SMALL)
                ]
    assert found == []
