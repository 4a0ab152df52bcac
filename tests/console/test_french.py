"""Every page in French says nothing that has a French word in English."""

import re
from importlib import resources

import pytest
from babel.messages import pofile

ROOMS = ("look", "ringcentral/console")
SHOWN = (
    "title",
    "aria-label",
    "placeholder",
    "data-label",
    "data-copied",
    "data-close",
    "data-pause",
    "data-go-on",
)
PATHS = (
    "/", "/users", "/users?search=nobody", "/users/{user}", "/users/{user}/disable", "/users/{user}/freeze",
    "/users/{user}/delete", "/seats", "/seats?state=Frozen", "/directory", "/directory/enable", "/directory/disable",
    "/directory/duplicates", "/directory/tokens", "/directory/limits", "/log", "/log/1", "/log?path=/x", "/knobs",
    "/knobs/reset", "/faults", "/style", "/nowhere",
)  # fmt: skip


@pytest.fixture(scope="module")
def english():
    """The English texts that read otherwise in French, as patterns with anything for what is filled in."""
    texts = []
    for room in ROOMS:
        with (resources.files("provisor") / room / "locale" / "fr.po").open("rb") as file:
            catalogue = pofile.read_po(file, locale="fr")
        for message in catalogue:
            pairs = (
                zip(message.id, message.string, strict=True)
                if message.pluralizable
                else [(message.id, message.string)]
            )
            texts += [source for source, target in pairs if source and source != target]
    patterns = [re.sub(r"%\\\((\w+)\\\)[sd]", ".+", re.escape(text)) for text in texts]
    return re.compile("|".join(f"(?:{each})" for each in patterns if each != ".+"))


def said(page):
    """Every text of a page, and of the attributes that are shown or read out."""
    body = page.find("body")[0]
    for element in [body, *body.walk()]:
        if element.tag in {"code", "pre", "script"} or element.get("lang") == "en":
            continue
        yield from (child for child in element.children if isinstance(child, str))
        yield from (element[name] for name in SHOWN if element.get(name))
    yield "".join(page.find("title")[0].children)


def leftovers(answer, english):
    texts = {" ".join(text.split()) for text in said(answer.page)}
    return sorted(text for text in texts if text and english.fullmatch(text))


def test_no_page_in_french_has_english_left(console, administrator, english):
    administrator.headers["Accept-Language"] = "fr"
    user = console.create_user()
    console.scim("GET", "/Users/404")
    administrator.post("/directory/tokens", {"description": "Paie", "lifetime": "7"})
    administrator.post("/faults", {"script": "503 on PUT"})
    found = {}
    for path in PATHS:
        answer = administrator.get(path.format(user=user))
        found[path] = leftovers(answer, english)
        assert answer.page.find("html")[0]["lang"] == "fr"
    assert {path: texts for path, texts in found.items() if texts} == {}


def test_no_answer_to_a_form_in_french_has_english_left(console, administrator, english):
    administrator.headers["Accept-Language"] = "fr"
    user = console.create_user()
    sent = [
        ("/users/{user}/delete", {}), ("/users/{user}/disable", {}), ("/users/{user}/enable", {}),
        ("/users/{user}/freeze", {}), ("/users/{user}/role", {"role": "Manager"}), ("/users/{user}/role", {"role": "x"}),
        ("/users/{user}/delete", {}), ("/seats", {"count": "2"}), ("/seats", {"count": "x"}),
        ("/seats", {"count": "1", "extension_number": "101"}), ("/directory/provider", {"provider": "none"}),
        ("/directory/disable", {}), ("/directory/provider", {"provider": "okta"}),
        ("/directory/provider", {"provider": "none"}), ("/directory/enable", {}),
        ("/directory/tokens", {"description": "Paie"}), ("/directory/tokens", {"description": "x" * 200}),
        ("/directory/limits", {"limited": "yes"}), ("/directory/limits", {}), ("/knobs", {}), ("/knobs/reset", {}),
        ("/faults", {"script": "503"}), ("/faults", {"script": "?"}), ("/faults/clear", {}),
        ("/sign-out", {}), ("/sign-in", {"name": "x", "password": "y"}),
    ]  # fmt: skip
    found = {}
    for path, fields in sent:
        answer = administrator.post(path.format(user=user), fields)
        found[path, str(fields)] = leftovers(answer, english)
    for path in ("/sign-in", console.invitation(), "/welcome/nothing"):
        found[path] = leftovers(administrator.get(path), english)
    found["stale"] = leftovers(administrator.post("/preferences", form_token="x"), english)
    assert {path: texts for path, texts in found.items() if texts} == {}


def test_the_check_sees_english_that_was_left(administrator, english):
    assert "Users" in leftovers(administrator.get("/users"), english)
    assert "Search" in leftovers(administrator.get("/users"), english)
