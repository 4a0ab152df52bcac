"""The console on PostgreSQL: every page and what each statement of its own does there."""

import pytest

pytestmark = pytest.mark.postgres


def test_the_console_does_on_postgresql_what_it_does_on_sqlite(postgres_console):
    console = postgres_console
    visitor = console.administrator()
    visitor.post("/directory/limits")
    for _ in range(4):
        assert console.visitor().post("/sign-in", {"name": "ada", "password": "wrong"}).status == 401
    assert console.visitor().post("/sign-in", {"name": "ada", "password": "wrong"}).status == 429
    console.clock.tell(2)
    shared = [{"type": "work", "value": "shared@example.com"}]
    visitor.post("/knobs", {**knobs(visitor), "email-divergence": "allow"})
    console.clock.tell(2)
    ids = [
        console.create_user("zoe.muller@example.com", "Zoë", "Müller", emails=shared),
        console.create_user("ravi@example.com", "Ravi", "Patel", emails=shared),
    ]
    assert "Zoë Müller" in visitor.get("/users?search=muller&state=Enabled").words
    assert "Nobody found" in visitor.get("/users?search=nobody").words
    assert all(each in visitor.get("/directory/duplicates").words for each in ids)
    assert "is disabled" in visitor.post(f"/users/{ids[0]}/disable").words
    assert "is an unassigned seat again" in visitor.post(f"/users/{ids[0]}/delete").words
    assert "3 seats were added" in visitor.post("/seats", {"count": "3", "line": "yes"}).words
    for path in (
        "/",
        "/users",
        f"/users/{ids[1]}",
        "/seats",
        "/directory",
        "/directory/tokens",
        "/log",
        "/faults",
    ):
        assert visitor.get(path).status == 200, path
    console.clock.tell(61)
    assert visitor.get("/").status == 200
    assert visitor.post("/sign-out").path == "/admin/sign-in"


def knobs(visitor):
    fields = {}
    for element in visitor.get("/knobs").page.find("select"):
        [chosen] = [each for each in element.find("option") if "selected" in each.attributes]
        fields[element["name"]] = chosen.text
    return {**fields, "max-count": "100", "absent-endpoints": "404"}
