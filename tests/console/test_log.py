"""The log of requests: pages, what can be chosen, one entry, and the live stream."""

import http.client
import time
from urllib.parse import urlsplit

import pytest


def logged(administrator, count, query=""):
    """The rows of the log once there are so many; they are written a moment after the answer."""
    for _ in range(200):
        rows = administrator.get(f"/log{query}").page.find("tr")[1:]
        if len(rows) >= count:
            return rows
    pytest.fail(f"{len(rows)} of {count} requests were logged")


def test_requests_are_listed_newest_first_and_shown_in_full(console, administrator):
    console.create_user("grace@example.com")
    console.scim("GET", "/Users/404")
    newest, oldest = logged(administrator, 2)
    assert "GET /Users/404" in newest.text
    assert "404" in newest.find("td")[1].text
    assert "POST /Users" in oldest.text
    page = administrator.get(oldest.find("a")[0]["href"]).page
    assert page.find("h1")[0].text == "POST /Users"
    assert '"userName": "•••"' in page.text
    assert "grace@example.com" not in page.text


def test_requests_are_chosen_by_what_happened(console, administrator):
    console.create_user()
    console.scim("GET", "/Users/404")
    console.scim("GET", "/Users", token="wrong")
    logged(administrator, 3)

    def chosen(query):
        return [row.find("th")[0].text for row in administrator.get(f"/log?{query}").page.find("tr")[1:]]

    assert chosen("method=POST") == ["POST /Users"]
    assert chosen("ending=refused") == ["GET /Users", "GET /Users/404"]
    assert chosen("ending=succeeded&path=/Users") == ["POST /Users"]
    assert chosen("path=/Nowhere") == []
    assert len(chosen("method=<b>&ending=<b>&before=<b>")) == 3


def test_older_requests_are_on_the_next_page(console, administrator):
    for number in range(52):
        console.scim("GET", f"/Users/{number}", token="wrong")
    logged(administrator, 50)
    page = administrator.get("/log").page
    for _ in range(200):
        if page.find("a", rel="next"):
            break
        page = administrator.get("/log").page
    page = administrator.get(page.find("a", rel="next")[0]["href"]).page
    assert len(page.find("tr")[1:]) >= 1
    assert "First page" in page.text
    assert page.find("table")[0].get("data-live") is None


def test_an_entry_that_is_not_there_is_not_found(administrator):
    assert administrator.get("/log/999").status == 404
    assert administrator.get("/log/x").status == 404


def test_new_requests_come_as_events_with_the_row_to_show(console, administrator):
    console.scim("GET", "/Users/1")
    logged(administrator, 1)
    connection = http.client.HTTPConnection(urlsplit(console.origin).netloc, timeout=30)
    cookies = "; ".join(f"{name}={value}" for name, value in administrator.cookies.items())
    connection.request(
        "GET", "/admin/log/events?method=GET", headers={"Cookie": cookies, "Last-Event-ID": "1"}
    )
    response = connection.getresponse()
    assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert response.readline() == b"retry: 1000\n"
    console.scim("POST", "/Users", {})
    console.scim("GET", "/Users/2")
    lines = []
    while not (lines and lines[-1].startswith("data: </tr>")):
        lines.append(response.readline().decode().strip())
    connection.close()
    assert "event: entry" in lines
    assert any("GET /Users/2" in line for line in lines)
    assert not any("POST" in line for line in lines)


def test_a_server_that_ends_does_not_wait_for_those_who_look_on(starting, prepared):
    with starting() as console:
        connection = http.client.HTTPConnection(urlsplit(console.origin).netloc, timeout=30)
        cookies = "; ".join(f"{name}={value}" for name, value in prepared[1].items())
        connection.request("GET", "/admin/log/events", headers={"Cookie": cookies})
        response = connection.getresponse()
        assert response.readline() == b"retry: 1000\n"
        before = time.monotonic()
    assert time.monotonic() - before < 8
    assert response.read() == b"\n"
    connection.close()
