"""HTTP to one target: the only module that knows the client library."""

from __future__ import annotations

import functools
import ssl
from dataclasses import dataclass
from typing import Final

import aiohttp
import yarl
from multidict import CIMultiDict

import provisor
from provisor.core import errors
from provisor.targets import answers

_IDLE_SECONDS: Final = 4.0
"""How long an unused connection is kept: less than the 5 seconds after which common servers (uvicorn, Node.js) close
theirs, so that a creation does not meet a connection that is being closed."""


Trouble = errors.Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """An exchange without an answer; `detail` is the client's own word for it."""

    trouble: Trouble
    detail: str


class BearerToken:
    """A secret token that no message, log or traceback shows."""

    __slots__ = ("_secret",)

    def __init__(self, text: str) -> None:
        secret = text.strip()
        scheme, _, rest = secret.partition(" ")
        if scheme.lower() == "bearer":
            secret = rest.strip()
        if not secret:
            raise errors.InvalidInputError(
                "There is no secret token: enter the one the application gave you."
            )
        if not secret.isascii() or not secret.isprintable() or " " in secret:
            raise errors.InvalidInputError(
                "The secret token holds a character that no token can hold: copy it again, without line breaks."
            )
        self._secret = secret

    def reveal(self) -> str:
        """The token itself."""
        return self._secret

    def __repr__(self) -> str:
        return "BearerToken(…)"


class Connection:
    """Pooled connections to one target, opened with the first request and released by `aclose`.

    Timeouts are seconds. Raises `InvalidInputError` where `ca_file` is no file of certificates.
    """

    def __init__(
        self,
        *,
        token: BearerToken,
        concurrency: int,
        connect_timeout: float,
        read_timeout: float,
        ca_file: str | None = None,
    ) -> None:
        self._token = token
        self._concurrency = concurrency
        self._timeout = aiohttp.ClientTimeout(
            total=None, connect=None, sock_connect=connect_timeout, sock_read=read_timeout
        )
        self._tls = _tls(ca_file)
        self._session: aiohttp.ClientSession | None = None

    async def exchange(self, method: str, url: str, body: bytes | None) -> answers.Answer | NoAnswer:
        """Send one request and answer what came back; redirections are not followed.

        The client library repeats a GET, PUT or DELETE once where a kept connection turns out to be closed.
        """
        session = self._session or self._open()
        try:
            response = await session.request(
                method,
                _url(url),
                data=body,
                headers=_BODY_HEADERS if body is not None else None,
                allow_redirects=False,
            )
            try:
                content = await response.read()
            finally:
                response.release()
            return answers.parsed(response.status, response.headers, content)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            trouble = _trouble(error)
            # The words of some errors name the whole request, with its headers.
            detail = type(error).__name__ if trouble in _WORDLESS else str(error) or type(error).__name__
        return NoAnswer(trouble=trouble, detail=detail.replace(self._token.reveal(), "…"))

    async def aclose(self) -> None:
        """Close every connection; the next request would open new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _open(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=self._concurrency, ssl=self._tls, keepalive_timeout=_IDLE_SECONDS, ttl_dns_cache=60
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=self._timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={
                "Authorization": f"Bearer {self._token.reveal()}",
                "Accept": "application/scim+json, application/json",
                "User-Agent": f"provisor/{provisor.__version__}",
            },
        )
        return self._session


@functools.lru_cache(maxsize=64)
def _url(text: str) -> yarl.URL:
    """The URL as it is; the few that are used over and over (a creation's) are taken apart once."""
    return yarl.URL(text, encoded=True)


_BODY_HEADERS: Final = CIMultiDict({"Content-Type": "application/scim+json"})
_WORDLESS: Final = frozenset({Trouble.ANSWER_TIMEOUT, Trouble.CONNECT_TIMEOUT, Trouble.NOT_HTTP})


_TROUBLES: Final = (
    (aiohttp.ClientConnectorDNSError, Trouble.NAME_NOT_FOUND),
    (aiohttp.ClientConnectorSSLError, Trouble.TLS),
    (aiohttp.ClientConnectorCertificateError, Trouble.TLS),
    (ssl.SSLError, Trouble.TLS),
    (aiohttp.ConnectionTimeoutError, Trouble.CONNECT_TIMEOUT),
    (aiohttp.ClientConnectorError, Trouble.REFUSED),
    (TimeoutError, Trouble.ANSWER_TIMEOUT),
    (aiohttp.ClientResponseError, Trouble.NOT_HTTP),
)
"""The client's errors, the special before the general."""


def _trouble(error: Exception) -> Trouble:
    found = (trouble for kind, trouble in _TROUBLES if isinstance(error, kind))
    return next(found, Trouble.CONNECTION_LOST)


def _tls(ca_file: str | None) -> ssl.SSLContext | bool:
    """What to verify the target's certificate with; `True` is the system's authorities."""
    if ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise errors.InvalidInputError(
            f"The file of trusted certificates “{ca_file}” cannot be used: {error}. It must hold PEM certificates."
        ) from None
