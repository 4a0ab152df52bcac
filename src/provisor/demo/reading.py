"""Reading every account of the target with a client of the demonstration's own: plain `http.client`, one at a time."""

from __future__ import annotations

import contextlib
import http.client
import json
import time
import urllib.parse
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from provisor.core import errors

_PAGE = 100
_PATIENCE = 30
"""Seconds an answer may take."""


def every_account(
    base_url: str, token: str, *, spacing: float, progress: Callable[[int, int], None]
) -> list[dict[str, Any]]:
    """Every user of a SCIM service, each read by id, since RingCentral's lists leave out addresses and telephones.

    `spacing` is the number of seconds from one request to the next; `progress` is told how many were read of how many.
    Raises `ProvisorError` where the service does not answer soundly.
    """
    url = urllib.parse.urlsplit(base_url)
    connection = http.client.HTTPConnection(url.hostname or "", url.port, timeout=_PATIENCE)
    with contextlib.closing(connection):
        reader = _Reader(connection, url.path, token, spacing)
        ids = reader.ids()
        documents = []
        for account_id in ids:
            documents.append(reader.get(f"/Users/{urllib.parse.quote(account_id, safe='')}"))
            progress(len(documents), len(ids))
        return documents


class _Reader:
    def __init__(self, connection: http.client.HTTPConnection, path: str, token: str, spacing: float) -> None:
        self._connection = connection
        self._path = path
        self._headers = {"Authorization": f"Bearer {token}"}
        self._spacing = spacing

    def ids(self) -> list[str]:
        """The ids of every user, in the order of the listing."""
        found: dict[str, None] = {}
        while True:
            page = self.get(f"/Users?startIndex={len(found) + 1}&count={_PAGE}")
            found.update(dict.fromkeys(item["id"] for item in page["Resources"]))
            if len(found) == page["totalResults"]:
                return list(found)
            if not page["Resources"]:
                raise errors.ProvisorError(
                    f"RingCentral lists {len(found)} accounts and says it has {page['totalResults']}, so whether it "
                    "equals the directory cannot be told."
                )

    def get(self, path: str) -> dict[str, Any]:
        """The document at a path below the base URL."""
        try:
            time.sleep(self._spacing)
            self._connection.request("GET", self._path + path, headers=self._headers)
            answer = self._connection.getresponse()
            body = answer.read()
            document: dict[str, Any] = json.loads(body)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise errors.ProvisorError(
                f"Reading {path} from RingCentral for verification failed: {error}"
            ) from error
        if answer.status != HTTPStatus.OK:
            raise errors.ProvisorError(
                f"Reading {path} from RingCentral for verification was answered with {answer.status}: "
                f"{document.get('detail', 'no reason given')}"
            )
        return document
