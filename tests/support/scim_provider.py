"""A service provider of the `full` profile for the length of a block, and a client of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from provisor.ringcentral.background import running_provider
from support.scim_http import ScimHttp


@contextmanager
def full_provider(database_url: str, *, token: str | None = None, **options: Any) -> Iterator[ScimHttp]:
    """A client with a token of its own, or with one from an earlier run; `options` are those of `running_provider`."""
    with running_provider(database_url=database_url, profile="full", **options) as running:
        client = ScimHttp(base_url=running.base_url, token=token or running.token)
        try:
            yield client
        finally:
            client.close()
