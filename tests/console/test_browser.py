"""The console in a real browser: by mouse, by keyboard, without script, in both languages and both colours."""

import pytest
from playwright.sync_api import expect

from support import chromium

pytestmark = pytest.mark.browser

PATHS = (
    "/", "/users", "/users/1600000101", "/users/1600000101/disable", "/seats", "/directory", "/directory/duplicates",
    "/directory/tokens", "/directory/limits", "/log", "/knobs", "/faults", "/style", "/nowhere",
)  # fmt: skip
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def browser():
    with chromium.launched() as browser:
        yield browser


@pytest.fixture
def visit(browser, console, prepared):
    """Open the console in a fresh window as ada; whatever the browser complains of fails the test."""
    opened, complaints = [], []

    def begin(*, signed_in=True, script=True, language="en", theme="light", size=DESKTOP):
        context = browser.new_context(
            base_url=console.origin,
            locale=language,
            color_scheme=theme,
            viewport=size,
            java_script_enabled=script,
        )
        if signed_in:
            context.add_cookies(
                [
                    {"name": name, "value": value, "url": f"{console.origin}/admin"}
                    for name, value in prepared[1].items()
                ]
            )
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        return page

    yield begin
    for context in opened:
        context.close()
    assert [each for each in complaints if "404" not in each] == []


def test_an_administrator_connects_a_directory_from_the_link_to_the_first_request(browser, visit, console):
    page = visit(signed_in=False)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/admin{console.invitation()}")
    page.get_by_label("User name").fill("grace")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_label("The same password again").fill("correct horse battery")
    page.get_by_role("button", name="Make the administrator").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")

    page.get_by_role("link", name="Directory Integration", exact=True).click()
    page.get_by_role("link", name="Disable SCIM service").click()
    dialog = page.get_by_role("dialog", name="Disable the SCIM service?")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.get_by_role("link", name="Disable SCIM service").click()
    dialog.get_by_role("button", name="Disable").click()
    page.get_by_role("link", name="Enable SCIM service").click()
    page.get_by_role("dialog").get_by_role("button", name="Enable").click()
    expect(page.get_by_text("The SCIM service is enabled.")).to_be_visible()

    page.get_by_role("link", name="SCIM tokens").click()
    page.get_by_label("Description").fill("Payroll")
    page.get_by_role("button", name="Create token").click()
    page.get_by_role("button", name="Copy SCIM token").click()
    expect(page.locator(".toast")).to_have_text("Copied")
    secret = page.evaluate("navigator.clipboard.readText()")
    assert console.scim("GET", "/Users", token=secret)[0] == 200


def test_everything_works_without_script(visit, console):
    user_id = console.create_user()
    page = visit(script=False)
    page.goto(f"/admin/users/{user_id}")
    page.get_by_role("link", name="Disable").click()
    page.get_by_role("button", name="Disable").click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("is an unassigned seat again")).to_be_visible()
    page.goto("/admin/directory/tokens")
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    page.goto("/admin/log")
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)
    page.get_by_role("button", name="Français").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Journal des requêtes")


def test_new_requests_appear_in_the_log_until_it_is_paused(visit, console):
    page = visit()
    page.goto("/admin/log")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    console.create_user("grace@example.com")
    expect(page.get_by_role("row", name="POST /Users")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    console.scim("GET", "/Users/404")
    expect(page.get_by_text("Paused")).to_be_visible()
    expect(page.get_by_role("row", name="GET /Users/404")).to_have_count(0)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("row", name="GET /Users/404")).to_be_visible()


def test_language_and_colours_are_switched_and_stay(visit):
    page = visit()
    page.goto("/admin/users?search=x")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.get_by_role("button", name="Français").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Utilisateurs")
    assert page.url.endswith("/admin/users?search=x")
    page.goto("/admin/")
    expect(page.get_by_role("button", name="Sombre")).to_have_attribute("aria-pressed", "true")


def test_the_keyboard_reaches_the_content_first(visit):
    page = visit()
    page.goto("/admin/users")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Search")).to_be_focused()


def test_the_menu_of_a_phone_opens_by_keyboard(visit):
    page = visit(size=PHONE)
    page.goto("/admin/")
    expect(page.get_by_role("link", name="Users", exact=True)).to_have_count(0)
    page.locator("summary", has_text="Menu").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Users", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Users")


def test_moments_are_shown_in_the_zone_of_the_reader(browser, console, prepared):
    context = browser.new_context(base_url=console.origin, locale="en", timezone_id="Asia/Tokyo")
    context.add_cookies(
        [
            {"name": name, "value": value, "url": f"{console.origin}/admin"}
            for name, value in prepared[1].items()
        ]
    )
    user_id = console.create_user()
    page = context.new_page()
    page.goto(f"/admin/users/{user_id}")
    shown = page.locator("time[data-kind=moment]").first.inner_text()
    context.close()
    assert "6:00:00" in shown
    assert "PM" in shown


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_can_be_read_and_reached(visit, console, language, theme):
    for number in range(3):
        console.create_user(f"p{number}@example.com", "Grace-Marie", f"Hopper-Featherstonehaugh {number}")
    console.scim("GET", "/Users/404")
    found = []
    page = visit(language=language, theme=theme)
    for path in PATHS:
        page.goto(f"/admin{path}")
        found += [f"{path}: {each} cannot be read" for each in page.evaluate(chromium.UNREADABLE)]
        found += [f"{path}: {each} shows no focus" for each in page.evaluate(chromium.UNFOCUSED)]
    phone = visit(language=language, theme=theme, size=PHONE)
    for path in PATHS:
        phone.goto(f"/admin{path}")
        if phone.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{path} is wider than a phone")
        found += [f"{path}: {each} is too small for a finger" for each in phone.evaluate(chromium.SMALL)]
    assert found == []
