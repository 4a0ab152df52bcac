"""Entering the console: the first administrator, passwords, waits, sessions and their cookies."""

import sqlite3

import pytest

from provisor.ringcentral.console import mounting

PASSWORD = "correct horse battery"


@pytest.fixture
def visitor(empty_console):
    return empty_console.visitor()


def sign_in(visitor, name="ada", password=PASSWORD, **options):
    return visitor.post("/sign-in", {"name": name, "password": password}, **options)


def test_the_root_leads_to_the_console_and_the_console_to_signing_in(console):
    visitor = console.visitor()
    visitor.prefix = ""
    answer = visitor.get("/")
    assert (answer.status, answer.headers["Location"]) == (307, "/admin/")
    answer = visitor.get("/admin/style?search=x", follow=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/admin/sign-in?next=%2Fstyle%3Fsearch%3Dx")


def test_whoever_has_the_link_makes_the_administrator_once(empty_console, visitor):
    link = empty_console.invitation()
    fields = {"name": "Ada", "password": PASSWORD, "again": PASSWORD}
    answer = visitor.post(link, fields)
    assert answer.path == "/admin/"
    assert "Welcome, Ada." in answer.words
    assert "Welcome, Ada." not in visitor.get("/").words
    stranger = empty_console.visitor()
    assert stranger.get(link).status == 410
    assert stranger.post(link, {**fields, "name": "Eve"}).status == 410


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"name": ""}, "Enter a user name."),
        ({"name": "x" * 65}, "Choose a shorter name"),
        ({"name": "a\u202eb"}, "Choose a shorter name"),
        ({"password": "short", "again": "short"}, "at least 12 characters"),
        ({"again": "something else altogether"}, "This is not the same password."),
    ],
)
def test_the_form_says_what_is_wrong_with_a_new_administrator(empty_console, visitor, fields, problem):
    answer = visitor.post(
        empty_console.invitation(), {"name": "ada", "password": PASSWORD, "again": PASSWORD, **fields}
    )
    assert answer.status == 422
    assert problem in answer.words
    assert PASSWORD not in answer.text


def test_a_newer_link_replaces_the_older_and_a_day_ends_it(empty_console, visitor):
    older = empty_console.invitation()
    newer = empty_console.invitation()
    assert (visitor.get(older).status, visitor.get(newer).status) == (410, 200)
    empty_console.clock.tell(24 * 3600)
    assert visitor.get(newer).status == 410


def test_a_first_link_is_only_made_while_there_is_no_administrator(empty_console):
    first = mounting.Invitation.FIRST
    assert (
        mounting.invite_administrator(empty_console.database_url, first, empty_console.clock.now) is not None
    )
    empty_console.administrator()
    assert mounting.invite_administrator(empty_console.database_url, first, empty_console.clock.now) is None


def test_a_link_gives_a_known_administrator_a_new_password_and_ends_their_sessions(console, administrator):
    fields = {"name": "ADA", "password": "another long password", "again": "another long password"}
    console.visitor().post(console.invitation(), fields)
    assert administrator.get("/", follow=False).status == 303
    assert sign_in(console.visitor()).status == 401
    assert sign_in(console.visitor(), password="another long password").status == 200


def test_signing_in_leads_to_the_page_that_was_wanted(console, administrator):
    visitor = console.visitor()
    wanted = {"name": "ada", "password": PASSWORD, "next": "/style?x=1"}
    answer = visitor.post("/sign-in", wanted, follow=False)
    assert answer.headers["Location"] == "/admin/style?x=1"


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x"]
)
def test_signing_in_never_leads_elsewhere(console, administrator, wanted):
    visitor = console.visitor()
    fields = {"name": "ada", "password": PASSWORD, "next": wanted}
    assert visitor.post("/sign-in", fields, follow=False).headers["Location"] == "/admin/"


def test_a_wrong_name_and_a_wrong_password_are_answered_alike(console, administrator):
    nobody, wrong = sign_in(console.visitor(), name="eve"), sign_in(console.visitor(), password="wrong")
    assert (nobody.status, wrong.status) == (401, 401)
    assert nobody.words == wrong.words


def test_wrong_passwords_make_the_next_try_wait_even_with_the_right_one(console):
    visitor = console.visitor()
    for _ in range(4):
        assert sign_in(visitor, password="wrong").status == 401
    answer = sign_in(visitor)
    assert answer.status == 429
    assert "Wait 2 seconds" in answer.words or "Wait 1 seconds" in answer.words
    console.clock.tell(1)
    assert sign_in(visitor).status == 200


def test_names_are_compared_without_case(console, administrator):
    assert sign_in(console.visitor(), name=" ADA ").status == 200


def test_signing_out_ends_the_session_at_the_server(console, administrator):
    kept = dict(administrator.cookies)
    assert administrator.post("/sign-out").path == "/admin/sign-in"
    assert "provisor_ringcentral_session" not in administrator.cookies
    administrator.cookies = kept
    assert administrator.get("/", follow=False).status == 303


@pytest.mark.parametrize(("step", "steps"), [(2 * 3600 + 1, 1), (3600, 13)])
def test_a_session_ends_when_it_is_idle_or_old(console, administrator, step, steps):
    answers = []
    for _ in range(steps):
        console.clock.tell(step)
        answers.append(administrator.get("/", follow=False).status)
    assert answers == [200] * (steps - 1) + [303]


def test_cookies_cannot_be_read_by_scripts_and_secrets_are_stored_as_hashes(empty_console, tmp_path):
    administrator = empty_console.administrator()
    for line in administrator.set_cookies:
        assert "HttpOnly" in line
        assert "SameSite=lax" in line
        assert "Path=/admin" in line
    secret = administrator.cookies["provisor_ringcentral_session"]
    with sqlite3.connect(tmp_path / "provider.db") as database:
        dumped = "\n".join(database.iterdump())
    database.close()
    assert secret not in dumped
    assert PASSWORD not in dumped
    assert "$argon2id$" in dumped


def test_cookies_are_for_tls_only_where_there_is_tls(console):
    visitor = console.visitor(X_Forwarded_Proto="https")
    answer = visitor.get("/sign-in")
    assert all("Secure" in line for line in visitor.set_cookies)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_language_and_colours_are_remembered(console):
    visitor = console.visitor(Accept_Language="fr-FR")
    assert visitor.get("/sign-in").page.find("html")[0]["lang"] == "fr"
    answer = visitor.post("/preferences", {"language": "en", "next": "/sign-in"})
    assert answer.path == "/admin/sign-in"
    assert answer.page.find("html")[0]["lang"] == "en"
    page = visitor.post("/preferences", {"theme": "dark", "next": "/sign-in"}).page
    assert page.find("html")[0]["data-theme"] == "dark"
    page = visitor.post("/preferences", {"theme": "<x>", "language": "<x>", "next": "/sign-in"}).page
    assert (page.find("html")[0]["data-theme"], page.find("html")[0]["lang"]) == ("dark", "en")
