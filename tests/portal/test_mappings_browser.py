"""The editor of mappings in a real browser: checks and proposals while somebody types, and pages in both colours."""

import pytest
from playwright.sync_api import expect

from provisor.portal import application
from support import chromium
from support.mapping_pages import add_application, add_people, edit

pytestmark = pytest.mark.browser

DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def browser():
    with chromium.launched() as browser:
        yield browser


@pytest.fixture
def visit(browser, portal, owner):
    """Open the portal in a fresh window as its owner; whatever the browser complains of fails the test."""
    opened, complaints = [], []

    def begin(*, language="en", theme="light", size=DESKTOP, script=True):
        context = browser.new_context(
            base_url=portal.origin,
            locale=language,
            color_scheme=theme,
            viewport=size,
            java_script_enabled=script,
        )
        context.add_cookies(
            [
                {"name": name, "value": value, "url": portal.origin + application.PREFIX}
                for name, value in owner.cookies.items()
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
    assert complaints == []


@pytest.fixture
def mappings(portal, owner):
    add_people(portal)
    return add_application(owner)


def test_an_expression_is_proposed_checked_tried_and_saved(visit, mappings):
    page = visit()
    page.goto(f"/portal{mappings}/users/attribute?target=title")
    page.get_by_label("Expression", exact=True).first.check()
    editor = page.get_by_role("combobox", name="Expression")
    editor.fill("")
    editor.press_sequentially("Joi")
    proposals = page.get_by_role("listbox", name="Proposals")
    expect(proposals.get_by_role("option").first).to_contain_text("Join(separator?, source, …)")
    editor.press("Enter")
    editor.press_sequentially('" ", [giv')
    editor.press("Tab")
    editor.press_sequentially(", [citty")
    editor.press("Escape")
    editor.press_sequentially("]")
    expect(editor).to_have_value('Join(" ", [givenName], [citty])')
    outcome = page.locator("#outcome")
    expect(outcome).to_contain_text("Did you mean")
    outcome.get_by_role("button", name="Go to line 1, column 24").click()
    assert editor.evaluate("area => [area.selectionStart, area.selectionEnd]") == [23, 24]
    editor.fill('Join(" ", [givenName], [city])')
    expect(outcome).to_contain_text("It can be saved")
    page.get_by_label("Name or address").press_sequentially("example")
    outcome.get_by_role("button", name="Ada Moss").click()
    expect(outcome).to_contain_text("Ada Lyon")
    editor.fill('Join("-", [givenName], [city])')
    expect(outcome).to_contain_text("Ada-Lyon")
    page.get_by_role("button", name="Into the draft").click()
    page.get_by_role("link", name="See the effect and save…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Effect of the draft")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("works like this from its next cycle on")).to_be_visible()


def test_the_keyboard_alone_tries_an_expression_without_keeping_it(visit, mappings):
    page = visit(script=False)
    page.goto(f"/portal{mappings}/users/attribute?target=title")
    page.get_by_label("Name or address").fill("ada")
    page.get_by_label("Name or address").press("Enter")
    expect(page.locator("#outcome")).to_contain_text("Ada Moss")
    expect(page.get_by_text("You are editing a draft")).to_have_count(0)


def test_a_mapping_is_removed_after_a_question_in_a_dialog(visit, mappings):
    page = visit()
    page.goto(f"/portal{mappings}/users")
    page.get_by_role("link", name="Remove the mapping of title").click()
    dialog = page.get_by_role("dialog", name="Remove the mapping of title?")
    dialog.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The mapping of title was removed from the draft.")).to_be_visible()


def test_the_effect_is_said_to_be_computed_until_it_is_there(visit, owner, mappings):
    edit(owner, mappings, "title", type="constant", constant="Colleague")
    page = visit()
    page.goto(f"/portal{mappings}")
    page.route("**/effect", lambda route: route.fulfill(status=204))  # the browser stays where it is
    page.get_by_role("link", name="See the effect and save…").click()
    expect(page.get_by_role("link", name="Computing the effect…")).to_have_attribute("aria-busy", "true")


def test_a_file_is_brought_in(visit, owner, mappings):
    page = visit()
    page.goto(f"/portal{mappings}/import")
    document = owner.get(f"{mappings}/schema.json").body.replace(b"Add, Update, Delete", b"Add, Update")
    page.get_by_label("File").set_input_files(
        {"name": "schema.json", "mimeType": "application/json", "buffer": document}
    )
    expect(page.get_by_label("Schema")).to_have_value(document.decode())
    page.get_by_role("button", name="Show the effect").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Effect of the draft")


@pytest.mark.parametrize(
    "window", [("en", "light", DESKTOP), ("fr", "dark", PHONE)], ids=["desktop", "phone"]
)
def test_every_page_can_be_read_reached_and_touched(visit, owner, mappings, window):
    language, theme, size = window
    edit(owner, mappings, "title", expression='Join(" ", [givenName], "and something long")')
    filters = {
        "groups": "# Paris\ncity EQUALS Paris\ncity IS NOT NULL\n# IT\ndepartment EQUALS IT",
        "early": "",
    }
    owner.post(f"{mappings}/users/scope/text", filters)
    page = visit(language=language, theme=theme, size=size)
    for path in ("", "/users", "/users/attribute?target=title", "/users/scope", "/users/scope/text", "/effect",
                 "/import", "/versions", "/versions/1", "/restore"):  # fmt: skip
        page.goto(f"/portal{mappings}{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.evaluate(chromium.UNREADABLE) == [], path
        assert page.evaluate(chromium.UNFOCUSED) == [], path
        assert page.evaluate(chromium.SMALL) == [], path
