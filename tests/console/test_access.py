"""Every address of the console: closed to strangers, deaf to foreign forms, and safe in what it sends."""

import http.client
import re
from urllib.parse import urlsplit

import pytest

from provisor.look.protection import CONTENT_SECURITY_POLICY
from provisor.look.sign_in.roles import Role
from provisor.look.site import Access, Method
from provisor.ringcentral import serving
from provisor.ringcentral.console import mounting
from support import markup


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Every page of the console."""
    path = tmp_path_factory.mktemp("pages") / "provider.db"
    app = serving.create_app(
        database_url=f"sqlite:///{path}", profile="ringcentral", throttling=None, console=serving.Console.ON
    )
    [mounted] = [
        route.app
        for route in app.routes
        if getattr(route, "path", "") == "/admin" and hasattr(route, "app") and hasattr(route.app, "state")
    ]
    yield mounted.state.site.room.pages
    app.state.database.close()


def address(page):
    return re.sub(r"\{[\w:]+\}", "1600000101", page.path)


def test_a_stranger_is_sent_to_sign_in_from_every_page(console, pages):
    stranger = console.visitor()
    for page in pages:
        if page.access is Access.ANYONE:
            continue
        ask = stranger.get if page.method is Method.GET else stranger.post
        answer = ask(address(page), follow=False)
        assert answer.status == 303, page.path
        assert answer.headers["Location"].startswith("/admin/sign-in"), page.path
        assert answer.body == b""


def test_only_what_signing_in_needs_is_open_to_anyone(pages):
    opened = {page.path for page in pages if page.access is Access.ANYONE}
    assert opened == {"/sign-in", "/sign-out", "/welcome/{secret}", "/preferences"}


@pytest.mark.parametrize("token", ["", "0" * 64, "é" * 5])
def test_a_form_without_our_token_changes_nothing(administrator, pages, token):
    acting = [page for page in pages if page.method is Method.POST]
    for page in acting:
        answer = administrator.post(address(page), form_token=token, follow=False)
        assert answer.status == 403, page.path
    assert len(acting) > 2


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}],
)
def test_a_form_from_another_origin_changes_nothing_even_with_the_token(administrator, pages, headers):
    for page in pages:
        if page.method is Method.POST:
            assert administrator.post(address(page), follow=False, **headers).status == 403, page.path


def test_a_form_of_our_own_origin_is_taken(console, administrator):
    answer = administrator.post(
        "/preferences", {"theme": "dark"}, follow=False, Origin=console.origin, Sec_Fetch_Site="same-origin"
    )
    assert answer.status == 303


def test_the_token_of_one_session_opens_no_other(console, administrator):
    other = console.administrator("grace")
    token = re.search(r'name="form_token" value="(\w+)"', other.get("/").text).group(1)
    assert administrator.post("/preferences", form_token=token, follow=False).status == 403


def test_every_page_can_be_seen_by_the_administrator_and_used_by_everyone(administrator, pages):
    for page in pages:
        if page.method is Method.POST or "{" in page.path or page.path in {"/sign-in", "/log/events"}:
            continue
        answer = administrator.get(page.path)
        assert answer.status == 200, page.path
        if answer.headers["Content-Type"].startswith("text/html"):
            assert list(markup.shortcomings(answer.page)) == [], page.path


def test_pages_carry_nothing_inline_and_forbid_it(administrator, pages):
    for page in pages:
        if page.method is Method.POST or "{" in page.path or page.path == "/log/events":
            continue
        answer = administrator.get(page.path)
        assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        for element in answer.page.walk():
            assert not [name for name in element.attributes if name.startswith("on") or name == "style"]
            assert element.tag != "style"
            assert element.tag != "script" or (element.get("src") and not element.children)
            assert not re.match(r"https?:|//", element.get("src") or "")


def test_what_is_not_there_is_said_in_the_console_and_outside_in_scim(console, administrator):
    answer = administrator.get("/nowhere")
    assert answer.status == 404
    assert "There is nothing here" in answer.words
    assert list(markup.shortcomings(answer.page)) == []
    administrator.prefix = ""
    outside = administrator.get("/nowhere")
    assert (outside.status, outside.headers["Content-Type"]) == (404, "application/scim+json")
    assert administrator.get("/admin", follow=False).headers["Location"] == "/admin/"


def test_style_sheets_are_kept_until_they_change(administrator):
    sheet = administrator.get("/").page.find("link", rel="stylesheet")[0]["href"]
    answer = administrator.get(sheet)
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert administrator.get(re.sub(r"static/\w+", "static/0", sheet)).status == 404
    assert administrator.get("/static/x/..%2f..%2fsite.py").status == 404


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", "{}", 415),
        ("multipart/form-data; boundary=x", "--x--", 415),
        ("application/x-www-form-urlencoded", "a=" + "x" * 300_000, 413),
        ("application/x-www-form-urlencoded", "a=1&" * 2000, 400),
        ("application/x-www-form-urlencoded", b"\xff\xfe", 400),
    ],
)
def test_what_is_no_form_of_ours_is_refused_in_words(console, content_type, body, status):
    connection = http.client.HTTPConnection(urlsplit(console.origin).netloc, timeout=30)
    connection.request("POST", "/admin/sign-in", body, {"Content-Type": content_type})
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    assert response.status == status
    assert list(markup.shortcomings(markup.parse(text))) == []


def test_without_the_console_there_is_none(tmp_path):
    from provisor.ringcentral import background

    with background.running_provider(
        database_url=f"sqlite:///{tmp_path}/provider.db", profile="ringcentral", seats=1
    ) as provider:
        netloc = urlsplit(provider.base_url).netloc
        for path in ("/", "/admin/"):
            connection = http.client.HTTPConnection(netloc, timeout=30)
            connection.request("GET", path)
            assert connection.getresponse().status == 404
            connection.close()


def test_a_reader_sees_everything_and_changes_nothing(console, pages):
    invitation = mounting.invite_administrator(
        console.database_url, mounting.Invitation.ALWAYS, console.clock.now, Role.READER
    ).removeprefix("/admin")
    reader = console.visitor()
    password = "only for looking around"
    reader.post(invitation, {"name": "eve", "password": password, "again": password})
    for page in pages:
        if page.path == "/log/events":
            continue
        if page.method is Method.GET and "{" not in page.path:
            assert reader.get(page.path).status == 200, page.path
        elif page.method is Method.POST and page.access is Access.SIGNED_IN:
            assert reader.post(address(page), follow=False).status == 403, page.path
    assert "Your role does not allow this" in reader.post("/faults", {"script": "503"}).words
