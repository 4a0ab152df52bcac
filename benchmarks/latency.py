"""One user changed by another process, until it is seen in the target, while the service runs; and what it costs idle.

Wanted: within a second on SQLite and on PostgreSQL, and below 1 % of a core when nothing happens. PostgreSQL is
measured where PROVISOR_TEST_POSTGRES_URL names an empty database.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from benchmarks import company, stage
from provisor import bootstrap, gallery
from provisor.engine import commands
from provisor.settings import Settings

SERVICE = """
import asyncio, pathlib, sys
from provisor import bootstrap
from provisor.runner import service
from provisor.settings import Settings
with bootstrap.services(Settings(database_url=sys.argv[1], key_file=pathlib.Path(sys.argv[2]))) as services:
    asyncio.run(service.serve(services))
"""

CHANGES = 9
IDLE_SECONDS = 10


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def until(condition, limit=60.0):
    deadline = time.perf_counter() + limit
    while not condition():
        if time.perf_counter() > deadline:
            raise TimeoutError("the service did not do what was waited for")
        time.sleep(0.005)


def measure_on(database_url, key_file):
    settings = Settings(database_url=database_url, key_file=key_file)
    with stage.sink() as url, bootstrap.services(settings) as services:
        company.fill(services, 1000)
        application = company.application(services, gallery.template("ringcentral"), url, concurrency="16")
        stage.run_cycle(services, application)
        commands.start(services.store, application.id)
        process = subprocess.Popen(
            [sys.executable, "-c", SERVICE, database_url, str(key_file)], stdout=subprocess.DEVNULL
        )
        try:
            taken = []
            for number in range(1000, 1000 + CHANGES):
                before = stage.counts(url)["POST"]
                company.fill(services, 1, first=number)
                began = time.perf_counter()
                until(lambda seen=before: stage.counts(url)["POST"] > seen)
                taken.append(time.perf_counter() - began)
            time.sleep(1.0)
            before = cpu_seconds(process)
            time.sleep(IDLE_SECONDS)
            idle = (cpu_seconds(process) - before) / IDLE_SECONDS
        finally:
            process.terminate()
            process.wait()
    return {
        "median seconds until seen": round(statistics.median(taken[1:]), 2),
        "longest": round(max(taken[1:]), 2),
        "idle, % of a core": round(100 * idle, 2),
    }


def measure():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        found = {
            f"SQLite: {label}": figure
            for label, figure in measure_on(f"sqlite:///{folder}/provisor.db", folder / "key").items()
        }
        url = os.environ.get("PROVISOR_TEST_POSTGRES_URL")
        if url:
            measured = measure_on(url, folder / "key")
            found.update({f"PostgreSQL: {label}": figure for label, figure in measured.items()})
    return found
