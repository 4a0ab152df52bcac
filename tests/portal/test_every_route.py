"""Every address of the portal: closed to strangers, deaf to foreign forms, and open to the roles it is meant for."""

import re

import pytest

from provisor.look.protection import CONTENT_SECURITY_POLICY
from provisor.look.sign_in.roles import Role
from provisor.look.site import Access, Method
from support import markup

NOBODY = "00000000-0000-0000-0000-000000000000"
FOR_ANYONE = {"/sign-in", "/sign-out", "/welcome/{secret}", "/preferences"}
ONES_OWN = {"/account/password", "/account/sessions"}
"""What everybody may change of themselves."""


def address(page):
    return re.sub(r"\{\w+(:\w+)?\}", NOBODY, page.path)


def ask(visitor, page, **options):
    return (visitor.get if page.method is Method.GET else visitor.post)(
        address(page), follow=False, **options
    )


def test_a_stranger_is_sent_to_sign_in_from_every_page(portal):
    stranger = portal.visitor()
    for page in portal.pages:
        if page.access is Access.ANYONE:
            continue
        answer = ask(stranger, page)
        assert answer.status == 303, page.path
        assert answer.headers["Location"].startswith("/portal/sign-in"), page.path
        assert answer.body == b""


def test_only_what_signing_in_needs_is_open_to_anyone(portal):
    assert {page.path for page in portal.pages if page.access is Access.ANYONE} == FOR_ANYONE


def test_nothing_a_reader_may_do_changes_anything(portal):
    acting = [
        page for page in portal.pages if page.method is Method.POST and page.path not in FOR_ANYONE | ONES_OWN
    ]
    assert [page.path for page in acting if page.role is Role.READER] == []


@pytest.mark.parametrize("role", list(Role))
def test_every_route_is_open_to_its_role_and_to_no_lesser_one(portal, role):
    visitor = portal.administrator("some", role)
    for page in portal.pages:
        if page.access is Access.ANYONE:
            continue
        allowed = role.includes(page.role)
        answer = ask(visitor, page)
        assert (answer.status == 403) is not allowed, (page.method, page.path, answer.status)
        assert answer.status < 500, (page.method, page.path)


def test_a_form_without_our_token_changes_nothing(portal, owner):
    for page in portal.pages:
        if page.method is Method.POST:
            assert owner.post(address(page), form_token="0" * 64, follow=False).status == 403, page.path


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_can_be_seen_and_used_by_everyone(portal, language):
    visitor = portal.administrator("reader", Role.OWNER, Accept_Language=language)
    for page in portal.pages:
        if page.method is Method.POST or "{" in page.path or page.path == "/sign-in":
            continue
        answer = visitor.get(page.path)
        assert answer.status == 200, page.path
        assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        if answer.headers["Content-Type"].startswith("text/html"):
            assert list(markup.shortcomings(answer.page)) == [], page.path


def test_the_root_leads_to_the_portal(portal):
    visitor = portal.visitor()
    visitor.prefix = ""
    assert visitor.get("/", follow=False).headers["Location"] == "/portal/"
