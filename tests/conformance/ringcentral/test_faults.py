"""Faults on demand: what each kind looks like on the wire, and what it does to the data behind it."""

import pytest

from provisor.ringcentral.account.settings import Name
from provisor.ringcentral.account.throttling import Throttling
from provisor.ringcentral.faults import parsing
from provisor.ringcentral.faults.board import FaultBoard
from provisor.ringcentral.faults.model import FaultScript
from support import provider_content


class Faulty:
    """A service provider whose faults a test sets, on a clock that it moves."""

    def __init__(self, make_wire, profile, **settings):
        self.seconds = 1000.0
        self.board = FaultBoard(clock=lambda: self.seconds)
        self.wire = make_wire(profile, faults=self.board, **settings)

    def meets(self, *texts, seed=0):
        self.board.set(FaultScript(faults=tuple(map(parsing.fault, texts)), seed=seed))

    def names(self):
        """Who is really there, whatever the faults say."""
        found = provider_content.resources(self.wire.app.state.database)
        return [each["userName"].partition("@")[0] for each in found.values()]

    def create(self, name):
        return self.wire.send(
            "POST",
            "/Users",
            {
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                "userName": f"{name}@example.com",
                "name": {"givenName": name.title(), "familyName": "Moss"},
                "emails": [{"type": "work", "value": f"{name}@example.com"}],
                "active": True,
            },
        )

    def listed(self, query=""):
        answer = self.wire.send("GET", "/Users", query=query)
        return [each["userName"].partition("@")[0] for each in answer.body["Resources"]]


@pytest.fixture(params=["ringcentral", "full"])
def faulty(make_wire, request):
    return Faulty(make_wire, request.param)


def test_without_faults_the_endpoint_itself_is_called(faulty):
    assert faulty.create("ada").status == 201
    assert faulty.board.reports() == ()


# -- refusals ----------------------------------------------------------------


def test_429_comes_with_the_wait_that_was_asked_for_and_does_nothing(faulty):
    faulty.meets("429 on POST /Users, first 2 requests, retry-after 2")

    refused = faulty.create("ada")

    assert (refused.status, refused.headers["retry-after"]) == (429, "2")
    assert faulty.create("ada").status == 429
    assert faulty.names() == []
    assert faulty.create("ada").status == 201


def test_429_comes_without_a_wait_where_none_was_asked_for(faulty):
    faulty.meets("429")

    assert "retry-after" not in faulty.create("ada").headers


def test_a_penalty_refuses_the_whole_group_and_any_request_starts_it_anew(faulty):
    faulty.meets("429 on POST, once, penalty 60 s")

    assert faulty.create("ada").headers["retry-after"] == "60"
    faulty.seconds += 59
    assert faulty.create("bob").status == 429
    assert faulty.wire.send("GET", "/Users").status == 200
    faulty.seconds += 59
    assert faulty.create("bob").status == 429
    faulty.seconds += 60
    assert faulty.create("bob").status == 201


def test_a_penalty_concerns_the_token_that_earned_it(faulty):
    faulty.meets("429 on POST, once, penalty 60 s")
    faulty.create("ada")

    answer = faulty.wire.send("POST", "/Users", {}, headers={"authorization": "Bearer another"})

    assert answer.status == 401


def test_an_error_before_the_commit_does_nothing_and_one_after_it_has_done_everything(faulty):
    faulty.meets("503 before commit, first request, retry-after 4", "500 after commit, request 2")

    early, late = faulty.create("ada"), faulty.create("bob")

    assert (early.status, early.headers["retry-after"]) == (503, "4")
    assert late.status == 500
    assert late.body["status"] == "500"
    assert faulty.names() == ["bob"]


def test_a_web_page_comes_instead_of_json(faulty):
    faulty.meets("html page after commit with status 502, once", "html page, request 2")

    for status in (502, 200):
        raw = faulty.wire.raw("GET", "/Users")
        assert raw.status == status
        assert raw.headers["content-type"] == "text/html; charset=utf-8"
        assert raw.body.startswith(b"<!DOCTYPE html>")


def test_an_expired_token_is_refused_as_the_profile_refuses_one(faulty):
    faulty.meets("expired token from request 3 for 10 s")

    assert [faulty.wire.send("GET", "/Users").status for _ in range(3)] == [200, 200, 401]
    refused = faulty.wire.send("GET", "/Users")
    assert "expired" in (refused.body.get("message") or refused.body["detail"])
    assert refused.headers["www-authenticate"].startswith("Bearer")
    faulty.seconds += 10
    assert faulty.wire.send("GET", "/Users").status == 200


# -- lists -------------------------------------------------------------------


@pytest.fixture
def crowd(faulty):
    for name in ("ada", "bob", "cyd", "dan", "eve"):
        faulty.create(name)
    return faulty


def test_a_page_is_repeated_under_the_number_of_the_next_one(crowd):
    crowd.meets("repeat page, request 2")

    first = crowd.wire.send("GET", "/Users", query="startIndex=1&count=2").body
    second = crowd.wire.send("GET", "/Users", query="startIndex=3&count=2").body

    assert second["Resources"] == first["Resources"]
    assert (second["startIndex"], second["itemsPerPage"], second["totalResults"]) == (3, 2, 5)
    assert crowd.listed("startIndex=3&count=2") == ["cyd", "dan"]


def test_pages_shrink_below_what_was_asked_for(crowd):
    crowd.meets("shrink page to 2")

    page = crowd.wire.send("GET", "/Users", query="count=4").body

    assert (page["itemsPerPage"], page["totalResults"], len(page["Resources"])) == (2, 5, 2)
    assert crowd.listed("count=1") == ["ada"]


def test_a_search_shrinks_like_a_list(crowd):
    crowd.meets("shrink page to 2", "wrong total by -1")
    asked = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "count": 4}

    page = crowd.wire.send("POST", "/Users/.search", asked).body

    assert (len(page["Resources"]), page["totalResults"]) == (2, 4)


@pytest.mark.parametrize(("text", "told"), [("by -2", 3), ("by 3", 8), ("of 0", 0), ("by -9", 0)])
def test_the_total_is_wrong_and_the_resources_are_right(crowd, text, told):
    crowd.meets(f"wrong total {text}")

    page = crowd.wire.send("GET", "/Users").body

    assert page["totalResults"] == told
    assert len(page["Resources"]) == 5


# -- writes that are not what they seem --------------------------------------


def test_an_ignored_patch_answers_with_the_resource_as_it_was(faulty):
    created = faulty.create("ada").body
    faulty.meets("ignore patch, once")
    change = {"op": "replace", "path": "title", "value": "Admiral"}

    ignored = faulty.wire.patch(f"/Users/{created['id']}", change)

    assert ignored.status == 200
    assert (ignored.body["userName"], "title" in ignored.body) == ("ada@example.com", False)
    assert faulty.wire.send("GET", f"/Users/{created['id']}").body.get("title") is None
    assert faulty.wire.patch(f"/Users/{created['id']}", change).status in (200, 204)
    assert faulty.wire.send("GET", f"/Users/{created['id']}").body["title"] == "Admiral"


def test_an_ignored_patch_of_nobody_is_still_not_found(faulty):
    faulty.meets("ignore patch")

    assert faulty.wire.patch("/Users/404", {"op": "replace", "path": "title", "value": "x"}).status == 404


def test_a_created_user_is_not_found_until_the_delay_is_over(faulty):
    faulty.create("ada")
    faulty.meets("delay visibility by 5 s")
    created = faulty.create("bob").body
    path = f"/Users/{created['id']}"

    hidden = faulty.wire.send("GET", path)
    assert hidden.status == 404
    assert hidden.body == _named(faulty.wire.send("GET", "/Users/0000").body, "0000", created["id"])
    page = faulty.wire.send("GET", "/Users").body
    assert (len(page["Resources"]), page["totalResults"], page["itemsPerPage"]) == (1, 1, 1)
    assert faulty.wire.find("/Users", 'userName eq "bob@example.com"').body["totalResults"] == 0
    assert faulty.wire.patch(path, {"op": "replace", "path": "title", "value": "x"}).status in (200, 204)

    faulty.seconds += 5

    assert faulty.wire.send("GET", path).body["title"] == "x"
    assert faulty.listed() == ["ada", "bob"]


def test_whoever_was_created_behind_another_fault_is_hidden_too(faulty):
    faulty.meets("delay visibility by 5 s", "503 after commit on POST, once")

    assert faulty.create("ada").status == 503
    assert faulty.listed() == []
    assert faulty.names() == ["ada"]


def _named(body, name, other):
    return {
        key: value.replace(name, other) if isinstance(value, str) else value for key, value in body.items()
    }


# -- answers that arrive badly -----------------------------------------------


def test_the_proper_answer_comes_under_another_content_type(faulty):
    faulty.meets("wrong content type text/plain")

    answer = faulty.wire.send("GET", "/Users")

    assert answer.headers["content-type"] == "text/plain"
    assert answer.body["totalResults"] == 0


def test_a_truncated_body_is_whole_http_and_broken_json(faulty):
    whole = faulty.wire.raw("GET", "/Users").body
    faulty.meets("truncate body at 50%")

    cut = faulty.wire.raw("GET", "/Users")

    assert cut.body == whole[: len(whole) // 2]
    assert cut.headers["content-length"] == str(len(cut.body))


# -- stored ------------------------------------------------------------------


def test_faults_that_an_administrator_stores_are_met_at_once_and_until_they_are_removed(full):
    settings = full.app.state.settings

    settings.write(Name.FAULTS, "seed 3\n503 on GET /Users", by="gwen")
    assert full.send("GET", "/Users").status == 503
    assert [report.text for report in full.app.state.faults.reports()] == ["503 before commit on GET /Users"]

    settings.write(Name.FAULTS, "", by="gwen")
    assert full.send("GET", "/Users").status == 200


def test_stored_faults_that_are_not_understood_stop_nothing(full, caplog):
    full.app.state.settings.write(Name.FAULTS, "teleport users", by="gwen")

    assert full.send("GET", "/Users").status == 200
    assert "No faults are in force: the stored faults, line 1: " in caplog.text


def test_faults_of_the_command_line_hold_whatever_is_stored(faulty):
    faulty.wire.app.state.settings.write(Name.FAULTS, "503", by="gwen")

    assert faulty.wire.send("GET", "/Users").status == 200


# -- together ----------------------------------------------------------------


def test_faults_that_strike_together_wrap_each_other_the_first_outermost(faulty):
    faulty.meets("wrong content type text/plain", "503 after commit")

    answer = faulty.create("ada")

    assert (answer.status, answer.headers["content-type"]) == (503, "text/plain")
    assert faulty.names() == ["ada"]


def test_faults_before_the_commit_do_not_count_against_the_limits_of_the_token(make_wire):
    faulty = Faulty(make_wire, "ringcentral", throttling=Throttling(light=2, heavy=2))
    faulty.meets("503 on GET, first 5 requests")

    statuses = [faulty.wire.send("GET", "/Users").status for _ in range(7)]

    assert statuses == [503] * 5 + [200, 200]


def test_the_same_seed_gives_the_same_history(make_wire):
    faulty = Faulty(make_wire, "full")

    def history(seed):
        faulty.board.clear()
        faulty.meets("500 on GET, 30% of requests", "429 on GET, 20% of requests", seed=seed)
        return [faulty.wire.send("GET", "/Users").status for _ in range(60)]

    first = history(11)
    assert set(first) == {200, 429, 500}
    assert history(11) == first
    assert history(12) != first
