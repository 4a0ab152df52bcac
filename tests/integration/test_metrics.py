"""Figures for Prometheus and the health of the service, over real HTTP; and a log that tells no secrets."""

import json
import urllib.error
import urllib.request

import pytest
import structlog
from prometheus_client.parser import text_string_to_metric_families

from provisor import telemetry
from provisor.cli import serve
from provisor.core import plan
from provisor.core.job import Retries
from provisor.engine import commands, cycle
from provisor.runner import metering, service
from support import provisioning, scripted_target

DAY = 86_400


class Told:
    """A monotonic clock that says what it is told."""

    def __init__(self):
        self.seconds = 100.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def monotonic():
    return Told()


@pytest.fixture
def figures(monotonic):
    return telemetry.PrometheusTelemetry(monotonic)


@pytest.fixture
async def company(sqlite_store):
    async with scripted_target.scripted_target() as peer:
        made = provisioning.Provisioning(store=sqlite_store, peer=peer)
        made.directory.users = {
            "ada": {"displayName": "Ada Secretive"},
            "bob": {"displayName": "Bob Secretive"},
            "cyd": {"displayName": "Cyd Secretive"},
        }
        made.import_directory()
        made.add_application()
        yield made


@pytest.fixture
def meter(company, figures):
    return metering.Meter(company.store, company.clock, figures)


def fetched(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def samples(figures):
    """Every sample by name and labels, without the application's."""
    with telemetry.served(figures, "127.0.0.1", 0) as port:
        status, text = fetched(port, "/metrics")
    assert status == 200
    return text, {
        (sample.name.removeprefix("provisor_"), *sorted(_own(sample.labels))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def _own(labels):
    return [value for name, value in labels.items() if not name.startswith("application")]


async def test_what_cycles_did_is_counted_by_kind_and_result(company, meter, figures):
    company.peer.script(scripted_target.status(400, detail="no"), method="POST", path="/Users")
    await company.run()
    await meter.look()
    await meter.look()
    _, found = samples(figures)
    assert found["changes_total", "create", "done"] == 2
    assert found["changes_total", "create", "failed"] == 1
    assert found["escrowed_objects",] == 1
    assert found["applied_cycles_total", "initial"] == 1
    assert found["cycle_duration_seconds_count", "initial"] == 1
    assert found["directory_objects", "User"] == 3
    assert found["last_completed_cycle_timestamp_seconds",] == company.job.last_succeeded.timestamp()


async def test_a_leaver_is_measured_from_the_directory_to_the_disabled_account(company, meter, figures):
    await company.run()
    del company.directory.users["bob"]
    company.import_directory()
    await company.clock.tell(20)
    await company.run()
    await meter.look()
    _, found = samples(figures)
    assert found["leaver_delay_seconds_count",] == 1
    assert 20 <= found["leaver_delay_seconds_sum",] < 21


async def test_held_changes_and_waiting_mails_are_shown(company, meter, figures):
    company.set(guardPercent="1", guardFloor="0", notificationEmail="duty@example.org")
    await company.run()
    company.directory.users = {"ada": company.directory.users["ada"]}
    company.import_directory()
    await company.run()
    await meter.look()
    _, found = samples(figures)
    assert found["held_changes",] == 2
    assert found["outbox_waiting",] == 1


async def test_requests_of_the_service_are_counted_by_method_once(company, figures):
    company.peer.script(
        scripted_target.status(429, headers={"Retry-After": "0"}), method="POST", path="/Users"
    )
    company.peer.script(scripted_target.status(400, detail="no"), method="POST", path="/Users")
    running = service.Service(company.services, service.Options(telemetry=figures))
    with company.store.read() as unit:
        [application] = unit.applications.all()
    await cycle.run(
        running._services,
        application.id,
        origin=plan.Origin.SCHEDULE,
        retries=Retries.DUE,
        progress=lambda *_: None,
    )
    await running._measure_requests()
    await running._measure_requests()
    await running._targets.close()
    _, found = samples(figures)
    assert found["requests_total", "POST"] == 4
    answers = {key[1:]: value for key, value in found.items() if key[0] == "answers_total"}
    assert answers[("2xx", "POST")] == 2
    assert answers[("4xx", "POST")] == 1
    assert answers[("429", "POST")] == 1
    assert found["throttled_requests_total",] == 1


async def test_no_figure_names_a_person(company, meter, figures):
    await company.run()
    await meter.look()
    text, _ = samples(figures)
    assert "Example App" in text
    for private in ("Secretive", "ada", "example.com", company.peer.token, company.link("ada").target_id):
        assert private not in text.replace("Example App", "")


async def test_a_removed_application_leaves_no_figures_of_its_state(company, meter, figures):
    await company.run()
    await meter.look()
    with company.store.write() as unit:
        unit.applications.remove(company.application.id)
    await meter.look()
    _, found = samples(figures)
    assert ("escrowed_objects",) not in found


async def test_health_fails_when_a_job_is_overdue_or_nobody_looks(company, meter, figures, monotonic):
    commands.start(company.store, company.application.id)
    await company.run()
    await meter.look()
    with telemetry.served(figures, "127.0.0.1", 0) as port:
        assert fetched(port, "/health") == (200, '{"status": "ok", "problems": []}')
        await company.clock.tell(DAY)
        await meter.look()
        status, body = fetched(port, "/health")
        assert status == 503
        assert json.loads(body)["problems"] == ["Example App: no cycle for twice the interval"]
        await company.run()
        await meter.look()
        assert fetched(port, "/health")[0] == 200
        monotonic.seconds += telemetry.STALE_AFTER + 5
        status, body = fetched(port, "/health")
        assert status == 503
        assert "nothing was looked at for 65 seconds" in body
        assert fetched(port, "/")[0] == 404


def test_every_figure_is_documented(figures):
    import pathlib

    text = (pathlib.Path(__file__).parents[2] / "docs" / "metrics.md").read_text()
    for family in figures.registry.collect():
        suffix = "_total" if family.type == "counter" else ""
        assert f"`{family.name}{suffix}`" in text


def fail_with(secret_token):
    raise ValueError(f"a fault of ours with {len(secret_token)} letters")


def test_a_traceback_in_the_log_tells_no_values(capsys):
    before = structlog.get_config()
    try:
        serve.configure_log()
        try:
            fail_with("a-token-that-nobody-may-read")
        except ValueError:
            structlog.get_logger("provisor.service").exception("cycle ended by an internal error")
        said = capsys.readouterr().err
    finally:
        structlog.configure(**before)
    assert "a fault of ours" in said
    assert "Traceback" in said
    assert "a-token" not in said.replace('fail_with("a-token-that-nobody-may-read")', "")
