"""What keeps a page's visitor safe: headers of every answer, and the proof that a form came from our own page."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""Everything from our own address, nothing inline, nobody's frame."""

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
TRANSPORT_SECURITY = "max-age=31536000"
"""Sent over TLS only: a browser that saw it never speaks plain HTTP to this host for a year."""


class ProtectedHeaders:
    """Adds the headers of safety to every answer, and forbids keeping what does not say that it may be kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", TRANSPORT_SECURITY)
            await send(message)

        await self._app(scope, receive, protected)


def new_secret() -> str:
    """256 random bits as text."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is stored of a secret: 256 random bits need no slower hash."""
    return hashlib.sha256(secret.encode(errors="surrogateescape")).hexdigest()


def form_token(secret: str) -> str:
    """The token of the forms shown to whoever holds a secret cookie. It tells nothing about the cookie."""
    return hmac.new(secret.encode(errors="surrogateescape"), b"form", hashlib.sha256).hexdigest()


def is_own_form(request: Request, secret: str, token: str) -> bool:
    """Whether a form was sent by a page of ours: it knows the token, and the browser names no other origin."""
    if not hmac.compare_digest(form_token(secret).encode(), token.encode(errors="surrogateescape")):
        return False
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()
