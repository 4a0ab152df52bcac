"""The consent page: which application asks, for what, and the sign-in of the administrator who agrees.

A plain page without scripts, whose fields carry the request from the question to the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from provisor.ringcentral.account.oauth_clients import Client
from provisor.ringcentral.account.scopes import ApplicationScope

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """An administrator agreed, who may do no more than these scopes say."""

    subject: str
    scopes: frozenset[ApplicationScope]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotApproved:
    """Nobody agreed; the sentence says why."""

    sentence: str


Approver = Callable[[str, str, str], Approved | NotApproved]
"""Looks at the name and the password of an administrator, typed at an address."""

_MEANINGS = {
    ApplicationScope.READ_ACCOUNTS: "Read the users of your account.",
    ApplicationScope.EDIT_ACCOUNTS: "Create, change, disable and delete the users of your account.",
}


def question(client: Client, request: Mapping[str, str], sentence: str = "") -> str:
    """The page that asks.

    :param request: the parameters of the authorization request, to be sent back with the answer.
    :param sentence: why the answer before was none.
    """
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in request.items()
    )
    wanted = "".join(
        f"<li>{escape(meaning)}</li>" for scope, meaning in _MEANINGS.items() if scope in client.scopes
    )
    told = f'<p role="alert">{escape(sentence)}</p>' if sentence else ""
    return _page(
        "Access Request",
        f"<p><strong>{escape(client.name)}</strong> asks for permission to:</p><ul>{wanted}</ul>{told}"
        f'<form method="post" autocomplete="off">{hidden}'
        '<p><label>Administrator <input name="name" autocomplete="username"></label></p>'
        '<p><label>Password <input name="password" type="password" autocomplete="current-password"></label></p>'
        '<p><button name="decision" value="authorize">Authorize</button> '
        '<button name="decision" value="deny">Deny</button></p></form>',
    )


def refusal(sentence: str) -> str:
    """The page for a request nobody can be sent back from."""
    return _page("The request cannot be answered", f"<p>{escape(sentence)}</p>")


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
