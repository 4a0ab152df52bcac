"""The tenant URL that an administrator enters (Entra: admin credentials, flags in the tenant URL)."""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from provisor.core import errors
from provisor.scim import dialects

_FLAGS: Final[Mapping[str, dialects.Dialect]] = {
    "aadoptscim062020": dialects.ENTRA_COMPLIANT,
    "azureadscimpatch2017": dialects.ENTRA_DEFAULT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantUrl:
    """Where the target's SCIM resources are.

    `base` has neither a trailing slash nor a query. A flag of Entra's (`?aadOptscim062020`) selects the dialect and is
    not sent; any other query parameter belongs to the target (a tenant's key, say) and goes with every request.
    """

    base: str
    query: tuple[tuple[str, str], ...] = ()
    dialect: dialects.Dialect | None = None

    @property
    def host(self) -> str:
        """The host and port, for messages."""
        return urllib.parse.urlsplit(self.base).netloc

    def resource(self, path: str, query: tuple[tuple[str, str], ...] = ()) -> str:
        """The encoded URL of a path below the base; spaces in the query become `%20`."""
        pairs = (*query, *self.query)
        if not pairs:
            return self.base + path
        return f"{self.base}{path}?{urllib.parse.urlencode(pairs, quote_via=urllib.parse.quote)}"


def parse(text: str) -> TenantUrl:
    """The tenant URL as entered, with or without a trailing slash; raises `InvalidInputError`."""
    try:
        parts = urllib.parse.urlsplit(text.strip())
        host = parts.hostname
        _ = parts.port
    except ValueError as error:
        raise errors.InvalidInputError(f"The tenant URL cannot be read: {error}. {_EXAMPLE}") from None
    if parts.scheme not in ("http", "https") or not host:
        raise errors.InvalidInputError(f"The tenant URL must begin with https:// and name a host. {_EXAMPLE}")
    if parts.username is not None or parts.password is not None:
        raise errors.InvalidInputError(
            f"The tenant URL must not hold a user name or password: enter the secret token instead. {_EXAMPLE}"
        )
    dialect = None
    query = []
    for name, value in urllib.parse.parse_qsl(parts.query, keep_blank_values=True):
        flag = _FLAGS.get(name.lower())
        if flag is None:
            query.append((name, value))
        else:
            dialect = flag
    path = urllib.parse.quote(parts.path.rstrip("/"), safe="/%:@!$&'()*+,;=~-._")
    return TenantUrl(base=f"{parts.scheme}://{parts.netloc}{path}", query=tuple(query), dialect=dialect)


def segment(text: str) -> str:
    """One segment of a path, encoded: an id may hold a slash or a space."""
    return urllib.parse.quote(text, safe="@$!'()*,;:=+")


_EXAMPLE: Final = "It looks like https://api.example.com/scim/v2."
