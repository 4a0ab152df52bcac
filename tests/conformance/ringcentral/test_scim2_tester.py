"""scim2-tester, a third party's judgement, against the `full` profile over real HTTP."""

import http.client
import json
from typing import Any
from urllib.parse import urlencode, urlsplit
from wsgiref.headers import Headers

import pytest
import scim2_tester
from scim2_client import BaseSyncSCIMClient
from scim2_client.engines.inprocess import InProcessResponse
from scim2_tester import Status

from provisor.ringcentral.background import running_provider
from support import postgres

REFUSED = (Status.DEVIATION, Status.ERROR, Status.CRITICAL)


class HttpClient(BaseSyncSCIMClient):
    """The client scim2-tester drives, on the standard library's HTTP."""

    def __init__(self, base_url: str, headers: dict[str, str]) -> None:
        super().__init__()
        self.base = urlsplit(base_url)
        self.headers = headers

    def _stays_under_base_url(self, endpoint: str) -> bool:
        return not urlsplit(endpoint).netloc or endpoint.startswith(self.base.geturl())

    def _parse_json(self, response: Any) -> Any:
        return response.json()

    def request(self, method: str, url: str, **options: Any) -> InProcessResponse:
        path = urlsplit(url).path if urlsplit(url).netloc else f"{self.base.path}/{url.lstrip('/')}"
        if options.get("params"):
            path += "?" + urlencode(options["params"])
        body = json.dumps(options["json"]).encode() if options.get("json") is not None else None
        connection = http.client.HTTPConnection(self.base.hostname or "", self.base.port, timeout=20)
        try:
            connection.request(method, path, body, {**self.headers, **dict(options.get("headers") or {})})
            response = connection.getresponse()
            content = response.read()
            return InProcessResponse(response.status, Headers(response.getheaders()), content)
        finally:
            connection.close()


def findings(database_url: str) -> list[str]:
    with running_provider(database_url=database_url, profile="full") as provider:
        results = scim2_tester.check_server(HttpClient(provider.base_url, provider.headers))
    assert sum(result.status is Status.SUCCESS for result in results) > 100
    return [
        f"{result.status.name} {result.title}: {result.reason}"
        for result in results
        if result.status in REFUSED
    ]


def test_scim2_tester_finds_nothing_to_say_on_sqlite(tmp_path):
    assert findings(f"sqlite:///{tmp_path}/provider.db") == []


@pytest.mark.postgres
def test_scim2_tester_finds_nothing_to_say_on_postgresql():
    with postgres.fresh_database_url() as url:
        assert findings(url) == []
