"""The peak memory of an initial cycle, in a directory of 10,000 and in one of 100,000 users.

Wanted: a ratio of at most 1.3. Each cycle runs in a process of its own; the directory is filled by another.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

from benchmarks import company, stage
from provisor import bootstrap, gallery
from provisor.settings import Settings

SIZES = (10_000, 100_000)

CYCLE = """
import json, pathlib, sys
from benchmarks import stage
from provisor import bootstrap
from provisor.engine import applications
from provisor.settings import Settings
folder = pathlib.Path(sys.argv[1])
with bootstrap.services(Settings(database_url=f"sqlite:///{folder}/provisor.db", key_file=folder / "key")) as services:
    with services.store.read() as unit:
        application = unit.applications.all()[0]
    stage.run_cycle(services, application)
status = pathlib.Path("/proc/self/status").read_text()
print(json.dumps(int(status.partition("VmHWM:")[2].split()[0])))
"""


def peak_mebibytes(users):
    with stage.sink() as url, tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        settings = Settings(database_url=f"sqlite:///{folder}/provisor.db", key_file=folder / "key")
        with bootstrap.services(settings) as services:
            company.fill(services, users)
            company.application(services, gallery.template("ringcentral"), url, concurrency="16")
        done = subprocess.run([sys.executable, "-c", CYCLE, name], check=True, capture_output=True, text=True)
    return json.loads(done.stdout) / 1024


def measure(sizes=SIZES):
    small, large = (peak_mebibytes(users) for users in sizes)
    return {
        f"peak MiB at {sizes[0]:,} users": round(small),
        f"peak MiB at {sizes[1]:,} users": round(large),
        "ratio": round(large / small, 2),
    }
