"""Figures for Prometheus, and whether the service is well: on a small HTTP server of its own."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, make_wsgi_app

from provisor.core.errors import InvalidInputError
from provisor.core.requests import RequestCounts
from provisor.ports.telemetry import CycleFigures, JobFigures, Measured, ServiceFigures

STALE_AFTER = 60.0
"""Seconds without a look after which the service is not well: it hangs, or cannot read its database."""

_APPLICATION = ("application_id", "application")
_DURATIONS = (0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 12 * 3600, 24 * 3600)
_DELAYS = (1, 2, 5, 10, 30, 60, 300, 900, 2400, 3600, 6 * 3600, 24 * 3600)


class PrometheusTelemetry:
    """Keeps figures in a registry of its own; `docs/metrics.md` says what they mean."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.registry = CollectorRegistry()
        self._monotonic = monotonic
        self._looked_at = monotonic()
        self._problems: tuple[str, ...] = ()
        self._cycles = self._counter("cycles", "Cycles of this process by outcome", "outcome")
        self._applied = self._counter("applied_cycles", "Cycles applied to their end by any process", "kind")
        self._changes = self._counter("changes", "Changes by kind and result", "kind", "result")
        self._requests = self._counter("requests", "Requests to the application", "method")
        self._answers = self._counter(
            "answers", "Requests that came to an end, by class of the answer", "method", "status"
        )
        self._throttled = self._counter("throttled_requests", "Requests refused by a rate limit (429)")
        self._waited = self._counter("rate_budget_wait_seconds", "Seconds waited for the rate budget")
        self._durations = self._histogram("cycle_duration_seconds", "Duration of cycles", _DURATIONS, "kind")
        self._delays = self._histogram(
            "leaver_delay_seconds",
            "From the change in the directory to the disabled or deleted account",
            _DELAYS,
        )
        self._escrowed = self._gauge("escrowed_objects", "Objects that failed and wait to be tried again")
        self._held = self._gauge("held_changes", "Changes that wait for a person")
        self._quarantine = self._gauge("quarantine", "1 while the job is in quarantine")
        self._overdue = self._gauge("job_overdue", "1 while no cycle completed for twice the interval")
        self._completed = self._gauge(
            "last_completed_cycle_timestamp_seconds", "When the last cycle succeeded, since 1970"
        )
        self._directory = Gauge(
            "provisor_directory_objects", "Objects of the directory", ["type"], registry=self.registry
        )
        self._outbox = Gauge("provisor_outbox_waiting", "Mails not sent yet", registry=self.registry)

    def outcome(self, application: Measured, outcome: str) -> None:
        self._cycles.labels(*_labels(application), outcome).inc()

    def cycle(self, application: Measured, figures: CycleFigures) -> None:
        labels = _labels(application)
        self._applied.labels(*labels, figures.kind).inc()
        self._durations.labels(*labels, figures.kind).observe(figures.seconds)
        for (kind, result), count in figures.changes.items():
            self._changes.labels(*labels, kind, result).inc(count)
        for delay in figures.leaver_delays:
            self._delays.labels(*labels).observe(delay)

    def requests(self, application: Measured, counts: RequestCounts) -> None:
        labels = _labels(application)
        for method, count in counts.by_method.items():
            self._requests.labels(*labels, method).inc(count)
        for answered, count in counts.answered.items():
            method, _, status = answered.partition(" ")
            self._answers.labels(*labels, method, status).inc(count)
        self._throttled.labels(*labels).inc(counts.throttled)
        self._waited.labels(*labels).inc(counts.seconds_waited)

    def jobs(self, figures: Mapping[Measured, JobFigures]) -> None:
        for gauge in (self._escrowed, self._held, self._quarantine, self._overdue, self._completed):
            gauge.clear()  # applications that were removed leave no figures behind
        for application, job in figures.items():
            labels = _labels(application)
            self._escrowed.labels(*labels).set(job.escrowed)
            self._held.labels(*labels).set(job.held)
            self._quarantine.labels(*labels).set(job.quarantined)
            self._overdue.labels(*labels).set(job.overdue)
            if job.completed is not None:
                self._completed.labels(*labels).set(job.completed)

    def service(self, figures: ServiceFigures) -> None:
        self._outbox.set(figures.outbox)
        for kind, count in figures.directory.items():
            self._directory.labels(kind).set(count)

    def looked(self, problems: Sequence[str]) -> None:
        self._looked_at, self._problems = self._monotonic(), tuple(problems)

    def problems(self) -> Sequence[str]:
        """What is wrong with the service; nothing where it is well."""
        idle = self._monotonic() - self._looked_at
        if idle > STALE_AFTER:
            return (f"nothing was looked at for {idle:.0f} seconds", *self._problems)
        return self._problems

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"provisor_{name}", text, [*_APPLICATION, *labels], registry=self.registry)

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(f"provisor_{name}", text, _APPLICATION, registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: Sequence[float], *labels: str) -> Histogram:
        return Histogram(
            f"provisor_{name}", text, [*_APPLICATION, *labels], buckets=buckets, registry=self.registry
        )


def _labels(application: Measured) -> tuple[str, str]:
    return application.id, application.name


Answer = Callable[..., Any]


def application(telemetry: PrometheusTelemetry) -> Callable[[dict[str, Any], Answer], Iterable[bytes]]:
    """`/metrics` and `/health`, as a WSGI application."""
    metrics = make_wsgi_app(telemetry.registry)

    def answer(environ: dict[str, Any], start_response: Answer) -> Iterable[bytes]:
        match environ.get("PATH_INFO"):
            case "/metrics":
                found: Iterable[bytes] = metrics(environ, start_response)
                return found
            case "/health":
                problems = telemetry.problems()
                body = {"status": "failing" if problems else "ok", "problems": list(problems)}
                return _json("503 Service Unavailable" if problems else "200 OK", body, start_response)
            case _:
                return _json("404 Not Found", {"paths": ["/metrics", "/health"]}, start_response)

    return answer


def _json(status: str, body: Mapping[str, Any], start_response: Answer) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "application/json"), ("Cache-Control", "no-store")])
    return [json.dumps(body).encode()]


class _Silent(WSGIRequestHandler):
    """Says nothing of each request, and waits for none for ever."""

    timeout = 10

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        pass


@contextlib.contextmanager
def served(telemetry: PrometheusTelemetry, host: str, port: int) -> Iterator[int]:
    """While inside, the figures are served; gives the port. Raises `InvalidInputError` where it is taken."""
    try:
        server: WSGIServer = make_server(host, port, application(telemetry), handler_class=_Silent)
    except OSError as error:
        raise InvalidInputError(
            f"Metrics cannot be served on {host}:{port}: {error.strerror}. Choose another --metrics-port."
        ) from error
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
