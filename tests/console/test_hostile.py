"""Whatever directories and administrators write, pages show it as text."""

import pytest

from support import markup

NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "{{ 7 * 7 }}{% raw %}",
    "</title></textarea></select>&lt;b&gt;",
    "javascript:alert(1)",
    "\u202egnp.exe\u2066",
    "%(name)s %s %",
)


def tame(answer):
    """The page, which has nothing in it that only a name could have brought."""
    page = answer.page
    for element in page.walk():
        assert element.tag not in {"img", "iframe", "object", "b"}
        assert not [name for name in element.attributes if name.startswith("on")]
        assert element.tag != "script" or not element.children
        for name in ("href", "action", "src"):
            assert (element.get(name) or "/").startswith(("/", "#", "?")), element.get(name)
    assert list(markup.shortcomings(page)) == []
    assert "49" not in page.find("h1")[0].text
    return page


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_hostile_user_is_text_on_every_page(console, administrator, nasty, language):
    administrator.headers["Accept-Language"] = language
    user_id = console.create_user("grace@example.com", nasty, "Hopper", title=nasty, externalId=nasty)
    for path in ("/users", f"/users/{user_id}", "/seats", "/log", "/"):
        page = tame(administrator.get(path))
        if path.startswith("/users"):
            assert " ".join(nasty.split()) in page.text
    for action in ("disable", "freeze"):
        tame(administrator.get(f"/users/{user_id}/{action}"))
        tame(administrator.post(f"/users/{user_id}/{action}"))
    tame(administrator.get(f"/users/{user_id}/delete"))
    tame(administrator.post(f"/users/{user_id}/delete"))


@pytest.mark.parametrize("nasty", NASTY)
def test_hostile_fields_and_addresses_come_back_as_text(console, administrator, nasty):
    administrator.post("/directory/tokens", {"description": nasty})
    page = tame(administrator.get("/directory/tokens"))
    links = [each["href"] for each in page.find("a") if each["href"].endswith(("/rotate", "/revoke"))]
    for link in links:
        tame(administrator.get(link))
    tame(administrator.post("/faults", {"script": nasty}))
    tame(administrator.post("/directory/limits", {"limited": "yes", "light": nasty}))
    tame(administrator.post("/seats", {"count": nasty, "extension_number": nasty}))
    tame(administrator.post("/preferences", {"language": nasty, "theme": nasty, "next": nasty}))
    from urllib.parse import quote

    for path in ("/users?search={}", "/users?state={}&after={}", "/log?path={}&token={}", "/seats?state={}"):
        tame(administrator.get(path.format(quote(nasty), quote(nasty))))
    console.scim("GET", f"/Users/{quote(nasty, safe='')}")
    tame(administrator.get("/log"))


def test_a_hostile_name_of_an_administrator_is_text(console):
    visitor = console.administrator("<b>ada</b>\"'")
    assert "<b>ada</b>\"'" in tame(visitor.get("/")).text


def test_the_name_that_failed_to_sign_in_comes_back_as_text(console):
    answer = console.visitor().post("/sign-in", {"name": '"><b>x</b>', "password": "x", "next": '"><b>'})
    assert tame(answer).find("input", id="name")[0]["value"] == '"><b>x</b>'
