"""An incremental cycle in which nothing changed, in a small and in a large directory.

Wanted: the same time at 1,000 and at 100,000 users (a ratio below 1.5), and less than 50 ms.
"""

import statistics
import time

from benchmarks import company, stage
from provisor import gallery

SMALL, LARGE = 1_000, 100_000


def idle_milliseconds(services, application, times=20):
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        stage.run_cycle(services, application)
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


def measure(small=SMALL, large=LARGE):
    found = {}
    with stage.sink() as url, stage.fresh_services() as services:
        application = None
        for users, first in ((small, 0), (large - small, small)):
            company.fill(services, users, first=first)
            application = application or company.application(
                services, gallery.template("ringcentral"), url, concurrency="16"
            )
            stage.run_cycle(services, application)
            found[first + users] = idle_milliseconds(services, application)
    return {
        **{f"ms at {users:,} users": round(milliseconds, 2) for users, milliseconds in found.items()},
        "ratio": round(found[large] / found[small], 2),
    }
