"""What every figure needs: a sink in a process of its own, a fresh store, one cycle."""

import contextlib
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

import uvloop

from provisor import bootstrap
from provisor.core import plan
from provisor.core.job import Retries
from provisor.engine import cycle
from provisor.settings import Settings


@contextlib.contextmanager
def sink(*limits):
    """The URL of a fresh sink; `limits` are reads and writes a minute."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.sink", *map(str, limits)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()


@contextlib.contextmanager
def fresh_services(database_url=None):
    """The engine on a store of its own."""
    with tempfile.TemporaryDirectory() as folder:
        url = database_url or f"sqlite:///{folder}/provisor.db"
        settings = Settings(database_url=url, key_file=pathlib.Path(folder) / "key")
        with bootstrap.services(settings) as services:
            yield services


def run_cycle(services, application):
    """One cycle, as `provisor job run` does it."""
    bootstrap.ease_collection()
    return uvloop.run(
        cycle.run(
            services, application.id, origin=plan.Origin.PERSON, retries=Retries.ALL, progress=lambda *_: None
        )
    )


def counts(url):
    """How often the sink was asked, by method; under "429" how often it refused."""
    with urllib.request.urlopen(f"{url}/counts") as answer:
        return json.load(answer)


def run(work):
    """An awaitable's result, on the loop that the service uses."""
    return uvloop.run(work)
