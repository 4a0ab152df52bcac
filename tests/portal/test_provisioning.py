"""The Provisioning tab: credentials and their test, settings, the job's commands and how it fares, protected accounts."""

import dataclasses
import http.client
import http.server
import json
import socket
import threading
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from provisor import bootstrap
from provisor.core import audit, guard, objects, quarantine
from provisor.core.application import ApplicationSettings, ProvisioningScope
from provisor.core.identifiers import ApplicationId
from provisor.core.job import Retries, ScheduleState
from provisor.core.plan import Origin
from provisor.engine import (
    application_settings,
    applications,
    commands,
    connection_test,
    cycle,
    job_status,
)
from provisor.look.sign_in.roles import Role
from provisor.portal import serving
from provisor.portal.provisioning import fields, words
from provisor.ringcentral import background
from provisor.scim import dialects
from support import markup

HOSTILE = "<script>alert('x')</script>"
TOKEN = "a-secret-token-for-tests"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    """A service provider with RingCentral's profile."""
    path = tmp_path_factory.mktemp("provider") / "provider.db"
    with background.running_provider(
        database_url=f"sqlite:///{path}", profile="ringcentral", seats=100
    ) as running:
        yield running


class Added:
    """An application of the portal, and its Provisioning tab as somebody sees it."""

    def __init__(self, portal, address):
        self.portal, self.address = portal, address
        self.tab = f"{address}/provisioning"

    @property
    def id(self):
        return ApplicationId(self.address.rpartition("/")[2])

    @property
    def now(self):
        with self.portal.store.read() as unit:
            return applications.find(unit, self.id)

    @property
    def job(self):
        with self.portal.store.read() as unit:
            return unit.jobs.get(self.id, 0)

    @property
    def token(self):
        with self.portal.store.read() as unit:
            return unit.applications.secret_token(self.id)

    def configure(self, url="http://127.0.0.1:9/scim/v2", token=TOKEN):
        applications.enter_credentials(self.portal.store, self.now, url, token)


@pytest.fixture
def added(portal, owner):
    return Added(portal, owner.post("/applications/new/ringcentral", {"name": "RingCentral"}).path[7:])


@pytest.fixture
def configured(added):
    added.configure()
    return added


def people(portal, *names):
    """Put people into the directory; their ids by name."""
    batch = [
        objects.ImportedObject(
            object_type=objects.ObjectType.USER,
            anchor=name,
            attributes={
                "displayName": name,
                "givenName": name.split()[0],
                "surname": name.split()[-1],
                "userPrincipalName": f"{name.split()[0].lower()}@example.com",
                "mail": f"{name.split()[0].lower()}@example.com",
                "accountEnabled": True,
            },
        )
        for name in names
    ]
    with portal.store.write() as unit:
        unit.directory.save("test", batch, NOON)
        found = unit.directory.changed(objects.ObjectType.USER, 0, 10**9, 1000)
    return {item.display_name: item.id for item in found}


def sent(page, form):
    """The fields of a form as a browser without script sends them."""
    part = next(one for one in page.find("form") if (one.get("action") or "").endswith(form))
    values = {}
    for field in part.find("input"):
        if field.get("type") in ("checkbox", "radio") and "checked" not in field.attributes:
            continue
        if "disabled" not in field.attributes and field.get("name") not in (None, "form_token"):
            values[field["name"]] = field.get("value", "")
    for field in part.find("select"):
        options = field.find("option")
        chosen = [one for one in options if "selected" in one.attributes] or options[:1]
        values[field["name"]] = chosen[0]["value"]
    return values


def audited(portal):
    with portal.store.read() as unit:
        return [entry.act for entry in unit.audit.entries(audit.AuditQuery(), limit=50)]


class Answering:
    """An HTTP server that answers everything alike."""

    def __init__(self, status, body=b"", **headers):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_told):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/scim/v2"

    def __enter__(self):
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def scim_error(status, detail):
    return json.dumps({"status": str(status), "detail": detail}).encode()


# -- admin credentials ---------------------------------------------------------


def test_credentials_are_tested_before_they_are_saved_and_what_was_typed_is_kept(
    portal, owner, added, provider
):
    typed = {
        "tenantUrl": provider.base_url,
        "secretToken": provider.token,
        "notificationEmail": "duty@example.com",
    }
    answer = owner.post(f"{added.tab}/test", typed)
    assert "The connection works." in answer.words
    assert added.now.tenant_url is None
    form = sent(answer.page, "/credentials")
    assert form["tenantUrl"] == provider.base_url
    assert form["notificationEmail"] == "duty@example.com"
    assert provider.token not in answer.text
    saved = owner.post(f"{added.tab}/credentials", form)
    assert "Saved." in saved.words
    assert added.now.tenant_url == provider.base_url
    assert added.token == provider.token
    assert added.now.settings.notification.email == "duty@example.com"
    assert provider.token not in saved.text
    again = owner.post(f"{added.tab}/test", sent(saved.page, "/credentials"))
    assert "The connection works." in again.words


def test_an_empty_token_keeps_the_saved_one_and_says_when_it_was_entered(owner, added):
    owner.post(f"{added.tab}/credentials", {"tenantUrl": "http://127.0.0.1:9/scim", "secretToken": TOKEN})
    page = owner.get(added.tab)
    assert "One was entered and is never shown" in page.words
    assert "Entered" in page.words
    owner.post(f"{added.tab}/credentials", {"tenantUrl": "http://127.0.0.1:9/scim/v2", "secretToken": ""})
    assert added.now.tenant_url == "http://127.0.0.1:9/scim/v2"
    assert added.token == TOKEN


@pytest.mark.parametrize("act", ["test", "credentials"])
def test_the_saved_token_is_sent_to_no_other_host(owner, configured, act):
    with Answering(200) as elsewhere:
        answer = owner.post(f"{configured.tab}/{act}", {"tenantUrl": elsewhere.url, "secretToken": ""})
    assert answer.status == 422
    assert "leads elsewhere now" in answer.words
    assert configured.now.tenant_url == "http://127.0.0.1:9/scim/v2"


def test_a_token_kept_from_a_test_is_of_use_to_its_own_session_and_address_only(
    portal, owner, added, provider
):
    typed = {"tenantUrl": provider.base_url, "secretToken": provider.token}
    form = sent(owner.post(f"{added.tab}/test", typed).page, "/credentials")
    other = portal.administrator("oscar", Role.OWNER)
    assert other.post(f"{added.tab}/credentials", form).status == 422
    elsewhere = {**form, "tenantUrl": "http://127.0.0.1:9/scim/v2"}
    assert owner.post(f"{added.tab}/credentials", elsewhere).status == 422
    assert added.now.tenant_url is None


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"tenantUrl": "", "secretToken": TOKEN}, "tenantUrl", "Enter the tenant URL"),
        ({"tenantUrl": "ftp://x.example.com", "secretToken": TOKEN}, "tenantUrl", "no tenant URL"),
        ({"tenantUrl": "https://a:b@x.example.com", "secretToken": TOKEN}, "tenantUrl", "no tenant URL"),
        ({"tenantUrl": "https://x.example.com/v2", "secretToken": ""}, "secretToken", "Enter the secret token"),
        ({"tenantUrl": "https://x.example.com/v2", "secretToken": "two words"}, "secretToken", "Copy it again"),
        (
            {"tenantUrl": "https://x.example.com/v2", "secretToken": TOKEN, "notificationEmail": "nobody"},
            "notificationEmail",
            "It must be one mail address",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_beside_the_field_and_nothing_is_saved(owner, added, typed, field, told):
    answer = owner.post(f"{added.tab}/credentials", typed)
    assert answer.status == 422
    assert told in answer.page.find("p", id=f"{field}-problem")[0].text
    assert answer.page.find("input", id=field)[0]["aria-invalid"] == "true"
    assert added.now.tenant_url is None
    assert added.token is None
    assert TOKEN not in answer.text


# -- each failure of a connection has its answer -----------------------------------


def told_of(owner, added, url, language="en"):
    return owner.post(
        f"{added.tab}/test", {"tenantUrl": url, "secretToken": TOKEN}, Accept_Language=language
    ).words


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (401, scim_error(401, "token expired"), "The application refuses the secret token."),
        (403, scim_error(403, "no"), "may not look at accounts"),
        (404, scim_error(404, "no"), "There is no SCIM service at this address."),
        (404, b"<html><title>nginx</title>", "There is no SCIM service at this address."),
        (301, b"", "The address leads on to another one."),
        (200, b"<!doctype html><title>Sign in</title>", "What answered is no SCIM service."),
        (200, b"{}", "What answered is no SCIM service."),
        (400, scim_error(400, "no such attribute"), "refuses to be searched by the matching attribute"),
        (429, scim_error(429, "slow down"), "The application asks to wait."),
        (500, b"", "The application has a fault of its own."),
        (418, b"", "The application refused the search."),
    ],
)
def test_each_answer_that_is_none_has_a_remedy(owner, added, status, body, told):
    with Answering(status, body, Retry_After="60") as peer:
        assert told in told_of(owner, added, peer.url)


def test_a_search_that_is_not_honoured_is_told(owner, added):
    found = {"schemas": [], "totalResults": 1, "Resources": [{"id": "1", "userName": "ada"}]}
    with Answering(200, json.dumps(found).encode()) as peer:
        assert "does not honour the search" in told_of(owner, added, peer.url)


def test_hosts_that_are_not_there_are_told_apart(owner, added):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert "Nothing accepts connections there." in told_of(owner, added, f"http://127.0.0.1:{port}/scim/v2")
    assert "The name of the host was not found." in told_of(owner, added, "https://nowhere.invalid/scim/v2")


def test_a_port_that_does_not_speak_tls_is_told(owner, added):
    with Answering(200) as peer:
        told = told_of(owner, added, peer.url.replace("http:", "https:"))
    assert "No secure connection came about." in told


def test_a_host_that_does_not_answer_is_not_waited_for_long(owner, added, monkeypatch):
    hurried = dataclasses.replace(bootstrap._PATIENCE_OF_A_PERSON, read_timeout=0.2)
    monkeypatch.setattr(bootstrap, "_PATIENCE_OF_A_PERSON", hurried)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        told = told_of(owner, added, f"http://127.0.0.1:{silent.getsockname()[1]}/scim/v2")
    assert "The application did not answer in time." in told


def test_what_the_application_said_is_shown_as_text(owner, added):
    with Answering(401, scim_error(401, f"{HOSTILE} {TOKEN}")) as peer:
        answer = owner.post(f"{added.tab}/test", {"tenantUrl": peer.url, "secretToken": TOKEN})
    assert HOSTILE in answer.words
    assert HOSTILE not in answer.text
    assert TOKEN not in answer.text


def test_a_french_reader_is_answered_in_french(owner, added):
    with Answering(401) as peer:
        assert "L’application refuse le jeton secret." in told_of(owner, added, peer.url, "fr")


# -- settings ----------------------------------------------------------------------


def test_every_setting_is_shown_as_it_is_and_saved_as_it_is_typed(owner, configured):
    form = sent(owner.get(configured.tab).page, "/settings")
    assert {*fields.FIELDS} <= {*form}
    changed = {
        "intervalSeconds": "90", "reconcileHours": "24", "guardPercent": "5.5", "retryHours": "0,3",
        "quarantineDays": "7", "readsPerMinute": "", "concurrency": "3", "dialect": "rfc", "defaultDomain": "example.org",
    }  # fmt: skip
    answer = owner.post(f"{configured.tab}/settings", {**form, **changed})
    assert "Saved." in answer.words
    assert sent(answer.page, "/settings").items() >= {**changed, "intervalSeconds": "90s"}.items()
    settings = configured.now.settings
    assert settings.interval_seconds == 90
    assert settings.reconciliation.interval_hours == 24
    assert settings.guard.percent == 5.5
    assert settings.retries.persistent_hours == (0, 3)
    assert settings.target.rate_budget.reads_per_minute is None


def test_a_wrong_value_opens_its_group_and_nothing_is_saved(owner, configured):
    form = sent(owner.get(configured.tab).page, "/settings")
    answer = owner.post(f"{configured.tab}/settings", {**form, "guardPercent": "much", "quarantineDays": "7"})
    assert answer.status == 422
    assert answer.page.find("p", id="guardPercent-problem")[0].text == "It must be a number from 0 to 100."
    assert "open" in answer.page.find("details", id="group-guard")[0].attributes
    assert "open" not in answer.page.find("details", id="group-schedule")[0].attributes
    assert sent(answer.page, "/settings")["quarantineDays"] == "7"
    assert configured.now.settings.quarantine.days == 28


def test_what_somebody_else_saved_meanwhile_stays(portal, owner, configured):
    form = sent(owner.get(configured.tab).page, "/settings")
    other = portal.administrator("oscar", Role.OWNER)
    others = {**sent(other.get(configured.tab).page, "/settings"), "concurrency": "2", "status": "on"}
    other.post(f"{configured.tab}/settings", others)
    owner.post(f"{configured.tab}/settings", {**form, "quarantineDays": "7"})
    assert configured.now.settings.target.rate_budget.concurrency == 2
    assert configured.now.settings.quarantine.days == 7
    assert configured.job.schedule_state is ScheduleState.ACTIVE


def test_whom_a_change_of_scope_concerns_is_shown_before_it_is_saved(portal, owner, configured):
    people(portal, "Ada Moss", "Bo Li", HOSTILE)
    form = sent(owner.get(configured.tab).page, "/settings")
    asked = owner.post(f"{configured.tab}/settings", {**form, "scope": "all"})
    assert "Nothing is saved yet." in asked.words
    assert "3 get an account" in asked.words
    assert "Ada Moss" in asked.words
    assert HOSTILE not in asked.text
    assert configured.now.settings.scope is ProvisioningScope.ASSIGNED
    saved = owner.post(f"{configured.tab}/settings", {**sent(asked.page, "/settings"), "foreseen": "yes"})
    assert "Saved." in saved.words
    assert configured.now.settings.scope is ProvisioningScope.ALL


def test_what_is_wrong_with_a_value_is_said_in_french_too(owner, configured):
    form = sent(owner.get(configured.tab).page, "/settings")
    typed = {key: "<no>" for key, item in fields.FIELDS.items() if item.kind is not fields.Kind.CHOICE}
    answer = owner.post(f"{configured.tab}/settings", {**form, **typed}, Accept_Language="fr")
    for key in typed:
        assert answer.page.find("p", id=f"{key}-problem")[0].text.startswith("Ce doit être"), key


def test_every_finding_has_words_and_every_choice_is_one_of_the_engine():
    assert {*words.FINDINGS} == {*connection_test.Finding}
    assert {*words.CAUSES} == {*job_status.Cause}
    settings = ApplicationSettings()
    for item in fields.FIELDS.values():
        for value, _text in item.options:
            assert application_settings.with_setting(settings, item.key, value)
    assert {name for name, _text in fields.FIELDS["dialect"].options} == {"auto", *dialects.DIALECTS}


# -- commands ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        (["start"], ScheduleState.ACTIVE),
        (["start", "pause"], ScheduleState.PAUSED),
        (["start", "pause", "start"], ScheduleState.ACTIVE),
        (["start", "stop"], ScheduleState.DISABLED),
    ],
)
def test_the_job_is_told_what_the_buttons_say(portal, owner, configured, acts, state):
    for act in acts:
        buttons = [form["action"].rpartition("/")[2] for form in owner.get(configured.tab).page.find("form")]
        assert act in buttons
        owner.post(f"{configured.tab}/{act}")
    assert configured.job.schedule_state is state
    assert [act.actor for act in audited(portal)][: len(acts)] == ["olga"] * len(acts)


def test_provisioning_is_switched_on_and_off_with_the_settings(owner, configured):
    form = sent(owner.get(configured.tab).page, "/settings")
    assert form["status"] == "off"
    answer = owner.post(f"{configured.tab}/settings", {**form, "status": "on"})
    assert configured.job.schedule_state is ScheduleState.ACTIVE
    owner.post(f"{configured.tab}/settings", {**sent(answer.page, "/settings"), "status": "off"})
    assert configured.job.schedule_state is ScheduleState.DISABLED


def test_nothing_is_started_without_credentials(owner, added):
    for act in ("start", "run"):
        assert "Enter the admin credentials first." in owner.post(f"{added.tab}/{act}").words
    answer = owner.post(f"{added.tab}/settings", {"status": "on"})
    assert answer.status == 422
    assert added.job.schedule_state is ScheduleState.DISABLED
    assert added.job.requested is None


def test_a_cycle_is_asked_for_and_the_audit_log_says_by_whom(portal, owner, configured):
    answer = owner.post(f"{configured.tab}/run")
    assert "A cycle was asked for" in answer.words
    assert configured.job.requested is not None
    newest = audited(portal)[0]
    assert (newest.activity, newest.actor) == (audit.Activity.RUN, "olga")


def test_a_paused_job_is_asked_for_no_cycle(owner, configured):
    commands.pause(configured.portal.store, configured.id)
    assert "resume it first" in owner.post(f"{configured.tab}/run").words
    assert configured.job.requested is None


def test_a_restart_forgets_what_is_ticked(portal, owner, configured):
    asked = owner.get(f"{configured.tab}/restart")
    ticked = [one["value"] for one in asked.page.find("input", name="scope") if "checked" in one.attributes]
    assert ticked == ["Watermark", "Escrows", "QuarantineState"]
    assert "looks at everybody" in owner.post(f"{configured.tab}/restart", {"scope": ticked}).words
    assert audited(portal)[0].after == {"resetScope": "Escrows, QuarantineState, Watermark"}
    before = len(audited(portal))
    assert "nothing was restarted" in owner.post(f"{configured.tab}/restart", {"scope": "ForceDeletes"}).words
    assert len(audited(portal)) == before


# -- current status ----------------------------------------------------------------


def test_the_card_tells_of_quarantine_and_held_changes_in_the_readers_language(portal, owner, configured):
    found = quarantine.Quarantine(
        reason=quarantine.QuarantineReason.QUARANTINE_EXCEPTION,
        code="Unauthorized",
        message=f"It answered 401 {HOSTILE}.",
        current_began=NOON, next_attempt=NOON, series_began=NOON, series_count=0, attempts=1,
    )  # fmt: skip
    with portal.store.write() as unit:
        unit.jobs.save_quarantine(configured.id, found)
    page = owner.get(configured.tab)
    assert "The job is in quarantine. The application refuses the secret token." in page.words
    assert HOSTILE in page.words
    assert HOSTILE not in page.text
    french = owner.get(configured.tab, Accept_Language="fr").words
    assert "La tâche est en quarantaine." in french
    assert "L’application refuse le jeton secret" in french


def test_a_held_plan_cannot_be_missed(portal, owner, added, provider):
    added.configure(provider.base_url, provider.token)
    ids = people(portal, "Ada Moss", "Bo Li")
    settings = dataclasses.replace(
        added.now.settings,
        scope=ProvisioningScope.ALL,
        guard=guard.GuardLimits(percent=0, floor=0, daily_percent=0, daily_floor=0),
    )
    applications.change_settings(portal.store, added.now, settings)
    run_cycle(portal, added)
    with portal.store.write() as unit:
        unit.directory.set_lifecycle([ids["Ada Moss"]], objects.Lifecycle.SOFT_DELETED, NOON)
    run_cycle(portal, added)
    page = owner.get(added.tab)
    assert "Changes wait for a person." in page.words
    assert "1 accounts would be taken away" in page.words
    assert page.page.find("a", href=f"/portal{added.address}/plan")
    assert "comptes seraient désactivés" in owner.get(added.tab, Accept_Language="fr").words


def test_a_job_is_steady_when_its_last_cycle_found_nothing_to_write(portal, owner, added, provider):
    added.configure(provider.base_url, provider.token)
    people(portal, "Cyd Roe")
    applications.change_settings(
        portal.store, added.now, dataclasses.replace(added.now.settings, scope=ProvisioningScope.ALL)
    )
    commands.start(portal.store, added.id)
    run_cycle(portal, added)
    assert "Steady state" not in owner.get(added.tab).page.find("div", id="status-now")[0].text
    run_cycle(portal, added)
    assert "Steady state" in owner.get(added.tab).page.find("div", id="status-now")[0].text
    people(portal, "Dan Fox")
    run_cycle(portal, added)
    assert "Steady state" not in owner.get(added.tab).page.find("div", id="status-now")[0].text


def run_cycle(portal, added):
    """One cycle, as the service runs it."""
    portal.office.complete(
        cycle.run(
            portal.services,
            added.id,
            origin=Origin.SCHEDULE,
            retries=Retries.ALL,
            progress=lambda *_: None,
        )
    )


def test_what_changes_comes_as_events(portal, owner, configured):
    connection = http.client.HTTPConnection(urlsplit(portal.origin).netloc, timeout=30)
    cookies = "; ".join(f"{name}={value}" for name, value in owner.cookies.items())
    connection.request("GET", f"/portal{configured.tab}/events", headers={"Cookie": cookies})
    response = connection.getresponse()
    assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    first = next_event(response)
    assert {*first} == {"status-now", "status-figures", "status-actions"}
    assert "Start provisioning" in first["status-actions"]
    commands.start(portal.store, configured.id)
    assert "Stop provisioning" in next_event(response)["status-actions"]
    connection.close()


def test_who_watches_is_let_go_when_the_portal_ends(portal, owner, configured):
    with serving.serving(portal.office, portal.entrance, host="127.0.0.1", port=0) as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
        cookies = "; ".join(f"{name}={value}" for name, value in owner.cookies.items())
        connection.request("GET", f"/portal{configured.tab}/events", headers={"Cookie": cookies})
        response = connection.getresponse()
        next_event(response)
    # a stream that is cut off instead of ended raises IncompleteRead
    response.read()
    connection.close()


def next_event(response):
    while not (line := response.readline()).startswith(b"data: "):
        assert line, "the stream ended"
    return json.loads(line[6:])


# -- protected accounts --------------------------------------------------------------


def test_accounts_are_protected_and_unprotected(portal, owner, configured):
    ids = people(portal, HOSTILE)
    note = f"emergency {HOSTILE}"
    typed = {"protectedKind": "user", "protectedName": ids[HOSTILE], "protectedNote": note}
    page = owner.post(f"{configured.tab}/protect", typed)
    owner.post(
        f"{configured.tab}/protect",
        {"protectedKind": "account", "protectedName": "62264425008", "protectedNote": "owner of the token"},
    )
    assert HOSTILE not in page.text
    listed = owner.get(configured.tab)
    assert note in listed.words
    assert "62264425008" in listed.words
    assert audited(portal)[0].actor == "olga"
    owner.post(f"{configured.tab}/unprotect", sent(listed.page, "/unprotect"))
    with portal.store.read() as unit:
        assert len(unit.protections(configured.id).all()) == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"protectedKind": "user", "protectedName": "nobody", "protectedNote": "why"}, "protectedName"),
        ({"protectedKind": "group", "protectedName": "", "protectedNote": "why"}, "protectedName"),
        ({"protectedKind": "account", "protectedName": "7", "protectedNote": ""}, "protectedNote"),
    ],
)
def test_a_protection_needs_somebody_and_a_reason(portal, owner, configured, typed, field):
    answer = owner.post(f"{configured.tab}/protect", typed)
    assert answer.status == 422
    assert answer.page.find("p", id=f"{field}-problem")
    assert answer.page.find("input", id="protectedName")[0]["value"] == typed["protectedName"]
    with portal.store.read() as unit:
        assert unit.protections(configured.id).all() == []


# -- everybody -----------------------------------------------------------------------


def test_a_reader_sees_everything_and_is_offered_nothing(portal, owner, configured, reader):
    page = reader.get(configured.tab)
    offered = [form["action"] for form in page.page.find("form") if form.get("method") == "post"]
    assert {action.rpartition("/")[2] for action in offered} <= {"preferences", "sign-out"}
    assert "Current status" in page.words
    assert "http://127.0.0.1:9/scim/v2" in [one.get("value") for one in page.page.find("input")]
    assert TOKEN not in page.text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_tab_can_be_used_by_everyone(portal, owner, added, language):
    for _ in range(2):
        for path in (added.tab, f"{added.tab}/restart"):
            page = owner.get(path, Accept_Language=language)
            assert page.status == 200
            assert list(markup.shortcomings(page.page)) == [], path
        added.configure()


def test_an_application_that_is_not_there_is_not_found(owner):
    for path in ("provisioning", "provisioning/events", "provisioning/restart"):
        assert owner.get(f"/applications/nobody/{path}").status == 404
